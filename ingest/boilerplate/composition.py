"""One line in, the kind of furniture that its parts make together out, with the weight of what speaks for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ingest.boilerplate import lines
from ingest.boilerplate.lexicon import Compound, Found, Lexicon, disjoint
from ingest.boilerplate.rules import Rule, Where
from ingest.boilerplate.words import COMMON

LONGEST = 900
"""A longer line is not weighed: a paragraph of terms has phrases that rules know."""

AGAIN = 0.5
"""What a second and third term of a class add."""

SENTENCE = 0.75
"""What each further sentence must bring: a paragraph that holds one such sentence stays."""

HEAVY = 220
"""From this weight on a line needs more evidence, in proportion."""

LEAD, SHARE = 14, 0.45
"""A sentence of furniture begins with one of its terms, within so much, and so much of it are terms."""

WHOLE, FAINT = 0.8, 0.06
"""A line with so much of terms is made of nothing else; one with so little is about something else."""

FULL = 0.5
ITSELF = frozenset({"self", "contact", "credit"})
READERS = ITSELF | {"ask", "thanks", "address", "call", "link", "bio"}
"""A sentence of furniture speaks of the page, or to its readers, or is nearly all terms."""

STATED = frozenset({"reuse-ban", "ai-ban", "copyright", "translation"})
"""Kinds that speak of the page: advice to readers is not of them."""

SPEECH = 3.0
NEARLY = 0.8
"""Languages that know nearly as much of a line as the one that knows most may read it too."""

TOLD = 2.0
"""What a sentence weighs against labels."""

CREDITED = 2.0
"""What a short line that begins with who made the article counts for besides."""

ASKED = 1.5
"""What a short line counts for besides that begins with what readers are asked to do."""

ASKING = {"call": "subscribe", "link": "related"}

TENSE, FIXES = "past", "fixes"
"""A correction tells what was wrong: what speaks for prose elsewhere does not there."""

LABELLED = frozenset({"registration"})
"""Kinds that come as labels with names and numbers, not as sentences."""

_QUOTED = re.compile(
    r"\"[^\"]{1,300}\"|[“„‟][^“”„‟]{1,300}[”“]|[«»][^«»]{1,300}[»«]|「[^「」]{1,300}」|『[^『』]{1,300}』|‘[^‘’]{1,200}’(?!\w)"
)
_SPOKEN = re.compile(r"^[–—-]\s|^[\"“„«「『][^\"”“»」』]*$")
_SHAPES = re.compile(
    r"[\w.%+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{2,24}){1,3}|(?:https?://|www\.)[^\s]{3,120}"
    r"|(?<![\w.])(?:\+|\()?\d[\d().·~/-]*(?:[ –-]\d[\d().·~/-]*){1,4}(?<=\d)(?!\w)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a line's parts are worth.

    Attributes:
        kind: of furniture; decides what the line tells.
        lang: the file of the terms; None where signs of all languages sufficed.
        score: what speaks for furniture, less what speaks for prose.
        weak: whether that is no more than a hint, for lines below the foot's first sure one.
    """

    kind: str
    lang: str | None
    score: float
    weak: bool


def weigh(text: str, lexicon: Lexicon) -> Weighed | None:
    """The reading of a line (in its view) as furniture, in the language that knows most of it; None for none."""
    if len(text) > LONGEST:
        return None
    folded = _QUOTED.sub(lambda quote: " " * len(quote[0]), text).casefold()
    found = lexicon.find(folded)
    if not found:
        return None
    shapes = [Found("contact", None, *match.span()) for match in _SHAPES.finditer(folded)]
    readings = [_Reading(folded, disjoint([*shapes, *found], lang), lang) for lang in _tongues(found)]
    most = max((one.known for one in readings), default=0)
    weighed = (one.weighed(lexicon) for one in readings if one.known >= NEARLY * most)
    return max((one for one in weighed if one), key=lambda one: (one.score, one.lang or ""), default=None)


def _tongues(found: Sequence[Found]) -> list[str]:
    """The languages that may know most of a line: those whose terms in it are half as long as the longest row."""
    known: Counter[str] = Counter()
    for one in found:
        if one.lang:
            known[one.lang] += one.end - one.start
    most = max(known.values(), default=0)
    return [lang for lang, size in known.items() if 2 * size >= most]


