"""A table of articles (JSONL, CSV or Parquet; local or on s3://) in, the Refs and RawPages of its rows out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from ingest.article import (
    Hints,
    Lang,
    NotModified,
    Outcome,
    Provenance,
    RawPage,
    Ref,
    Unread,
    Validators,
    digest,
    input_id,
)
from ingest.canonical import canonical
from ingest.counted import counted
from ingest.errors import InputError
from ingest.sources.columns import Columns, Row, row_of
from ingest.sources.reading import CannotReadError, megabytes, unread
from ingest.sources.rows import TableError, column_names, read_rows, unreadable
from ingest.sources.warc import base_name
from ingest.urls import parse

KIND = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """``max_bytes`` of one row's text, and which columns say what, where their names do not."""

    max_bytes: int = 32_000_000
    columns: Columns = field(default_factory=Columns)


class Table:
    """One table as a `Source`; each row is an item, numbered from 1."""

    def __init__(self, locator: str, settings: TableSettings) -> None:
        self._locator = locator
        self._settings = settings
        self._left_out = ""

    def discover(self) -> Iterator[Ref | Unread]:
        """The rows in order; where the table is broken, what was read before stands, and one line says so."""
        count = 0
        try:
            columns, self._left_out = _columns(self._locator, self._settings.columns)
            for number, values in read_rows(self._locator, columns.names(), self._settings.max_bytes):
                count += 1
                yield self._ref(number, row_of(values, columns))
        except CannotReadError as error:
            yield unread(self._whole(), error.reason, error.outcome)
        except TableError as error:
            told = f"{error}; {counted(count, 'row')} read" if count else str(error)
            yield unread(self._whole(), told, Outcome.REJECTED)

    def note(self) -> str | None:
        """Columns that could say more than the text, and hold no text."""
        return f"{base_name(self._locator)}: {self._left_out}" if self._left_out else None

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Read one row by itself; `TableLoader` reads rows in order without beginning anew each time."""
        return TableLoader(self._settings, {self._locator: self._settings.columns}).load(
            ref, validators, retrieved_at
        )

    def _ref(self, number: int, row: Row) -> Ref:
        record = str(number)
        return Ref(
            input_id=input_id(KIND, self._locator, record),
            kind=KIND,
            locator=self._locator,
            name=f"{base_name(self._locator)}#{record:0>9}",
            record=record,
            listed_at=row.published,
            hints=hints_of(row),
        )

    def _whole(self) -> Ref:
        name = base_name(self._locator)
        return Ref(input_id=input_id(KIND, self._locator), kind=KIND, locator=self._locator, name=name)


class TableLoader:
    """Loads rows of any table; rows that are asked for in order are read in one go."""

    def __init__(self, settings: TableSettings, columns: dict[str, Columns]) -> None:
        self._settings = settings
        self._columns = columns
        self._at: tuple[str, Columns, Iterator[tuple[int, dict[str, Any]]]] | None = None
        self._last = 0

    def discover(self) -> Iterator[Ref | Unread]:
        """Nothing: it only loads."""
        return iter(())

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """One row as a page; `NotModified` where it is that of the last retrieval."""
        try:
            row = self._row(ref.locator, int(ref.record or 0))
        except CannotReadError as error:
            return unread(ref, error.reason, error.outcome)
        except TableError as error:
            return unread(ref, str(error), Outcome.REJECTED)
        if row is None:
            return unread(ref, "no longer in the table")
        return _page(ref, row, validators, (retrieved_at, self._settings.max_bytes))

    def _row(self, locator: str, number: int) -> Row | None:
        if self._at is None or self._at[0] != locator or number <= self._last:
            columns, _ = _columns(locator, self._columns.get(locator, self._settings.columns))
            self._at = (locator, columns, read_rows(locator, columns.names(), self._settings.max_bytes))
            self._last = 0
        _, columns, rows = self._at
        for found, values in rows:
            self._last = found
            if found == number:
                return row_of(values, columns)
        self._at = None
        return None


def _columns(locator: str, wanted: Columns) -> tuple[Columns, str]:
    """The columns to read, and in words which others hold no text.

    Raises:
        CannotReadError, TableError: the file, or the very column of text, cannot be read.
    """
    columns = wanted.resolved(column_names(locator))
    bad = unreadable(locator, columns.names())
    told = [f"column {name!r} holds {kind}, not text" for name, kind in bad.items()]
    kept = {item.name: name for item in fields(Columns) if (name := getattr(columns, item.name)) not in bad}
    readable = Columns(**kept)
    if readable.text is None and readable.html is None:
        raise TableError("; ".join(told))
    return readable, "; ".join(told)


def _page(ref: Ref, row: Row, validators: Validators, limits: tuple[str, int]) -> RawPage | NotModified | Unread:
    retrieved_at, max_bytes = limits
    text = row.html or row.text
    if not text or not text.strip():
        return unread(ref, "empty", Outcome.REJECTED)
    payload = text.encode("utf-8", "replace")
    if len(payload) > max_bytes:
        return unread(ref, f"too large: the limit is {megabytes(max_bytes)} (max_bytes)", Outcome.REJECTED)
    found = digest(payload)
    if found == validators.payload_digest:
        return NotModified(input_id=ref.input_id)
    return RawPage(
        provenance=Provenance(
            source=f"{KIND}:{ref.name}", target_uri=_target(row), retrieved_at=retrieved_at, payload_digest=found
        ),
        payload=payload,
        media_type="text/html" if row.html else "text/plain",
        charset="utf-8",
        hints=hints_of(row),
        validators=Validators(payload_digest=found),
    )


def hints_of(row: Row) -> Hints:
    """What a row says of its article beside the text."""
    return Hints(
        title=row.title,
        authors=row.authors,
        published=row.published,
        lang=Lang(row.lang) if row.lang else None,
        canonical_url=_target(row),
    )


def _target(row: Row) -> str | None:
    """A row's address; None where it is a whole site's: rows are articles, and no two of them the same for that."""
    try:
        url = parse(canonical(row.url)) if row.url else None
    except InputError:
        return None
    return str(url) if url and (url.path != "/" or url.query) else None
