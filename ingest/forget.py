"""A document's id in, a ledger without its text out: a tombstone stays, so that it does not come back."""

from __future__ import annotations

import sqlalchemy as sa

from ingest import sites, store
from ingest.admission import FORGOTTEN
from ingest.article import Outcome
from ingest.database import insert_missing
from ingest.ledger import Ledger
from ingest.outcomes import settle
from ingest.records import encode
from ingest.tables import document, history, input_, tombstone
from ingest.wanted import refresh


def forget(connection: sa.Connection, ledger: Ledger, key: str) -> None:
    """Take a document out of the store and the tables; its file goes with the next publication.

    What it was called (its inputs' names) stays in the ledger, as the record that it was forgotten. The caller lets
    the translation memory forget it before, and the index in the same transaction.
    """
    row = connection.execute(sa.select(document).where(document.c.id == key)).one()
    inputs = list(connection.execute(sa.select(input_.c.input_id).where(input_.c.document == key)).scalars())
    versions = set(connection.execute(sa.select(input_.c.version).where(input_.c.document == key)).scalars())
    keys = [key, row.version, *inputs, *(version for version in versions if version)]
    insert_missing(connection, tombstone, [{"key": k, "at": ledger.moment.at} for k in dict.fromkeys(keys)])
    held = {row.version, row.article, row.base, row.translation, *versions} - {None}
    connection.execute(
        sa.update(input_)
        .where(input_.c.input_id.in_(inputs))
        .values(trouble=Outcome.REJECTED, reason=FORGOTTEN, hints=encode({}).decode(), validators=None)
    )
    connection.execute(
        sa.update(document)
        .where(document.c.id == key)
        .values(
            stage="rejected",
            reason=FORGOTTEN,
            page="{}",
            article=None,
            base=None,
            translation=None,
            duplicate_of=None,
            unit=None,  # whoever translates it now is too late
            lease=None,
        )
    )
    store.drop(connection, [blob for blob in held if not _needed(connection, blob)])
    sites.withdraw(connection, [key])
    refresh(connection, ledger.moment, [key])
    connection.execute(sa.update(history).where(history.c.input_id.in_(inputs)).values(reason=None))
    settle(connection, ledger.moment, inputs=inputs)


def _needed(connection: sa.Connection, blob: str) -> bool:
    columns = (document.c.article, document.c.base, document.c.translation)
    standing = sa.select(document.c.id).where(
        sa.or_(*(column == blob for column in columns), sa.and_(document.c.version == blob, document.c.page != "{}"))
    )
    return connection.execute(standing.limit(1)).first() is not None
