"""``newsgloss backfill``: a span of days and sources in, one run a window and their accounting out."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from flows.commands.options import add_fetch, add_place, add_report, add_translation, in_force
from ingest.counted import counted


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("backfill", help="run the job window by window", description=__doc__)
    command.add_argument("sources", nargs="+", metavar="SOURCE", help="files, folders and other sources")
    command.add_argument(
        "--from", dest="first", required=True, type=day, metavar="DATE", help="first day: 2024-01-01"
    )
    command.add_argument("--to", dest="end", required=True, type=day, metavar="DATE", help="first day left out")
    command.add_argument("--timezone", default="UTC", metavar="TZ", help="whose days: Asia/Seoul (default: UTC)")
    command.add_argument(
        "--window", choices=["1d", "1w", "1m"], default="1d", help="a day, a week or a month a run (default: 1d)"
    )
    command.add_argument("--undated", action="store_true", help="take inputs without a date too, as one more window")
    add_place(command)
    add_fetch(command)
    add_report(command)
    add_translation(command)
    command.set_defaults(run=run)


def day(text: str) -> date:
    """A day as ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2024-01-31") from None


def run(arguments: argparse.Namespace) -> int:
    """Run the windows, each as a flow run of its own where a server is set, and print what became of them."""
    import os

    from flows import catchup, server
    from flows.console import Console
    from flows.job import Request
    from flows.windows import Size, plan
    from flows.zones import zone
    from ingest.records import encode

    planned = plan(arguments.first, arguments.end, size=Size(arguments.window), zone=zone(arguments.timezone))
    request = Request(settings=in_force(arguments).settings, sources=tuple(arguments.sources))
    with Console(quiet=arguments.quiet, json=arguments.json) as console:
        if url := server.address(os.environ):
            server.reach(url, hint="start it again, or unset PREFECT_API_URL")
            from flows.backfill import as_flows

            with as_flows(request, console) as run_window:
                result = catchup.backfill(request, planned, run_window, undated=arguments.undated, watch=console)
        else:
            result = catchup.backfill(request, planned, catchup.run_plain, undated=arguments.undated, watch=console)
    if arguments.json:
        sys.stdout.write(encode(result).decode() + "\n")
    elif not arguments.quiet:
        sys.stdout.write(as_text(result))
    return result.exit_status()


def as_text(result: object) -> str:
    """The windows as a table, and the sums; they add up."""
    from flows.catchup import Backfilled
    from ingest.article import Outcome

    assert isinstance(result, Backfilled)  # noqa: S101 - typed late, so that --help imports nothing
    heads = ["window", "state", "inputs", *Outcome]
    rows = [
        [done.name, done.state, str(done.inputs), *(str(done.counts.get(outcome, 0)) for outcome in Outcome)]
        for done in result.windows
    ]
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *rows]
    ]
    survey = result.survey
    outside = ", ".join(f"outside: {why} {count}" for why, count in survey.outside.items())
    unread = ", ".join(f"{count} {outcome}" for outcome, count in result.unread.items()) or "0"
    inputs, inside = counted(survey.listed, "input"), sum(survey.inside.values())
    lines.append(f"{inputs}: {inside} in windows, {outside}, without a text: {unread}")
    lines.append(f"documents: {result.output}")
    return "\n".join(lines) + "\n"
