"""Section and tags are read from what a page shows, where it declares none, or only for machines."""

from __future__ import annotations

import pytest

from ingest.extract import extract
from ingest.html import topics
from ingest.html.parse import parse
from tests.ingest.test_extract import PARAGRAPHS, TITLE, linked_data, page, simple

URL = "https://news.example/region/halden/2026/tidal-plant.html"
LONG = "Herring quota is cut this year"
HOME = "<a href=/>Home</a>"


def section(before: str, after: str = "", url: str = URL) -> str | None:
    html = f"<html><body>{before}<h1>{TITLE}</h1><p>The tide turned at noon.</p>{after}</body></html>"
    return topics.section(topics.links(parse(html, "test"), [TITLE]), url)


def tags(after: str, before: str = "") -> tuple[str, ...]:
    html = f"<html><body>{before}<h1>{TITLE}</h1><p>The tide turned at noon.</p>{after}</body></html>"
    return topics.tags(topics.links(parse(html, "test"), [TITLE]))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (f"<ol class=breadcrumb><li>{HOME}<li><a href=/sea>The sea</a><li>{TITLE}</ol>", "The sea"),
        (f"<div id=crumbs>{HOME} / <a href=/sea>The sea</a> / <a href=/sea/tides>Tides</a></div>", "Tides"),
        (f"<ul class=crumbs><li>{HOME}<li><a href=/region>Region</a><li><a href=/people>People</a></ul>", "Region"),
        (f"<ul class=crumbs><li>{HOME}<li><a href=/sea>The sea</a><li><a href=/x>{TITLE}</a></ul>", "The sea"),
        ("<a href=/region>Region</a><a href=/region/halden/>Halden</a><a href=/sea>The sea</a>", "Halden"),
        ("<header><span class=kicker><a href=/sea>The sea</a></span></header>", "The sea"),
        (f"<nav>{HOME}<a href=/sea>The sea</a></nav>", None),
        ("<a href=/@mara>Mara</a><a href=/de>Deutsch</a><a href='http://['>Broken</a><a>None</a>", None),
        ("", None),
    ],
)
def test_the_section_is_the_breadcrumb_or_link_that_leads_to_the_page(before: str, expected: str | None) -> None:
    assert section(before) == expected


def test_a_language_or_a_person_is_no_section() -> None:
    assert section("<a href=/de>Deutsch</a>", url="https://news.example/de/tidal-plant") is None
    assert section("<a href=/@mara>Mara</a>", url="https://news.example/@mara/tidal-plant") is None


def test_a_category_marked_below_the_headline_is_the_section_and_no_tag() -> None:
    marked = "<a rel='category tag' href=/s>Energy</a> <a rel=tag href=/t/1>tides</a>"
    assert section("", marked) == "Energy"
    assert tags(marked) == ("tides",)
    assert section("", "<div class=meta>In <a href=/category/energy/>Energy</a> by Mara Ostrow</div>") == "Energy"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("<ul class=tags><li><a href=/1>#tides</a><li><a href=/2>Velmarsund</a></ul>", ("tides", "Velmarsund")),
        ("<div class=k1><b>Tags:</b> <a href=/1>tides</a>, <a href=/2>power</a></div>", ("tides", "power")),
        ("<div class=k1><span>关键词：</span><a href=/1>潮汐</a><a href=/2>电站</a></div>", ("潮汐", "电站")),
        ("<div><a href=/tag/1>tides</a><a href=/tag/2>power</a></div>", ("tides", "power")),
        ("<p><a rel=tag href=/1>tides</a> and more</p>", ("tides",)),
        (
            "<div class=tags><ul><li class=tag><a href=/1>tides</a><li class=tag><a>sea</a></ul></div>",
            ("tides", "sea"),
        ),
        (f"<div class=tags><a href=/1>tides</a><p>{PARAGRAPHS[0]}</p></div>", ()),
        (f"<ul class=keywords><li><a href=/1>{LONG}</a><li><a href=/2>{LONG} again</a></ul>", ()),
        ("<div><a href=/1>Print</a><a href=/2>Share</a></div>", ()),
    ],
)
def test_tags_are_the_links_below_the_headline_that_are_named_labelled_or_lead_so(
    after: str, expected: tuple[str, ...]
) -> None:
    assert tags(after) == expected


def test_topics_above_the_headline_are_the_site_s_and_not_the_article_s() -> None:
    assert tags("", before="<div class=tags><a href=/1>Elections</a><a href=/2>Storm</a></div>") == ()


def test_what_readers_see_is_taken_before_what_is_told_to_search_engines() -> None:
    shown = "<ul class=tags><li><a href=/1>Tides</a><li><a href=/2>Power</a></ul>"
    head = '<meta name="keywords" content="news, herald, tides">'
    assert extract(page(simple(head=head, after=shown))).tags == ("Tides", "Power")
    assert extract(page(simple(head=head))).tags == ("news", "herald", "tides")
    head = linked_data(headline=TITLE, articleSection="the-sea", keywords=["tides"])
    html = simple(head=head).replace("<article>", f"<div class=crumbs>{HOME}<a href=/sea>The sea</a></div><article>")
    article = extract(page(html))
    assert (article.section, article.tags) == ("The sea", ("tides",))
    declared = extract(page(html.replace("the-sea", "Energy")))
    assert declared.section == "Energy"


@pytest.mark.parametrize(
    "last", [{"name": TITLE, "item": {"@id": URL}}, {"name": "Tides", "item": f"{URL}/../sea/tides"}]
)
def test_the_linked_data_s_breadcrumbs_name_the_section(last: dict[str, object]) -> None:
    crumbs = [
        {"name": "Home", "item": "https://news.example/"},
        {"item": {"@id": "https://news.example/sea", "name": "Sea"}},
    ]
    head = linked_data(headline=TITLE).replace("NewsArticle", "Article")
    head += linked_data(itemListElement=[*crumbs, last]).replace("NewsArticle", "BreadcrumbList")
    expected = "Sea" if last["name"] == TITLE else "Tides"
    assert extract(page(simple(head=head))).section == expected
