"""A state location in, a SQLAlchemy Engine out: SQLite in WAL mode, or PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ingest.errors import LedgerError

CACHE_KIB = 200_000
"""Memory that SQLite may keep pages in, taken as needed: the index of duplicates reads all over its tables."""

MAPPED_BYTES = 2_147_418_112
"""So much of the file is read as memory, without a copy each page: the most that SQLite maps by default."""

BUSY_TIMEOUT_MS = 60_000
"""How long a SQLite writer waits for another one. Write transactions here are short; a minute means a stuck run."""

Value = TypeVar("Value", bound=Hashable)

_READING = "newsgloss_reading"
_LOCK_SPACE = 0x6E67_0000  # "ng": our advisory locks, apart from other applications' in the same database


def open_engine(state: str | Path) -> sa.Engine:
    """An engine for ``state``: a path to a SQLite file, or a ``postgresql://`` URL.

    Every connection of a SQLite engine starts its transactions with ``BEGIN IMMEDIATE``, so that two writers queue
    up instead of failing at the first write (https://sqlite.org/lang_transaction.html).

    Raises:
        LedgerError: the place cannot be opened, or is not a database.
    """
    location = str(state)
    if location.startswith(("postgresql://", "postgres://")):
        return _postgres(location)
    path = Path(location)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            f"cannot make the state folder {path.parent}: {error.strerror}", hint="choose another with --state PATH"
        ) from error
    return _sqlite(path)


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
    )

    @sa.event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # a committed outcome survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        cursor.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
        cursor.execute("PRAGMA secure_delete=ON")  # what a user had us forget is overwritten, not only unlinked
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgres(url: str) -> sa.Engine:
    parsed = sa.make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
    try:
        return sa.create_engine(parsed, pool_pre_ping=True)
    except ImportError as error:
        raise LedgerError("PostgreSQL needs the package psycopg", hint="pip install 'newsgloss[postgres]'") from error


@contextmanager
def writing(engine: sa.Engine, what: str) -> Iterator[sa.Connection]:
    """A transaction that may write; errors of the database become `LedgerError`, saying ``what`` was not done."""
    with raising(what), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: sa.Engine, what: str) -> Iterator[sa.Connection]:
    """A transaction that only reads: it sees one state throughout, and neither waits for writers nor stops them."""
    options: dict[str, Any] = {_READING: True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with raising(what), engine.connect().execution_options(**options) as connection:
        yield connection


def exclusive(connection: sa.Connection, key: int = 1) -> None:
    """From here to the end of the transaction no other worker is past this point.

    SQLite has one writer anyway; PostgreSQL takes an advisory lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_SPACE + key})


def insert_missing(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows whose primary key is not there yet; leave the others as they are."""
    if not rows:
        return
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    connection.execute(insert.on_conflict_do_nothing(), list(rows))


def chunked(values: Iterable[Value], size: int = 500) -> Iterator[list[Value]]:
    """The distinct values in order, so many at a time: as parameters of one statement.

    SQLite allows 32,766 parameters a statement, older builds 999 (https://sqlite.org/limits.html).
    """
    distinct = list(dict.fromkeys(values))
    return (distinct[start : start + size] for start in range(0, len(distinct), size))


@contextmanager
def raising(what: str) -> Iterator[None]:
    """Turn the database library's errors into `LedgerError`, saying what could not be done."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        first_line = str(cause).splitlines()[0]
        raise LedgerError(f"{what}: {first_line}", hint=_hint(first_line)) from error


def _hint(text: str) -> str:
    if "malformed" in text or "not a database" in text:
        return "the file is damaged: restore it from a backup, or move it away and run again"
    if "full" in text or "disk I/O" in text:
        return "free some space and run again: nothing that was finished is lost"
    if "locked" in text:
        return "another run holds it: wait for that run, or stop it"
    return "see `newsgloss doctor`"
