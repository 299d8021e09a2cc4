"""Documents and their copies in, what the output should hold of each out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from ingest.article import digest
from ingest.database import chunked
from ingest.outcomes import Moment, kind_of_copy, settle
from ingest.records import encode
from ingest.tables import document, input_


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Another place the document was found in, or another document it stands for."""

    id: str
    source: str
    kind: str
    score: float


def refresh(connection: sa.Connection, moment: Moment, keys: Collection[str]) -> None:
    """Decide anew what the output should hold of these documents, and settle their inputs."""
    for chunk in chunked(keys):
        rows = connection.execute(
            sa.select(
                document.c.id, document.c.translation, document.c.duplicate_of, document.c.stage, document.c.wanted
            ).where(document.c.id.in_(chunk))
        ).all()
        copies = copies_of(connection, [row.id for row in rows])
        for row in rows:
            shown = row.translation is not None and row.duplicate_of is None and row.stage != "rejected"
            wanted = digest(encode((row.translation, copies[row.id]))) if shown else None
            if wanted != row.wanted:
                connection.execute(sa.update(document).where(document.c.id == row.id).values(wanted=wanted))
    settle(connection, moment, documents=keys)


def copies_of(connection: sa.Connection, keys: Collection[str]) -> dict[str, tuple[Copy, ...]]:
    """For each document, the other places it was found in and the documents it stands for, by id and source."""
    found: dict[str, list[Copy]] = {key: [] for key in keys}
    for chunk in chunked(keys):
        stands_for = sa.func.coalesce(document.c.duplicate_of, document.c.id)
        query = (
            sa.select(
                document.c.id,
                stands_for.label("of"),
                document.c.match,
                document.c.score,
                document.c.input_id.label("first"),
                document.c.version.label("standing"),
                input_.c.input_id,
                input_.c.version,
                input_.c.kind,
                input_.c.name,
            )
            .join_from(document, input_, input_.c.document == document.c.id)
            .where(stands_for.in_(chunk), input_.c.trouble.is_(None))
        )
        for row in connection.execute(query):
            if row.id == row.of and row.input_id == row.first:
                continue
            kind, score = row.match, row.score
            if row.id == row.of:
                kind, score = kind_of_copy(row.version, row.standing), 1.0
            found[row.of].append(Copy(id=row.id, source=f"{row.kind}:{row.name}", kind=kind, score=score))
    return {key: tuple(sorted(copies, key=lambda c: (c.id, c.source))) for key, copies in found.items()}
