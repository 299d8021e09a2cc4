"""The bytes of an OPML file in, the addresses of its feeds out (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.sources.entries import Entry
from ingest.sources.xml import elements


def read_opml(payload: bytes) -> Iterator[Entry]:
    """One entry an outline with an ``xmlUrl``; folders of outlines are looked into.

    Raises:
        BrokenXmlError: after the feeds that could be read.
    """
    for outline in elements(payload, "outline"):
        url = outline.get("xmlUrl") or outline.get("xmlurl")
        if url:
            yield Entry(url=url)
