"""The bytes of a feed (RSS 0.9x to 2.0, Atom, RDF, JSON Feed) in, its entries out (pure)."""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ingest.article import Hints, Lang
from ingest.sources.dates import iso_date
from ingest.sources.entries import Entry

_ZONE = re.compile(r"(?:[A-Z]{1,5}|[+-]\d\d:?\d\d)\s*$")
"""How a date ends that states its zone."""


LARGE = 1_000_000
"""Bytes from which on a feed is read in slices: feedparser needs several times a feed's size."""

SLICE = 500
"""Entries in a slice."""

_BEGIN = re.compile(rb"<(item|entry)[\s>]")
_END = re.compile(rb"</(?:item|entry)\s*>")


class Feed:
    """A feed, read as its entries are asked for; after that, ``count`` of them and what is broken in it are known."""

    def __init__(self, parts: Iterable[tuple[Iterable[Entry], str | None]]) -> None:
        self._parts = parts
        self.count = 0
        self.problem: str | None = None

    @property
    def entries(self) -> Iterator[Entry]:
        """The entries in the feed's order, once."""
        for entries, problem in self._parts:
            self.problem = self.problem or problem
            for entry in entries:
                self.count += 1
                yield entry


def read_feed(payload: bytes, base_url: str | None) -> Feed:
    """A feed to be read. What can be read of a broken feed is read."""
    if payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return Feed([_read_json(payload)])
    return Feed(_parsed(part, first, base_url) for part, first in _slices(payload))


def _slices(payload: bytes) -> Iterator[tuple[bytes, int]]:
    """The feed as small feeds, each with all that stands before the first entry.

    The number is what is to be added to a line of the slice for the line of the feed.
    """
    first = _BEGIN.search(payload) if len(payload) > LARGE else None
    if first is None:
        yield payload, 0
        return
    head, at, lines = payload[: first.start()], first.start(), 0
    closing = _closing(head, first[1])
    for end in _ends(payload, at):
        body = payload[at:end]
        yield head + body + closing, lines
        lines += body.count(b"\n")
        at = end
    yield head + payload[at:], lines


def _ends(payload: bytes, at: int) -> Iterator[int]:
    """Where slices end: after so many entries, and not within a CDATA section, which may hold anything."""
    begin = at
    for number, end in enumerate(_END.finditer(payload, at), start=1):
        if number % SLICE == 0 and payload.count(b"<![CDATA[", begin, end.end()) == payload.count(
            b"]]>", begin, end.end()
        ):
            begin = end.end()
            yield begin


def _closing(head: bytes, entry: bytes) -> bytes:
    """What ends a slice that the feed goes on after."""
    if entry == b"entry":
        return b"</feed>"
    return b"</rdf:RDF>" if b"<rdf:RDF" in head else b"</channel></rss>"


def _parsed(payload: bytes, before: int, base_url: str | None) -> tuple[Iterable[Entry], str | None]:
    import feedparser

    headers = {"content-location": base_url} if base_url else {}
    feed: Any = feedparser.parse(payload, response_headers=headers, sanitize_html=False)
    lang = _lang(feed.feed.get("language"))
    problem = None
    if feed.bozo and not isinstance(feed.bozo_exception, feedparser.CharacterEncodingOverride):
        problem = _problem(feed.bozo_exception, before)
    return [_entry(item, lang) for item in feed.entries], problem


def _entry(item: dict[str, Any], lang: Lang | None) -> Entry:
    published = _date(item, "published") or _date(item, "created")
    updated = _date(item, "updated")
    names = (author.get("name") for author in item.get("authors", ()))
    return Entry(
        url=item.get("link") or _permalink(item),
        listed_at=updated or published,
        hints=Hints(
            title=_plain(item.get("title")),
            authors=tuple(name for name in map(_plain, names) if name),
            published=published or updated,
            lang=lang,
        ),
    )


def _permalink(item: Mapping[str, Any]) -> str | None:
    told = str(item.get("id") or "")
    return told if told.startswith(("http://", "https://")) else None


def _date(item: dict[str, Any], name: str) -> str | None:
    """A date as precise as it was written; feedparser understands more forms than we do."""
    told = str(dict.get(item, name) or "")  # feedparser's own `get` takes one date for another
    if date := iso_date(told):
        return date
    parsed = dict.get(item, f"{name}_parsed")
    if parsed is None or not _stands_in(told, parsed):
        return None
    try:
        moment = time.gmtime(calendar.timegm(parsed))
        if ":" not in told:
            return time.strftime("%Y-%m-%d", moment)
        return time.strftime("%Y-%m-%dT%H:%M:%S" + ("Z" if _ZONE.search(told) else ""), moment)
    except (ValueError, OverflowError, OSError):
        return None


def _stands_in(told: str, parsed: time.struct_time) -> bool:
    """Whether a date was read and not guessed: feedparser fills what it does not understand from today's date."""
    numbers = {int(number) for number in re.findall(r"\d{1,4}", told)}
    year, day = {parsed.tm_year, parsed.tm_year % 100}, {parsed.tm_mday - 1, parsed.tm_mday, parsed.tm_mday + 1}
    named = re.search(r"[^\W\d_]{3}", told)  # a month in letters; a day may move with its zone
    return bool(numbers & year and (numbers & (day | {28, 29, 30, 31, 1})) and (named or parsed.tm_mon in numbers))


def _plain(text: str | None) -> str | None:
    """Titles may hold markup: an entity twice escaped, or a tag."""
    if not text:
        return None
    import html

    return " ".join(html.unescape(re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", text)).split()) or None


def _lang(text: object) -> Lang | None:
    told = str(text or "").strip().lower().replace("_", "-")
    return Lang(told) if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", told) else None


def _problem(error: Exception, before: int) -> str:
    line = getattr(error, "getLineNumber", lambda: None)()
    return f"broken XML in line {line + before}" if line else "broken XML"


def _read_json(payload: bytes) -> tuple[Iterable[Entry], str | None]:
    """JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    try:
        data = msgspec.json.decode(payload.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return (), f"broken JSON: {error}"
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        return (), "no items"
    lang = _lang(data.get("language"))
    return (_json_entry(item, lang) for item in items if isinstance(item, dict)), None


def _json_entry(item: Mapping[str, Any], lang: Lang | None) -> Entry:
    authors = item.get("authors") or [item.get("author")]
    names = (
        [author.get("name") for author in authors if isinstance(author, dict)] if isinstance(authors, list) else []
    )
    published = iso_date(_text(item.get("date_published")))
    return Entry(
        url=_text(item.get("url")) or _text(item.get("external_url")),
        listed_at=iso_date(_text(item.get("date_modified"))) or published,
        hints=Hints(
            title=_plain(_text(item.get("title"))),
            authors=tuple(name for name in map(_plain, map(_text, names)) if name),
            published=published,
            lang=_lang(item.get("language")) or lang,
        ),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
