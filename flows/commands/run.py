"""``newsgloss run``: sources in, documents and an accounting out."""

from __future__ import annotations

import argparse

from flows.commands.options import add_fetch, add_place, add_report, add_translation, add_work, in_force
from flows.commands.perform import perform

DEFAULT_SOURCES = ("seeds/",)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("run", help="run the whole job", description=__doc__)
    command.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="a file, folder, URL, feed, sitemap, list of URLs, WARC or table (default: seeds/)",
    )
    add_place(command)
    add_report(command)
    add_fetch(command)
    add_work(command)
    add_translation(command)
    command.add_argument("--reprocess", choices=["extract", "translate"], help="redo what an older version did")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the job, plain or as a flow; the exit status follows from the accounting."""
    from flows.job import Request

    request = Request(
        settings=in_force(arguments).settings,
        sources=tuple(arguments.sources or DEFAULT_SOURCES),
        reprocess=arguments.reprocess,
    )
    return perform(request, arguments)
