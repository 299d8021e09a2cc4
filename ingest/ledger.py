"""What is done to inputs and documents in, what is left to do out: the one record that a killed run resumes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import sqlalchemy as sa

from ingest import leases, outcomes, store
from ingest.admission import Arrival, admit, forgotten, present, turn_away
from ingest.article import (
    Hints,
    NotModified,
    Outcome,
    RawPage,
    Ref,
    Unread,
    Validators,
)
from ingest.database import exclusive, insert_missing, writing
from ingest.outcomes import Moment, Settled, note, settle, touch
from ingest.records import decode, encode
from ingest.tables import document, input_, listing, run, unit
from ingest.wanted import refresh

EXTRACT_VERSION = 1
"""Raised by hand when extraction or cleaning changes its results; ``--reprocess extract`` redoes what is older."""

Stage = Literal["load", "extract", "translate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An input to load, and what is known from its last retrieval."""

    ref: Ref
    validators: Validators
    retrieved_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What loading a claimed input gave."""

    claimed: Claimed
    result: RawPage | NotModified | Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The state of one output, as one run sees it.

    Attributes:
        engine: the state database.
        worker: this process's registration; see `ingest.leases.working`.
        moment: this run's number and clock.
        fresh_since: inputs loaded by this run or a later one need no loading: it was started while this one's
            neighbours were at work, and shares theirs.
    """

    engine: sa.Engine
    worker: str
    moment: Moment
    fresh_since: int

    def list_items(self, items: Sequence[Ref | Unread]) -> int:
        """Take down what a source listed, before any work is done on it; returns how many are new."""
        with writing(self.engine, "cannot take down what the sources list") as connection:
            known = _known(connection, [item.input_id for item in items])
            rows = {item.input_id: self._row(item) for item in items if item.input_id not in known}
            insert_missing(connection, input_, list(rows.values()))
            insert_missing(
                connection,
                listing,
                [
                    {
                        "run": self.moment.run,
                        "input_id": item.input_id,
                        "state": "new" if item.input_id in rows else "unchanged",
                    }
                    for item in items
                ],
            )
            self._take_down_unread(connection, [item for item in items if isinstance(item, Unread)])
            self._turn_away_forgotten(connection, [item.input_id for item in items])
        return len(rows)

    def claim_inputs(self, limit: int) -> list[Claimed]:
        """Lease up to ``limit`` of this run's inputs that are still to be loaded.

        Files come in the order of their names, so that rows and records are read forward. Pages come in the order of
        their ids, which mixes the hosts: those of one host have to wait for each other.
        """
        with writing(self.engine, "cannot claim work") as connection:
            due = (
                sa.select(input_)
                .join(listing, listing.c.input_id == input_.c.input_id)
                .where(listing.c.run == self.moment.run, self._not_loaded(), input_.c.lease.is_(None))
                .order_by(_turn(), input_.c.locator)
                .limit(limit)
                .with_for_update(skip_locked=True, of=input_)
            )
            rows = connection.execute(due).all()
            self._lease(connection, input_, input_.c.input_id, [row.input_id for row in rows])
            return [_claimed(row) for row in rows]

    def loaded(self, results: Sequence[Loaded]) -> None:
        """Take down what loading gave: payloads into the store, documents into the line for extraction."""
        with writing(self.engine, "cannot take down what was loaded") as connection:
            exclusive(connection)
            pages = [item for item in results if isinstance(item.result, RawPage)]
            store.put(connection, [item.result.payload for item in pages if isinstance(item.result, RawPage)])
            for item in results:
                match item.result:
                    case Unread() as unread:
                        self._trouble(connection, item.claimed.ref.input_id, unread)
                    case RawPage() as page:
                        arrival = Arrival(
                            input_id=item.claimed.ref.input_id, retrieved_at=item.claimed.retrieved_at, page=page
                        )
                        admit(connection, self.moment, arrival)
                    case NotModified():
                        pass
            keys = [item.claimed.ref.input_id for item in results]
            connection.execute(
                sa.update(input_).where(input_.c.input_id.in_(keys)).values(lease=None, loaded_run=self.moment.run)
            )
            settle(connection, self.moment, inputs=keys)
            touched = sa.select(input_.c.document).where(input_.c.input_id.in_(keys), input_.c.document.is_not(None))
            refresh(connection, self.moment, list(connection.execute(touched).scalars()))

    def claim_documents(self, limit: int) -> list[tuple[str, RawPage]]:
        """Lease up to ``limit`` documents that are to be extracted; their payloads come from the store."""
        with writing(self.engine, "cannot claim work") as connection:
            due = (
                sa.select(document.c.id, document.c.page, document.c.version)
                .where(document.c.stage == "extract", document.c.lease.is_(None))
                .order_by(document.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            rows = connection.execute(due).all()
            self._lease(connection, document, document.c.id, [row.id for row in rows])
            payloads = store.get(connection, [row.version for row in rows])
        return [(row.id, replace(decode(row.page, RawPage), payload=payloads[row.version])) for row in rows]

    def others_at_work(self, stage: Stage) -> str | None:
        """Who else holds leases on work of this stage; leases of dead workers are freed first."""
        mine = sa.select(listing.c.input_id).where(listing.c.run == self.moment.run)
        held = {
            "load": sa.select(input_.c.lease).where(input_.c.lease.is_not(None), input_.c.input_id.in_(mine)),
            "extract": sa.select(document.c.lease).where(document.c.lease.is_not(None)),
            "translate": sa.select(unit.c.lease).where(unit.c.lease.is_not(None)),
        }
        with writing(self.engine, "cannot ask who is at work") as connection:
            exclusive(connection, 2)
            found = set(connection.execute(held[stage]).scalars()) - {self.worker}
            if found:
                leases.free_dead(connection)
                found = set(connection.execute(held[stage]).scalars()) - {self.worker}
            return leases.holder(connection, min(found)) if found else None

    def _not_loaded(self) -> sa.ColumnElement[bool]:
        return sa.or_(input_.c.loaded_run.is_(None), input_.c.loaded_run < self.fresh_since)

    def _lease(self, connection: sa.Connection, table: sa.Table, key: sa.Column[str], keys: Iterable[str]) -> None:
        connection.execute(sa.update(table).where(key.in_(list(keys))).values(lease=self.worker))

    def _row(self, item: Ref | Unread) -> dict[str, object]:
        common: dict[str, object] = {
            "input_id": item.input_id,
            "kind": item.kind,
            "locator": item.locator,
            "name": item.name,
            "first_run": self.moment.run,
            "hints": encode(item.hints if isinstance(item, Ref) else Hints()).decode(),
            "record": item.record if isinstance(item, Ref) else None,
            "listed_at": item.listed_at if isinstance(item, Ref) else None,
        }
        return common

    def _take_down_unread(self, connection: sa.Connection, items: Sequence[Unread]) -> None:
        for item in items:
            self._trouble(connection, item.input_id, item)
            connection.execute(
                sa.update(input_).where(input_.c.input_id == item.input_id).values(loaded_run=self.moment.run)
            )
        settle(connection, self.moment, inputs=[item.input_id for item in items])

    def _turn_away_forgotten(self, connection: sa.Connection, keys: Sequence[str]) -> None:
        gone = forgotten(connection, keys)
        for key in gone:
            turn_away(connection, key)
            connection.execute(sa.update(input_).where(input_.c.input_id == key).values(loaded_run=self.moment.run))
        settle(connection, self.moment, inputs=gone)

    def _trouble(self, connection: sa.Connection, key: str, unread: Unread) -> None:
        """An input that gives no page now; a document it gave before stays what it is."""
        before = connection.execute(
            sa.select(input_.c.trouble, input_.c.reason).where(input_.c.input_id == key)
        ).one()
        tried = int(unread.outcome is not Outcome.PENDING)
        connection.execute(
            sa.update(input_)
            .where(input_.c.input_id == key)
            .values(trouble=unread.outcome, reason=unread.reason, attempts=input_.c.attempts + tried)
        )
        if tuple(before) != (unread.outcome, unread.reason):
            touch(connection, [key])
            if before.trouble == unread.outcome == Outcome.REJECTED:  # missing first, then gone: both are told
                note(connection, self.moment, key, Settled(outcome=unread.outcome, reason=unread.reason))


def start(engine: sa.Engine, worker: str, *, label: str, at: str) -> Ledger:
    """Begin a run: a row of its own, and what dead runs had leased or listed let go."""
    with writing(engine, "cannot begin a run") as connection:
        exclusive(connection, 2)
        leases.free_dead(connection)
        alive = set(connection.execute(sa.text("SELECT id FROM worker")).scalars())
        open_runs = connection.execute(sa.select(run.c.id, run.c.worker).where(run.c.finished_at.is_(None))).all()
        outcomes.drop_listings(connection, [row.id for row in open_runs if row.worker not in alive])
        at_work = [row.id for row in open_runs if row.worker in alive]
        number = connection.execute(
            sa.insert(run).values(started_at=at, label=label, worker=worker).returning(run.c.id)
        ).scalar_one()
    return Ledger(
        engine=engine,
        worker=worker,
        moment=Moment(run=number, at=at),
        fresh_since=min([number, *at_work]),
    )


def finish(ledger: Ledger, counts: Mapping[str, int], *, at: str) -> None:
    """End the run: its counts stay, its listing goes."""
    with writing(ledger.engine, "cannot end the run") as connection:
        connection.execute(
            sa.update(run)
            .where(run.c.id == ledger.moment.run)
            .values(finished_at=at, counts=encode(dict(counts)).decode())
        )
        outcomes.drop_listings(connection, [ledger.moment.run])


def _turn() -> sa.ColumnElement[str]:
    return sa.case((input_.c.kind == "url", input_.c.input_id), else_=input_.c.name)


def ref_of(row: sa.Row[Any]) -> Ref:
    """What a source listed, from its row of the input table."""
    return Ref(
        input_id=row.input_id,
        kind=row.kind,
        locator=row.locator,
        name=row.name,
        record=row.record,
        listed_at=row.listed_at,
        hints=decode(row.hints, Hints),
    )


def _claimed(row: sa.Row[Any]) -> Claimed:
    validators = decode(row.validators, Validators) if row.validators else Validators()
    # Without the document there is nothing a 304 could refer to.
    return Claimed(
        ref=ref_of(row),
        validators=validators if row.document and not row.trouble else Validators(),
        retrieved_at=row.retrieved_at,
    )


def _known(connection: sa.Connection, keys: Sequence[str]) -> set[str]:
    return present(connection, input_.c.input_id, keys)
