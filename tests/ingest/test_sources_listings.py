"""Pages, lists, OPML and home pages as sources: what they list is read, what is broken is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.article import Fetched, NotModified, Outcome, RawPage, Ref, Unread, Validators
from ingest.errors import FetchError
from ingest.sources.dates import iso_date
from ingest.sources.discovery import feeds_of
from ingest.sources.feeds import read_feed
from ingest.sources.reach import ListingSettings
from ingest.sources.recognise import Sources, SourceSettings, portable
from ingest.sources.sitemaps import Span
from ingest.sources.sniff import Listed, listing_kind
from tests.ingest.listings import (
    NOW,
    PAGE,
    RSS_2,
    addresses,
    listed,
    told,
)
from tests.site import Page, Site


def test_an_address_is_one_page_and_costs_one_request(site: Site, sources: Sources) -> None:
    source = sources.open(site.url("/a?utm_source=x#top"))
    site.add("/a?utm_source=x", PAGE)
    (ref,) = listed(source)
    assert isinstance(ref, Ref)
    page = sources.loaders()["url"].load(ref, Validators(), NOW)
    assert isinstance(page, RawPage)
    assert page.payload == PAGE
    assert page.provenance.target_uri == site.url("/a")
    assert page.provenance.source == f"url:{site.url('/a')}"
    assert isinstance(source.load(ref, page.validators, NOW), NotModified)
    assert site.paths() == ["/a?utm_source=x", "/a?utm_source=x"]


def test_tracked_variants_are_one_input(sources: Sources) -> None:
    ids = {
        item.input_id
        for text in ("https://n.example/a", "https://n.example/a/?utm_source=x", "page:https://N.example/a#top")
        for item in listed(sources.open(text))
    }
    assert len(ids) == 1


def test_pages_that_a_site_numbers_with_sid_are_inputs_of_their_own(sources: Sources, site: Site) -> None:
    site.add("/list.txt", "\n".join(site.url(f"/view?sid={number}") for number in (101, 102)).encode())
    assert addresses(sources.open("list:" + site.url("/list.txt"))) == ["view?sid=101", "view?sid=102"]


def test_addresses_that_differ_only_in_a_secret_are_never_one_page_silently(sources: Sources, site: Site) -> None:
    key, other = "9f86d081884c7d659a2feaa0c55ad015", "60303ae22b998861bce3b28f33eec1be"
    site.add("/list.txt", "\n".join(site.url(f"/view?sid={value}") for value in (key, other, key)).encode())
    page, twin = listed(sources.open("list:" + site.url("/list.txt")))
    assert isinstance(page, Ref)
    assert isinstance(twin, Unread)
    assert (twin.outcome, twin.name) == (Outcome.REJECTED, f"{site.url('/list.txt')} entry 2: {site.url('/view')}")
    assert key not in repr((page, twin))
    assert other not in repr((page, twin))
    (again,) = listed(sources.open(site.url(f"/view?sid={other}")))
    assert isinstance(again, Unread)
    sources.loaders()["url"].load(page, Validators(), NOW)
    assert site.paths()[-1] == f"/view?sid={key}"


def test_secrets_in_an_address_reach_the_server_and_nothing_else(site: Site, sources: Sources) -> None:
    site.add("/a?token=hush", PAGE)
    source = sources.open(f"http://reader:hush@news.test:{site.port}/a?token=hush")
    (ref,) = listed(source)
    assert isinstance(ref, Ref)
    page = sources.loaders()["url"].load(ref, Validators(), NOW)
    assert isinstance(page, RawPage)
    assert "hush" not in repr(ref) + repr(page)
    request = next(request for request in site.requests if request.path != "/robots.txt")
    assert (request.path, request.headers["Authorization"]) == ("/a?token=hush", "Basic cmVhZGVyOmh1c2g=")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(status=404), "HTTP 404: no such page"),
        (Page(body=b""), "empty"),
        (Page(body=b"%PDF-1.7 ...", media_type="application/pdf"), "a PDF file, not a page"),
        (Page(body=RSS_2.encode(), media_type="text/xml"), "a feed, not a page: give it as feed:URL"),
        (
            Page(body=b'{"a": 1}', media_type="application/json"),
            "has the media type application/json, which is not read",
        ),
    ],
)
def test_an_address_that_is_no_page_is_rejected(site: Site, sources: Sources, page: Page, reason: str) -> None:
    source = sources.open(site.add("/x", page))
    (ref,) = listed(source)
    assert isinstance(ref, Ref)
    unread = source.load(ref, Validators(), NOW)
    assert isinstance(unread, Unread)
    assert (unread.reason, unread.outcome) == (reason, Outcome.REJECTED)


def test_a_page_under_a_wrong_media_type_is_known_by_its_content(site: Site, sources: Sources) -> None:
    source = sources.open(site.add("/x", Page(body=PAGE, media_type="application/octet-stream")))
    (ref,) = listed(source)
    assert isinstance(ref, Ref)
    page = source.load(ref, Validators(), NOW)
    assert isinstance(page, RawPage)
    assert page.media_type == "text/html"


def test_a_home_page_leads_to_its_feeds(site: Site, sources: Sources) -> None:
    site.add("/rss", RSS_2.encode())
    home = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/rss">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed">
    <link rel="stylesheet" href="/x.css">
    <link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="/gone">"""
    items = listed(sources.open("home:" + site.add("/", home)))
    assert [isinstance(item, Ref) for item in items] == [True, False]
    reason = "the page names no feed, and the site's robots.txt no sitemap"
    assert told(sources.open("home:" + site.url("/a"))).reason == reason


