"""What stands around the text, or says it again, is told from it by shape: decks, polls, comments, quotations."""

from __future__ import annotations

import pytest

from ingest.article import Kind
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


@pytest.mark.parametrize(
    "below",
    [
        "<h2>Nine years of planning, and four thousand homes</h2>",
        "<h2>Nine years of planning, and four thousand homes</h2><p class=byline>By Mara Ostrow</p>",
        "<div class=x1>Nine years of planning, and four thousand homes</div><p class=byline>By Mara Ostrow</p>",
        "<div class=x1>Nine years of planning, and four thousand homes</div><p>12.03.2026, 08:15</p>",
    ],
)
def test_what_is_set_apart_right_below_the_headline_is_its_deck(below: str) -> None:
    article = extract(page(simple(before=below)))
    decks = [block.text for block in article.blocks if block.kind is Kind.DECK]
    assert decks == ["Nine years of planning, and four thousand homes"]
    assert [block.text for block in article.body] == PARAGRAPHS


@pytest.mark.parametrize(
    "line", ["<p>Advertisement</p>", "<figure><img src=x><figcaption>The hall</figcaption></figure>"]
)
def test_a_first_paragraph_is_no_deck_for_what_comes_after_it(line: str) -> None:
    html = simple(between=line)
    article = extract(page(html))
    assert [block.text for block in article.blocks if block.kind is Kind.DECK] == []
    assert body(html)[0] == PARAGRAPHS[0]


def test_a_poll_above_the_headline_is_no_part_of_the_text() -> None:
    text = "".join(f"{paragraph}<br><br>" for paragraph in PARAGRAPHS)
    poll = "<td><b>Poll</b><br>Will you go to the opening of the plant this year?<br>Yes<br>No</td>"
    html = f"<html><body><table><tr>{poll}<td><h1>Tidal plant</h1>{text}</td></tr></table></body></html>"
    assert body(html) == PARAGRAPHS
