"""A terminal shows a document and obeys none of its text."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from rich.console import Console

from ingest.article import Lang
from tests.translate.golden import documents as golden_documents
from tests.translate.strategies import documents, texts
from translate.document import Document
from translate.terminal import show
from translate.visible import terminal_safe, visible

ALIVE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printed(document: Document) -> str:
    console = Console(file=io.StringIO(), width=10_000, color_system=None, force_terminal=False)
    for line in show(document):
        console.print(line)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@given(document=documents())
def test_no_text_from_outside_reaches_a_terminal_alive(document: Document) -> None:
    assert not ALIVE.search(printed(document))


@given(text=texts)
def test_a_safe_line_is_one_line(text: str) -> None:
    safe = terminal_safe(text)
    assert not ALIVE.search(safe)
    assert safe.splitlines() in ([safe], [])
    assert terminal_safe(safe) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain – “text” 메트로 👩\u200d✈️ é", "plain – “text” 메트로 👩\u200d✈️ é"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\tb\r\nc", r"a\x09b\x0d\x0ac"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("\ud83d", r"\ud83d"),
        ("\u200fשלום", "\u200fשלום"),
    ],
)
def test_what_is_harmless_stays_and_the_rest_is_written_out(text: str, safe: str) -> None:
    assert terminal_safe(text) == safe


def test_paragraphs_keep_their_lines_where_lines_are_allowed() -> None:
    assert visible("a\n\tb\r\x1b") == "a\n\tb\\x0d\\x1b"


def test_a_document_is_shown_with_its_remark_its_marks_and_what_was_left_out() -> None:
    shown = {name: printed(one) for name, one in golden_documents().items()}
    assert "The source was translated with ChatGPT from Korean (inferred).\n" in shown["noticed"]
    assert "[so] Lacagtu isma beddelin.\n" in shown["left"]
    assert "left out by ko.rights: Copyright ⓒ 항구신문. 무단 전재 및 재배포 금지\n" in shown["korean"]
    assert "flag: encoding-damage a lost character: t?c\n" in shown["english"]
    assert "Hong Gil-dong · Hanggu Sinmun · https://news.example/korean\n" in shown["korean"]


def test_markup_of_the_terminal_library_stays_text() -> None:
    assert "the harbour office said [sic] on Friday" in printed(golden_documents()["english"])
    assert Lang("so") in printed(golden_documents()["left"])
