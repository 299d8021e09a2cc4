"""Documents of one date in, a Parquet file out (and back): their JSON Lines in columns, by the record's own types.

The date is not a column: it stands in the folder's name (``date=2025-01-30``), where DuckDB, pandas and Spark look.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import msgspec

from ingest.errors import RecordError
from translate import jsonl
from translate.document import SCHEMA, Document
from translate.schema import Record

if TYPE_CHECKING:
    import pyarrow as pa
    from msgspec import inspect

PARTITION = "date"
ROW_GROUP = 1024
"""Documents in a row group: some 10 MB of text, which a reader can hold, and skip by id."""


def render(documents: Iterable[Document]) -> bytes:
    """The file, rows in the order of their ids, zstd-compressed; the same set of documents gives the same bytes."""
    import pyarrow.parquet as pq

    sink = BytesIO()
    table = _table(jsonl.render(documents))
    pq.write_table(table, sink, row_group_size=ROW_GROUP, compression="zstd", compression_level=9)
    return sink.getvalue()


def _table(lines: bytes) -> pa.Table:
    """Read in one block, on one thread: a line may be longer than pyarrow's blocks, and chunks show in the file.

    ``Table.from_pylist`` would import pandas wherever it is installed: 3 s to write two documents.
    """
    from pyarrow import json

    if not lines:
        return arrow_schema().empty_table()
    reading = json.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    parsing = json.ParseOptions(explicit_schema=arrow_schema(), unexpected_field_behavior="ignore")
    table = json.read_json(BytesIO(lines), read_options=reading, parse_options=parsing)
    return table.replace_schema_metadata(arrow_schema().metadata)


def read(data: bytes, date: str) -> list[dict[str, Any]]:
    """The records of a file that `render` wrote for ``date``, each checked against the schema.

    Raises:
        RecordError: it is no such file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(BytesIO(data)).to_pylist()
        records = msgspec.convert([{**row, PARTITION: date} for row in rows], list[Record])
    except (pa.ArrowException, msgspec.ValidationError) as error:
        raise RecordError("Parquet file", str(error)) from error
    checked: list[dict[str, Any]] = msgspec.to_builtins(records)
    return checked


def arrow_schema() -> pa.Schema:
    """The columns of a table file: those of `Record` without its date, in order."""
    import pyarrow as pa
    from msgspec import inspect

    kind = cast("inspect.StructType", inspect.type_info(Record))
    fields = [(field.name, _arrow(field.type)) for field in kind.fields if field.name != PARTITION]
    return pa.schema(fields, metadata={"newsgloss.schema": str(SCHEMA)})


def _arrow(kind: inspect.Type) -> pa.DataType:
    """The column type of a field's type; every column may hold null, as in JSON the reader alone checks that."""
    import pyarrow as pa
    from msgspec import inspect

    if isinstance(kind, inspect.UnionType):  # T | None
        (kind,) = (option for option in kind.types if not isinstance(option, inspect.NoneType))
    if isinstance(kind, inspect.StructType):
        return pa.struct([(field.name, _arrow(field.type)) for field in kind.fields])
    if isinstance(kind, inspect.ListType):
        return pa.list_(_arrow(kind.item_type))
    simple = {
        inspect.StrType: pa.string(),
        inspect.BoolType: pa.bool_(),
        inspect.IntType: pa.int64(),
        inspect.FloatType: pa.float64(),
    }
    return simple[type(kind)]
