"""What the ledger knows of inputs and documents in, the one outcome of each input out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ingest.article import Outcome
from ingest.database import chunked
from ingest.tables import document, history, input_, listing, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An input's outcome with what belongs to it: the reason, or the document it duplicates, or the next command."""

    outcome: Outcome | None
    reason: str | None = None
    of: str | None = None
    match: str | None = None
    score: float | None = None
    command: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The run and the time (ISO 8601) that a change belongs to."""

    run: int
    at: str


def decide(row: sa.Row[Any]) -> Settled:
    """The outcome of one input beside its document (pure); None while it is still in work.

    ``row`` has the input's ``trouble`` and ``reason`` and the document's columns under ``doc_…``.
    """
    if row.trouble:
        return Settled(outcome=Outcome(row.trouble), reason=row.reason)
    if row.doc_id is None:
        return Settled(outcome=None)
    if row.doc_stage == "rejected":
        return Settled(outcome=Outcome.REJECTED, reason=row.doc_reason)
    return _of_document(row)


def _of_document(row: sa.Row[Any]) -> Settled:
    if row.doc_duplicate_of is not None:
        return Settled(outcome=Outcome.DUPLICATE, of=row.doc_duplicate_of, match=row.doc_match, score=row.doc_score)
    if row.doc_input_id != row.input_id:
        kind = kind_of_copy(row.version, row.doc_version)
        return Settled(outcome=Outcome.DUPLICATE, of=row.doc_id, match=kind, score=1.0)
    if row.doc_stage in {"pending", "aside"}:
        return Settled(outcome=Outcome.PENDING, reason=row.doc_reason, command=row.doc_command)
    if row.doc_stage == "failed":
        return Settled(outcome=Outcome.FAILED, reason=row.doc_reason)
    if row.doc_stage == "done" and row.doc_written is not None and row.doc_written == row.doc_wanted:
        return Settled(outcome=Outcome.WRITTEN)
    return Settled(outcome=None)


def kind_of_copy(version: str | None, standing: str) -> str:
    """What an input is to the document of its own address: a copy, or a version, where the payload is another."""
    return "copy" if version == standing else "version"


_FIELDS = (
    input_.c.input_id,
    input_.c.version,
    input_.c.trouble,
    input_.c.reason,
    input_.c.outcome,
    input_.c.of,
    input_.c.match,
    input_.c.score,
    input_.c.command,
    document.c.id.label("doc_id"),
    document.c.input_id.label("doc_input_id"),
    document.c.version.label("doc_version"),
    document.c.stage.label("doc_stage"),
    document.c.reason.label("doc_reason"),
    document.c.command.label("doc_command"),
    document.c.duplicate_of.label("doc_duplicate_of"),
    document.c.match.label("doc_match"),
    document.c.score.label("doc_score"),
    document.c.wanted.label("doc_wanted"),
    document.c.written.label("doc_written"),
)


def settle(
    connection: sa.Connection,
    moment: Moment,
    *,
    inputs: Collection[str] = (),
    documents: Collection[str] = (),
) -> None:
    """Bring the outcome of these inputs, and of the inputs of these documents, up to date; keep the history.

    An input that is in work keeps the outcome it had: a run that dies here has changed nothing for its reader.
    """
    for chunk in chunked(inputs):
        _settle(connection, moment, input_.c.input_id.in_(chunk))
    for chunk in chunked(documents):
        _settle(connection, moment, input_.c.document.in_(chunk))


def touch(connection: sa.Connection, inputs: Collection[str]) -> None:
    """Note that work was done on these inputs: they are unchanged in no table of a run at work."""
    for chunk in chunked(inputs):
        worked_on = sa.update(listing).where(listing.c.input_id.in_(chunk), listing.c.state == "unchanged")
        connection.execute(worked_on.values(state="again"))


def note_work(connection: sa.Connection, keys: Collection[str]) -> None:
    """Note that work was done on these documents, and so on their inputs."""
    inputs = [
        key
        for chunk in chunked(keys)
        for key in connection.execute(sa.select(input_.c.input_id).where(input_.c.document.in_(chunk))).scalars()
    ]
    touch(connection, inputs)


def _settle(connection: sa.Connection, moment: Moment, where: sa.ColumnElement[bool]) -> None:
    query = sa.select(*_FIELDS).join_from(input_, document, input_.c.document == document.c.id, isouter=True)
    changed = []
    for row in connection.execute(query.where(where)):
        new = decide(row)
        old = (row.outcome, row.of, row.match, row.score, row.command)
        if new.outcome is None or (new.outcome, new.of, new.match, new.score, new.command) == old:
            continue
        changed.append((row.input_id, new))
    if not changed:
        return
    connection.execute(
        sa.update(input_).where(input_.c.input_id == sa.bindparam("key")),
        [
            {
                "key": key,
                "outcome": new.outcome,
                "reason": new.reason,
                "of": new.of,
                "match": new.match,
                "score": new.score,
                "command": new.command,
            }
            for key, new in changed
        ],
    )
    connection.execute(sa.insert(history), [_history(key, new, moment) for key, new in changed])
    touch(connection, [key for key, _ in changed])


def _history(key: str, new: Settled, moment: Moment) -> dict[str, object]:
    assert new.outcome is not None  # noqa: S101 - the caller filters
    reason = new.reason or (f"{new.match} of {new.of}" if new.of else None)
    return {"input_id": key, "run": moment.run, "at": moment.at, "outcome": new.outcome, "reason": reason}


def note(connection: sa.Connection, moment: Moment, key: str, told: Settled) -> None:
    """Add an event to an input's history that leaves its outcome as it is."""
    connection.execute(sa.insert(history), [_history(key, told, moment)])


def drop_listings(connection: sa.Connection, runs: Iterable[int]) -> None:
    """Let go of what finished (or dead) runs listed; their counts stay in their run rows."""
    connection.execute(sa.delete(listing).where(listing.c.run.in_(list(runs))))


def unfinished(connection: sa.Connection) -> list[int]:
    """Runs that have not finished, oldest first."""
    return list(
        connection.execute(sa.select(run.c.id).where(run.c.finished_at.is_(None)).order_by(run.c.id)).scalars()
    )