def home_with_robots(site: Site, feeds: str = "") -> str:
    """A home page of a site whose robots.txt names a sitemap twice, and an index that leads to it again."""
    maps = "".join(f"Sitemap: {site.url(path)}\n" for path in ("/news.xml", "/index.xml", "/news.xml"))
    site.add("/robots.txt", Page(body=f"User-agent: *\nDisallow: /private\n{maps}".encode(), media_type="text/plain"))
    site.add("/news.xml", f"<urlset><url><loc>{site.url('/a')}</loc></url></urlset>".encode())
    index = "<sitemap><loc>/news.xml</loc></sitemap><sitemap><loc>/2026-05.xml</loc></sitemap>"
    site.add("/index.xml", f"<sitemapindex>{index}</sitemapindex>".encode())
    site.add("/2026-05.xml", f"<urlset><url><loc>{site.url('/b')}</loc></url></urlset>".encode())
    return "home:" + site.add("/", f"<!doctype html><title>News</title>{feeds}<p>Welcome.</p>".encode())


def test_a_home_page_without_feeds_leads_to_the_sitemaps_of_its_robots_txt(site: Site, sources: Sources) -> None:
    assert addresses(sources.open(home_with_robots(site))) == ["a", "b"]
    maps = [path for path in site.paths() if path.endswith(".xml")]
    assert maps == ["/news.xml", "/index.xml", "/2026-05.xml"]  # each once


def test_the_sitemaps_of_a_site_with_feeds_are_read_where_the_past_is_asked_for(site: Site, sources: Sources) -> None:
    home = home_with_robots(site, '<link rel="alternate" type="application/rss+xml" href="/feed">')
    site.add("/feed", Page(body=RSS_2.encode(), media_type="text/xml"))
    assert addresses(sources.open(home)) == ["a?utm_source=rss"]
    assert "/news.xml" not in site.paths()
    listings = ListingSettings(span=Span(first="2026-06-01", end="2026-07-01"))
    past = Sources(SourceSettings(listings=listings), fetcher=sources._fetcher).open(home)
    assert addresses(past) == ["a?utm_source=rss", "a"]
    assert "/2026-05.xml" not in site.paths()


@pytest.mark.parametrize("page", [b"", b"\x00", b"<", b"<link rel=alternate type=application/rss+xml>", b"<?xml?>"])
def test_a_home_page_that_is_none_names_no_feed(page: bytes) -> None:
    assert list(feeds_of(page)) == []


