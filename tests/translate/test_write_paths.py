"""Every document has one place, named by what it says, and none leaves the output folder."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import OutputError
from tests.translate.strategies import documents, texts
from translate.document import Document
from translate.paths import SLUG_LENGTH, jsonl_path, markdown_path, parquet_path, shards, slug

PAGE = re.compile(r"documents/\d{4}-\d{2}/\d{4}-\d{2}-\d{2}-[a-z0-9]+(-[a-z0-9]+)*-[a-z2-7]{8}\.md")


@given(document=documents())
def test_a_page_lies_in_the_folder_of_its_month(document: Document) -> None:
    path = markdown_path(document).as_posix()
    assert PAGE.fullmatch(path)
    assert path.split("/")[2].startswith(document.date)
    assert len(path.split("/")[2]) <= 100


@given(text=texts)
def test_a_slug_is_ascii_and_never_empty(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))
    assert len(slug(text)) <= SLUG_LENGTH


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("China’s Chip Law: What’s Next?", "chinas-chip-law-whats-next"),
        ("../../etc/passwd", "etc-passwd"),
        ("Straße nach Łódź—für Ærø", "strasse-nach-lodz-fur-aero"),
        ("속보", "untitled"),
        ("", "untitled"),
        ("CON", "con"),
        ("ﬁnal Ⅳ", "final-iv"),
        ("a" * 200, "a" * SLUG_LENGTH),
        ("one two three four five six seven eight nine", "one-two-three-four-five-six-seven-eight"),
        ("x" * 50 + " and then " + "y" * 20, "x" * 50 + "-and-then"),
    ],
)
def test_a_slug_says_the_first_words(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(document=documents())
def test_without_a_title_the_first_words_name_the_page(document: Document) -> None:
    untitled = replace(document, title=None, text="The council met on Monday.")
    assert "-the-council-met-on-monday-" in markdown_path(untitled).name


def test_tables_lie_by_date() -> None:
    assert jsonl_path("2025-01-30").as_posix() == "jsonl/2025/2025-01-30.jsonl"
    assert jsonl_path("2025-01-30", "k7").as_posix() == "jsonl/2025/2025-01-30-k7.jsonl"
    assert parquet_path("2025-01-30").as_posix() == "parquet/date=2025-01-30/documents.parquet"
    assert parquet_path("2025-01-30", "k7").as_posix() == "parquet/date=2025-01-30/documents-k7.parquet"


@pytest.mark.parametrize(
    "date", ["", "2025", "2025-1-30", "../../../x", "2025-01-30/..", "2025-01-30\n", "٢٠٢٥-٠١-٣٠"]
)
def test_what_is_no_date_names_no_folder(date: str) -> None:
    with pytest.raises(OutputError, match="no date"):
        jsonl_path(date)
    with pytest.raises(OutputError, match="no date"):
        parquet_path(date)


@given(document=documents(), key=st.sampled_from(["", "short", "../../../../x", "a/b/c/d/e", "id with spaces"]))
def test_what_is_no_id_names_no_page(document: Document, key: str) -> None:
    with pytest.raises(OutputError, match="no document id"):
        markdown_path(replace(document, id=key))


IDS = st.lists(st.text("ab2", min_size=4, max_size=4), unique=True, max_size=40)


@given(ids=IDS, size=st.integers(1, 20), data=st.data())
def test_a_split_holds_every_id_once_and_depends_on_the_set_alone(
    ids: list[str], size: int, data: st.DataObject
) -> None:
    split = shards(ids, size)
    assert sorted(one for part in split.values() for one in part) == sorted(ids)
    assert all(one.startswith(prefix) for prefix, part in split.items() for one in part)
    assert all(len(part) <= size for part in split.values())
    assert split == shards(data.draw(st.permutations(ids)), size)


def test_a_date_is_split_only_where_it_is_too_large() -> None:
    assert shards(["aa", "ab", "ba"], 3) == {"": ("aa", "ab", "ba")}
    assert shards(["aa", "ab", "ba"], 2) == {"a": ("aa", "ab"), "b": ("ba",)}
    assert shards([], 2) == {}
