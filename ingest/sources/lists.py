"""The bytes of a list of URLs (one a line, UTF-8 or UTF-16) in, its entries out (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.sources.entries import Entry


def read_list(payload: bytes) -> Iterator[Entry]:
    """One entry a line; blank lines and lines that begin with ``#`` say nothing."""
    for line in decoded(payload).splitlines():
        text = line.strip()
        if text and not text.startswith("#"):
            yield Entry(url=text)


def decoded(payload: bytes) -> str:
    """Text by its byte order mark, by NULs in every other place (UTF-16), else UTF-8."""
    if payload.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return payload.decode("utf-32", "replace")
    if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
        return payload.decode("utf-16", "replace")
    if payload[:100].count(0) > 30:
        return payload.decode("utf-16-le" if payload[1:2] == b"\0" else "utf-16-be", "replace")
    return payload.decode("utf-8-sig", "replace")
