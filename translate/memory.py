"""Sentences that were translated once in, the same English out ever after: a persistent translation memory.

One row a sentence, keyed by model digest, decoding options and source text; what it holds is final, so that reruns,
updates and killed runs give the same words and cost nothing. Several processes may use one memory at a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import sqlalchemy as sa

from ingest.article import Lang
from ingest.database import chunked, exclusive, insert_missing, raising, reading, writing
from ingest.records import decode, encode
from translate import codes
from translate.document import ModelRef, Options, Rendering

GIVEN = "memory"
"""The engine name of translations that a user gave (an imported TMX): they answer before any model."""


class _Text(sa.types.TypeDecorator[str]):
    """Any Python string, lone surrogates and NUL included, which no database's own text type takes."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: object) -> bytes | None:
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, _dialect: object) -> str | None:
        return None if value is None else bytes(value).decode("utf-8", "surrogatepass")


_metadata = sa.MetaData()

MODEL = sa.Table(
    "memory_model",
    _metadata,
    sa.Column("digest", sa.String, primary_key=True),
    sa.Column("ref", sa.LargeBinary, nullable=False),
)
SENTENCE = sa.Table(
    "memory_sentence",
    _metadata,
    sa.Column("key", sa.LargeBinary(32), primary_key=True),
    sa.Column("digest", sa.String, nullable=False, index=True),
    sa.Column("options", sa.LargeBinary, nullable=False),
    sa.Column("source", _Text, nullable=False),
    sa.Column("rendering", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often the memory was asked and knew the answer."""

    hits: int = 0
    misses: int = 0

    @property
    def rate(self) -> float:
        """Share of hits, 0 to 1; 0 where nothing was asked."""
        return self.hits / (self.hits + self.misses) if self.hits + self.misses else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One remembered sentence with all that its key was made of."""

    model: ModelRef
    options: Options
    source: str
    rendering: Rendering


class Memory:
    """A translation memory in a database; its tables are made where they are missing."""

    def __init__(self, engine: sa.Engine) -> None:
        """Open it.

        Raises:
            LedgerError: the database cannot be used.
        """
        self._engine = engine
        self._lock = Lock()
        self._counts = Counts()
        with writing(engine, "cannot open the translation memory") as connection:
            exclusive(connection)  # two processes that both find no table
            _metadata.create_all(connection)

    @property
    def counts(self) -> Counts:
        """Hits and misses since this object was made."""
        return self._counts

    def get_many(
        self, connection: sa.Connection, model: ModelRef, options: Options, sources: Iterable[str]
    ) -> dict[str, Rendering]:
        """The renderings that are known, by source.

        What a user gave for the language, or for a relative (``pt-br`` for ``pt``), comes before any model's.
        """
        wanted = list(dict.fromkeys(sources))
        found: dict[str, Rendering] = {}
        users = [(given(lang), Options()) for lang in codes.relatives(model.source_lang)]
        for ref, chosen in (*users, (model, options)):
            keys = {key(ref, chosen, source): source for source in wanted if source not in found}
            with raising("cannot read the translation memory"):
                found |= {keys[row.key]: decode(row.rendering, Rendering) for row in _rows(connection, list(keys))}
        with self._lock:
            hits, misses = self._counts.hits + len(found), self._counts.misses + len(wanted) - len(found)
            self._counts = Counts(hits=hits, misses=misses)
        return found

    def put_many(
        self, connection: sa.Connection, model: ModelRef, options: Options, renderings: Mapping[str, Rendering]
    ) -> None:
        """Remember renderings by source, in the caller's transaction; what is there already stays as it is."""
        encoded = encode(options)
        rows = [
            {
                "key": key(model, options, source),
                "digest": model.digest,
                "options": encoded,
                "source": source,
                "rendering": encode(rendering),
            }
            for source, rendering in renderings.items()
        ]
        with raising("cannot write the translation memory"):
            insert_missing(connection, MODEL, [{"digest": model.digest, "ref": encode(model)}])
            insert_missing(connection, SENTENCE, rows)

    def forget(self, sources: Iterable[str]) -> int:
        """Forget these sentences, whichever model translated them; how many entries went."""
        gone = 0
        with writing(self._engine, "cannot change the translation memory") as connection:
            for chunk in chunked(sources):
                gone += connection.execute(sa.delete(SENTENCE).where(SENTENCE.c.source.in_(chunk))).rowcount
        return gone

    def units(self) -> Iterator[Unit]:
        """Everything it holds, in the order of keys."""
        joined = sa.select(SENTENCE, MODEL.c.ref).join(MODEL, MODEL.c.digest == SENTENCE.c.digest)
        with reading(self._engine, "cannot read the translation memory") as connection:
            for row in connection.execute(joined.order_by(SENTENCE.c.key)).yield_per(1000):
                yield Unit(
                    model=decode(row.ref, ModelRef),
                    options=decode(row.options, Options),
                    source=row.source,
                    rendering=decode(row.rendering, Rendering),
                )

    def add(self, units: Iterable[Unit]) -> int:
        """Remember units, as `put_many` does; how many were given."""
        count = 0
        with writing(self._engine, "cannot write the translation memory") as connection:
            for unit in units:
                self.put_many(connection, unit.model, unit.options, {unit.source: unit.rendering})
                count += 1
        return count


def given(lang: Lang) -> ModelRef:
    """The `ModelRef` under which a user's own translations from a language stand."""
    return ModelRef(engine=GIVEN, name=f"{lang}-en", digest=f"{GIVEN}:{lang}", source_lang=lang)


def key(model: ModelRef, options: Options, source: str) -> bytes:
    """SHA-256 of model digest, options and source text."""
    total = hashlib.sha256(model.digest.encode())
    for part in (encode(options), source.encode("utf-8", "surrogatepass")):
        total.update(b"\0" + part)
    return total.digest()


def _rows(connection: sa.Connection, keys: Sequence[bytes]) -> Iterator[Any]:
    columns = sa.select(SENTENCE.c.key, SENTENCE.c.rendering)
    for chunk in chunked(keys):
        yield from connection.execute(columns.where(SENTENCE.c.key.in_(chunk))).all()
