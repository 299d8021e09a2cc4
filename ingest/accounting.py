"""A ledger in, its accounting out: what became of every input, read only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ingest.article import Outcome
from ingest.tables import document, history, input_, listing, run


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One input's line in a table: what became of it, and what belongs to that."""

    name: str
    kind: str
    locator: str
    outcome: Outcome | None
    reason: str | None = None
    of: str | None = None
    match: str | None = None
    score: float | None = None
    command: str | None = None
    document: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The counts of a table. ``new + again + unchanged`` is the inputs, and so is the sum of ``outcomes``.

    ``again`` counts inputs of earlier runs on which this run did work; ``unsettled`` is 0 after a run that ended.
    ``elsewhere`` counts inputs that this run did not list and whose outcome it changed: what waited for a model that
    is there now, or turned out to be a duplicate of something new. They are in no other count. ``rewritten`` counts
    documents made anew because their site's repeated lines were learned.
    """

    new: int
    again: int
    unchanged: int
    outcomes: Mapping[Outcome, int]
    unsettled: int
    elsewhere: int = 0
    rewritten: int = 0

    @property
    def inputs(self) -> int:
        """How many inputs the table accounts for."""
        return self.new + self.again + self.unchanged

    def flat(self) -> dict[str, int]:
        """The sums by name, as they stand in JSON and in the ledger's run row."""
        named = {str(outcome): self.outcomes[outcome] for outcome in Outcome}
        return {
            "inputs": self.inputs,
            "new": self.new,
            "again": self.again,
            "unchanged": self.unchanged,
            **named,
            "elsewhere": self.elsewhere,
            "rewritten": self.rewritten,
        }


def of_run(connection: sa.Connection, number: int) -> Sums:
    """The sums of what an unfinished run has listed."""
    query = (
        sa.select(listing.c.state, input_.c.outcome, sa.func.count())
        .join(input_, input_.c.input_id == listing.c.input_id)
        .where(listing.c.run == number)
        .group_by(listing.c.state, input_.c.outcome)
    )
    listed = sa.select(listing.c.input_id).where(listing.c.run == number)
    others = sa.select(sa.func.count(history.c.input_id.distinct())).where(
        history.c.run == number, history.c.input_id.not_in(listed)
    )
    sums = _sums([tuple(row) for row in connection.execute(query)])
    anew = sa.select(sa.func.count()).select_from(document).where(document.c.rewritten_run == number)
    return replace(
        sums,
        elsewhere=connection.execute(others).scalar_one(),
        rewritten=connection.execute(anew).scalar_one(),
    )


def of_all(connection: sa.Connection) -> Sums:
    """The sums of all inputs there ever were; all count as unchanged."""
    query = sa.select(sa.literal("unchanged"), input_.c.outcome, sa.func.count()).group_by(input_.c.outcome)
    return _sums([tuple(row) for row in connection.execute(query)])


def accounts(
    connection: sa.Connection,
    *,
    number: int | None = None,
    outcomes: tuple[Outcome, ...] = (),
    limit: int | None = None,
) -> Iterator[Account]:
    """The lines of a table, in order of the inputs' names: of one unfinished run, or of all; of some outcomes."""
    query = sa.select(input_, document.c.id.label("doc_id"), document.c.path.label("doc_path")).join_from(
        input_, document, input_.c.document == document.c.id, isouter=True
    )
    if number is not None:
        query = query.join(listing, listing.c.input_id == input_.c.input_id).where(listing.c.run == number)
    if outcomes:
        query = query.where(input_.c.outcome.in_(outcomes))
    for row in connection.execute(query.order_by(input_.c.name, input_.c.locator).limit(limit)):
        yield account(row)


def accounts_of(connection: sa.Connection, inputs: Collection[str]) -> Iterator[Account]:
    """The lines of these inputs, in order of their names."""
    query = sa.select(input_, document.c.id.label("doc_id"), document.c.path.label("doc_path")).join_from(
        input_, document, input_.c.document == document.c.id, isouter=True
    )
    for row in connection.execute(query.where(input_.c.input_id.in_(list(inputs))).order_by(input_.c.name)):
        yield account(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A run that has not finished: it is at work, or it was killed."""

    id: int
    label: str
    started_at: str


def unfinished_runs(connection: sa.Connection) -> list[Begun]:
    """Runs that have not finished, oldest first, but for those that a later finished run has made up for."""
    last = (
        sa.select(sa.func.coalesce(sa.func.max(run.c.id), 0)).where(run.c.finished_at.is_not(None)).scalar_subquery()
    )
    query = sa.select(run).where(run.c.finished_at.is_(None), run.c.id > last).order_by(run.c.id)
    return [Begun(id=row.id, label=row.label, started_at=row.started_at) for row in connection.execute(query)]


def account(row: sa.Row[Any]) -> Account:
    """One input row, joined with its document, as a line of a table."""
    outcome = Outcome(row.outcome) if row.outcome else None
    return Account(
        name=row.name,
        kind=row.kind,
        locator=row.locator,
        outcome=outcome,
        reason=row.reason,
        of=row.of,
        match=row.match,
        score=row.score,
        command=row.command,
        document=row.doc_id,
        path=row.doc_path if outcome is Outcome.WRITTEN else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of an input's history."""

    input: str
    run: int
    at: str
    outcome: Outcome
    reason: str | None


def history_of(connection: sa.Connection, inputs: list[str]) -> list[Event]:
    """Every outcome these inputs ever had, oldest first."""
    query = (
        sa.select(history, input_.c.name)
        .join(input_, input_.c.input_id == history.c.input_id)
        .where(history.c.input_id.in_(inputs))
        .order_by(history.c.seq)
    )
    return [
        Event(input=row.name, run=row.run, at=row.at, outcome=Outcome(row.outcome), reason=row.reason)
        for row in connection.execute(query)
    ]


def _sums(rows: list[tuple[Any, ...]]) -> Sums:
    states = dict.fromkeys(("new", "again", "unchanged"), 0)
    outcomes = dict.fromkeys(Outcome, 0)
    unsettled = 0
    for state, outcome, count in rows:
        states[state] += count
        if outcome is None:
            unsettled += count
        else:
            outcomes[Outcome(outcome)] += count
    return Sums(**states, outcomes=outcomes, unsettled=unsettled)
