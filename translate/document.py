"""The words of the second room: segments, their English, and the Document a reader gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from ingest.article import Article, Flag, Lang, Name, Publisher

SCHEMA = 1
"""Version of the Document schema; raised when a field changes its meaning (output/README.md documents it)."""

UNTRANSLATED = "untranslated"
"""The flag of a segment that ships in its own language, though that is not English."""


class Part(StrEnum):
    """Which text of an article a segment belongs to."""

    BLOCK = "block"
    SECTION = "section"
    TAG = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of whole sentences of one part in one language.

    ``index`` is the 0-based block or tag; ``start`` and ``end`` are character offsets in its text; segments of one
    part follow each other without gap or overlap, white space between sentences belonging to the earlier one.
    ``confidence`` is the detector's, 0 to 1.
    """

    part: Part = Part.BLOCK
    index: int
    start: int
    end: int
    text: str
    lang: Lang
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRef:
    """Which model made a text.

    ``digest`` is over the model's files; ``pivot`` is the middle language of a two-step translation.
    """

    engine: str
    name: str
    digest: str
    source_lang: Lang
    pivot: Lang | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A segment beside its English. ``model`` is None where no model touched it (English, or shipped as it was)."""

    segment: Segment
    text: str
    model: ModelRef | None = None
    flags: tuple[str, ...] = ()
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Another document that tells the same: its id, where it came from, which kind of duplicate, which score."""

    id: str
    source: str
    kind: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article in clean English, with everything that is known of where it came from.

    Attributes:
        id: 26 characters of base32: the first 128 bits of SHA-256 over the canonicalised target URI, or over the
            payload bytes where there is none. Never over cleaned or translated text.
        version: payload digest.
        title: the headline in English; None where the source has none.
        title_original: the headline as the source gives it, where it was translated.
        deck: the standfirst lines in English.
        text: the body in English: headings, paragraphs and items; a blank line between blocks, list items on
            consecutive lines.
        publisher: its name beside the Latin form.
        section, tags: in English; the originals stand in ``article``.
        date: the partition date, ``YYYY-MM-DD``; ``date_basis`` is ``published`` or ``retrieved``.
        source_lang: the language most of the source's text is in.
        article: the Article it was made from, whole.
        segments: what was translated, by which model, and what was not.
        duplicates: the documents this one stands for.
        flags: what a reader should know.
    """

    schema: int = SCHEMA
    id: str
    version: str
    title: str | None
    title_original: str | None = None
    deck: tuple[str, ...] = ()
    text: str
    section: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[Name, ...] = ()
    publisher: Publisher | None = None
    date: str
    date_basis: str
    source_lang: Lang
    article: Article
    segments: tuple[Translated, ...]
    duplicates: tuple[Duplicate, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A document that waits for something installable; ``command`` is what brings it."""

    langs: tuple[Lang, ...]
    reason: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A document that will not be written, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Decoding options; part of the translation memory's key, so that other options never answer for these."""

    beam: int = 4
    max_tokens: int = 150
    compute_type: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """One sentence's English as the engine gave it, with the flags the guards put on it.

    ``score`` is how far a second engine agrees, 0 to 1. ``model`` is set where another model than the translator's
    own made it: a retry.
    """

    text: str
    flags: tuple[str, ...] = ()
    score: float | None = None
    model: ModelRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One sentence the engine could not render; a value, so that its neighbours are not lost."""

    reason: str


class Detector(Protocol):
    """Names the language of a text. Never raises, on any string."""

    def detect(self, text: str) -> tuple[Lang, float]:
        """The language (``und`` where the text has none) and a confidence from 0 to 1."""
        ...


class Translator(Protocol):
    """An engine with one model loaded."""

    @property
    def model(self) -> ModelRef:
        """What is loaded."""
        ...

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        """English for each sentence: same length, same order."""
        ...


class Translators(Protocol):
    """What can be translated here, now."""

    def best(self, lang: Lang) -> Translator | None:
        """The best installed engine for this language, loaded; None where none is installed."""
        ...

    def second(self, lang: Lang, model: ModelRef) -> Translator | None:
        """The best one beside that of this model; None where there is no other."""
        ...

    def discard(self, model: ModelRef, reason: str) -> None:
        """Give this model to nobody any more: it does not load, for this reason."""
        ...

    def installable(self, lang: Lang) -> bool:
        """Whether some known source offers a model for this language."""
        ...


class Sink(Protocol):
    """Takes finished documents."""

    def write(self, documents: Iterable[Document]) -> None:
        """Write them; the same documents give the same bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence to translate: ``masked`` is what the engine sees, ``masks`` what stands behind each mark."""

    lang: Lang
    masked: str
    masks: tuple[str, ...] = field(default=())
