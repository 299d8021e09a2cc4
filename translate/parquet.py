"""Documents of one date in, a Parquet file out (and back), its columns derived from the record's types.

The date is not a column: it stands in the folder's name (``date=2025-01-30``), where DuckDB, pandas and Spark
read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import msgspec
from msgspec import inspect

from ingest.errors import RecordError
from translate.document import SCHEMA, Document
from translate.jsonl import encodable
from translate.schema import Record, record

if TYPE_CHECKING:
    import pyarrow as pa

PARTITION = "date"
ROW_GROUP = 1024
"""Documents in a row group: some 10 MB of text, which a reader can hold, and skip by id."""


def render(documents: Iterable[Document]) -> bytes:
    """The file, rows in the order of their ids, zstd-compressed; the same set of documents gives the same bytes."""
    import pyarrow as pa  # 80 ms that only a writer pays
    import pyarrow.parquet as pq

    rows = [record(document) for document in sorted(documents, key=lambda document: document.id)]
    try:
        table = pa.Table.from_pylist(rows, schema=arrow_schema())
    except UnicodeEncodeError:
        table = pa.Table.from_pylist(encodable(rows), schema=arrow_schema())
    sink = BytesIO()
    pq.write_table(table, sink, row_group_size=ROW_GROUP, compression="zstd", compression_level=9, version="2.6")
    return sink.getvalue()


def read(data: bytes, date: str) -> list[dict[str, Any]]:
    """The records of a file that `render` wrote for ``date``, each checked against the schema.

    Raises:
        RecordError: it is no such file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows = pq.read_table(BytesIO(data)).to_pylist()
        checked: list[dict[str, Any]] = msgspec.to_builtins(
            msgspec.convert([{**row, PARTITION: date} for row in rows], list[Record])
        )
    except (pa.ArrowException, msgspec.ValidationError) as error:
        raise RecordError("Parquet file", str(error)) from error
    return checked


def arrow_schema() -> pa.Schema:
    """The columns of a table file: those of `Record` without its date, in order."""
    import pyarrow as pa

    kind = cast("inspect.StructType", inspect.type_info(Record))
    fields = [_field(field) for field in kind.fields if field.name != PARTITION]
    return pa.schema(fields, metadata={"newsgloss.schema": str(SCHEMA)})


def _field(field: inspect.Field) -> pa.Field:
    import pyarrow as pa

    kind, nullable = _unwrapped(field.type)
    return pa.field(field.name, _arrow(kind), nullable=nullable)


def _unwrapped(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    if not isinstance(kind, inspect.UnionType):
        return kind, False
    (inner,) = (option for option in kind.types if not isinstance(option, inspect.NoneType))
    return inner, True


def _arrow(kind: inspect.Type) -> pa.DataType:
    import pyarrow as pa

    if isinstance(kind, inspect.StructType):
        return pa.struct([_field(field) for field in kind.fields])
    if isinstance(kind, inspect.ListType):
        return pa.list_(pa.field("element", _arrow(kind.item_type), nullable=False))
    simple = {
        inspect.StrType: pa.string(),
        inspect.BoolType: pa.bool_(),
        inspect.IntType: pa.int64(),
        inspect.FloatType: pa.float64(),
    }
    return simple[type(kind)]