def test_the_feeds_of_an_opml_file_are_read(site: Site, sources: Sources, tmp_path: Path) -> None:
    site.add("/rss", RSS_2.encode())
    outline = f'<outline text="News" type="rss" xmlUrl="{site.url("/rss")}"/>'
    file = tmp_path / "feeds.opml"
    file.write_text(f'<opml version="2.0"><body><outline text="Asia">{outline}{outline}</outline></body></opml>')
    assert addresses(sources.open(str(file))) == ["a?utm_source=rss"]
    file.write_text(f'<opml version="2.0"><body><outline text="Asia">{outline}')
    source = sources.open(str(file))
    assert addresses(source) == ["a?utm_source=rss"]
    assert "broken XML in line 1" in (source.note() or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_of_addresses_is_known_by_its_content_in_any_encoding(
    site: Site, sources: Sources, tmp_path: Path, encoding: str
) -> None:
    text = f"# my pages\r\n\r\n{site.url('/a')}\r\n  {site.url('/b')}  \r\n{site.url('/a')}\r\n"
    (tmp_path / "pages.urls").write_bytes(text.encode(encoding))
    assert addresses(sources.open(f"list:{tmp_path / 'pages.urls'}")) == ["a", "b"]
    if encoding != "utf-32":
        (tmp_path / "pages.txt").write_bytes(text.encode(encoding))
        assert addresses(sources.open(str(tmp_path / "pages.txt"))) == ["a", "b"]


def test_a_text_file_with_a_sentence_is_an_article(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("https://news.example/a\nRain is expected.\n")
    (item,) = listed(sources.open(str(tmp_path / "a.txt")))
    assert item.kind == "file"


def test_a_bad_line_of_a_list_is_told_and_the_others_are_read(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "pages.urls").write_text("https://n.example/a\nnonsense\nhttps://n.example/b\n")
    items = listed(sources.open(f"list:{tmp_path / 'pages.urls'}"))
    assert [isinstance(item, Ref) for item in items] == [True, False, True]
    assert "pages.urls entry 2" in items[1].name


def test_a_missing_list_is_one_line(sources: Sources, tmp_path: Path) -> None:
    assert told(sources.open(f"list:{tmp_path}/none.urls")).reason == "no longer there"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<?xml version='1.0'?><!-- <urlset> --><!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", Listed.FEED),
        ("<feed>", Listed.FEED),
        ("<rdf:RDF>", Listed.FEED),
        ("<urlset>", Listed.SITEMAP),
        ("<sm:sitemapindex>", Listed.SITEMAP),
        ("<opml>", Listed.OPML),
        ("https://a.example/\n", Listed.LIST),
        ("<!doctype html><html>", None),
        ("Rain.", None),
        ("", None),
    ],
)
def test_a_listing_is_known_by_its_root(text: str, kind: Listed | None) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert listing_kind(text.encode(encoding)) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05", "2026-05"),
        ("2026", "2026"),
        ("2026-05-01T10:00:00+09:00", "2026-05-01T01:00:00Z"),
        ("2026-05-01T10:00:00", "2026-05-01T10:00:00"),
        ("Fri, 01 May 2026 10:00:00 GMT", "2026-05-01T10:00:00Z"),
        ("Fri, 01 May 2026 10:00:00", "2026-05-01T10:00:00"),
        ("Fri, 01 May 2026 10:00:00 -0000", "2026-05-01T10:00:00"),
        ("20260501", "2026-05-01"),
        ("20260501T100000", "2026-05-01T10:00:00"),
        ("2026-13-01", None),
        ("yesterday", None),
        ("", None),
        ("0001-01-01T00:00:00+23:59", None),
    ],
)
def test_dates_are_as_precise_as_the_source(text: str, expected: str | None) -> None:
    assert iso_date(text) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Fri, 01 May 2026", "2026-05-01"),
        ("May 1, 2026 10:00 AM", "2026-05-01T10:00:00"),
        ("Fri May 1 10:00:00 EST 2026", "2026-05-01T15:00:00Z"),
        ("2026년 05월 01일 금 10:00:00", None),  # feedparser takes the month from today
        ("12/05/2026", None),
        ("soon", None),
    ],
)
def test_a_feeds_date_says_no_more_than_was_written(date: str, expected: str | None) -> None:
    item = f"<item><link>https://news.example/a</link><pubDate>{date}</pubDate></item>"
    (entry,) = read_feed(f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), None).entries
    assert entry.hints.published == expected


class Unreachable:
    """A fetcher without a network."""

    def fetch(self, url: str, validators: Validators) -> Fetched:
        raise FetchError(url, "no network", transient=True)


def test_opening_and_listing_a_page_needs_no_network() -> None:
    assert len(listed(Sources(fetcher=Unreachable()).open("https://news.example/a"))) == 1
    assert told(Sources(fetcher=Unreachable()).open("feed:https://news.example/a")).reason == "no network"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in/", "{here}/in"),
        ("list:pages.urls", "list:{here}/pages.urls"),
        ("table:a.csv#text=body", "table:{here}/a.csv#text=body"),
        ("a.csv#text=body", "{here}/a.csv#text=body"),
        ("feed:https://n.example/a#b", "feed:https://n.example/a#b"),
        ("s3://bucket/a/", "s3://bucket/a/"),
        ("follow:sources.toml", "follow:{here}/sources.toml"),
    ],
)
def test_a_source_is_portable_to_another_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert portable(text) == expected.format(here=tmp_path)
    assert portable(portable(text)) == portable(text)