class _Reading:
    """A line as one language reads it."""

    def __init__(self, folded: str, parts: tuple[Found, ...], lang: str | None) -> None:
        self.folded = folded
        self.parts = parts
        self.lang = lang
        self.known = self._weight(parts)

    def weighed(self, lexicon: Lexicon) -> Weighed | None:
        """What it is worth; None where its parts make no kind of furniture."""
        weights = lexicon.weights
        counted = Counter(one.role for one in self.parts)
        speaking = [one for one in self.parts if weights[one.role] > 0]
        share = self._weight(speaking) / lines.weight(self.folded)
        whole = len(speaking) > 1 and share >= WHOLE
        made = lexicon.compound(counted, whole=whole) or self._asks()
        if made is None or share < (FULL if self._tells(made.kind, counted) else FAINT):
            return None
        gain = sum(
            weights[role] + AGAIN * (min(count, 3) - 1) for role, count in counted.items() if weights[role] > 0
        )
        loss = sum(
            weights[role] for role in counted if weights[role] < 0 and not (role == TENSE and FIXES in counted)
        )
        score = gain + loss + whole + self._opens(made.kind)
        against = self._labels() if made.kind in LABELLED else self._prose(speaking, share)
        return Weighed(kind=made.kind, lang=self.lang, score=score - against, weak=made.weak and not whole)

    def _tells(self, kind: str, roles: Collection[str]) -> bool:
        """Whether it is a sentence that speaks neither of the page nor to its readers."""
        return (
            "©" not in self.folded
            and lines.is_prose(self.folded)
            and (ITSELF if kind in STATED else READERS).isdisjoint(roles)
        )

    def _weight(self, parts: Iterable[Found]) -> int:
        return sum(lines.weight(self.folded[one.start : one.end]) for one in parts)

    def _prose(self, speaking: Sequence[Found], share: float) -> float:
        """What speaks for prose: that it begins with something else, and is about something else; length, speech."""
        text = self.folded
        size = lines.weight(text)
        lead = lines.weight(text[: min(one.start for one in speaking)])
        sentences = sum(len(piece.split()) > 2 or lines.weight(piece) > 16 for piece in lines.pieces(text))
        return (
            min(max(lead - LEAD, 0) / LEAD, 2.5)
            + max(SHARE - share, 0) * 4
            + SENTENCE * max(sentences - 1, 0)
            + max(size - HEAVY, 0) / HEAVY
            + (SPEECH if _SPOKEN.search(text) else 0)
        )

    def _opening(self) -> str | None:
        """The class of the term that a line begins with which is short and no sentence."""
        first = min(self.parts, key=lambda one: one.start)
        short = len(self.folded.split()) <= 12 and lines.weight(self.folded) <= HEAVY // 2
        return first.role if first.start <= 2 and short and not lines.ends_sentence(self.folded) else None

    def _asks(self) -> Compound | None:
        """What begins with what readers are asked to do, or to read next, may be furniture whatever follows."""
        kind = ASKING.get(self._opening() or "")
        return Compound(kind=kind, roles=frozenset(), weak=True) if kind else None

    def _opens(self, kind: str) -> float:
        """What its first term counts for besides: ``Editing: Jane Doe``, ``Sign up for the harbour letter``."""
        opening = self._opening()
        if kind == "byline":
            return CREDITED if opening == "credit" else 0.0
        return ASKED if opening == "call" else 0.0

    def _labels(self) -> float:
        """What speaks against a line of labels and what they name: a sentence."""
        spoken = SPEECH if _SPOKEN.search(self.folded) else 0.0
        return spoken + (TOLD if lines.is_prose(self.folded) else 0.0)


def composed(weighed: Weighed) -> Rule:
    """The rule that such a line is counted under: ``en.composed.reuse-ban``."""
    return Rule(
        name=f"{weighed.lang or COMMON}.composed.{weighed.kind}",
        kind=weighed.kind,
        lang=weighed.lang,
        where=Where.EDGE,
        source=r"[\s\S]{0,2000}",
        cues=(),
    )
