"""A home page or a robots.txt in, the addresses of the feeds or sitemaps that it names out (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from ingest.robots import MAX_ROBOTS_BYTES
from ingest.sources.entries import Entry
from ingest.sources.sitemaps import Child

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
)


def feeds_of(page: bytes) -> Iterator[Entry]:
    """One entry a ``<link rel="alternate">`` of a feed's type; comment feeds are left out."""
    try:
        tree = lxml_html.document_fromstring(page, parser=lxml_html.HTMLParser(huge_tree=False, no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    for link in tree.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        media_type = (link.get("type") or "").partition(";")[0].strip().lower()
        address = (link.get("href") or "").strip()
        if "alternate" in relations and media_type in FEED_TYPES and address and "/comments/" not in address:
            yield Entry(url=address)


def sitemaps_of(robots: bytes) -> list[Child]:
    """The sitemaps that a robots.txt names (RFC 9309, 2.2.4), each once, in its order."""
    from protego import Protego

    text = robots[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")
    return [Child(url=url, changed=None) for url in dict.fromkeys(Protego.parse(text).sitemaps)]
