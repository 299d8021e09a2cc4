"""The index's tables and the statements on them, for SQLite and PostgreSQL: texts and keys in, rows out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ingest.database import insert_missing

metadata = sa.MetaData()

text = sa.Table(
    "dup_text",
    metadata,
    sa.Column("num", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("exact", sa.BigInteger, nullable=False, index=True, comment="first half of the words' exact key"),
    sa.Column("exact_rest", sa.BigInteger, nullable=False),
    sa.Column("algo", sa.SmallInteger, nullable=False, comment="version of the fingerprint"),
    sa.Column("partly", sa.Boolean, nullable=False, comment="compared with the less common keys only"),
    sa.Column("root", sa.Integer, comment="least text of its cluster; null where it is the only one"),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="the packed fingerprint"),
    comment="one row a distinct text, however many documents carry it",
)
_not_alone = text.c.root.is_not(None)
sa.Index("ix_dup_text_root", text.c.root, sqlite_where=_not_alone, postgresql_where=_not_alone)
sa.Index("ix_dup_text_partly", text.c.num, sqlite_where=text.c.partly, postgresql_where=text.c.partly)

doc = sa.Table(
    "dup_doc",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("view", sa.SmallInteger, primary_key=True, comment="0 the text as retrieved, 1 in English"),
    sa.Column("text", sa.Integer, nullable=False, index=True),
    sa.Column("since", sa.BigInteger, nullable=False, comment="when it appeared, seconds since 1970"),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("translation", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
    comment="which document carries which text",
)

key = sa.Table(
    "dup_key",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
    comment="the inverted sketch: texts that share two keys are compared",
)

crowd = sa.Table(
    "dup_crowd",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
    comment="keys that too many texts have to look them all up each time",
)

edge = sa.Table(
    "dup_edge",
    metadata,
    sa.Column("a", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("b", sa.Integer, primary_key=True, autoincrement=False, index=True),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sqlite_with_rowid=False,
    comment="verdicts between texts, the lower number first",
)

Pairs = npt.NDArray[np.int64]
"""Rows of two whole numbers."""


def create_tables(engine: sa.Engine | sa.Connection) -> None:
    """Make the tables that are not there yet."""
    metadata.create_all(engine)


def listed(connection: sa.Connection, values: Iterable[object], kind: type[int | str]) -> sa.Select[tuple[Any]]:
    """Values of one kind as a subquery of one column: one bound value, however many they are."""
    if connection.dialect.name == "postgresql":
        item: sa.types.TypeEngine[Any] = sa.BigInteger() if kind is int else sa.Text()
        return sa.select(sa.func.unnest(_array(list(values), item)).label("value"))
    return sa.select(sa.func.json_each(json.dumps(list(values))).table_valued("value").c.value)


def _array(values: list[Any], item: sa.types.TypeEngine[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(None, values, type_=postgresql.ARRAY(item))


def sharing(connection: sa.Connection, keys: Collection[int], limit: int | None = None) -> Pairs:
    """The rows (key, text) under these keys; at most ``limit`` of them."""
    wanted = listed(connection, keys, int).subquery("wanted")
    # PostgreSQL would rather read all of dup_key: OFFSET 0 keeps it from turning the look-ups into another join.
    found = sa.select(key.c.text).where(key.c.key == wanted.c.value)
    if connection.dialect.name == "postgresql":
        lateral = found.offset(sa.literal_column("0")).lateral("found")
        query = sa.select(wanted.c.value, lateral.c.text).select_from(wanted.join(lateral, sa.true()))
    else:
        query = sa.select(wanted.c.value, key.c.text).join_from(wanted, key, key.c.key == wanted.c.value)
    return _pairs(connection.execute(query if limit is None else query.limit(limit)).all())


def held(connection: sa.Connection, pairs: Pairs) -> Pairs:
    """Those of the rows (key, text) that are in the index."""
    if connection.dialect.name == "postgresql":
        columns = [sa.func.unnest(_array(column.tolist(), sa.BigInteger())) for column in pairs.T]
        asked = sa.select(columns[0].label("k"), columns[1].label("t")).subquery("asked")
        there = sa.select(key.c.text).where(key.c.key == asked.c.k, key.c.text == asked.c.t)
        lateral = there.offset(sa.literal_column("0")).lateral("there")  # look-ups, as in `sharing`
        query = sa.select(asked.c.k, lateral.c.text).select_from(asked.join(lateral, sa.true()))
    else:
        row = sa.func.json_each(json.dumps(pairs.tolist())).table_valued("value").c.value
        asked = sa.select(
            sa.func.json_extract(row, "$[0]").label("k"), sa.func.json_extract(row, "$[1]").label("t")
        ).subquery("asked")
        query = sa.select(key.c.key, key.c.text).join_from(
            asked, key, sa.and_(key.c.key == asked.c.k, key.c.text == asked.c.t)
        )
    return _pairs(connection.execute(query).all())


def _pairs(rows: Iterable[Iterable[int]]) -> Pairs:
    return np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, 2)


def crowded(connection: sa.Connection, keys: Collection[int]) -> set[int]:
    """Those of the keys that are known to be crowded."""
    query = sa.select(crowd.c.key).where(crowd.c.key.in_(listed(connection, keys, int)))
    return set(connection.execute(query).scalars())


def find_crowded(connection: sa.Connection, keys: Collection[int], most: int) -> set[int]:
    """Those of the keys that more than ``most`` texts have; they are known from now on."""
    wanted = listed(connection, keys, int).subquery("wanted")
    some = sa.select(key.c.text).where(key.c.key == wanted.c.value).correlate(wanted).limit(most + 1).subquery()
    count = sa.select(sa.func.count()).select_from(some).scalar_subquery()
    found = set(connection.execute(sa.select(wanted.c.value).where(count > most)).scalars())
    insert_missing(connection, crowd, [{"key": one} for one in sorted(found)])
    return found


def self_join(connection: sa.Connection, size: int) -> Iterator[Pairs]:
    """All pairs (lower, higher) that share two keys, one of them marked ``partly``, and have no verdict, in portions.

    One pass over the whole index: for a backfill, where looking up every text would cost more.
    """
    a, b = key.alias("a"), key.alias("b")
    marked = sa.select(text.c.num).where(text.c.partly)
    known = sa.exists().where(edge.c.a == a.c.text, edge.c.b == b.c.text)
    query = (
        sa.select(a.c.text, b.c.text)
        .join_from(a, b, sa.and_(a.c.key == b.c.key, a.c.text < b.c.text))
        .where(sa.or_(a.c.text.in_(marked), b.c.text.in_(marked)), ~known)
        .group_by(a.c.text, b.c.text)
        .having(sa.func.count() >= 2)
    )
    result = connection.execute(query, execution_options={"yield_per": size})
    yield from map(_pairs, result.partitions())


def insert_keys(connection: sa.Connection, pairs: Pairs) -> None:
    """Add rows (key, text), sorted so that neighbours in the tree are written together."""
    ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    if connection.dialect.name == "postgresql":
        arrays = [_array(column.tolist(), sa.Integer()) for column in ordered.T]
        rows = sa.select(*(sa.func.unnest(array) for array in arrays))
        connection.execute(sa.insert(key).from_select(["key", "text"], rows))
    elif len(ordered):
        connection.exec_driver_sql(
            "INSERT INTO dup_key (key, text) VALUES (?, ?)", list(map(tuple, ordered.tolist()))
        )
