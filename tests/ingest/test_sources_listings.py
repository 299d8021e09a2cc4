"""Feeds in every dialect, sitemaps, lists, OPML and home pages: what they list is read, what is broken is told."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.article import Fetched, NotModified, Outcome, RawPage, Ref, Unread, Validators
from ingest.errors import FetchError
from ingest.fetch import ClientSettings, Limits
from ingest.fetcher import FetchSettings, PoliteFetcher
from ingest.politeness import Politeness
from ingest.retries import RetrySettings
from ingest.sources.dates import iso_date
from ingest.sources.discovery import feeds_of
from ingest.sources.feeds import read_feed
from ingest.sources.reach import ListingSettings
from ingest.sources.recognise import NotedSource, Sources, SourceSettings, portable
from ingest.sources.sitemaps import Child, Span, outside
from ingest.sources.sniff import Listed, listing_kind
from tests.site import Handler, Page, Site, resolve, running

NOW = "2026-05-01T12:00:00Z"
SETTINGS = FetchSettings(
    limits=Limits(deadline_s=5),
    politeness=Politeness(delay_s=0),
    retries=RetrySettings(attempts=1),
)
PAGE = b"<!doctype html><title>Rain</title><p>Rain is expected in the south.</p>"

RSS_2 = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>News</title><link>/</link><language>ko-KR</language>
<item><title>Rain &amp;amp; wind</title><link>/a?utm_source=rss</link><dc:creator>Ada Example</dc:creator>
<pubDate>Fri, 01 May 2026 10:00:00 +0900</pubDate></item></channel></rss>"""
RSS_091 = """<rss version="0.91"><channel><title>News</title><language>ko-KR</language>
<item><title>Rain &amp; wind</title><link>http://news.test/a</link></item></channel></rss>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://news.test/"><title>News</title><dc:language>ko-KR</dc:language></channel>
<item rdf:about="http://news.test/a"><title>Rain &amp; wind</title><link>http://news.test/a</link>
<dc:date>2026-05-01</dc:date></item></rdf:RDF>"""
RSS_09 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>News</title></channel>
<item><title>Rain &amp; wind</title><link>http://news.test/a</link></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko-KR"><title>News</title><entry>
<title type="html">Rain &amp;amp; wind</title><link rel="alternate" href="a"/>
<author><name>Ada Example</name></author>
<published>2026-05-01T01:00:00Z</published><updated>2026-05-02T01:00:00Z</updated><id>tag:1</id></entry></feed>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "language": "ko-KR", "items": [{"url": "a",
"title": "Rain & wind", "authors": [{"name": "Ada Example"}], "date_published": "2026-05-01T10:00:00+09:00"}]}"""


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        made.add("/a", PAGE)
        made.add("/b", PAGE)
        yield made


@pytest.fixture
def sources(site: Site) -> Iterator[Sources]:
    settings = replace(SETTINGS, client=ClientSettings(allow_hosts=site.allow("news.test", "other.test")))
    with PoliteFetcher(settings, resolve=resolve) as fetcher:
        yield Sources(fetcher=fetcher)


def listed(source: NotedSource) -> list[Ref | Unread]:
    return list(source.discover())


def addresses(source: NotedSource) -> list[str]:
    items = listed(source)
    assert not [item for item in items if isinstance(item, Unread)]
    return [item.locator.partition("test")[2].partition("/")[2] for item in items]


def told(source: NotedSource) -> Unread:
    (item,) = listed(source)
    assert isinstance(item, Unread)
    assert "\n" not in item.reason
    return item


# Pages


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


# Feeds


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


# Discovery and OPML


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


# Sitemaps

NEWS_MAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{a}</loc><news:news><news:publication><news:name>News</news:name><news:language>ko</news:language></news:publication>
<news:publication_date>2026-05-01T10:00:00+09:00</news:publication_date><news:title>Rain</news:title></news:news></url>
<url><loc> {b} </loc><lastmod>2026-04-30</lastmod></url></urlset>"""


