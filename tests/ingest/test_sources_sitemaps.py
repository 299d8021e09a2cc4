"""Sitemaps as sources, on a real loopback site: indexes, spans of time, cut files."""

from __future__ import annotations

import gzip

import pytest

from ingest.article import Ref
from ingest.sources.reach import ListingSettings
from ingest.sources.recognise import Sources, SourceSettings
from ingest.sources.sitemaps import Child, Span, outside
from tests.ingest.listings import (
    addresses,
    listed,
    told,
)
from tests.site import Handler, Page, Site

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
