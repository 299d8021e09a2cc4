"""A request to run the job in, its result out: opens what a run works with, and closes it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows import clock, pipeline
from flows.followed import expanded
from flows.matcher import outdated
from flows.settings import Settings
from flows.tools import open_tools
from flows.watch import Watch
from ingest import documents
from ingest.accounting import Account, Sums, accounts
from ingest.article import Outcome, Source
from ingest.counted import counted
from ingest.database import reading, writing
from ingest.ledger import finish
from ingest.redact import redacted

if TYPE_CHECKING:
    from ingest.sources.sitemaps import Span

SHOWN = 200
"""How many inputs a result lists one by one; above this, those that were written or unchanged are only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to run: plain data, so that it can travel as a flow's parameters.

    ``follow`` takes of the sources only what is new since the last run, and what that run did not get.
    """

    settings: Settings
    sources: tuple[str, ...]
    reprocess: str | None = None
    follow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of it. ``lines`` are all inputs, or, where ``cut``, those that a user should look at."""

    output: str
    sums: Sums
    lines: tuple[Account, ...]
    cut: bool
    effort: pipeline.Effort

    def exit_status(self, *, strict: bool) -> int:
        """0, or 1 where inputs failed (strict: or are pending or rejected)."""
        bad = (Outcome.FAILED, Outcome.PENDING, Outcome.REJECTED) if strict else (Outcome.FAILED,)
        return int(any(self.sums.outcomes[outcome] for outcome in bad))


def run_plain(request: Request, watch: Watch) -> Result:
    """Run the job in this process."""
    with job(request, watch) as (tools, sources):
        pipeline.run(tools, sources, watch)
        return conclude(request, tools)


@contextmanager
def job(request: Request, watch: Watch, *, span: Span | None = None) -> Iterator[tuple[pipeline.Tools, list[Source]]]:
    """The tools and sources of a run, for its length; ``span`` spares it sitemaps of other days."""
    label = redacted(" ".join(request.sources))
    wanted = expanded(request)
    opened = open_tools(wanted.settings, wanted.sources, label=label, at=clock.now(), follow=wanted.follow, span=span)
    with opened as (tools, sources):
        if request.reprocess:
            with writing(tools.ledger.engine, "cannot put documents back in line") as connection:
                count = documents.reprocess(connection, extract=request.reprocess == "extract")
                if request.reprocess == "extract":
                    count += documents.extract_again(connection, outdated(connection))
            watch.say(f"done again: {counted(count, 'document')} of an older version")
        yield tools, sources


def conclude(request: Request, tools: pipeline.Tools) -> Result:
    """End the run and tell what became of every input."""
    number = tools.ledger.moment.run
    sums = pipeline.account(tools)
    cut = sums.inputs > SHOWN
    worth_a_look = (Outcome.FAILED, Outcome.PENDING, Outcome.REJECTED) if cut else ()
    with reading(tools.ledger.engine, "cannot sum up") as connection:
        lines = tuple(accounts(connection, number=number, outcomes=worth_a_look, limit=SHOWN))
    finish(tools.ledger, sums.flat(), at=clock.now())
    return Result(output=str(request.settings.output_folder), sums=sums, lines=lines, cut=cut, effort=tools.effort())
