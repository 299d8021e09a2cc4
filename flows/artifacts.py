"""A result in, the same as a Markdown page and as table rows for a server's artifacts out."""

from __future__ import annotations

from flows.console import one_line, what
from flows.job import Result
from ingest.article import Outcome


def as_markdown(result: Result) -> str:
    """The sums as a page: numbers and names of ours only, nothing that an input could have written."""
    sums = result.sums
    rows = [f"| {outcome} | {sums.outcomes[outcome]} |" for outcome in Outcome]
    return "\n".join(
        [
            "| outcome | inputs |",
            "|---|--:|",
            *rows,
            f"| **sum** | **{sums.inputs}** |",
            "",
            f"{sums.new} new, {sums.again} taken up again, {sums.unchanged} unchanged since an earlier run.",
        ]
    )


def as_table(result: Result) -> list[dict[str, str]]:
    """One row an input, as the command line shows it."""
    return [
        {
            "input": one_line(line.name),
            "outcome": line.outcome or "unsettled",
            "what": one_line(what(line)),
        }
        for line in result.lines
    ]
