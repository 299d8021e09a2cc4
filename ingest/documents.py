"""What each stage made of documents in, what is left to do and what the output should hold out.

Every function works in the caller's transaction, so that a result and its consequences are kept together or not at
all. Documents and Articles are bytes here: this room does not know the second one's types.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ingest import store, windows
from ingest.database import chunked
from ingest.ledger import EXTRACT_VERSION, Ledger
from ingest.outcomes import note_work
from ingest.publication import soil
from ingest.tables import document, unit
from ingest.wanted import refresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What extraction gave for one document: the Article as JSON, or why there is none.

    ``base`` is the Article before the lines that its site repeats were taken out.
    """

    id: str
    article: bytes | None
    base: bytes | None = None
    site: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which document another one tells the same as, how that was found, and how sure it is (0 to 1)."""

    of: str
    kind: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A translation work unit: the documents claimed together, their Articles as JSON."""

    id: int
    articles: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What translation gave for one document; ``stage`` is done, pending, rejected or failed."""

    id: str
    stage: str
    document: bytes | None = None
    date: str | None = None
    path: str | None = None
    reason: str | None = None
    command: str | None = None
    langs: tuple[str, ...] = ()


def extracted(connection: sa.Connection, ledger: Ledger, results: Sequence[Extracted], version: int) -> list[str]:
    """Take down Articles; returns the ids whose lease was still ours (the others have gone to another worker)."""
    ours = _still_ours(connection, ledger, [result.id for result in results])
    kept = [result for result in results if result.id in ours]
    digests = store.put(connection, [result.article for result in kept if result.article is not None])
    of_article = dict(zip((r.id for r in kept if r.article is not None), digests, strict=True))
    bases = store.put(connection, [result.base for result in kept if result.base is not None])
    of_base = dict(zip((r.id for r in kept if r.base is not None), bases, strict=True))
    for result in kept:
        before = ours[result.id]
        article = of_article.get(result.id)
        same = article is not None and before.article == article and before.translation is not None
        connection.execute(
            sa.update(document)
            .where(document.c.id == result.id)
            .values(
                article=article,
                base=of_base.get(result.id),
                site=result.site,
                extract_version=version,
                stage="rejected" if article is None else ("done" if same else "translate"),
                reason=result.reason,
                lease=None,
                unit=None,
            )
        )
    note_work(connection, [result.id for result in kept])
    refresh(connection, ledger.moment, [result.id for result in kept])
    return [result.id for result in kept]


def match(connection: sa.Connection, ledger: Ledger, matches: Mapping[str, Match | None]) -> None:
    """Let documents stand for themselves (None) or be duplicates of others, as dedup decided."""
    known = set(_present(connection, matches))
    former = _matched(connection, matches)
    changed = {key: found for key, found in matches.items() if key in known and former[key] != found}
    for key, found in changed.items():
        connection.execute(
            sa.update(document)
            .where(document.c.id == key)
            .values(
                duplicate_of=found.of if found else None,
                match=found.kind if found else None,
                score=found.score if found else None,
            )
        )
    stand = {found.of for found in (*changed.values(), *(former[key] for key in changed)) if found}
    refresh(connection, ledger.moment, [*changed, *stand])


def claim_unit(connection: sa.Connection, ledger: Ledger, size: int) -> Unit | None:
    """Lease the next work unit: one that a dead worker left, else a new one of the next ``size`` documents by id."""
    left = sa.select(unit.c.id).where(unit.c.lease.is_(None), unit.c.done.is_(False)).order_by(unit.c.id).limit(1)
    number = connection.execute(left).scalar()
    if number is None:
        due = (
            sa.select(document.c.id)
            .where(document.c.stage == "translate", document.c.duplicate_of.is_(None), document.c.unit.is_(None))
            .order_by(document.c.id)
            .limit(size)
        )
        keys = list(connection.execute(due).scalars())
        if not keys:
            return None
        number = connection.execute(sa.insert(unit).values(done=False).returning(unit.c.id)).scalar_one()
        connection.execute(sa.update(document).where(document.c.id.in_(keys)).values(unit=number))
    connection.execute(sa.update(unit).where(unit.c.id == number).values(lease=ledger.worker))
    rows = connection.execute(
        sa.select(document.c.id, document.c.article)
        .where(document.c.unit == number, document.c.stage == "translate", document.c.duplicate_of.is_(None))
        .order_by(document.c.id)
    ).all()
    articles = store.get(connection, [row.article for row in rows])
    return Unit(id=number, articles={row.id: articles[row.article] for row in rows})


def translated(connection: sa.Connection, ledger: Ledger, number: int, results: Sequence[Translation]) -> bool:
    """Take down what a unit gave and close it; False (and nothing done) where its lease has gone to another."""
    lease = connection.execute(sa.select(unit.c.lease).where(unit.c.id == number)).scalar()
    if lease != ledger.worker:
        return False
    # What got a new version or was forgotten while it was translated has left the unit: this is of the former one.
    still = sa.select(document.c.id).where(document.c.unit == number, document.c.stage == "translate")
    members = set(connection.execute(still).scalars())
    results = [result for result in results if result.id in members]
    for result in results:
        _take_down(connection, ledger, result)
    connection.execute(sa.update(unit).where(unit.c.id == number).values(lease=None, done=True))
    keys = [result.id for result in results]
    connection.execute(sa.update(document).where(document.c.unit == number).values(unit=None))
    note_work(connection, keys)
    refresh(connection, ledger.moment, keys)
    return True


def reopen(connection: sa.Connection, ledger: Ledger, available: Callable[[str], bool]) -> int:
    """Put back in line what waited for a model that is there now, what failed before, and what was set aside."""
    windows.take_up(connection, ledger)
    pending = connection.execute(
        sa.select(document.c.id, document.c.langs).where(document.c.stage == "pending")
    ).all()
    keys = [row.id for row in pending if all(available(lang) for lang in (row.langs or "").split())]
    failed = sa.select(document.c.id).where(document.c.stage == "failed", document.c.tried_run < ledger.fresh_since)
    keys += connection.execute(failed).scalars()
    for chunk in chunked(keys):
        connection.execute(sa.update(document).where(document.c.id.in_(chunk)).values(stage="translate", unit=None))
    return len(keys)


def reprocess(connection: sa.Connection, *, extract: bool, version: int = EXTRACT_VERSION) -> int:
    """Put documents of an older stage version back in line; returns how many."""
    column = document.c.extract_version if extract else document.c.translate_version
    older = sa.update(document).where(column < version, document.c.stage.not_in(["extract", "rejected"]))
    result = connection.execute(older.values(stage="extract" if extract else "translate", unit=None))
    return int(result.rowcount)


def extract_again(connection: sa.Connection, ids: Iterable[str]) -> int:
    """Put these documents back in line, unless they are there; returns how many."""
    count = 0
    for chunk in chunked(ids):
        these = document.c.id.in_(chunk), document.c.stage.not_in(["extract", "rejected"])
        count += connection.execute(sa.update(document).where(*these).values(stage="extract", unit=None)).rowcount
    return count


def older_than(connection: sa.Connection, version: int) -> int:
    """How many documents an older version of extraction made; they count as done unless reprocessed."""
    query = sa.select(sa.func.count()).select_from(document).where(document.c.extract_version < version)
    return int(connection.execute(query).scalar_one())


def _take_down(connection: sa.Connection, ledger: Ledger, result: Translation) -> None:
    before = connection.execute(
        sa.select(document.c.path, document.c.date, document.c.attempts).where(document.c.id == result.id)
    ).one()
    values: dict[str, object] = {
        "stage": result.stage,
        "reason": result.reason,
        "command": result.command,
        "langs": " ".join(result.langs),
        "attempts": before.attempts + (result.stage == "failed"),
        "tried_run": ledger.moment.run,
    }
    if result.document is not None:
        values["translation"] = store.put(connection, [result.document])[0]
        values["date"] = result.date
        values["path"] = before.path or _free_path(connection, result)
        if before.date is not None and before.date != result.date:
            soil(connection, [before.date])
    connection.execute(sa.update(document).where(document.c.id == result.id).values(**values))


def _free_path(connection: sa.Connection, result: Translation) -> str:
    assert result.path is not None  # noqa: S101 - a document that is done has a path
    taken = connection.execute(sa.select(document.c.id).where(document.c.path == result.path)).scalar()
    # Two ids alike in their first 40 bits, of one date and title: the whole id tells them apart.
    return result.path if taken is None else result.path.replace(result.id[:8], result.id)


def _still_ours(connection: sa.Connection, ledger: Ledger, keys: Collection[str]) -> dict[str, sa.Row[Any]]:
    query = sa.select(document.c.id, document.c.article, document.c.translation)
    return {
        row.id: row
        for chunk in chunked(keys)
        for row in connection.execute(
            query.where(document.c.id.in_(chunk), document.c.lease == ledger.worker, document.c.stage == "extract")
        )
    }


def _matched(connection: sa.Connection, keys: Collection[str]) -> dict[str, Match | None]:
    query = sa.select(document.c.id, document.c.duplicate_of, document.c.match, document.c.score)
    return {
        row.id: Match(of=row.duplicate_of, kind=row.match, score=row.score) if row.duplicate_of else None
        for chunk in chunked(keys)
        for row in connection.execute(query.where(document.c.id.in_(chunk)))
    }


def _present(connection: sa.Connection, keys: Collection[str]) -> list[str]:
    return [
        key
        for chunk in chunked(keys)
        for key in connection.execute(sa.select(document.c.id).where(document.c.id.in_(chunk))).scalars()
    ]
