"""``newsgloss report``: a ledger in, static HTML pages for people out: one for all inputs, one for each document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flows.commands.options import add_place, in_force

if TYPE_CHECKING:
    import sqlalchemy as sa

    from translate.document import Document

LISTED = 5_000
"""How many inputs the page of all inputs lists; a browser shows no more of them with ease."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("report", help="write a static HTML report", description=__doc__)
    command.add_argument("--to", metavar="DIR", help="folder for the pages (default: report/ in the output)")
    add_place(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the pages, and say where the first one lies."""
    from pathlib import Path

    from flows.report import FOLDER, INDEX, pages
    from flows.state import open_state
    from ingest import accounting
    from ingest.database import reading
    from translate.write import write_atomic

    settings = in_force(arguments).settings
    folder = Path(arguments.to) if arguments.to else settings.output_folder / FOLDER
    with open_state(settings) as engine, reading(engine, "cannot read the ledger") as connection:
        sums = accounting.of_all(connection)
        lines = list(accounting.accounts(connection, limit=LISTED))
        for place, page in pages(sums, lines, _documents(connection)):
            write_atomic(folder / place, page)
    sys.stdout.write(f"{folder / INDEX}\n")
    return 0


def _documents(connection: sa.Connection) -> Iterator[Document]:
    from flows.pipeline import whole
    from ingest import publication

    for date in publication.all_dates(connection):
        for item in publication.members_of(connection, date):
            yield whole(item)
