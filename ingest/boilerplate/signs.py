"""A text's lines in, the signs out by which one can tell an article's own from furniture.

A sign is something that a reader could name: a word of a line, how a word begins, a pair of words, how the line
begins and ends, its shape and length, and where it stands between paragraphs and known furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ingest.boilerplate import lines

VERSION = 1
"""Raised when the same lines would have other signs."""

STEMS = (4, 6)
"""A word counts by its beginnings too, since languages inflect."""

NAME = 4
"""Among so many first words of a line a name of the byline says that the line is about the writer."""

GRAMS = 4
"""Scripts without spaces count by so many characters at most."""

_MAIL = re.compile(r"[\w.%+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{2,24}){1,3}")
_LINK = re.compile(
    r"(?:https?://|www\.)\S{3,200}|\b[\w-]{2,40}\.(?:com|org|net|co|example|[a-z]{2})(?:\.[a-z]{2,3})?\b(?:/\S{0,120})?"
)
_WORD = re.compile(
    r"\d+|[^\W\d_][^\s\d!-/:-@\[-`{-~«»“”„‟…‘’،؛؟।。、！？「」『』（）【】〈〉《》〔〕·|ㅣ–—]*|[^\w\s]"
)
_SPACELESS = re.compile(r"[぀-ヿ㐀-鿿가-힣฀-๿຀-໿က-႟ក-៿]+")
_REPEATED = re.compile(r"(.)\1+")
_BRACKETED = re.compile(r"[\[(（【〔].*[\])）】〕]")
_MARKS = {
    "at": "@",
    "bar": "|",
    "colon": ":",
    "copyright": "©",
    "asked": "?",
    "arrow": "▶",
    "hash": "#",
    "slash": "/",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line (its view), and what where it stands is told by.

    Attributes:
        text: the line.
        length: twice the logarithm of its weight.
        ends: whether it ends as a sentence does.
        prose: whether it reads as a sentence or more.
    """

    text: str
    length: int
    ends: bool
    prose: bool


def read_line(text: str) -> Line:
    """A line as the model sees it."""
    length = (lines.weight(text) ** 2).bit_length()  # a logarithm in whole numbers
    return Line(text=text, length=length, ends=lines.ends_sentence(text), prose=lines.is_prose(text))


def signs(line: Line) -> Iterator[str]:
    """What speaks for or against a line wherever it stands."""
    text = line.text
    folded = _LINK.sub(" ⌁link ", _MAIL.sub(" ⌁mail ", text.casefold()))
    words = ["0" if word.isdigit() else word for word in _WORD.findall(folded)]
    latin = [word for word in words if not _SPACELESS.match(word)]
    for word in set(latin):
        yield f"w {word}"
        if len(word) > STEMS[1]:
            yield from (f"p {word[:size]}" for size in STEMS)
    yield from {f"b {one} {other}" for one, other in pairwise(words) if len(one) < 20 > len(other)}
    runs = _SPACELESS.findall(folded)
    yield from {f"z {run[i : i + k]}" for run in runs for k in range(1, GRAMS + 1) for i in range(len(run) - k + 1)}
    if words:
        yield f"first {words[0][:8]}"
        yield f"last {words[-1][-8:]}"
    yield f"length {line.length} {line.ends:d}"
    capitals = sum(word[0].isupper() for word in text.split())
    yield f"capitals {4 * capitals // max(1, len(text.split()))} {line.length}"
    yield f"shape {_shape(text)}"
    yield from (f"mark {name}" for name, mark in _MARKS.items() if mark in text)
    if any(char.isdigit() for char in text):
        yield "mark digit"
    if lines.quotes(text):
        yield "mark quote"
    if _BRACKETED.fullmatch(text):
        yield "mark brackets"
    if text.isupper():
        yield "mark upper"


def _shape(text: str) -> str:
    kinds = (
        "A" if char.isupper() else "0" if char.isdigit() else "a" if char.isalpha() else char for char in text[:60]
    )
    return _REPEATED.sub(r"\1+", "".join(kinds))[:16]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands.

    Attributes:
        between: what stands above and below it, other short lines aside: ``K`` known furniture, ``P`` a paragraph,
            ``^`` and ``$`` nothing.
        signs: what speaks for or against any line that stands so.
    """

    between: str
    signs: tuple[str, ...]


def places(read: Sequence[Line], known: Sequence[bool], writers: frozenset[str]) -> Iterator[Place]:
    """Where each line stands.

    Args:
        read: the lines of a text.
        known: which of them are known to be furniture.
        writers: the words of the names in their bylines, in lower case.
    """
    states = "".join("K" if taken else "P" if one.prose else "S" for one, taken in zip(read, known, strict=True))
    framed = f"^^{states}$$"
    betweens, rows = _betweens(states), _rows(states)
    above, below = 0, states.count("K")
    before, after = 0, states.count("P")
    for i, (one, state) in enumerate(zip(read, states, strict=True)):
        after -= state == "P"
        below -= state == "K"
        zone = "head" if not before else "tail" if not after else "middle"
        place = f"{zone} {one.ends:d}"
        up, down = framed[i : i + 2], framed[i + 3 : i + 5]
        between = betweens[i]
        told = (
            f"at {place}",
            f"at {place} {min(one.length, 17)}",
            f"at {place} {one.prose:d} {up[1]}{down[0]}",
            f"beside {up[1]}{down[0]}",
            f"beside {up}_{down}",
            f"beside {up}_{down} {one.ends:d}",
            f"among {min(above, 2)} {min(below, 2)} {place}",
            f"from top {min(i, 6)} {one.ends:d}",
            f"from end {min(len(states) - 1 - i, 8)} {one.ends:d}",
            f"row {rows[i]} {zone}",
            f"between {between}",
            f"between {between} {one.ends:d} {min(one.length, 17)}",
            f"between {between} {zone}",
            f"names writer {names_writer(one.text, writers):d}",
        )
        yield Place(between=between, signs=told)
        before += state == "P"
        above += state == "K"


def names_writer(text: str, writers: frozenset[str]) -> bool:
    """Whether a line begins with a name of the byline, or nearly: its words in lower case are ``writers``."""
    return not writers.isdisjoint(text.casefold().split()[:NAME])


def _betweens(states: str) -> list[str]:
    """What stands above and below each line, short lines that nothing is known of aside."""
    above, below = ["^"], ["$"]
    for state in states:
        above.append(above[-1] if state == "S" else state)
    for state in reversed(states):
        below.append(below[-1] if state == "S" else state)
    return [up + down for up, down in zip(above[:-1], below[-2::-1], strict=True)]


def _rows(states: str) -> list[int]:
    """How many short lines that nothing is known of stand together around each line, itself included; up to six."""
    counts: list[int] = []
    for state, row in groupby(states):
        size = len(list(row))
        counts += [min(size, 6) if state == "S" else 0] * size
    if not counts:
        return []
    beside = zip(states, counts, [0, *counts[:-1]], [*counts[1:], 0], strict=True)
    return [own if state == "S" else min(up + 1 + down, 6) for state, own, up, down in beside]
