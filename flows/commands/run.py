"""``newsgloss run``: sources in, documents and an accounting out."""

from __future__ import annotations

import argparse

from flows.commands.options import add_fetch, add_place, add_report, in_force

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
    command.add_argument("--strict", action="store_true", help="exit 1 also when inputs are pending or rejected")
    command.add_argument("--detector", choices=["default", "langdetect", "py3langid"], help="language detector")
    command.add_argument(
        "--glossary", metavar="FILE", help="terms and their English: language, term, English, by tabs"
    )
    command.add_argument(
        "--verify",
        nargs="?",
        const=1.0,
        type=float,
        metavar="SHARE",
        help="ask a second engine about this share of the sentences (default: all), and store how far it agrees",
    )
    command.add_argument("--reprocess", choices=["extract", "translate"], help="redo what an older version did")
    command.add_argument(
        "--prefect",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="run as a Prefect flow (default: when PREFECT_API_URL is set)",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the job, plain or as a flow; the exit status follows from the accounting."""
    import os

    from flows.console import Console
    from flows.job import Request, run_plain

    request = Request(
        settings=in_force(arguments).settings,
        sources=tuple(arguments.sources or DEFAULT_SOURCES),
        reprocess=arguments.reprocess,
    )
    as_flow = arguments.prefect if arguments.prefect is not None else bool(os.environ.get("PREFECT_API_URL"))
    with Console(quiet=arguments.quiet, json=arguments.json) as console:
        if as_flow:
            from flows import server

            if url := server.address(os.environ):
                server.reach(url, hint="start it again, or run with --no-prefect")
            from flows.run import run_flow

            result = run_flow(request, console)
        else:
            result = run_plain(request, console)
        console.result(result)
    return result.exit_status(strict=arguments.strict)
