"""The tables hold every document exactly, as their schema says, for DuckDB and pandas as for ourselves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ingest.article import Flag
from ingest.errors import RecordError
from tests.translate.golden import documents as golden_documents
from tests.translate.strategies import documents
from translate import jsonl, parquet
from translate.document import Document
from translate.paths import jsonl_path, parquet_path
from translate.schema import Record, json_schema, record
from translate.write import write_tables

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "translate" / "document.schema.json").read_text("utf-8"))
MANY = st.lists(documents(), max_size=2, unique_by=lambda document: document.id)


@given(many=MANY)
def test_json_lines_read_back_as_the_records_in_order_of_id(many: list[Document]) -> None:
    assert jsonl.read(jsonl.render(many)) == [record(one) for one in sorted(many, key=lambda one: one.id)]


@given(many=MANY, date=st.just("2025-01-30"))
@settings(max_examples=50)
def test_parquet_reads_back_as_the_same_records(many: list[Document], date: str) -> None:
    many = [replace(one, date=date) for one in many]
    assert parquet.read(parquet.render(many), date) == jsonl.read(jsonl.render(many))


@given(many=MANY, data=st.data())
@settings(max_examples=30)
def test_the_bytes_depend_on_the_set_alone(many: list[Document], data: st.DataObject) -> None:
    other = data.draw(st.permutations(many))
    assert jsonl.render(many) == jsonl.render(other)
    assert parquet.render(many) == parquet.render(other)


@given(document=documents())
def test_every_record_is_what_the_schema_file_says(document: Document) -> None:
    Draft202012Validator(SCHEMA).validate(record(document))


def test_the_schema_file_is_what_the_record_is() -> None:
    assert (ROOT / "translate" / "document.schema.json").read_text("utf-8") == json_schema(), (
        "run: python -m translate.schema > translate/document.schema.json"
    )
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "change", [{"text": None}, {"extra": 1}, {"deck": "a line"}, {"segments": [{"part": "block"}]}]
)
def test_the_schema_refuses_what_is_no_record(change: dict[str, Any]) -> None:
    row = {**record(golden_documents()["english"]), **change}
    assert list(Draft202012Validator(SCHEMA).iter_errors(row))
    with pytest.raises(RecordError, match="line 2"):
        jsonl.read(b"\n" + json.dumps(row).encode())


def fields(schema: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted names of all fields, ``publisher.domain`` for one in another."""
    reference = re.search(r'"#/\$defs/(\w+)"', json.dumps(schema))
    target = SCHEMA["$defs"][reference[1]] if prefix and reference else schema
    for name, field in target.get("properties", {}).items():
        yield prefix + name
        yield from fields(field, f"{prefix}{name}.")


def test_every_field_is_documented_and_no_other() -> None:
    readme = (ROOT / "output" / "README.md").read_text("utf-8")
    documented = re.findall(r"^\| `([a-z_.]+)` \|", readme, re.MULTILINE)
    assert documented == list(fields(SCHEMA))
    assert len(documented) > len(Record.__struct_fields__)


def test_a_lone_surrogate_does_not_stop_the_others() -> None:
    odd = replace(golden_documents()["english"], text="half a pair: \ud83d.")
    (read,) = jsonl.read(jsonl.render([odd]))
    assert read["text"] == "half a pair: \ufffd."
    assert parquet.read(parquet.render([odd]), odd.date) == [read]


def test_a_damaged_table_is_said_to_be_one() -> None:
    with pytest.raises(RecordError, match="Parquet file"):
        parquet.read(b"PAR1 and no more", "2025-01-30")
    with pytest.raises(RecordError, match="line 1"):
        jsonl.read(b'{"id": "half')


def test_flags_of_article_and_document_stand_once() -> None:
    flag = Flag(name="mojibake", line=3, start=14)
    document = golden_documents()["english"]
    document = replace(document, article=replace(document.article, flags=(flag,)), flags=(flag,))
    assert [row["name"] for row in record(document)["flags"]] == ["mojibake"]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A folder with the golden documents in tables, as a run leaves it."""
    by_date: dict[str, list[Document]] = {}
    for document in golden_documents().values():
        by_date.setdefault(document.date, []).append(document)
    for date, many in by_date.items():
        write_tables(tmp_path, {jsonl_path(date): jsonl.render(many), parquet_path(date): parquet.render(many)})
    return tmp_path


def test_duckdb_reads_the_dataset_in_one_line(output: Path) -> None:
    rows = duckdb.execute(
        f"SELECT id, date::text, title, text FROM '{output}/parquet/*/*.parquet' ORDER BY id"
    ).fetchall()
    many = sorted(golden_documents().values(), key=lambda one: one.id)
    assert rows == [(one.id, one.date, one.title, one.text) for one in many]


def test_duckdb_reads_json_lines_in_one_line(output: Path) -> None:
    rows = duckdb.execute(
        f"SELECT id, publisher.original, text FROM '{output}/jsonl/*/*.jsonl' ORDER BY id"
    ).fetchall()
    many = sorted(golden_documents().values(), key=lambda one: one.id)
    assert rows == [(one.id, one.article.publisher and one.article.publisher.original, one.text) for one in many]


def test_duckdb_finds_what_was_stripped_and_by_which_rule(output: Path) -> None:
    query = f"SELECT s.rule FROM (SELECT unnest(stripped) AS s FROM '{output}/parquet/*/*.parquet') ORDER BY 1"
    expected = sorted(line.rule for one in golden_documents().values() for line in one.article.stripped)
    assert [rule for (rule,) in duckdb.execute(query).fetchall()] == expected
    assert expected


def test_pandas_reads_the_dataset_in_one_line(output: Path) -> None:
    frame = pd.read_parquet(output / "parquet").sort_values("id")
    many = sorted(golden_documents().values(), key=lambda one: one.id)
    assert frame["text"].tolist() == [one.text for one in many]
    assert [str(date) for date in frame["date"]] == [one.date for one in many]


def test_pandas_reads_json_lines_in_one_line(output: Path) -> None:
    (path, *_rest) = sorted(output.glob("jsonl/*/*.jsonl"))
    frame = pd.read_json(path, lines=True, dtype=False)
    assert frame["text"].tolist() == [row["text"] for row in jsonl.read(path.read_bytes())]


def test_a_table_file_says_which_schema_it_has(output: Path) -> None:
    for path in output.glob("parquet/*/*.parquet"):
        file = pq.ParquetFile(path)
        assert file.schema_arrow.metadata[b"newsgloss.schema"] == b"1"
        assert {file.metadata.row_group(0).column(place).compression for place in count_columns(file)} == {"ZSTD"}


def count_columns(file: pq.ParquetFile) -> range:
    return range(file.metadata.num_columns)


def test_writing_parquet_loads_no_data_frames() -> None:
    code = (
        "import sys; from tests.translate.golden import documents; from translate.parquet import render;"
        "render(documents().values()); sys.exit('pandas' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)


def test_a_document_longer_than_any_block_of_a_reader_is_written() -> None:
    long = replace(golden_documents()["english"], text="A long day. " * 300_000)
    assert parquet.read(parquet.render([long]), long.date)[0]["text"] == long.text
