"""A backfill's documents in, the same clusters out as one by one: put down first, compared with everything after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import sqlalchemy as sa

from ingest.index import Changes, Index, Member

BATCH = 5000
"""Documents put down at a time."""


def add(connection: sa.Connection, members: Iterable[Member]) -> Changes:
    """Take in any number of documents, then compare all that are new with all there are, in large batches.

    In the caller's transaction, as `Index.add`. Returns the clusters that the comparison changed; a document in none
    of them stands alone, or with exact copies of itself.
    """
    index = Index(connection)
    for batch in _batches(iter(members)):
        index.add(batch, compare=False)
    return index.complete()


def _batches(members: Iterator[Member]) -> Iterator[list[Member]]:
    while batch := list(islice(members, BATCH)):
        yield batch
