"""A payload in, what kind of listing it is out: feed, sitemap, OPML, list of URLs, or none (a page)."""

from __future__ import annotations

import re
from enum import StrEnum

HEAD_BYTES = 8192


class Listed(StrEnum):
    """The kinds of listing."""

    FEED = "feed"
    SITEMAP = "sitemap"
    OPML = "opml"
    LIST = "list"


_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([A-Za-z]+)")
_ROOTS = {
    "rss": Listed.FEED,
    "rdf": Listed.FEED,
    "feed": Listed.FEED,
    "channel": Listed.FEED,
    "urlset": Listed.SITEMAP,
    "sitemapindex": Listed.SITEMAP,
    "opml": Listed.OPML,
}
_SKIPPED = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)


def head(payload: bytes) -> str:
    """The beginning of a payload as text, whatever its encoding: good enough to see what it is."""
    start = payload[:HEAD_BYTES]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "replace")
    if start[:40].count(0) > 10:
        return start.decode("utf-16-le" if start[1:2] == b"\0" else "utf-16-be", "replace")
    return start.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def listing_kind(payload: bytes) -> Listed | None:
    """What kind of listing a payload is, from its content alone: servers name media types as they like."""
    text = head(payload).lstrip("\ufeff\0 \t\r\n")
    if text.startswith("{"):
        return Listed.FEED if re.search(r"jsonfeed\.org\\?/version", text) else None
    if text.startswith("<"):
        root = _ROOT.search(_SKIPPED.sub("", text))
        return _ROOTS.get(root[1].lower()) if root else None
    return Listed.LIST if is_url_list(text) else None


def is_url_list(text: str) -> bool:
    """Whether the lines of a text are web addresses (blank lines and ``#`` comments aside).

    Among many a few may be broken: they are told one by one, as long as they are no sentences.
    """
    lines = text.splitlines()
    if len(text) >= HEAD_BYTES // 2 and len(lines) > 1:
        lines = lines[:-1]  # the last one may be cut
    told = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    addresses = sum(bool(re.match(r"(?i)https?://\S+$", line)) for line in told)
    return addresses > 0 and addresses * 2 >= len(told) and not any(re.search(r"\s", line) for line in told)
