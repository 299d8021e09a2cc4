"""A home page in, the addresses of the feeds it names out (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from ingest.sources.entries import Entry

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
