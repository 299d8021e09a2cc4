"""A request and a command's options in, the job done and its exit status out: plain, or as a Prefect flow."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.job import Request


def perform(request: Request, arguments: argparse.Namespace) -> int:
    """Do the job and print what became of it; ``--prefect`` or ``PREFECT_API_URL`` make it a flow.

    Raises:
        ServerError: the server cannot be reached.
    """
    import os

    from flows.console import Console
    from flows.job import run_plain

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
