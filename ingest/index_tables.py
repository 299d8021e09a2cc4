"""The index's tables and the statements on them, for SQLite and PostgreSQL: texts and keys in, rows out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ingest.algo import ALGO
from ingest.errors import LedgerError

metadata = sa.MetaData()

text = sa.Table(
    "dup_text",
    metadata,
    sa.Column("num", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("exact", sa.BigInteger, nullable=False, comment="first half of the words' exact key"),
    sa.Column("exact_rest", sa.BigInteger, nullable=False),
    sa.Column("algo", sa.SmallInteger, nullable=False, comment="version of the fingerprint"),
    sa.Column("partly", sa.Boolean, nullable=False, comment="compared with the less common keys only"),
    sa.Column("root", sa.Integer, comment="least text of its cluster; null where it is the only one"),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="the packed fingerprint, but its marks"),
    comment="one row a distinct text, however many documents carry it",
)
_not_alone = text.c.root.is_not(None)
sa.Index("ix_dup_text_root", text.c.root, sqlite_where=_not_alone, postgresql_where=_not_alone)
sa.Index("ix_dup_text_partly", text.c.num, sqlite_where=text.c.partly, postgresql_where=text.c.partly)

doc = sa.Table(
    "dup_doc",
    metadata,
    sa.Column("num", sa.Integer, primary_key=True, autoincrement=False, comment="found by a key of its id"),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("view", sa.SmallInteger, nullable=False, comment="0 the text as retrieved, 1 in English"),
    sa.Column("text", sa.Integer, nullable=False, index=True),
    sa.Column("since", sa.BigInteger, nullable=False, comment="when it appeared, seconds since 1970"),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("translation", sa.Boolean, nullable=False),
    comment="which document carries which text",
)

sample = sa.Table(
    "dup_sample",
    metadata,
    sa.Column("num", sa.Integer, primary_key=True, autoincrement=False, comment="number of its first text, divided"),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="scales, numbers of marks, and marks"),
    comment="the marks of texts that follow each other (see ingest/index_samples.py)",
)

run = sa.Table(
    "dup_run",
    metadata,
    sa.Column("first", sa.Integer, primary_key=True, autoincrement=False, comment="number of its first block"),
    sa.Column("kind", sa.SmallInteger, nullable=False, comment="what its keys are"),
    sa.Column("level", sa.SmallInteger, nullable=False, comment="how often its rows were merged"),
    sa.Column("heads", sa.LargeBinary, nullable=False, comment="the first key of each block"),
    comment="inverted indexes, as sorted runs of rows (key, number): sketches, exact keys, documents' ids",
)

block = sa.Table(
    "dup_block",
    metadata,
    sa.Column("num", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="packed rows (key, number), sorted"),
    comment="what the runs are made of",
)

# PostgreSQL would try to compress bodies of more than a quarter of its page, and put them into a table of their own.
for _table in (block, sample):
    _plain = sa.DDL(f"ALTER TABLE {_table.name} ALTER body SET STORAGE PLAIN")  # type: ignore[no-untyped-call]
    sa.event.listen(_table, "after_create", _plain.execute_if(dialect="postgresql"))

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


def listed(connection: sa.Connection, values: Iterable[object], kind: type[int | str]) -> sa.Select[tuple[Any]]:
    """Values of one kind as a subquery of one column: one bound value, however many they are."""
    if connection.dialect.name == "postgresql":
        item: sa.types.TypeEngine[Any] = sa.BigInteger() if kind is int else sa.Text()
        return sa.select(sa.func.unnest(_array(list(values), item)).label("value"))
    return sa.select(sa.func.json_each(json.dumps(list(values))).table_valued("value").c.value)


def _array(values: list[Any], item: sa.types.TypeEngine[Any]) -> sa.BindParameter[Any]:
    return sa.bindparam(None, values, type_=postgresql.ARRAY(item))


def outdated(connection: sa.Connection) -> list[str]:
    """Documents whose fingerprint an older version made: add them anew to have them compared with new ones."""
    query = sa.select(doc.c.id).join(text, text.c.num == doc.c.text).where(text.c.algo != ALGO).distinct()
    return sorted(connection.execute(query).scalars())


def bodies(connection: sa.Connection, numbers: Sequence[int]) -> list[bytes]:
    """The blocks with these numbers, which are sorted and all there."""
    return [body for (body,) in by_number(connection, "SELECT body FROM dup_block", numbers)]


def by_number(connection: sa.Connection, query: str, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows of a table with these numbers, in order; straight from the driver, since there are so many.

    Raises:
        LedgerError: the database cannot be read.
    """
    postgres = connection.dialect.name == "postgresql"
    with _driver(connection) as cursor:
        if postgres:
            cursor.execute(f"{query} WHERE num = ANY(%s) ORDER BY num", (list(numbers),))
        else:
            among = "(SELECT value FROM json_each(?))"
            cursor.execute(f"{query} WHERE num IN {among} ORDER BY num", (json.dumps(numbers),))
        return list(cursor.fetchall())


def put(connection: sa.Connection, table: sa.Table, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows, which have a value for each column; likewise.

    Raises:
        LedgerError: the database cannot be written.
    """
    with _driver(connection) as cursor:
        if connection.dialect.name == "postgresql":
            names = ", ".join(table.c.keys())
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([_IN_POSTGRES[type(column.type)] for column in table.c])
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(str(sa.insert(table).compile(dialect=connection.dialect)), rows)


_IN_POSTGRES = {
    sa.Integer: "int4",
    sa.BigInteger: "int8",
    sa.SmallInteger: "int2",
    sa.Boolean: "bool",
    sa.Text: "text",
    sa.LargeBinary: "bytea",
}


@contextmanager
def _driver(connection: sa.Connection) -> Iterator[Any]:
    """A cursor of the driver's own, in the same transaction; its errors are ours."""
    raw = connection.connection
    cursor: Any = raw.cursor(binary=True) if connection.dialect.name == "postgresql" else raw.cursor()
    try:
        yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise LedgerError(f"the index of duplicates: {error}", hint="see `newsgloss doctor`") from error
    finally:
        cursor.close()
