"""Tables of articles: each row an item, columns by their usual names or a mapping, broken ones told in one line."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.article import NotModified, Outcome, RawPage, Ref, Unread, Validators
from ingest.errors import UsageError
from ingest.sources.files import FileSettings
from ingest.sources.recognise import Sources, SourceSettings

NOW = "2026-05-01T12:00:00Z"
ROWS: list[dict[str, Any]] = [
    {
        "text": "Rain is expected.\nSnow too.",
        "title": "Rain",
        "url": "https://n.example/a?utm_source=x",
        "lang": "ko",
    },
    {"text": 'Snow, "quoted".', "title": "Snow", "url": "https://n.example/b", "lang": "ko"},
]
FORMS = ["jsonl", "jsonl.gz", "jsonl.zst", "ndjson", "csv", "csv.gz", "parquet"]


def written(folder: Path, form: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / f"news.{form}"
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
        return path
    if form.startswith("csv"):
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        data = text.getvalue().encode()
    else:
        data = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    if form.endswith(".gz"):
        data = gzip.compress(data)
    if form.endswith(".zst"):
        with pa.CompressedOutputStream(str(path), "zstd") as stream:
            stream.write(data)
        return path
    path.write_bytes(data)
    return path


def listed(target: str | Path) -> tuple[Sources, list[Ref | Unread]]:
    sources = Sources(SourceSettings(files=FileSettings(max_bytes=10_000)))
    return sources, list(sources.open(str(target)).discover())


def loaded(target: str | Path) -> list[RawPage | NotModified | Unread]:
    sources, items = listed(target)
    loader = sources.loaders()["table"]
    return [item if isinstance(item, Unread) else loader.load(item, Validators(), NOW) for item in items]


def reasons(target: str | Path) -> list[str]:
    results = [result for result in loaded(target) if isinstance(result, Unread)]
    assert all(result.outcome is Outcome.REJECTED and "\n" not in result.reason for result in results)
    return [result.reason for result in results]


@pytest.mark.parametrize("form", FORMS)
def test_each_row_is_a_page_with_what_its_columns_say(tmp_path: Path, form: str) -> None:
    first, second = loaded(written(tmp_path, form, ROWS))
    assert isinstance(first, RawPage)
    assert isinstance(second, RawPage)
    assert (first.payload, second.payload) == (b"Rain is expected.\nSnow too.", b'Snow, "quoted".')
    assert (first.media_type, first.hints.title, first.hints.lang) == ("text/plain", "Rain", "ko")
    assert first.provenance.target_uri == "https://n.example/a"
    assert first.provenance.source == f"table:news.{form}#000000001"


@pytest.mark.parametrize("form", FORMS)
def test_rows_have_an_identity_and_an_unchanged_one_is_known(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, form, ROWS)
    sources, items = listed(path)
    assert len({item.input_id for item in items}) == 2
    ref = items[1]
    assert isinstance(ref, Ref)
    loader = sources.loaders()["table"]
    page = loader.load(ref, Validators(), NOW)
    assert isinstance(page, RawPage)
    assert loader.load(ref, page.validators, NOW) == NotModified(input_id=ref.input_id)
    written(tmp_path, form, ROWS[:1])
    gone = sources.loaders()["table"].load(ref, Validators(), NOW)
    assert isinstance(gone, Unread)
    assert gone.reason == "no longer in the table"


def test_columns_are_named_in_the_source_where_their_names_say_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, "parquet", [{"a": "Rain.", "b": "Head", "text": "other"}])
    (page,) = loaded(f"{path}#text=a,title=b")
    assert isinstance(page, RawPage)
    assert (page.payload, page.hints.title) == (b"Rain.", "Head")
    assert reasons(f"{path}#text=nope") == ["no column 'nope'; there are a, b, text"]
    with pytest.raises(UsageError, match="no meaning is called 'colour'"):
        listed(f"{path}#colour=a")


def test_html_columns_are_pages_of_html(tmp_path: Path) -> None:
    (page,) = loaded(written(tmp_path, "jsonl", [{"html": "<p>Rain.</p>"}]))
    assert isinstance(page, RawPage)
    assert (page.media_type, page.charset) == ("text/html", "utf-8")


def test_parquet_types_that_say_something_are_read(tmp_path: Path) -> None:
    table = pa.table(
        {
            "content": pa.array(["Rain."], pa.large_string()),
            "date": pa.array([datetime(2026, 5, 1, 10, tzinfo=UTC)], pa.timestamp("ms", "UTC")),
            "authors": pa.array([["Ada Example", "Bo Example"]], pa.list_(pa.string())),
            "lang": pa.array(["ko"]).dictionary_encode(),
            "views": pa.array([5]),
        }
    )
    pq.write_table(table, tmp_path / "news.parquet")
    (page,) = loaded(tmp_path / "news.parquet")
    assert isinstance(page, RawPage)
    assert page.hints.published == "2026-05-01T10:00:00Z"
    assert page.hints.authors == ("Ada Example", "Bo Example")
    assert page.hints.lang == "ko"
    pq.write_table(pa.table({"text": ["Rain."], "date": [date(2026, 5, 1)]}), tmp_path / "news.parquet")
    (page,) = loaded(tmp_path / "news.parquet")
    assert isinstance(page, RawPage)
    assert page.hints.published == "2026-05-01"


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (pa.table({"text": [1, 2]}), "column 'text' holds int64, not text"),
        (pa.table({"text": [{"a": 1}]}), "column 'text' holds struct<a: int64>, not text"),
        (pa.table({"views": [1]}), "no column of text; there are views: say which with columns = { text = … }"),
    ],
)
def test_wrong_types_are_one_line(tmp_path: Path, table: pa.Table, reason: str) -> None:
    pq.write_table(table, tmp_path / "news.parquet")
    assert reasons(tmp_path / "news.parquet") == [reason]


@pytest.mark.parametrize("form", ["jsonl", "parquet", "csv", "jsonl.gz", "jsonl.zst"])
@pytest.mark.parametrize("content", [b"", b"junk", b"PAR1junkPAR1", b"\x1f\x8bjunk", b"\x28\xb5\x2f\xfdjunk"])
def test_what_is_no_table_is_one_line(tmp_path: Path, form: str, content: bytes) -> None:
    path = tmp_path / f"news.{form}"
    path.write_bytes(content)
    assert len(reasons(path)) == 1


def test_a_column_of_a_wrong_type_costs_itself_where_the_text_is_text(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    pq.write_table(pa.table({"text": ["Rain.", "Snow."], "title": [1, 2], "date": [1.5, 2.5]}), path)
    sources = Sources()
    source = sources.open(str(path))
    pages = [
        sources.loaders()[ref.kind].load(ref, Validators(), NOW) for ref in source.discover() if isinstance(ref, Ref)
    ]
    assert [page.payload for page in pages if isinstance(page, RawPage)] == [b"Rain.", b"Snow."]
    assert source.note() == "news.parquet: column 'title' holds int64, not text; column 'date' holds double, not text"


def test_a_bad_line_or_row_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"text": "Rain."}\n[1]\n{"text": "Snow."}\nnonsense\n{"text": "Hail."}\n')
    *pages, last = loaded(path)
    assert [page.payload for page in pages if isinstance(page, RawPage)] == [b"Rain.", b"Snow.", b"Hail."]
    assert isinstance(last, Unread)
    assert last.reason == "line 2 is not a JSON object, and 1 other line neither; 3 rows read"
    path = tmp_path / "news.csv"
    path.write_text("title,text\na,Rain.\nb,x,y,z\nc,Snow.\n")
    *pages, last = loaded(path)
    assert [page.payload for page in pages if isinstance(page, RawPage)] == [b"Rain.", b"Snow."]
    assert isinstance(last, Unread)
    assert last.reason == "1 row with another number of columns than the header left out; 2 rows read"


def test_what_can_be_read_of_a_broken_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b'{"text": "Rain."}\n\n{"text": "Snow."}\n{"text": "cut o')
    results = loaded(path)
    assert [isinstance(result, RawPage) for result in results] == [True, True, False]
    assert isinstance(results[2], Unread)
    assert results[2].reason.startswith("line 4 is not JSON")
    assert results[2].reason.endswith("2 rows read")
    whole = gzip.compress(b"".join(b'{"text": "Rain %d."}\n' % number for number in range(20_000)))
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    results = loaded(tmp_path / "cut.jsonl.gz")
    assert isinstance(results[0], RawPage)
    assert isinstance(results[-1], Unread)
    assert "the compressed data ends in the middle" in results[-1].reason
    assert len(results) > 5000


def test_a_parquet_file_cut_in_the_middle_is_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, "parquet", ROWS * 500)
    path.write_bytes(path.read_bytes()[:-100])
    assert reasons(path)[0].startswith("broken Parquet")


def test_text_that_is_no_utf8_in_parquet_is_one_line(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    pq.write_table(pa.table({"text": bad}), tmp_path / "news.parquet")
    assert reasons(tmp_path / "news.parquet")[0].startswith("broken Parquet near row 1")


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_row_without_text_is_rejected_and_the_others_are_read(tmp_path: Path, value: str | None) -> None:
    path = written(tmp_path, "parquet", [{"text": "Rain."}, {"text": value}])
    assert reasons(path) == ["empty"]


def test_a_row_or_line_over_the_limit_is_rejected(tmp_path: Path) -> None:
    assert reasons(written(tmp_path, "parquet", [{"text": "a" * 20_000}]))[0].startswith("too large")
    assert "longer than the limit" in reasons(written(tmp_path, "jsonl", [{"text": "a" * 300_000}]))[0]


def test_values_of_a_wrong_type_in_jsonl_say_nothing(tmp_path: Path) -> None:
    row = {"text": "Rain.", "title": 5, "authors": [1, "Ada Example"], "url": ["x"], "date": 2026, "lang": "<b>"}
    (page,) = loaded(written(tmp_path, "jsonl", [row]))
    assert isinstance(page, RawPage)
    hints = page.hints
    assert (hints.title, hints.authors, hints.published, hints.lang) == (None, ("Ada Example",), None, None)
