"""A Document in, its blocks as passages out: English runs, and runs that stayed in their own language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.article import BODY_KINDS, Kind, Lang
from translate.document import UNTRANSLATED, Document, Part, Translated


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of a passage; ``lang`` is None where it is English, else the language it was left in."""

    text: str
    lang: Lang | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One block as the reader gets it; ``index`` is its 0-based place among the article's blocks."""

    kind: Kind
    index: int
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The whole passage, without regard to language."""
        return "".join(run.text for run in self.runs)


def passages(document: Document) -> tuple[Passage, ...]:
    """Every block of the article in its English form, in the article's order; blank ones are left out."""
    parts = by_part(document.segments)
    made = (
        Passage(kind=block.kind, index=index, runs=_runs(parts.get((Part.BLOCK, index), ()), block.text))
        for index, block in enumerate(document.article.blocks)
    )
    return tuple(passage for passage in made if passage.text.strip())


def body(parts: Iterable[Passage]) -> str:
    """The text of a Document: a blank line between blocks, list items on consecutive lines."""
    kept = (passage for passage in parts if passage.kind in BODY_KINDS)
    groups = groupby(kept, key=lambda passage: None if passage.kind is Kind.ITEM else passage.index)
    return "\n\n".join("\n".join(passage.text for passage in group) for _key, group in groups)


def untranslated(translated: Translated) -> bool:
    """Whether a segment ships in its own language, though that is not English."""
    return UNTRANSLATED in translated.flags


def by_part(segments: Iterable[Translated]) -> dict[tuple[Part, int], tuple[Translated, ...]]:
    """The segments of each part of the article, in the order of their text."""
    parts: dict[tuple[Part, int], list[Translated]] = {}
    for translated in segments:
        parts.setdefault((translated.segment.part, translated.segment.index), []).append(translated)
    return {key: tuple(sorted(part, key=lambda one: one.segment.start)) for key, part in parts.items()}


def _runs(part: Sequence[Translated], source: str) -> tuple[Run, ...]:
    """Neighbours of one language as one run; a block that no segment covers is English as it stands."""
    if not part:
        return (Run(text=source),)
    groups = groupby(part, key=lambda one: one.segment.lang if untranslated(one) else None)
    return tuple(Run(text="".join(one.text for one in group), lang=lang) for lang, group in groups)
