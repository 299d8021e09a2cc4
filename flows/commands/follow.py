"""``newsgloss follow``: a sources.toml in, documents of what is new out."""

from __future__ import annotations

import argparse

from flows.commands.options import add_fetch, add_place, add_report, add_translation, add_work, in_force
from flows.commands.perform import perform

DEFAULT_FILE = "sources.toml"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "follow",
        help="fetch what is new from the sources of sources.toml",
        description=__doc__,
        epilog="On a schedule: newsgloss serve --cron EXPR follow:sources.toml",
    )
    command.add_argument(
        "--sources", metavar="PATH", default=DEFAULT_FILE, help="what to follow (default: sources.toml; see seeds/)"
    )
    add_place(command)
    add_report(command)
    add_fetch(command)
    add_work(command)
    add_translation(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fetch what is new, and do the whole job on it; the exit status follows from the accounting."""
    from flows.followed import WORD
    from flows.job import Request

    request = Request(settings=in_force(arguments).settings, sources=(f"{WORD}{arguments.sources}",))
    return perform(request, arguments)