def test_a_sitemap_index_leads_to_its_sitemaps_packed_or_not(site: Site, sources: Sources) -> None:
    first = NEWS_MAP.format(a=site.url("/a"), b=site.url("/b"))
    site.add("/one.xml.gz", Page(body=gzip.compress(first.encode()), media_type="application/x-gzip"))
    site.add("/two.txt", f"{site.url('/c')}\n{site.url('/d')}\n".encode())
    index = "<sitemapindex>" + "".join(
        f"<sitemap><loc>{site.url(path)}</loc></sitemap>"
        for path in ("/one.xml.gz", "/two.txt", "/one.xml.gz", "/gone")
    )
    site.add("/sitemap.xml", (index + "</sitemapindex>").encode())
    items = listed(sources.open(site.url("/sitemap.xml")))
    assert [item.locator.rpartition("/")[2] for item in items] == ["a", "b", "c", "d", "gone"]
    assert [isinstance(item, Ref) for item in items] == [True, True, True, True, False]
    news = items[0]
    assert isinstance(news, Ref)
    assert (news.hints.title, news.hints.published, news.hints.lang) == ("Rain", "2026-05-01T01:00:00Z", "ko")
    assert isinstance(items[1], Ref)
    assert items[1].listed_at == "2026-04-30"


def test_a_sitemap_index_that_leads_in_a_circle_ends(site: Site, sources: Sources) -> None:
    loop = f"<sitemapindex><sitemap><loc>{site.url('/sitemap.xml')}</loc></sitemap></sitemapindex>"
    site.add("/sitemap.xml", loop.encode())
    assert listed(sources.open(site.url("/sitemap.xml"))) == []
    assert site.paths() == ["/sitemap.xml"]


def test_an_index_without_end_is_cut(site: Site, sources: Sources) -> None:
    def endless(handler: Handler) -> None:
        number = int(handler.path.rpartition("/")[2] or 0) + 1
        loc = site.url(f"/maps/{number}")
        handler.answer(Page(body=f"<sitemapindex><sitemap><loc>{loc}</loc></sitemap></sitemapindex>".encode()))

    site.fallback = lambda _host, path: endless if path.startswith("/maps/") else Page(status=404)
    cut = Sources(SourceSettings(listings=ListingSettings(max_sitemaps=5)), fetcher=sources._fetcher)
    assert told(cut.open("sitemap:" + site.url("/maps/0"))).reason.startswith("leads to more than 5 sitemaps")
    assert len(site.paths()) <= 7


def test_sitemaps_older_than_the_window_are_not_fetched(site: Site, sources: Sources) -> None:
    rows = "".join(
        f"<sitemap><loc>{site.url(f'/{month}')}</loc><lastmod>2026-{month}-28</lastmod></sitemap>"
        for month in ("03", "04")
    )
    site.add("/sitemap.xml", f"<sitemapindex>{rows}</sitemapindex>".encode())
    site.add("/04", f"<urlset><url><loc>{site.url('/a')}</loc></url></urlset>".encode())
    listings = ListingSettings(span=Span(first="2026-04-15", end="2026-06-01"))
    window = Sources(SourceSettings(listings=listings), fetcher=sources._fetcher).open(site.url("/sitemap.xml"))
    assert addresses(window) == ["a"]
    assert site.paths() == ["/sitemap.xml", "/04"]
    assert window.note() == f"{site.url('/sitemap.xml')}: 1 sitemap of other days not read"


@pytest.mark.parametrize(
    ("url", "changed", "passed"),
    [
        ("https://n.example/map-2024-02.xml", None, True),
        ("https://n.example/map-2024-03.xml", None, False),
        ("https://n.example/map.xml?yyyy=2024&mm=05&dd=01", None, False),
        ("https://n.example/2024/06/map.xml", None, True),
        ("https://n.example/map-20240601.xml", "2024-05-01", True),
        ("https://n.example/map-20240201.xml", "2024-05-01", False),  # changed since: a story may have come to it
        ("https://n.example/map-20241301.xml", None, False),
        ("https://n.example/map-202406017.xml", None, False),
        ("https://n.example:20240/map.xml", None, False),
        ("https://n.example/map-7.xml", "2024-02-29T23:00:00Z", True),
        ("https://n.example/map-7.xml", "2024-03-01T00:00:00Z", False),
        ("https://n.example/map-7.xml", "2024", False),
        ("https://n.example/map-7.xml", "2023", True),
        ("https://n.example/map-7.xml", "2026-01-01", False),  # old sitemaps are touched too
    ],
)
def test_a_sitemap_is_passed_over_only_where_it_can_hold_no_page_of_the_span(
    url: str, changed: str | None, passed: bool
) -> None:
    assert outside(Child(url=url, changed=changed), Span(first="2024-03-01", end="2024-05-31")) is passed


def test_a_sitemap_cut_in_the_middle_gives_what_stands_before(site: Site, sources: Sources) -> None:
    whole = NEWS_MAP.format(a=site.url("/a"), b=site.url("/b"))
    source = sources.open(site.add("/sitemap.xml", whole[:-40].encode()))
    assert addresses(source) == ["a"]
    assert "broken XML in line 4; 1 entry read" in (source.note() or "")


# Lists


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


# What things are


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
