"""What the output should hold and what it does hold in, what is left to write out.

Every function works in the caller's transaction. Documents are bytes here: this room knows nothing of the second one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ingest import store
from ingest.database import chunked, insert_missing
from ingest.ledger import Ledger
from ingest.outcomes import note_work, settle
from ingest.tables import dirty, document, input_, listing
from ingest.wanted import Copy, copies_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the output should hold of a document: the Document as JSON, or None where it should hold nothing."""

    id: str
    path: str
    document: bytes | None
    duplicates: tuple[Copy, ...]
    wanted: str | None


def unpublished(connection: sa.Connection, limit: int) -> list[Wanted]:
    """Up to ``limit`` documents whose output is not what it should be, by id."""
    differs = document.c.wanted.is_distinct_from(document.c.written)
    query = sa.select(document).where(differs, document.c.path.is_not(None)).order_by(document.c.id).limit(limit)
    return _wanted(connection, connection.execute(query).all())


def published(connection: sa.Connection, ledger: Ledger, done: Sequence[Wanted]) -> None:
    """Take down that the output now holds these; their dates' table files are to be rewritten."""
    for item in done:
        connection.execute(sa.update(document).where(document.c.id == item.id).values(written=item.wanted))
    dates = sa.select(document.c.date).where(document.c.id.in_([item.id for item in done])).distinct()
    soil(connection, connection.execute(dates).scalars())
    note_work(connection, [item.id for item in done])
    settle(connection, ledger.moment, documents=[item.id for item in done])


def dirty_dates(connection: sa.Connection) -> list[tuple[str, int]]:
    """Dates whose table files are to be rewritten, oldest first, with the mark to clean them by."""
    return [(row.date, row.marks) for row in connection.execute(sa.select(dirty).order_by(dirty.c.date))]


def clean_date(connection: sa.Connection, date: str, marks: int) -> None:
    """Take down that the table files of a date are as they should be, unless another run marked it since."""
    connection.execute(sa.delete(dirty).where(dirty.c.date == date, dirty.c.marks == marks))


def members_of(connection: sa.Connection, date: str) -> Iterator[Wanted]:
    """All documents that the output holds of a date, by id."""
    held = (document.c.written.is_not(None), document.c.wanted.is_not(None))
    query = sa.select(document).where(document.c.date == date, *held)
    rows = connection.execute(query.order_by(document.c.id)).all()
    for begin in range(0, len(rows), 200):
        yield from _wanted(connection, rows[begin : begin + 200])


def lost(connection: sa.Connection, ledger: Ledger, exists: Callable[[str], bool]) -> int:
    """Put back in line what the output should hold of this run's inputs and ``exists`` says it does not."""
    held = sa.select(document.c.id, document.c.path).where(document.c.written.is_not(None), _listed(ledger))
    keys = [row.id for row in connection.execute(held) if not exists(row.path)]
    for chunk in chunked(keys):
        connection.execute(sa.update(document).where(document.c.id.in_(chunk)).values(written=None))
    return len(keys)


def dates(connection: sa.Connection, ledger: Ledger) -> list[str]:
    """All dates that the output holds documents of this run's inputs of."""
    held = sa.select(document.c.date).where(document.c.written.is_not(None), _listed(ledger)).distinct()
    return sorted(connection.execute(held).scalars())


def all_dates(connection: sa.Connection) -> list[str]:
    """All dates that the output holds documents of."""
    held = sa.select(document.c.date).where(document.c.written.is_not(None)).distinct()
    return sorted(connection.execute(held).scalars())


def _listed(ledger: Ledger) -> sa.ColumnElement[bool]:
    mine = (
        sa.select(input_.c.document)
        .join(listing, listing.c.input_id == input_.c.input_id)
        .where(listing.c.run == ledger.moment.run)
    )
    return document.c.id.in_(mine)


def soil(connection: sa.Connection, dates_: Iterable[str | None]) -> None:
    """Have the table files of these dates rewritten at the end of the run."""
    named = sorted({date for date in dates_ if date is not None})
    insert_missing(connection, dirty, [{"date": date, "marks": 0} for date in named])
    connection.execute(sa.update(dirty).where(dirty.c.date.in_(named)).values(marks=dirty.c.marks + 1))


def _wanted(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> list[Wanted]:
    shown = [row for row in rows if row.wanted is not None]
    blobs = store.get(connection, [row.translation for row in shown])
    copies = copies_of(connection, [row.id for row in shown])
    return [
        Wanted(
            id=row.id,
            path=row.path,
            document=blobs[row.translation] if row.wanted is not None else None,
            duplicates=copies.get(row.id, ()),
            wanted=row.wanted,
        )
        for row in rows
    ]
