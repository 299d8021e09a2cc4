"""``newsgloss follow``: a sources.toml in, documents of what is new out."""

from __future__ import annotations

import argparse

from flows.commands.options import add_fetch, add_place, add_report, in_force

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
    command.add_argument("--strict", action="store_true", help="exit 1 also when inputs are pending or rejected")
    command.add_argument("--detector", choices=["default", "langdetect", "py3langid"], help="language detector")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fetch what is new, and do the whole job on it; the exit status follows from the accounting."""
    from flows.console import Console
    from flows.followed import WORD
    from flows.job import Request, run_plain

    request = Request(settings=in_force(arguments).settings, sources=(f"{WORD}{arguments.sources}",))
    with Console(quiet=arguments.quiet, json=arguments.json) as console:
        result = run_plain(request, console)
        console.result(result)
    return result.exit_status(strict=arguments.strict)
