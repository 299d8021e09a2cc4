"""``newsgloss forget``: an id, file or URL in, an output, store and memory without it out."""

from __future__ import annotations

import argparse
import sys

from flows.commands.options import add_place, in_force


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("forget", help="take a document out of everything", description=__doc__)
    command.add_argument("what", metavar="ID|FILE|URL", help="a document id or its beginning, a file, a URL")
    add_place(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Forget it, and say what was taken away."""
    from flows import clock
    from flows.console import one_line
    from flows.forget import forget_document

    settings = in_force(arguments).settings
    keys = forget_document(settings, arguments.what, at=clock.now())
    sys.stdout.write(f"forgotten: {one_line(arguments.what)} (document {', '.join(keys)}); it will not come back\n")
    return 0
