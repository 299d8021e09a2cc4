"""The bytes of a sitemap (urlset, index, news, plain text) in, its entries out (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.article import Hints, Lang
from ingest.sources.dates import iso_date
from ingest.sources.entries import Entry
from ingest.sources.xml import elements, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index names, and when it changed."""

    url: str
    changed: str | None


def read_sitemap(payload: bytes) -> Iterator[Entry | Child]:
    """Pages and further sitemaps, in order (https://www.sitemaps.org/protocol.html, Google's news extension).

    Raises:
        BrokenXmlError: after what could be read.
    """
    for element in elements(payload, "url", "sitemap"):
        address = text_of(element, "loc")
        changed = iso_date(text_of(element, "lastmod"))
        if str(element.tag).endswith("sitemap"):
            if address:
                yield Child(url=address, changed=changed)
            continue
        news = element.find("{*}news")
        published = iso_date(text_of(news, "publication_date")) if news is not None else None
        yield Entry(
            url=address,
            listed_at=changed or published,
            hints=Hints(
                title=text_of(news, "title") if news is not None else None,
                published=published,
                lang=_lang(news),
            ),
        )


def _lang(news: object) -> Lang | None:
    publication = news.find("{*}publication") if news is not None else None  # type: ignore[attr-defined]
    told = (text_of(publication, "language") or "").lower() if publication is not None else ""
    return Lang(told) if re.fullmatch(r"[a-z]{2,3}(-[a-z]{2,4})?", told) else None
