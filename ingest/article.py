"""The words all rooms speak: frozen values for what was found, read and kept, and the Protocols between rooms.

Imports nothing of ours, so that every room may import it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, Protocol

Lang = NewType("Lang", str)
"""A BCP 47 language tag in lower case (``ko``, ``pt-br``, ``zh-hant``); ``und`` where it is unknown."""

UND = Lang("und")
EN = Lang("en")


class Outcome(StrEnum):
    """What became of an input: exactly one of these, in every report."""

    WRITTEN = "written"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    PENDING = "pending"
    FAILED = "failed"


class Kind(StrEnum):
    """The part a block plays in its article."""

    TITLE = "title"
    DECK = "deck"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's or publisher's name as it stands in the source, beside its Latin form where one is known."""

    original: str
    latin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who published the article; ``domain`` is the registered host its own footer or metadata names."""

    original: str
    latin: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A statement that the text is itself a translation.

    ``inferred`` is true where the source language is concluded from the notice's own language and not stated.
    """

    engine: str | None
    source_lang: Lang | None
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a source says of an item before (or beside) the item itself: a feed entry, a sitemap row, a table row."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    lang: Lang | None = None
    canonical_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """One item that a source lists: cheap, and a ledger row before any work is done.

    Attributes:
        input_id: SHA-256 (hex) of source kind, locator and record; see `input_id`.
        kind: the source's kind (``file``, ``url``, ``feed``, ``warc``, ...).
        locator: where to load it from; an absolute path or a URL without credentials.
        name: the locator as documents may show it: no host, no folder of this machine.
        record: which record or row of the locator, where it holds several.
        listed_at: when the source listed it (ISO 8601), where the source says so.
        hints: what the source says of it.
    """

    input_id: str
    kind: str
    locator: str
    name: str
    record: str | None = None
    listed_at: str | None = None
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An item, or a whole source, that gave no page.

    ``outcome`` is ``failed`` where trying again may help the user (missing file, timeout), ``rejected`` where the
    content itself is the reason (empty, binary, too large), ``pending`` where it was not tried (its host wants time).
    ``transient`` asks for another try in a later run.
    """

    input_id: str
    kind: str
    locator: str
    name: str
    reason: str
    outcome: Outcome = Outcome.FAILED
    transient: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The item is still what it was at the last retrieval (HTTP 304, or the validators agree)."""

    input_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a source gave at the last retrieval to ask "has it changed?" with (ETag, Last-Modified, digest)."""

    etag: str | None = None
    last_modified: str | None = None
    fresh_until: str | None = None
    payload_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a payload came from, in WARC's names.

    Attributes:
        source: source kind and shown name, e.g. ``file:002.txt`` or ``url:https://…``; never a local folder.
        target_uri: canonicalised URI of the item, where it has one.
        retrieved_at: time of the first retrieval (ISO 8601, UTC, whole seconds).
        payload_digest: ``sha256:`` and hex digest of the payload bytes.
    """

    source: str
    target_uri: str | None
    retrieved_at: str
    payload_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A payload as retrieved, before decoding: ``charset`` is what the transport declared, not what it is."""

    provenance: Provenance
    payload: bytes
    media_type: str
    charset: str | None = None
    hints: Hints = field(default_factory=Hints)
    validators: Validators = field(default_factory=Validators)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of an article.

    ``line`` is the 1-based number of the input line (text file), or of the visible text block in document order
    (page), that it came from.
    """

    kind: Kind
    text: str
    line: int


EXTRACTOR = "extractor"
"""The rule of `Stripped` for what extraction left out of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A line that was taken out, with the rule that took it (``extractor`` for what extraction left out)."""

    rule: str
    text: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A lossless change to an input line; putting ``before`` back in place of ``after`` undoes it.

    ``line`` is 0 where the edit concerns the whole payload (a byte order mark, newline convention).
    """

    line: int
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something a reader should know; a guess is a flag and never changes text.

    ``line`` is the input line, ``start`` the 0-based character offset within that line's text.
    """

    name: str
    detail: str = ""
    line: int | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What one page says, without what surrounds it.

    Every non-blank input line (text file) or visible text block (page) stands exactly once: in ``blocks``, or in
    ``stripped`` with its rule.
    """

    provenance: Provenance
    blocks: tuple[Block, ...]
    canonical_url: str | None = None
    authors: tuple[Name, ...] = ()
    publisher: Publisher | None = None
    published: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    declared_lang: Lang | None = None
    rights: str | None = None
    notice: Notice | None = None
    stripped: tuple[Stripped, ...] = ()
    edits: tuple[Edit, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def title(self) -> str | None:
        """The headline as the source gives it, or None: a headline is never invented."""
        return next((block.text for block in self.blocks if block.kind is Kind.TITLE), None)

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks a reader reads as the article: headings, paragraphs and items, in order."""
        return tuple(block for block in self.blocks if block.kind in BODY_KINDS)


BODY_KINDS = frozenset({Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a URL gave.

    Attributes:
        url: where it came from in the end, after ``hops`` (the URLs that redirected there); without credentials.
        payload: the bytes, decompressed; empty where ``modified`` is false (HTTP 304, or still fresh).
        media_type, charset: what the server declared, in lower case.
        validators: what to ask "has it changed?" with next time.
    """

    url: str
    payload: bytes
    media_type: str
    charset: str | None
    validators: Validators
    hops: tuple[str, ...] = ()
    modified: bool = True


class Fetcher(Protocol):
    """The one way to the network. Raises `ingest.errors.FetchError`."""

    def fetch(self, url: str, validators: Validators) -> Fetched:
        """Retrieve ``url``; with validators, conditionally."""
        ...


class Source(Protocol):
    """A place that lists items and loads them one at a time."""

    def discover(self) -> Iterator[Ref | Unread]:
        """List the items, cheaply and in a stable order; what cannot be listed is an `Unread`, never an exception."""
        ...

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Load one item that this source listed."""
        ...


def digest(payload: bytes) -> str:
    """The payload digest as WARC writes one: algorithm and lower-case hex of SHA-256."""
    return f"sha256:{hashlib.sha256(payload).hexdigest()}"


def input_id(kind: str, locator: str, record: str | None = None) -> str:
    """The identity of an input: SHA-256 (hex) of source kind, locator and record or row, NUL between them."""
    key = "\0".join((kind, locator, record or ""))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def document_id(provenance: Provenance) -> str:
    """The identity of a document: 26 lower-case base32 characters, the first 128 bits of SHA-256.

    Over the purely canonicalised target URI, or over the payload bytes where there is none; never over cleaned or
    translated text, so that better rules rename nothing.
    """
    if provenance.target_uri is None:
        bits = bytes.fromhex(provenance.payload_digest.removeprefix("sha256:"))
    else:
        bits = hashlib.sha256(provenance.target_uri.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(bits[:16]).decode("ascii").rstrip("=").lower()
