"""What a user calls a document (id, file, URL) in, its rows in the ledger out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ingest import store
from ingest.article import Provenance, document_id
from ingest.canonical import canonical
from ingest.errors import InputError, UsageError
from ingest.tables import document, input_

ID_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz234567")
LEAST_ID = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document with all its inputs; or an input that has no document."""

    document: str | None
    inputs: tuple[str, ...]


def find(connection: sa.Connection, name: str) -> Found:
    """The document of that id (or beginning of an id), output file, input file or URL.

    Raises:
        UsageError: the beginning of an id, or a name, fits several documents.
    """
    key = _by_id(connection, name) or _by_path(connection, name) or _by_address(connection, name)
    if key is None:
        rows = _by_name(connection, name)
        if not rows:
            return Found(document=None, inputs=())
        if len({row.document or row.input_id for row in rows}) > 1:
            several = ", ".join(sorted(row.locator for row in rows)[:5])
            raise UsageError(f"{name}: several inputs are called so: {several}", hint="give the whole path")
        if rows[0].document is None:
            return Found(document=None, inputs=tuple(sorted(row.input_id for row in rows)))
        key = rows[0].document
    inputs = connection.execute(sa.select(input_.c.input_id).where(input_.c.document == key)).scalars()
    return Found(document=key, inputs=tuple(sorted(inputs)))


def same_words(connection: sa.Connection, key: str) -> list[str]:
    """The document, first, and those with the same words: its exact duplicates, or its fellows."""
    row = connection.execute(sa.select(document).where(document.c.id == key)).one()
    shown = row.duplicate_of if row.match == "exact" else key
    exactly = sa.select(document.c.id).where(document.c.duplicate_of == shown, document.c.match == "exact")
    return list(dict.fromkeys([key, shown, *sorted(connection.execute(exactly).scalars())]))


def document_of(connection: sa.Connection, key: str) -> bytes | None:
    """The Document as JSON, where it has been translated."""
    digest = connection.execute(sa.select(document.c.translation).where(document.c.id == key)).scalar()
    return store.get(connection, [digest])[digest] if digest else None


def _by_name(connection: sa.Connection, name: str) -> list[sa.Row[Any]]:
    """The inputs of that locator; else of that name, or whose name ends in it."""
    query = sa.select(input_.c.input_id, input_.c.document, input_.c.locator)
    exactly = input_.c.locator.in_([name, str(Path(name).absolute())])
    named = sa.or_(input_.c.name == name, input_.c.name.endswith("/" + name, autoescape=True))
    found = connection.execute(query.where(exactly)).all() or connection.execute(query.where(named).limit(50)).all()
    return list(found) if name else []


def _by_id(connection: sa.Connection, name: str) -> str | None:
    if len(name) < LEAST_ID or not set(name) <= ID_ALPHABET:
        return None
    fits = list(connection.execute(sa.select(document.c.id).where(document.c.id.startswith(name)).limit(2)).scalars())
    if len(fits) > 1:
        raise UsageError(f"{name}: several documents begin so", hint="give more of the id")
    return fits[0] if fits else None


def _by_address(connection: sa.Connection, name: str) -> str | None:
    """The document of that address, however it is spelt; rows and records have no locator of that name."""
    if not name.lower().startswith(("http://", "https://")):
        return None
    try:
        target = canonical(name)
    except InputError:
        return None
    of_target = Provenance(source="", target_uri=target, retrieved_at="", payload_digest="")
    known = sa.select(document.c.id).where(document.c.id == document_id(of_target))
    return connection.execute(known).scalar()


def _by_path(connection: sa.Connection, name: str) -> str | None:
    file_name = Path(name).name
    if not file_name.endswith(".md"):
        return None
    fits = sa.select(document.c.id, document.c.path).where(document.c.path.endswith(file_name, autoescape=True))
    return next((row.id for row in connection.execute(fits) if str(Path(name)).endswith(row.path)), None)
