"""``newsgloss serve``: a cron expression and sources in, the job run at those times out."""

from __future__ import annotations

import argparse

from flows.commands.options import add_fetch, add_place, add_translation, in_force


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("serve", help="run the job on a schedule", description=__doc__)
    command.add_argument("sources", nargs="+", metavar="SOURCE", help="files, folders and other sources")
    command.add_argument("--cron", required=True, metavar="EXPR", help='when: "0 6 * * *" is every day at six')
    command.add_argument("--timezone", default="UTC", metavar="TZ", help="whose clock: Asia/Seoul (default: UTC)")
    add_place(command)
    add_fetch(command)
    add_translation(command)
    command.add_argument("--quiet", action="store_true", help="errors only")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve the schedule until Ctrl-C, which is how it ends well."""
    import os

    from flows import server
    from flows.console import Console
    from flows.followed import expanded
    from flows.job import Request
    from flows.zones import zone
    from ingest.errors import ServerError

    zone(arguments.timezone)
    url = server.address(os.environ)
    request = Request(settings=in_force(arguments).settings, sources=tuple(arguments.sources))
    expanded(request)  # a wrong sources.toml is told now, not at every run
    from flows import deploy

    times = deploy.schedule(arguments.cron, arguments.timezone)
    if not url:
        raise ServerError("a schedule needs a Prefect server, and PREFECT_API_URL is not set", hint=server.START)
    server.reach(url, hint=server.START)
    with Console(quiet=arguments.quiet, json=False) as console:
        deploy.serve(request, times, console)
    return 0
