"""What a user calls a document (id, file, URL) in, its rows in the ledger out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ingest import store
from ingest.errors import UsageError
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
        UsageError: the beginning of an id fits several documents.
    """
    key = _by_id(connection, name) or _by_path(connection, name)
    if key is None:
        absolute = str(Path(name).absolute())
        row = connection.execute(
            sa.select(input_.c.input_id, input_.c.document)
            .where(
                sa.or_(
                    input_.c.locator.in_([name, absolute]),
                    input_.c.name == name,
                    input_.c.name.endswith("/" + name, autoescape=True),
                )
            )
            .order_by(input_.c.locator.not_in([name, absolute]), input_.c.name != name, input_.c.input_id)
            .limit(1)
        ).one_or_none()
        if row is None:
            return Found(document=None, inputs=())
        if row.document is None:
            return Found(document=None, inputs=(row.input_id,))
        key = row.document
    inputs = connection.execute(sa.select(input_.c.input_id).where(input_.c.document == key)).scalars()
    return Found(document=key, inputs=tuple(sorted(inputs)))


def document_of(connection: sa.Connection, key: str) -> bytes | None:
    """The Document as JSON, where it has been translated."""
    digest = connection.execute(sa.select(document.c.translation).where(document.c.id == key)).scalar()
    return store.get(connection, [digest])[digest] if digest else None


def _by_id(connection: sa.Connection, name: str) -> str | None:
    if len(name) < LEAST_ID or not set(name) <= ID_ALPHABET:
        return None
    fits = list(connection.execute(sa.select(document.c.id).where(document.c.id.startswith(name)).limit(2)).scalars())
    if len(fits) > 1:
        raise UsageError(f"{name}: several documents begin so", hint="give more of the id")
    return fits[0] if fits else None


def _by_path(connection: sa.Connection, name: str) -> str | None:
    file_name = Path(name).name
    if not file_name.endswith(".md"):
        return None
    fits = sa.select(document.c.id, document.c.path).where(document.c.path.endswith(file_name, autoescape=True))
    return next((row.id for row in connection.execute(fits) if str(Path(name)).endswith(row.path)), None)
