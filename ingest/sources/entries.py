"""What a feed, sitemap or list says of its items in, the Refs to fetch out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from ingest.article import Hints, Outcome, Ref, Unread, input_id
from ingest.canonical import canonical
from ingest.errors import InputError
from ingest.redact import redacted
from ingest.shown import shown
from ingest.urls import Url, join, parse

KIND = "url"
"""The kind of every item that is fetched from an address, whoever listed it: it is one input, and fetched once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as a listing tells it; ``url`` is as written, perhaps relative, None where it has none."""

    url: str | None
    listed_at: str | None = None
    hints: Hints = field(default_factory=Hints)


def url_ref(url: Url, *, listed_at: str | None = None, hints: Hints | None = None) -> Ref:
    """The Ref of a page. Its identity is the canonical URL's: tracked variants are one input.

    The locator is the URL as it is fetched, but without credentials, tokens and fragment.
    """
    locator = redacted(str(replace(url, fragment="")))
    return Ref(
        input_id=input_id(KIND, canonical(locator)),
        kind=KIND,
        locator=locator,
        name=locator,
        listed_at=listed_at,
        hints=hints or Hints(),
    )


def refs(
    entries: Iterable[Entry], base: Url | None, remember: Callable[[Ref, Url], bool], origin: str
) -> Iterator[Ref | Unread]:
    """The Refs of a listing's entries, each once; an entry without a usable address is an `Unread`.

    ``remember`` is told the address to fetch beside the Ref, which does not hold its secrets, and says whether the
    Ref can stand for it (see `twin`); ``origin`` is the listing's own name.
    """
    seen: set[bytes] = set()
    for number, entry in enumerate(entries, start=1):
        try:
            url = _url(entry, base)
        except InputError as error:
            yield _unusable(origin, number, entry, error.reason)
            continue
        ref = url_ref(url, listed_at=entry.listed_at, hints=entry.hints)
        key = hashlib.blake2b(ref.input_id.encode(), digest_size=16).digest()
        if not remember(ref, url):
            yield twin(ref, origin, number)
        elif key not in seen:
            seen.add(key)
            yield ref


def twin(ref: Ref, origin: str, number: int) -> Unread:
    """An address that differs from an earlier one in nothing but secrets: it cannot be an input of its own."""
    return Unread(
        input_id=input_id("entry", origin, f"{number} {ref.locator}"),
        kind="entry",
        locator=origin,
        name=f"{origin} entry {number}: {ref.locator}",
        reason="differs from another address only in a secret parameter, so that the two cannot be told apart",
        outcome=Outcome.REJECTED,
        transient=False,
    )


def _url(entry: Entry, base: Url | None) -> Url:
    if not entry.url:
        raise InputError("entry", "an entry without a link")
    return parse(entry.url) if base is None else join(base, entry.url)


def _unusable(origin: str, number: int, entry: Entry, reason: str) -> Unread:
    told = shown(redacted(entry.url or entry.hints.title or ""), 120)
    name = f"{origin} entry {number}" + (f": {told}" if told else "")
    return Unread(
        input_id=input_id("entry", origin, told or str(number)),
        kind="entry",
        locator=origin,
        name=name,
        reason=reason,
        outcome=Outcome.REJECTED,
        transient=False,
    )
