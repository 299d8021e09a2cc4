"""A page that was loaded in, the document that it belongs to out, with the input that stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from ingest.article import Hints, Outcome, RawPage, Validators, document_id
from ingest.database import chunked
from ingest.outcomes import Moment, Settled, note, settle, touch
from ingest.records import decode, encode
from ingest.tables import document, input_, tombstone

FORGOTTEN = "forgotten on request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A page of an input; ``retrieved_at`` is the time of the input's first retrieval, where there was one before."""

    input_id: str
    retrieved_at: str | None
    page: RawPage


def admit(connection: sa.Connection, moment: Moment, arrival: Arrival) -> None:
    """Let a page be a document's, or turn it away where the user had it forgotten."""
    key, page = arrival.input_id, arrival.page
    identity = document_id(page.provenance)
    version = page.provenance.payload_digest
    if forgotten(connection, [identity, version]):
        turn_away(connection, key)
        return
    before = connection.execute(
        sa.select(input_.c.document, input_.c.version, input_.c.version_at, input_.c.trouble, input_.c.outcome).where(
            input_.c.input_id == key
        )
    ).one()
    if (before.document, before.version, before.trouble) != (identity, version, None):
        touch(connection, [key])
    if before.version not in {None, version} and before.trouble is None and before.outcome is not None:
        told = Settled(outcome=Outcome(before.outcome), reason=f"new content: {version}, before {before.version}")
        note(connection, moment, key, told)
    connection.execute(
        sa.update(input_)
        .where(input_.c.input_id == key)
        .values(
            trouble=None,
            reason=None,
            document=identity,
            version=version,
            version_at=before.version_at if before.version == version else _since(moment, arrival),
            retrieved_at=arrival.retrieved_at or page.provenance.retrieved_at,
            validators=encode(page.validators).decode(),
        )
    )
    _stand(connection, moment, identity, page)


def _since(moment: Moment, arrival: Arrival) -> str:
    """Since when a payload is its input's: an archive says so itself, anything else has it now."""
    told = arrival.page.provenance.retrieved_at
    return moment.at if told == arrival.retrieved_at else told


def _stand(connection: sa.Connection, moment: Moment, identity: str, page: RawPage) -> None:
    """Let the document stand on its newest payload, and on the least input with it; extract it where either changed.

    Newest by the time since when it is its input's, least by (time of first retrieval, name, locator): the order of
    loading cannot matter.
    """
    known = connection.execute(
        sa.select(document.c.page, document.c.version, document.c.input_id).where(document.c.id == identity)
    ).one_or_none()
    version = _newest(connection, identity)
    if version != page.provenance.payload_digest and known is not None and known.version == version:
        page = decode(known.page, RawPage)
    first = _least(connection, identity, page.provenance.payload_digest)
    provenance = replace(page.provenance, source=f"{first.kind}:{first.name}", retrieved_at=first.retrieved_at)
    standing = replace(page, provenance=provenance, payload=b"", validators=Validators())
    if page.provenance.target_uri is None:
        standing = replace(standing, hints=decode(first.hints, Hints))
    wanted = encode(standing).decode()
    if known is not None and known.page == wanted:
        return
    values = {
        "input_id": first.input_id,
        "version": page.provenance.payload_digest,
        "page": wanted,
        "stage": "extract",
        "unit": None,
        "lease": None,  # whoever extracts the former version now is too late
    }
    if known is None:
        connection.execute(sa.insert(document).values(id=identity, attempts=0, **values))
    else:
        connection.execute(sa.update(document).where(document.c.id == identity).values(**values))
    settle(connection, moment, documents=[identity])


def _newest(connection: sa.Connection, identity: str) -> str:
    newest = (
        sa.select(input_.c.version)
        .where(input_.c.document == identity)
        .order_by(input_.c.version_at.desc(), input_.c.name.desc(), input_.c.locator.desc())
        .limit(1)
    )
    return str(connection.execute(newest).scalar_one())


def _least(connection: sa.Connection, identity: str, version: str) -> sa.Row[Any]:
    """The input that stands for a document with this payload; one that gives no page any more comes last."""
    query = (
        sa.select(input_.c.input_id, input_.c.name, input_.c.kind, input_.c.retrieved_at, input_.c.hints)
        .where(input_.c.document == identity, input_.c.version == version)
        .order_by(input_.c.trouble.is_not(None), input_.c.retrieved_at, input_.c.name, input_.c.locator)
    )
    return connection.execute(query.limit(1)).one()


def turn_away(connection: sa.Connection, key: str) -> None:
    """Reject an input that the user asked to forget."""
    connection.execute(
        sa.update(input_)
        .where(input_.c.input_id == key)
        .values(trouble=Outcome.REJECTED, reason=FORGOTTEN, document=None)
    )


def forgotten(connection: sa.Connection, keys: Sequence[str]) -> list[str]:
    """Which of these ids or digests have a tombstone."""
    return sorted(present(connection, tombstone.c.key, keys))


def present(connection: sa.Connection, column: sa.Column[str], keys: Sequence[str]) -> set[str]:
    """Which of these values a column holds."""
    found: set[str] = set()
    for chunk in chunked(keys):
        found.update(connection.execute(sa.select(column).where(column.in_(chunk))).scalars())
    return found
