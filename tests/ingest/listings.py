"""What the tests of listings share: a feed in six dialects, and what a source lists."""

from __future__ import annotations

from ingest.article import Ref, Unread
from ingest.fetch import Limits
from ingest.fetcher import FetchSettings
from ingest.politeness import Politeness
from ingest.retries import RetrySettings
from ingest.sources.recognise import NotedSource

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
