"""Which inputs a window of time holds and how far it is in, what is left to do of it out; also what waits aside.

A backfill looks at its inputs before it works on them. What it looked at and has not (or never) to do is set aside: a
document that no run takes up unless one of its inputs is listed. Every function works in the caller's transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ingest.article import Ref
from ingest.database import chunked, insert_missing
from ingest.ledger import Ledger, ref_of
from ingest.outcomes import settle
from ingest.records import decode, encode
from ingest.tables import document, input_, listing, window, window_input

ASIDE = "aside"
REASON = "set aside: a backfill looked at its date, and it is not its turn"
COMMAND = "newsgloss run SOURCE...  (or a backfill over its date)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """An input that was loaded for its date. ``article`` is the digest of its Article, where it gave one."""

    ref: Ref
    article: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a window is. ``counts`` are those of its last run that came to an end."""

    finished: bool
    attempts: int
    counts: Mapping[str, int]


def forget_members(connection: sa.Connection, keys: Sequence[str]) -> None:
    """Let these windows hold nothing, before they are filled anew."""
    for key in keys:
        connection.execute(sa.delete(window_input).where(window_input.c.window == key))


def assign(connection: sa.Connection, members: Sequence[tuple[str, Ref]]) -> None:
    """Put inputs into windows."""
    rows = [{"window": key, "input_id": ref.input_id, "ref": encode(ref).decode()} for key, ref in members]
    insert_missing(connection, window_input, rows)


def members(connection: sa.Connection, key: str) -> Iterator[Ref]:
    """The inputs of a window."""
    query = sa.select(window_input.c.ref).where(window_input.c.window == key).order_by(window_input.c.input_id)
    for text in connection.execute(query).scalars():
        yield decode(text, Ref)


def looked_at(connection: sa.Connection, ledger: Ledger) -> Iterator[Looked]:
    """The inputs this run has listed that came to a document, with its Article where there is one."""
    query = (
        sa.select(input_, document.c.article)
        .join(listing, listing.c.input_id == input_.c.input_id)
        .join(document, document.c.id == input_.c.document)
        .where(listing.c.run == ledger.moment.run, input_.c.trouble.is_(None))
        .where(document.c.stage != "rejected")
        .order_by(input_.c.input_id)
    )
    for row in connection.execute(query):
        yield Looked(ref=ref_of(row), article=row.article)


def unread(connection: sa.Connection, ledger: Ledger) -> dict[str, int]:
    """How many of the inputs this run has listed came to no Article, by outcome."""
    query = (
        sa.select(sa.func.coalesce(input_.c.outcome, "unsettled"), sa.func.count())
        .join(listing, listing.c.input_id == input_.c.input_id)
        .join(document, document.c.id == input_.c.document, isouter=True)
        .where(listing.c.run == ledger.moment.run)
        .where(sa.or_(input_.c.trouble.is_not(None), document.c.id.is_(None), document.c.stage == "rejected"))
        .group_by(input_.c.outcome)
    )
    return dict(sorted(connection.execute(query).tuples()))


def set_aside(connection: sa.Connection, ledger: Ledger) -> None:
    """Take the documents of this run's inputs out of the line for translation."""
    mine = (
        sa.select(input_.c.document)
        .join(listing, listing.c.input_id == input_.c.input_id)
        .where(listing.c.run == ledger.moment.run)
    )
    due = sa.select(document.c.id).where(
        document.c.stage == "translate", document.c.unit.is_(None), document.c.id.in_(mine)
    )
    keys = list(connection.execute(due).scalars())
    values = {"stage": ASIDE, "reason": REASON, "command": COMMAND}
    for chunk in chunked(keys):
        connection.execute(sa.update(document).where(document.c.id.in_(chunk)).values(**values))
    settle(connection, ledger.moment, documents=keys)


def take_up(connection: sa.Connection, ledger: Ledger) -> None:
    """Put back in line what was set aside of this run's inputs, and the documents they are duplicates of."""
    mine = (
        sa.select(sa.func.coalesce(document.c.duplicate_of, document.c.id))
        .join(input_, input_.c.document == document.c.id)
        .join(listing, listing.c.input_id == input_.c.input_id)
        .where(listing.c.run == ledger.moment.run)
    )
    itself = (
        sa.select(input_.c.document)
        .join(listing, listing.c.input_id == input_.c.input_id)
        .where(listing.c.run == ledger.moment.run)
    )
    connection.execute(
        sa.update(document)
        .where(document.c.stage == ASIDE, sa.or_(document.c.id.in_(mine), document.c.id.in_(itself)))
        .values(stage="translate", reason=None, command=None, unit=None)
    )


def standing(connection: sa.Connection, key: str) -> Standing:
    """How far a window is: finished where its last run was, and it holds nothing that this run did not have."""
    row = connection.execute(sa.select(window).where(window.c.key == key)).one_or_none()
    if row is None:
        return Standing(finished=False, attempts=0, counts={})
    waiting = (
        sa.select(sa.func.count())
        .select_from(window_input)
        .join(input_, input_.c.input_id == window_input.c.input_id)
        .join(document, document.c.id == input_.c.document)
        .where(window_input.c.window == key, document.c.stage.in_([ASIDE, "extract", "translate"]))
        .where(document.c.duplicate_of.is_(None))
    )
    whole = row.members == _digest(connection, key) and not connection.execute(waiting).scalar_one()
    counts = decode(row.counts, dict[str, int]) if row.counts else {}
    return Standing(finished=row.status == "finished" and whole, attempts=row.attempts, counts=counts)


def begin(connection: sa.Connection, key: str, name: str) -> int:
    """Take down that a window's run begins; returns which attempt that is, counted from 1."""
    insert_missing(connection, window, [{"key": key, "name": name, "status": "begun", "attempts": 0}])
    raised = sa.update(window).where(window.c.key == key)
    connection.execute(raised.values(status="begun", attempts=window.c.attempts + 1))
    return int(connection.execute(sa.select(window.c.attempts).where(window.c.key == key)).scalar_one())


def end(connection: sa.Connection, key: str, counts: Mapping[str, int], *, failed: bool) -> None:
    """Take down how a window's run ended."""
    connection.execute(
        sa.update(window)
        .where(window.c.key == key)
        .values(
            status="failed" if failed else "finished",
            counts=encode(dict(counts)).decode(),
            members=_digest(connection, key),
        )
    )


def _digest(connection: sa.Connection, key: str) -> str:
    found = hashlib.sha256()
    query = sa.select(window_input.c.input_id).where(window_input.c.window == key)
    for name in connection.execute(query.order_by(window_input.c.input_id)).scalars():
        found.update(name.encode())
    return found.hexdigest()
