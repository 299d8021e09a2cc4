"""``newsgloss duplicates``: an id, file or URL in, its cluster out, with the difference between two members."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flows.commands.options import add_place, in_force

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ingest.dedup import Cluster
    from ingest.index import Edge


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("duplicates", help="show a document's cluster of duplicates", description=__doc__)
    command.add_argument("what", metavar="ID|FILE|URL", help="a document id or its beginning, a file, a URL")
    command.add_argument("other", nargs="?", metavar="OTHER", help="show how the text differs from this one's")
    add_place(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the members, what holds between them, and the difference."""
    from flows.state import open_state
    from ingest.database import writing
    from ingest.index import Index, create_tables

    settings = in_force(arguments).settings
    with open_state(settings) as engine, writing(engine, "cannot read the index") as connection:
        create_tables(connection)
        document = _document(connection, arguments.what)
        index = Index(connection)
        found = index.cluster_of(document)
        lines = list(_members(connection, found, document)) if found else ["not compared with others yet"]
        lines += _edges(connection, index.edges(document))
        if arguments.other:
            lines += _difference(connection, document, _document(connection, arguments.other))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _document(connection: sa.Connection, what: str) -> str:
    from ingest import find
    from ingest.errors import UsageError

    found = find.find(connection, what)
    if found.document is None:
        raise UsageError(f"{what}: not a document of this ledger", hint="newsgloss status --documents lists what is")
    return found.document


def _members(connection: sa.Connection, cluster: Cluster, asked: str) -> Iterator[str]:
    """The cluster and a line for each member; the one that was asked for is marked."""
    yield f"cluster\t{cluster.id}\t{len(cluster.members)} document{'s' if len(cluster.members) > 1 else ''}"
    for match in cluster.members:
        mark = "*" if match.id == asked else " "
        what = "stands for them" if match.relation is None else f"{match.relation} {match.score:.2f} of {match.other}"
        yield f"{mark} {match.id}\t{what}\t{_name(connection, match.id)}"


def _edges(connection: sa.Connection, edges: tuple[Edge, ...]) -> Iterator[str]:
    for edge in edges:
        yield f"{edge.relation}\t{edge.score:.2f}\t{edge.other}\t{_name(connection, edge.other)}"


def _name(connection: sa.Connection, document: str) -> str:
    import sqlalchemy as sa

    from flows.console import one_line
    from ingest.tables import input_

    query = sa.select(input_.c.name).where(input_.c.document == document).order_by(input_.c.name).limit(1)
    return one_line(connection.execute(query).scalar() or "")


def _difference(connection: sa.Connection, one: str, other: str) -> Iterator[str]:
    """How the second text differs from the first, line by line, as `diff` shows it."""
    from difflib import unified_diff

    from flows.console import one_line

    left, right = ([one_line(line) for line in _text(connection, key).splitlines() if line] for key in (one, other))
    changes = list(unified_diff(left, right, fromfile=one, tofile=other, lineterm="", n=1))
    yield from changes or ["the two texts are the same"]


def _text(connection: sa.Connection, document: str) -> str:
    """The clean text of a document as retrieved; empty where it was never read."""
    import sqlalchemy as sa

    from ingest import store, tables
    from ingest.article import Article
    from ingest.fingerprint import compared
    from ingest.records import decode

    query = sa.select(tables.document.c.article).where(tables.document.c.id == document)
    digest = connection.execute(query).scalar()
    return compared(decode(store.get(connection, [digest])[digest], Article)) if digest else ""
