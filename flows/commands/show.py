"""``newsgloss show``: an id, file or URL in, the document and the history of its inputs out."""

from __future__ import annotations

import argparse
import sys

from flows.commands.options import add_place, in_force


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("show", help="show a document and its history", description=__doc__)
    command.add_argument("what", metavar="ID|FILE|URL", help="a document id or its beginning, a file, a URL")
    add_place(command)
    command.add_argument("--json", action="store_true", help="print the whole Document as JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what the ledger knows of it."""
    from flows.console import one_line, what
    from flows.state import open_state
    from ingest import accounting, find
    from ingest.database import reading
    from ingest.errors import UsageError

    settings = in_force(arguments).settings
    with open_state(settings) as engine, reading(engine, "cannot read the ledger") as connection:
        found = find.find(connection, arguments.what)
        if not found.inputs:
            raise UsageError(
                f"{arguments.what}: not in this ledger", hint="newsgloss status --documents lists what is"
            )
        events = accounting.history_of(connection, list(found.inputs))
        lines = list(accounting.accounts_of(connection, found.inputs))
        document = find.document_of(connection, found.document) if found.document else None
    if arguments.json:
        sys.stdout.write((document or b"null").decode() + "\n")
        return 0
    head = [f"{line.outcome or 'in work'}\t{one_line(line.name)}\t{one_line(what(line))}" for line in lines]
    head += [f"{event.at}\trun {event.run}\t{event.outcome}\t{one_line(event.reason or '')}" for event in events]
    sys.stdout.write("\n".join(head) + "\n")
    if document is not None:
        from rich.console import Console

        from ingest.records import decode
        from translate.document import Document
        from translate.terminal import show

        Console(soft_wrap=True).print("", *show(decode(document, Document)), sep="\n")
    return 0
