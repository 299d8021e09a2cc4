"""A page of the report shows the whole document, and nothing of it is markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from lxml import html as lxml_html

from tests.translate.golden import documents as golden_documents
from tests.translate.strategies import documents, texts
from translate import webpage
from translate.document import Document
from translate.elements import element, link, page, together
from translate.visible import visible

ELEMENTS = re.compile("html|head|meta|title|style|body|nav|a|h1|h2|p|table|thead|tbody|tr|th|td|bdi|span|code|mark")
ATTRIBUTES = re.compile("charset|http-equiv|content|name|lang|class|href|rel|scope|colspan|dir|title")


def parsed(data: bytes) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(data.decode("utf-8"))


@given(document=documents())
def test_a_page_has_no_elements_and_attributes_but_ours(document: Document) -> None:
    found = list(parsed(webpage.render(document)).iter())
    assert all(ELEMENTS.fullmatch(one.tag) for one in found)
    assert all(ATTRIBUTES.fullmatch(key) for one in found for key in one.attrib)
    assert {one.get("href", "").split(":")[0] for one in found} <= {"", "http", "https", "../index.html"}


@given(text=texts.filter(lambda text: "\r" not in text))
def test_text_comes_out_of_an_element_as_it_went_in(text: str) -> None:
    found = lxml_html.fromstring(element("p", text, title=text))
    assert (found.text or "", found.get("title")) == (visible(text), visible(text))
    assert not len(found)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", " http://a.example", "//a.example", "file:///x", None]
)
def test_what_is_no_web_address_is_no_link(address: str | None) -> None:
    assert link(address, "text") == "text"


def test_a_web_address_is_a_link_that_tells_nothing() -> None:
    made = link("https://a.example/?x=1&y=\"2'", "<text>")
    assert made == (
        '<a href="https://a.example/?x=1&amp;y=&quot;2&#x27;" rel="noreferrer noopener nofollow">&lt;text&gt;</a>'
    )


def test_a_page_may_run_and_load_nothing() -> None:
    data = page("t", webpage.style(), element("p", "text")).decode("utf-8")
    assert "default-src 'none'; style-src 'unsafe-inline'" in data.replace("&#x27;", "'")
    assert not re.search(r"url\(|@import|src=|https?:", webpage.style())


def test_nothing_stands_for_nothing() -> None:
    assert element("p", None, "", class_=None) == "<p></p>"
    assert together(None, "a < b") == "a &lt; b"


def words(name: str) -> str:
    return " ".join(" ".join(parsed(webpage.render(golden_documents()[name])).itertext()).split())


def test_source_and_english_stand_side_by_side() -> None:
    rows = parsed(webpage.render(golden_documents()["korean"])).xpath("//table[@class='blocks']/tbody/tr")
    cells = [[cell.text_content() for cell in row.xpath("td")] for row in rows]
    assert cells[0] == ["1title", "항구 마을, 연락선 다시 뜬다", "Harbour town's ferry runs again"]
    assert cells[4] == ["5left out", "ko.rightsCopyright ⓒ 항구신문. 무단 전재 및 재배포 금지"]


def test_english_that_stands_as_in_the_source_is_shown_once() -> None:
    assert words("english").count("Two more crossings a day") == 1


def test_every_line_of_the_source_stands_in_the_order_of_the_source() -> None:
    for document in golden_documents().values():
        rows = parsed(webpage.render(document)).xpath("//table[@class='blocks']/tbody/tr/td[1]/text()[1]")
        article = document.article
        expected = sorted([block.line for block in article.blocks] + [line.line for line in article.stripped])
        assert [int(number) for number in rows] == expected


def test_a_document_without_a_title_is_called_by_its_first_words() -> None:
    assert (
        webpage.label(golden_documents()["noticed"])
        == 'Untitled: Following the return of the ferry, "questions" have …'
    )
    assert webpage.label(golden_documents()["korean"]) == "Harbour town's ferry runs again"


def test_what_a_reader_should_know_is_shown() -> None:
    assert "The source was translated with ChatGPT from Korean (inferred)." in words("noticed")
    assert "encoding-damage 9, character 64" in words("english")
    assert "near 0.93" in words("korean")
    assert "newline" in words("english")


def test_what_was_not_translated_is_marked_with_its_language() -> None:
    marked = parsed(webpage.render(golden_documents()["left"])).xpath("//span[@class='left']")
    assert [(one.text, one.get("lang"), one.get("title")) for one in marked][1] == (
        "Lacagtu isma beddelin.",
        "so",
        "Somali, not translated",
    )


def test_a_flag_that_quotes_its_place_marks_it() -> None:
    from dataclasses import replace

    from ingest.article import Flag

    document = golden_documents()["english"]
    line = document.article.blocks[-1]
    flags = (
        Flag(name="encoding-damage", detail="?", line=line.line, start=line.text.index("?")),
        Flag(name="elsewhere", detail="?", line=line.line, start=0),
    )
    document = replace(document, article=replace(document.article, flags=flags), flags=())
    marks = parsed(webpage.render(document)).xpath("//mark")
    assert [(mark.text, mark.get("title"), mark.tail[:7]) for mark in marks] == [("?", "encoding-damage", "centred")]
