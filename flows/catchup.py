"""A request and a plan in, one run for each window that is not finished, and their accounting, out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from flows import clock, pipeline
from flows.job import Request, Result, conclude, job
from flows.survey import Survey, survey
from flows.tools import opened
from flows.watch import Watch
from flows.windows import Outside, Plan, Window
from ingest import windows
from ingest.article import Outcome, Ref
from ingest.counted import counted
from ingest.database import reading, writing
from ingest.leases import held, working
from ingest.ledger import finish
from ingest.place import identity
from ingest.records import encode
from ingest.redact import redacted
from ingest.sources.recognise import portable

if TYPE_CHECKING:
    from ingest.sources.sitemaps import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One run of one window: ``key`` names the window in the ledger, ``attempt`` counts its runs from 1."""

    key: str
    name: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one window: ``state`` is finished, skipped (it was finished before), or failed."""

    name: str
    state: str
    inputs: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What became of a backfill.

    ``survey.listed`` is the sum of the windows' inputs, of those outside, and of ``unread``: those that gave nothing
    to take a date from, by their outcomes.
    """

    output: str
    survey: Survey
    unread: Mapping[str, int]
    windows: tuple[Done, ...]

    def exit_status(self) -> int:
        """0, or 1 where an input failed."""
        return int(bool(self.unread.get(Outcome.FAILED)) or any(done.state == "failed" for done in self.windows))


RunWindow = Callable[[Request, Turn, Watch], Result]
"""Runs one window to its end and returns its accounting."""

Performer = Callable[[sa.Engine, str], pipeline.Perform]
"""Makes who performs the steps of a run, given its state and its worker."""


class Members:
    """The inputs of one window, as a source that a run can list."""

    def __init__(self, engine: sa.Engine, key: str) -> None:
        self._engine = engine
        self._key = key

    def discover(self) -> Iterator[Ref]:
        """List them, as the survey found them."""
        with reading(self._engine, "cannot ask what a window holds") as connection:
            found = list(windows.members(connection, self._key))
        yield from found


def backfill(request: Request, plan: Plan, run: RunWindow, *, undated: bool, watch: Watch) -> Backfilled:
    """Run the windows of a plan one after another, oldest first; the undated inputs last, where they are taken.

    A window whose run ends with failed inputs, or not at all, is run again by the next backfill over it.

    Raises:
        JobError: the job could not go on; the windows that are finished stay so.
    """

    def waiting(whom: str) -> None:
        watch.say(f"waiting for {whom}, which is at a backfill of this output")

    with opened(request.settings) as engine, working(engine) as me, held(engine, "backfill", me, waiting):
        keys = window_keys(request, plan, engine, undated=undated)
        found, unread = _surveyed(request, plan, keys, watch)
        done = []
        for spot, key in keys.items():
            name = spot.name if isinstance(spot, Window) else spot.value
            before = _standing(engine, key)
            if before.finished:
                done.append(Done(name=name, state="skipped", inputs=found.inside[key], counts=before.counts))
            elif found.inside[key]:
                turn = _begin(engine, key, name)
                watch.say(f"window {name}: {counted(found.inside[key], 'input')}")
                done.append(_end(engine, turn, found.inside[key], run(request, turn, watch)))
    return Backfilled(output=str(request.settings.output_folder), survey=found, unread=unread, windows=tuple(done))


def window_keys(request: Request, plan: Plan, engine: sa.Engine, *, undated: bool) -> dict[Window | Outside, str]:
    """The name of each window in the ledger: a digest of output, sources, begin and end, and of nothing else."""
    with reading(engine, "cannot ask which output this is") as connection:
        output = identity(connection)
    sources = sorted(redacted(portable(text)) for text in request.sources)

    def key(*parts: str) -> str:
        return hashlib.sha256(encode((output, sources, parts))).hexdigest()

    keys: dict[Window | Outside, str] = {
        window: key(window.begin.isoformat(), window.end.isoformat()) for window in plan.windows
    }
    return keys | ({Outside.UNDATED: key(Outside.UNDATED)} if undated else {})


def run_plain(request: Request, turn: Turn, watch: Watch) -> Result:
    """Run one window in this process."""
    return run_members(request, turn.key, watch, lambda _engine, _worker: pipeline.directly)


def run_members(request: Request, key: str, watch: Watch, performer: Performer) -> Result:
    """The main job on what a window holds, its steps performed as ``performer`` says."""
    with job(request, watch) as (tools, _):
        perform = performer(tools.ledger.engine, tools.ledger.worker)
        pipeline.run(tools, [Members(tools.ledger.engine, key)], watch, perform=perform)
        return conclude(request, tools)


def _surveyed(
    request: Request, plan: Plan, keys: Mapping[Window | Outside, str], watch: Watch
) -> tuple[Survey, dict[str, int]]:
    span = None if Outside.UNDATED in keys else _days(plan)  # a page without a date may be in any sitemap
    with job(request, watch, span=span) as (tools, sources):
        found = survey(tools, sources, plan, keys, watch)
        with reading(tools.ledger.engine, "cannot sum up") as connection:
            unread = windows.unread(connection, tools.ledger)
        finish(tools.ledger, pipeline.account(tools).flat(), at=clock.now())
    return found, unread


def _days(plan: Plan) -> Span:
    """The days of a plan, and one more at each end: sites count them in their own time zones."""
    from ingest.sources.sitemaps import Span

    first, end = plan.windows[0].begin - timedelta(days=1), plan.windows[-1].end + timedelta(days=1)
    return Span(first=first.date().isoformat(), end=end.date().isoformat())


def _standing(engine: sa.Engine, key: str) -> windows.Standing:
    with reading(engine, "cannot ask how far a window is") as connection:
        return windows.standing(connection, key)


def _begin(engine: sa.Engine, key: str, name: str) -> Turn:
    with writing(engine, "cannot begin a window") as connection:
        return Turn(key=key, name=name, attempt=windows.begin(connection, key, name))


def _end(engine: sa.Engine, turn: Turn, size: int, result: Result) -> Done:
    counts = result.sums.flat()
    failed = bool(result.sums.outcomes[Outcome.FAILED] or result.sums.unsettled)
    with writing(engine, "cannot end a window") as connection:
        windows.end(connection, turn.key, counts, failed=failed)
    return Done(name=turn.name, state="failed" if failed else "finished", inputs=size, counts=counts)
