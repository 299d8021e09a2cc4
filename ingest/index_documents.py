"""Documents' ids in, the rows that say which texts they carry out.

An id is a hash, and a table in the order of ids is written all over. These rows stand in the order in which documents
came, and are found by a key of the id, as texts are by theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
import sqlalchemy as sa
import xxhash

from ingest import index_postings as postings
from ingest.index_postings import Kind
from ingest.index_tables import doc, listed
from ingest.index_tables import put as put_rows

Place = tuple[str, int]
"""A document, and which view of it."""

Row = sa.Row[Any]
"""A row of `ingest.index_tables.doc`."""


def find(connection: sa.Connection, ids: Iterable[str]) -> list[Row]:
    """What there is of these documents, one row or two each; unknown ids have none."""
    wanted = set(ids)
    keys = postings.keys_of(postings.rows_of(map(_key, wanted), np.zeros(len(wanted), dtype=np.int64)))
    numbers = postings.texts_of(postings.find(connection, Kind.DOCUMENT, keys))
    rows = connection.execute(sa.select(doc).where(doc.c.num.in_(listed(connection, numbers.tolist(), int))))
    return [row for row in rows if row.id in wanted]


def put(connection: sa.Connection, rows: Mapping[Place, Sequence[object]], standing: Sequence[Row]) -> None:
    """Write down what each place carries: values of the columns after ``view``.

    ``standing`` are all rows that there are of these documents; those of other places stay.
    """
    kept = {(row.id, row.view): row.num for row in standing if (row.id, row.view) in rows}
    first = (connection.execute(sa.select(sa.func.max(doc.c.num))).scalar() or 0) + 1
    new = dict(zip((place for place in rows if place not in kept), count(first)))
    _delete(connection, kept.values())
    put_rows(connection, doc, [(number, *place, *rows[place]) for place, number in (kept | new).items()])
    postings.add(connection, Kind.DOCUMENT, _rows(new))


def remove(connection: sa.Connection, standing: Sequence[Row]) -> None:
    """Delete these rows."""
    _delete(connection, [row.num for row in standing])
    postings.remove(connection, Kind.DOCUMENT, _rows({(row.id, row.view): row.num for row in standing}))


def _delete(connection: sa.Connection, numbers: Iterable[int]) -> None:
    connection.execute(sa.delete(doc).where(doc.c.num.in_(listed(connection, numbers, int))))


def _rows(numbered: Mapping[Place, int]) -> postings.Rows:
    numbers = np.array(list(numbered.values()), dtype=np.int64)
    return postings.rows_of((_key(document) for document, _ in numbered), numbers)


def _key(document: str) -> int:
    return xxhash.xxh32_intdigest(document.encode("utf-8", "surrogatepass"))
