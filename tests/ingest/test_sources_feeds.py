"""Feeds as sources, on a real loopback site: every dialect, whole or broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.article import Outcome, RawPage, Ref, Unread, Validators
from ingest.sources.feeds import read_feed
from ingest.sources.recognise import Sources
from tests.ingest.listings import (
    ATOM,
    JSON_FEED,
    NOW,
    PAGE,
    RDF,
    RSS_09,
    RSS_091,
    RSS_2,
    listed,
    told,
)
from tests.site import Page, Site


@pytest.mark.parametrize("feed", [RSS_2, RSS_091, RDF, RSS_09, ATOM, JSON_FEED])
def test_every_dialect_is_recognised_and_read(site: Site, sources: Sources, feed: str) -> None:
    body = feed.replace("http://news.test/a", site.url("/a")).encode()
    source = sources.open(site.add("/feed", Page(body=body, media_type="text/plain")))
    site.add("/a?utm_source=rss", PAGE)
    (ref,) = listed(source)
    assert isinstance(ref, Ref)
    assert ref.kind == "url"
    assert ref.hints.title == "Rain & wind"
    assert isinstance(source.load(ref, Validators(), NOW), RawPage)


def test_a_feeds_dates_authors_and_language_are_hints() -> None:
    (entry,) = read_feed(RSS_2.encode(), "http://news.test/feed").entries
    assert (entry.hints.published, entry.hints.authors, entry.hints.lang) == (
        "2026-05-01T01:00:00Z",
        ("Ada Example",),
        "ko-kr",
    )
    (entry,) = read_feed(ATOM.encode(), "http://news.test/feed").entries
    assert (entry.listed_at, entry.hints.published) == ("2026-05-02T01:00:00Z", "2026-05-01T01:00:00Z")
    (entry,) = read_feed(RDF.encode(), None).entries
    assert entry.hints.published == "2026-05-01"
    (entry,) = read_feed(JSON_FEED.encode(), None).entries
    assert (entry.hints.published, entry.hints.lang) == ("2026-05-01T01:00:00Z", "ko-kr")


def test_an_item_listed_twice_is_one_and_an_item_without_a_link_is_told(site: Site, sources: Sources) -> None:
    feed = "<rss version='2.0'><channel><item><title>No link</title></item>" + "".join(
        f"<item><link>{link}</link></item>" for link in ("/a", "/a#comments", "/a?utm_source=x", "mailto:a@b.example")
    )
    items = listed(sources.open(site.add("/feed", (feed + "</channel></rss>").encode())))
    assert [isinstance(item, Ref) for item in items] == [False, True, False]
    assert [item.reason for item in items if isinstance(item, Unread)] == [
        "an entry without a link",
        "only http and https are fetched, not mailto",
    ]


def test_a_broken_feed_gives_what_can_be_read_and_says_where_it_broke(site: Site, sources: Sources) -> None:
    broken = RSS_2.replace("</item></channel></rss>", "</item><item><title>cut of")
    source = sources.open(site.add("/feed", broken.encode()))
    assert [isinstance(item, Ref) for item in listed(source)][:1] == [True]
    assert "broken XML" in (source.note() or "")


@pytest.mark.parametrize(
    "payload",
    [b"", b"<rss", b"<html><p>No feed", b'{"version": "https://jsonfeed.org/version/1"', b"\x00\x01\x02", b"[1]"],
)
def test_what_is_no_feed_is_one_line(site: Site, sources: Sources, payload: bytes) -> None:
    assert told(sources.open("feed:" + site.add("/x", payload))).kind == "feed"


@pytest.mark.parametrize("dialect", [RSS_2, ATOM, RDF])
def test_a_large_feed_read_in_slices_gives_what_it_gives_whole(dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries by the hundred, one with a CDATA section that holds what looks like the end of an entry."""
    start, entry, end = re.split(r"(<(?:item|entry)[\s>].*</(?:item|entry)>)", dialect, maxsplit=1, flags=re.DOTALL)
    trap = "<title><![CDATA[</item></entry>]]></title>"
    many = [entry.replace("</title>", f" {number}</title>", 1) for number in range(100)]
    many[9] = re.sub(r"<title>.*?</title>", trap, many[9], count=1, flags=re.DOTALL)
    payload = (start + "\n".join(many) + end).encode()
    whole = read_feed(payload, None)
    expected = list(whole.entries)
    monkeypatch.setattr("ingest.sources.feeds.LARGE", 1)
    monkeypatch.setattr("ingest.sources.feeds.SLICE", 7)
    feed = read_feed(payload, None)
    assert list(feed.entries) == expected
    assert (feed.count, feed.problem) == (whole.count, whole.problem)
    cut = read_feed(payload[: len(payload) - len(end) - 20], None)
    assert len(list(cut.entries)) >= 99
    assert cut.problem


