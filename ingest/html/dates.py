"""Stated dates, as pages write them -> ISO 8601, as precise as the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from lxml.html import HtmlElement

from ingest.days import days
from ingest.html.head import Head
from ingest.html.jsonld import Node, string

PUBLISHED = (
    "article:published:time",
    "article:published",
    "og:article:published:time",
    "og:published:time",
    "datepublished",
    "date:published",
    "parsely:pub:date",
    "sailthru:date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "dcterms:issued",
    "dc:date:issued",
    "dcterms:created",
    "dc:date:created",
    "dc:date",
    "dcterms:date",
    "date:created",
    "date:available",
    "publishdate",
    "publish:date",
    "published:at",
    "pubdate",
    "pub:date",
    "article:date",
    "date:original",
    "article:create",
    "datecreated",
    "originalpublicationdate",
    "last:published",
    "citation:publication:date",
    "date",
)
"""Meta names that state when the article was published, the plainest first."""

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z)?$")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b(?:\D{0,6}?(\d{1,2})[:.](\d{2}))?")
_SHORT, _WORDS = 60, 5
"""A date's own line is so short, in characters and in words: "This article was amended on 3 May 2026" is none."""

_NEVER = "1970-01-02"
"""Up to here a date is a system's way to say none (0001-01-01, 1970-01-01)."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_IN_URL = re.compile(r"/(20\d{2}|19\d{2})[/-]?([01]\d)[/-]?([0-3]\d)(?=[/\-_.]|$)")


def iso(value: str | None) -> str | None:
    """A stated date as ISO 8601: only a day where no time is stated, no offset where none is; None if unreadable."""
    text = (value or "").strip()
    if not text:
        return None
    return _from_digits(text) or _from_epoch(text) or _from_mail(text) or _from_prose(text)


def _from_digits(text: str) -> str | None:
    """``2026-04-02T08:15:00+02:00`` anywhere in the text, or ``20260402T081500Z`` as the whole of it."""
    for hit in filter(None, (_ISO.search(text), _COMPACT.match(text))):
        year, month, day, hour, minute, second, zone = hit.groups()
        if hour is None:
            found = _day(year, month, day)
        else:
            found = _moment((year, month, day, hour, minute, second or "0"), zone)
        if found:
            return found
    return None


def _from_epoch(text: str) -> str | None:
    if not re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC).isoformat().replace("+00:00", "Z")


def _from_mail(text: str) -> str | None:
    """``Thu, 02 Apr 2026 08:15:00 GMT`` and its kin (RFC 5322)."""
    if not re.search(r"\d{1,2}:\d{2}", text):
        return None
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _from_prose(text: str) -> str | None:
    """What can be read in one way: ``28.04.2026``, ``2026年4月28日``, ``28 avril 2026``; of several the first."""
    found = next(iter(days(text)), None)
    hit = _DOTTED.search(text)
    if found and hit and hit[4] and _day(hit[3], hit[2], hit[1]) == found:
        timed = _moment((hit[3], hit[2], hit[1], hit[4], hit[5], "0"), None)
        return timed and timed.removesuffix(":00")
    return found


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC).date().isoformat()
    except ValueError:
        return None


def _moment(parts: tuple[str, ...], zone: str | None) -> str | None:
    year, month, day, hour, minute, second = map(int, parts)
    try:
        found = datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone))
    except ValueError:
        return None
    return found.isoformat().replace("+00:00", "Z") if zone else found.replace(tzinfo=None).isoformat()


def _zone(zone: str | None) -> timezone:
    if not zone or zone.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone.startswith("-") else offset)


def published(head: Head, told: list[Node], tree: HtmlElement, url: str | None) -> str | None:
    """When the article was published, by the likeliest statement: linked data, meta tags, ``<time>``, the address."""
    stated = [string(node.get("datePublished")) for node in told]
    stated += [string(node.get("dateCreated")) for node in told]
    stated += head.all(*PUBLISHED)
    found = next((day for day in map(iso, stated) if day and day > _NEVER), None)
    return found or _from_markup(tree) or _from_url(url)


def _from_markup(tree: HtmlElement) -> str | None:
    marked = [element for element in tree.iter() if element.get("itemprop") == "datePublished"]
    timed = [element for element in tree.iter("time") if element.get("datetime")]
    timed.sort(key=lambda element: element.get("pubdate") is None)
    for element in (*marked, *timed):
        found = iso(element.get("datetime") or element.get("content") or element.text_content())
        if found:
            return found
    return None


def shown(texts: Sequence[str]) -> str | None:
    """The one day that short lines of the page state; None where they state several (those of other articles)."""
    labels = (text for text in texts if len(text) <= _SHORT and len(_WORD.findall(text)) <= _WORDS)
    found = {day for text in labels if (day := iso(text))}
    return min(found) if len({day[:10] for day in found}) == 1 else None


def _from_url(url: str | None) -> str | None:
    hit = _IN_URL.search(url or "")
    return _day(*hit.groups()) if hit else None
