"""Where a page's text stands only in its data, the data say who wrote it, when, and what it is about."""

from __future__ import annotations

import json

import pytest

from ingest.article import Article, Kind
from ingest.extract import extract
from tests.ingest.test_extract import PARAGRAPHS, TITLE, page

LEAD = "After nine years of planning, four thousand homes get their power from the sea."
STORY: dict[str, object] = {
    "title": TITLE,
    "lead": LEAD,
    "publishedAt": "2026-03-12T08:15:00+01:00",
    "authors": [{"name": "Mara Ostrow"}, {"name": "Tomas Lindgaard"}],
    "category": {"name": "Energy", "slug": "energy"},
    "tags": [{"name": "tides"}, "power"],
    "body": "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
}


def read(story: dict[str, object], *, head: str = "", shown: str = "") -> Article:
    other = {"title": "Herring quota is cut again", "authors": [{"name": "Elke Sund"}], "publishedAt": "2020-01-01"}
    script = json.dumps({"props": {"popular": [other], "article": story}})
    html = f"<html><head>{head}</head><body><h1>{TITLE}</h1>{shown}<p>Loading</p>"
    return extract(page(f'{html}<script type="application/json">{script}</script></body></html>'))


def test_the_object_that_bears_the_headline_tells_of_the_article() -> None:
    article = read(STORY)
    assert [name.original for name in article.authors] == ["Mara Ostrow", "Tomas Lindgaard"]
    assert (article.published, article.section) == ("2026-03-12T08:15:00+01:00", "Energy")
    assert article.tags == ("tides", "power")
    assert [(block.kind, block.text) for block in article.blocks[:2]] == [(Kind.TITLE, TITLE), (Kind.DECK, LEAD)]
    assert [block.text for block in article.body] == PARAGRAPHS
    lines = [block.line for block in article.blocks] + [line.line for line in article.stripped]
    assert sorted(lines) == list(range(1, len(PARAGRAPHS) + 4))


def test_what_the_page_itself_says_stands_before_what_its_data_say() -> None:
    head = '<meta name="author" content="Jette Sund"><meta property="article:published_time" content="2026-03-13">'
    shown = f"{LEAD[:-1]} at last."
    article = read(STORY, head=f'{head}<meta name="description" content="{shown}">', shown=f"<p>{shown}</p>")
    assert [name.original for name in article.authors] == ["Jette Sund"]
    assert article.published == "2026-03-13"
    assert [block.text for block in article.blocks if block.kind is Kind.DECK] == [shown]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Something else altogether"},
        {"publishedAt": None, "authors": None},
        {"publishedAt": 7, "authors": {}},
    ],
)
def test_an_object_without_the_headline_or_without_date_and_author_tells_nothing(change: dict[str, object]) -> None:
    article = read({**STORY, **change})
    assert (article.authors, article.published, article.tags) == ((), None, ())
    assert [block.text for block in article.body] == PARAGRAPHS


def test_a_lead_that_the_text_begins_with_is_not_said_twice() -> None:
    article = read({**STORY, "lead": PARAGRAPHS[0]})
    assert [block.text for block in article.blocks] == [TITLE, *PARAGRAPHS]


def test_fields_may_stand_one_level_below_as_some_systems_have_them() -> None:
    article = read(
        {
            "headlines": {"basic": TITLE},
            "subheadlines": {"basic": LEAD},
            "display_date": "2026-03-12T08:15:00+01:00",
            "publish_date": "2026-03-14",
            "credits": {"by": [{"type": "author", "name": "Mara Ostrow"}]},
            "taxonomy": {"primary_section": {"name": "Energy"}, "tags": [{"text": "tides"}, {"text": "power"}]},
            "content_elements": [{"type": "text", "content": text} for text in PARAGRAPHS],
        }
    )
    assert [name.original for name in article.authors] == ["Mara Ostrow"]
    assert (article.published, article.section) == ("2026-03-12T08:15:00+01:00", "Energy")
    assert article.tags == ("tides", "power")
    assert [(block.kind, block.text) for block in article.blocks[:2]] == [(Kind.TITLE, TITLE), (Kind.DECK, LEAD)]
    assert [block.text for block in article.body] == PARAGRAPHS
