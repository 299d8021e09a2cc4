"""The bytes of a sitemap (urlset, index, news, plain text) in, its entries out (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.article import Hints, Lang
from ingest.sources.dates import iso_date
from ingest.sources.entries import Entry
from ingest.sources.xml import elements, text_of

_MONTH = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:[-_/.]?|&(?:amp;)?mm?=|&month=)(?P<month>0[1-9]|1[0-2])"
    r"(?:[-_/.]?(?:0[1-9]|[12]\d|3[01]))?(?!\d)"
)
"""The month an archive's sitemap is named after: ``2024-01``, ``2024/01/05``, ``20240105``, ``yyyy=2024&mm=01``."""

_HOST = re.compile(r"\w+://[^/]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days (ISO 8601, in UTC): pages from ``first`` on and before ``end`` are wanted."""

    first: str
    end: str


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


def outside(child: Child, span: Span) -> bool:
    """Whether a sitemap can hold no page of a span.

    So it is where it changed last before the span, or is named after a month before (and does not say when it
    changed) or after. When it changed after the span says nothing: old sitemaps are touched too.
    """
    if child.changed:
        known = min(len(child.changed), len(span.first))  # a year alone may mean any of its days
        if child.changed[:known] < span.first[:known]:
            return True
    named = _MONTH.search(_HOST.sub("", child.url, count=1))
    if named is None:
        return False
    month = f"{named['year']}-{named['month']}"
    return month > span.end[:7] or (not child.changed and month < span.first[:7])


def _lang(news: object) -> Lang | None:
    publication = news.find("{*}publication") if news is not None else None  # type: ignore[attr-defined]
    told = (text_of(publication, "language") or "").lower() if publication is not None else ""
    return Lang(told) if re.fullmatch(r"[a-z]{2,3}(-[a-z]{2,4})?", told) else None