@pytest.mark.parametrize("word", ["feed", "sitemap", "opml", "list"])
@pytest.mark.parametrize("what", ["feed", "sitemap", "opml", "page", "broken"])
def test_a_listing_of_another_kind_than_was_said_is_one_line(
    site: Site, sources: Sources, word: str, what: str
) -> None:
    bodies = {
        "feed": "<rss version='2.0'><channel><item><link>https://n.example/a</link></item></channel></rss>",
        "sitemap": "<urlset><url><loc>https://n.example/a</loc></url></urlset>",
        "opml": "<opml><body/></opml>",
        "page": "<html><body><p>Rain",
        "broken": "<<<",
    }
    if word != what:
        item = told(sources.open(f"{word}:" + site.add("/x", bodies[what].encode())))
        assert item.reason.startswith(f"no {word}") or item.reason.startswith("broken XML"), item.reason


def test_entities_do_not_explode_and_read_no_files(site: Site, sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush")
    layers = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    entities = f'<!ENTITY e0 "rain">{layers}'
    bomb = f'<!DOCTYPE rss [{entities}]><rss version="2.0"><channel><title>&e12;</title></channel></rss>'
    assert told(sources.open(site.add("/bomb/feed", bomb.encode()))).kind == "listing"
    leak = f"""<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY y SYSTEM "{site.url("/b")}">]>
    <rss version="2.0"><channel><item><title>&x;&y;</title><link>/a</link></item></channel></rss>"""
    (ref,) = listed(sources.open(site.add("/leak/feed", leak.encode())))
    assert "hush" not in repr(ref)
    assert "/b" not in site.paths()
    rows = "".join(f"<url><loc>http://news.test/&{name};</loc></url>" for name in ("x", "e12"))
    maps = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{tmp_path}/secret">{entities}]><urlset>{rows}</urlset>'
    items = listed(sources.open(site.add("/sitemap.xml", maps.encode())))
    assert "hush" not in repr(items)
    assert len(repr(items)) < 5000


def test_a_long_feed_is_read_whole(site: Site, sources: Sources) -> None:
    items = "".join(f"<item><title>Rain {n}</title><link>/{n}</link></item>" for n in range(3000))
    feed = f"<rss version='2.0'><channel>{items}</channel></rss>"
    assert len(listed(sources.open(site.add("/feed", feed.encode())))) == 3000


class Notebook:
    """A memory by hand."""

    def __init__(self) -> None:
        self.kept: dict[str, Validators] = {}

    def recall(self, locator: str) -> Validators:
        return self.kept.get(locator, Validators())

    def remember(self, locator: str, validators: Validators) -> None:
        self.kept[locator] = validators


def test_an_unchanged_feed_costs_a_304_and_lists_nothing(site: Site, sources: Sources) -> None:
    url = site.add("/feed", Page(body=RSS_2.encode(), etag='"1"'))
    memory = Notebook()
    source = Sources(fetcher=sources._fetcher, memory=memory).open(url)
    assert len(listed(source)) == 1
    assert listed(source) == []
    assert source.note() == f"{url} has not changed"
    assert site.requests[-1].headers["If-None-Match"] == '"1"'


def test_a_feed_that_cannot_be_fetched_is_one_failed_input(site: Site, sources: Sources) -> None:
    unread = told(sources.open(site.add("/feed", Page(status=500))))
    assert (unread.outcome, unread.transient) == (Outcome.FAILED, True)
    assert unread.reason == "HTTP 500: the server's error (1 try)"
