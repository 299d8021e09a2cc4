"""Quotations that say the text again, and readers' comments, are left out; what only looks like them stays."""

from __future__ import annotations

import pytest

from ingest.extract import extract
from tests.ingest.test_extract import PARAGRAPHS, accounted, page, simple

SAID = "expected to run for thirty years"
QUOTE = "We have waited for nine years, and now we will wait for the first bill."


def body(html: str) -> list[str]:
    return [block.text for block in extract(page(html)).body]


@pytest.mark.parametrize(
    "echo",
    [
        f"<blockquote><p>“{SAID}”</p></blockquote>",
        f"<blockquote class=x><p>{SAID.capitalize()}</p><footer>Mara Ostrow, head of the plant</footer></blockquote>",
        f"<div class=pullquote><p>{SAID}</p><span>Mara Ostrow</span></div>",
        f"<aside><p>“{SAID}”</p></aside>",
    ],
)
def test_a_quotation_that_says_the_text_again_is_left_out_with_its_speaker(echo: str) -> None:
    html = simple(between=echo)
    assert body(html) == PARAGRAPHS
    assert accounted(extract(page(html)), html)


@pytest.mark.parametrize(
    "quote", [f"<blockquote><p>{QUOTE}</p></blockquote>", f"<blockquote><p>{SAID}</p><p>{QUOTE}</p></blockquote>"]
)
def test_a_quotation_that_says_something_new_stays(quote: str) -> None:
    assert QUOTE in body(simple(between=quote))


@pytest.mark.parametrize("heading", ["Comments (2)", "2 Kommentare", "Комментарии (2)", "コメント", "댓글 2"])
def test_comments_without_any_name_in_the_markup_are_left_out(heading: str) -> None:
    comments = f"<b>{heading}</b><br><b>Skipper</b>, 12.03.2026<br>I have waited for this plant for forty years.<br>"
    text = "".join(f"{paragraph}<br><br>" for paragraph in PARAGRAPHS)
    html = f"<html><body><table><tr><td><h1>Tidal plant</h1>{text}{comments}</td></tr></table></body></html>"
    assert body(html) == PARAGRAPHS


def test_a_link_to_the_comments_above_the_text_ends_nothing() -> None:
    assert body(simple(before="<p><a href=#c>2 comments</a></p>", between="<p>Comments</p>"))[-1] == PARAGRAPHS[-1]
