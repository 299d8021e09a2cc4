"""A ledger and sources in, the same sources without what is known already out: following fetches nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import sqlalchemy as sa

from ingest.article import Hints, NotModified, Outcome, RawPage, Ref, Source, Unread, Validators
from ingest.database import reading, writing
from ingest.records import decode, encode
from ingest.tables import input_, listing_memory, run

LOOKUP = 500
"""How many listed items are looked up at once."""


TRIES = 10
"""After so many failed runs a page is tried only when a listing names it."""


class Kept:
    """What listings (feeds, sitemaps) gave last time, in the ledger: a `Memory` that forgets nothing.

    What a listing gives now is kept only by `keep`, when its items are taken down: a run that is killed in between
    reads the listing again.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._new: dict[str, Validators] = {}

    def recall(self, locator: str) -> Validators:
        """What the listing gave when it was last kept."""
        with reading(self._engine, "cannot ask what is known of a listing") as connection:
            query = sa.select(listing_memory.c.validators).where(listing_memory.c.locator == locator)
            found = connection.execute(query).scalar_one_or_none()
        return decode(found, Validators) if found else Validators()

    def remember(self, locator: str, validators: Validators) -> None:
        """Hold it until `keep`."""
        self._new[locator] = validators

    def keep(self) -> None:
        """Write down what all listings gave."""
        if not self._new:
            return
        rows = [{"locator": locator, "validators": encode(held).decode()} for locator, held in self._new.items()]
        with writing(self._engine, "cannot take down what listings gave") as connection:
            gone = listing_memory.c.locator.in_([row["locator"] for row in rows])
            connection.execute(sa.delete(listing_memory).where(gone))
            connection.execute(sa.insert(listing_memory), rows)
        self._new = {}


class NewOnly:
    """A source without the items that an earlier run settled, unless the source says they changed since."""

    def __init__(self, source: Source, engine: sa.Engine) -> None:
        self._source = source
        self._engine = engine
        self._known = 0

    def discover(self) -> Iterator[Ref | Unread]:
        """What is new, changed, or failed before."""
        self._known = 0
        items = self._source.discover()
        while chunk := list(islice(items, LOOKUP)):
            settled = self._settled([item.input_id for item in chunk if isinstance(item, Ref)])
            for item in chunk:
                if isinstance(item, Ref) and item.input_id in settled and not _changed(item, settled[item.input_id]):
                    self._known += 1
                else:
                    yield item

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """As the source does."""
        return self._source.load(ref, validators, retrieved_at)

    def note(self) -> str | None:
        """The source's own remark, and how many items are known."""
        told = getattr(self._source, "note", lambda: None)()
        known = f"{self._known:,} known already" if self._known else None
        return "; ".join(part for part in (told, known) if part) or None

    def _settled(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Of these inputs, those that gave a document or were turned away for good, and when that was."""
        trouble = sa.func.coalesce(input_.c.trouble, "")
        query = (
            sa.select(input_.c.input_id, run.c.started_at)
            .join(run, run.c.id == input_.c.loaded_run)
            .where(input_.c.input_id.in_(keys), trouble.not_in([Outcome.FAILED.value, Outcome.PENDING.value]))
        )
        with reading(self._engine, "cannot ask what is known") as connection:
            return {row.input_id: row.started_at for row in connection.execute(query)}


class Unfinished:
    """The pages that earlier runs listed and did not get: no listing may name them any more.

    It comes last: when it is asked, the items of all other sources are taken down, and their listings may be kept.
    """

    def __init__(self, engine: sa.Engine, memory: Kept) -> None:
        self._engine = engine
        self._memory = memory

    def discover(self) -> Iterator[Ref | Unread]:
        """Pages that failed or that their host postponed, and those that a killed run left."""
        self._memory.keep()
        failed = sa.and_(input_.c.trouble == Outcome.FAILED.value, input_.c.attempts < TRIES)
        postponed = input_.c.trouble == Outcome.PENDING.value
        query = (
            sa.select(input_)
            .where(input_.c.kind == "url", sa.or_(failed, postponed, input_.c.loaded_run.is_(None)))
            .order_by(input_.c.input_id)
        )
        with reading(self._engine, "cannot ask what is unfinished") as connection:
            rows = connection.execute(query).all()
        for row in rows:
            yield Ref(
                input_id=row.input_id,
                kind=row.kind,
                locator=row.locator,
                name=row.name,
                record=row.record,
                listed_at=row.listed_at,
                hints=decode(row.hints, Hints),
            )

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Never asked: pages have their own loader."""
        raise NotImplementedError

    def note(self) -> str | None:
        """Nothing to say."""
        return None


def _changed(ref: Ref, loaded_at: str) -> bool:
    """Whether a source says that an item changed after it was loaded; times without a zone say nothing."""
    return bool(ref.listed_at and ref.listed_at.endswith("Z") and ref.listed_at > loaded_at)
