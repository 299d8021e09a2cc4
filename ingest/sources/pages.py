"""Refs of web pages in, RawPages out, through the one fetcher."""

from __future__ import annotations

from collections.abc import MutableMapping

from ingest.article import (
    Fetched,
    Fetcher,
    NotModified,
    Outcome,
    Provenance,
    RawPage,
    Ref,
    Unread,
    Validators,
    digest,
)
from ingest.canonical import target_of
from ingest.errors import FetchError, PostponedError
from ingest.redact import secrets_of
from ingest.sources.binary import why_binary
from ingest.sources.reading import unread
from ingest.sources.sniff import head, listing_kind
from ingest.urls import Url

READ_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown"})


class Addresses:
    """What to ask for where that says more than a locator may: user, password, tokens. In memory only."""

    def __init__(self) -> None:
        self._secret: MutableMapping[str, str] = {}
        self._parameters: MutableMapping[str, tuple[str, ...]] = {}

    def remember(self, ref: Ref, url: Url) -> bool:
        """Note the address behind a Ref, if it holds secrets.

        False, and nothing noted, where another address with other secrets has this Ref already: which of two pages it
        is cannot be told without what may not be written down.
        """
        hidden = secrets_of(str(url))
        if hidden and self._parameters.setdefault(ref.input_id, hidden) != hidden:
            return False
        self.keep(ref.locator, url)
        return True

    def keep(self, locator: str, url: Url) -> None:
        """Note the address behind a locator, if it holds secrets."""
        address = with_credentials(url)
        if address.partition("#")[0] != locator:
            self._secret[locator] = address

    def of(self, locator: str) -> str:
        """The address to ask for."""
        return self._secret.get(locator, locator)


class Pages:
    """Loads every item of the kind ``url``."""

    def __init__(self, fetcher: Fetcher, addresses: Addresses) -> None:
        self._fetcher = fetcher
        self._addresses = addresses

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Fetch one page; conditionally where it was fetched before."""
        try:
            fetched = self._fetcher.fetch(self._addresses.of(ref.locator), validators)
        except FetchError as error:
            return unread(ref, error.told, outcome_of(error))
        if not fetched.modified:
            return NotModified(input_id=ref.input_id)
        media_type = _media_type(fetched)
        if reason := _why_no_page(fetched, media_type):
            return unread(ref, reason, Outcome.REJECTED)
        target = target_of(ref.locator, fetched.url)
        return RawPage(
            provenance=Provenance(
                source=f"{ref.kind}:{target}",
                target_uri=target,
                retrieved_at=retrieved_at,
                payload_digest=digest(fetched.payload),
            ),
            payload=fetched.payload,
            media_type=media_type,
            charset=fetched.charset,
            hints=ref.hints,
            validators=fetched.validators,
        )


def outcome_of(error: FetchError) -> Outcome:
    """What becomes of an input that could not be fetched."""
    if isinstance(error, PostponedError):
        return Outcome.PENDING
    return Outcome.REJECTED if error.refused else Outcome.FAILED


def with_credentials(url: Url) -> str:
    """The address with its user and password, as the fetcher takes it."""
    if url.authorization is None:
        return str(url)
    import base64
    from urllib.parse import quote

    pair = base64.b64decode(url.authorization.removeprefix("Basic "))
    user, _, password = pair.partition(b":")
    return str(url).replace("://", f"://{quote(user, safe='')}:{quote(password, safe='')}@", 1)


def _media_type(fetched: Fetched) -> str:
    """The declared type; where it says nothing, or denies what stands there, what the content looks like."""
    start = head(fetched.payload).lstrip().lower()
    if fetched.media_type not in READ_TYPES - {"text/plain"} and start.startswith(("<!doctype html", "<html")):
        return "text/html"
    return fetched.media_type


def _why_no_page(fetched: Fetched, media_type: str) -> str | None:
    if not fetched.payload:
        return "empty"
    if what := why_binary(fetched.payload):
        return f"{what}, not a page"
    if (kind := listing_kind(fetched.payload)) is not None and media_type != "text/html":
        return f"a {kind}, not a page: give it as {kind}:URL"
    return None if media_type in READ_TYPES else f"has the media type {media_type}, which is not read"
