"""A table file in, its rows one by one out, in memory that does not grow with the table."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import msgspec

from ingest.counted import counted
from ingest.decoding import DamagedError, TooLargeError
from ingest.shown import shown
from ingest.sources.opening import COMPRESSED, open_binary, plain_chunks
from ingest.sources.reading import megabytes

ENDINGS = (".jsonl", ".ndjson", ".csv", ".parquet", ".jsonl.gz", ".jsonl.zst", ".ndjson.gz", ".csv.gz", ".csv.zst")
TABLE_BYTES = 1 << 50
"""No limit on whole tables: they are streamed."""

BATCH_ROWS = 256


class TableError(Exception):
    """The table is broken at some place; says what and where."""


def is_table(name: str) -> bool:
    """Whether a file's name is that of a table."""
    return name.lower().endswith(ENDINGS)


def column_names(locator: str) -> list[str]:
    """The table's columns; of JSONL, those of its first 100 rows.

    Raises:
        CannotReadError: the file cannot be opened.
        TableError: it is no such table.
    """
    shape = _shape(locator)
    if shape == ".parquet":
        with _parquet(locator) as file:
            return list(file.schema_arrow.names)
    if shape == ".csv":
        return _csv_header(locator)
    names: dict[str, None] = {}
    try:
        for _, row in itertools.islice(_json_rows(locator, 1 << 30), 100):
            names |= dict.fromkeys(row)
    except TableError:
        if not names:
            raise  # else: `read_rows` tells, after the rows before
    return list(names)


def read_rows(locator: str, names: Sequence[str], max_bytes: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Row number (from 1) and the values of the named columns.

    Raises:
        CannotReadError: the file cannot be opened.
        TableError: after the rows that could be read.
    """
    match _shape(locator):
        case ".parquet":
            yield from _parquet_rows(locator, names)
        case ".csv":
            yield from _csv_rows(locator, names)
        case _:
            yield from _json_rows(locator, max_bytes)


def _shape(locator: str) -> str:
    name = locator.lower()
    for ending in COMPRESSED:
        name = name.removesuffix(ending)
    return "." + name.rpartition(".")[2]


def _json_rows(locator: str, max_bytes: int) -> Iterator[tuple[int, dict[str, Any]]]:
    first, bad = "", 0
    for number, line in enumerate(_lines(locator, max_bytes), start=1):
        if not line.strip():
            continue
        try:
            yield number, _object(line)
        except ValueError as error:
            first, bad = first or f"line {number} {error}", bad + 1
    if bad:
        raise TableError(first + (f", and {counted(bad - 1, 'other line')} neither" if bad > 1 else ""))


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"is not JSON: {shown(str(error), 100)}") from error
    if not isinstance(value, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - the line's fault, not the caller's
    return value


def _lines(locator: str, max_bytes: int) -> Iterator[bytes]:
    rest = b""
    try:
        for chunk in plain_chunks(locator, TABLE_BYTES):
            *lines, rest = (rest + chunk).split(b"\n") if b"\n" in chunk else (rest + chunk,)
            yield from lines
            if len(rest) > max_bytes:
                raise TableError(f"a line longer than the limit {megabytes(max_bytes)} (max_bytes)")
    except (DamagedError, TooLargeError) as error:
        raise TableError(str(error)) from error
    if rest:
        yield rest


@contextmanager
def _parquet(locator: str) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with open_binary(locator) as file:
        try:
            yield pq.ParquetFile(file)
        except (pa.ArrowException, OSError, EOFError) as error:
            raise TableError(f"broken Parquet: {_first_line(error)}") from error


def _parquet_rows(locator: str, names: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    import pyarrow as pa

    with _parquet(locator) as file:
        number = 0
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=list(names)):
            try:
                rows = batch.to_pylist()
            except (
                pa.ArrowException,
                ValueError,
                OverflowError,
            ) as error:  # text that is no UTF-8, a date out of range
                raise TableError(f"broken Parquet near row {number + 1}: {_first_line(error)}") from error
            for row in rows:
                number += 1
                yield number, row


def unreadable(locator: str, names: Sequence[str]) -> dict[str, str]:
    """Of these columns, those that say nothing of an article (numbers, structures), each with what it holds.

    Raises:
        CannotReadError, TableError: as `column_names`.
    """
    if _shape(locator) != ".parquet":
        return {}
    with _parquet(locator) as file:
        kinds = {name: file.schema_arrow.field(name).type for name in names}
    return {name: str(kind) for name, kind in kinds.items() if not _readable(kind)}


def _readable(kind: Any) -> bool:
    """Text, dates and lists of text say something of an article."""
    from pyarrow import types

    inner = kind.value_type if types.is_dictionary(kind) or types.is_list(kind) or types.is_large_list(kind) else kind
    tests = (types.is_string, types.is_large_string, types.is_string_view, types.is_binary, types.is_large_binary)
    return any(test(inner) for test in tests) or types.is_temporal(inner) or types.is_null(inner)


def _csv_header(locator: str) -> list[str]:
    first = next(_lines(locator, 1 << 20), b"")
    text = first.decode("utf-8-sig", "replace").rstrip("\r")
    names = next(csv.reader([text]), [])
    if not names:
        raise TableError("empty")
    return names


def _csv_rows(locator: str, names: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Streamed by Arrow: it takes line breaks within quotes, and long fields."""
    import pyarrow as pa
    import pyarrow.csv as pv

    options = pv.ConvertOptions(
        column_types=dict.fromkeys(_csv_header(locator), pa.string()),
        include_columns=list(names),
        strings_can_be_null=False,
    )
    number, ragged = 0, 0

    def passed(_row: object) -> str:
        nonlocal ragged
        ragged += 1
        return "skip"

    try:
        with (
            _plain_file(locator) as file,
            pv.open_csv(
                file,
                read_options=pv.ReadOptions(block_size=1 << 20),
                parse_options=pv.ParseOptions(newlines_in_values=True, invalid_row_handler=passed),
                convert_options=options,
            ) as reader,
        ):
            for batch in reader:
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError, ValueError, DamagedError) as error:
        raise TableError(f"broken CSV after row {number}: {_first_line(error)}") from error
    if ragged:
        raise TableError(f"{counted(ragged, 'row')} with another number of columns than the header left out")


@contextmanager
def _plain_file(locator: str) -> Iterator[IO[bytes]]:
    import io

    from ingest.decoding import as_file

    with io.BufferedReader(as_file(plain_chunks(locator, TABLE_BYTES)), 1 << 20) as file:
        yield file


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return shown(text.splitlines()[0], 120) if text else type(error).__name__
