"""A text's lines, with those that rules know, in, how much each of the others looks like furniture out.

A linear model over signs that a reader could name: the words of a line and how they begin, pairs of words, how it begins
and ends, its shape and length, whether it ends as sentences do, and where it stands between prose and known furniture.
Each sign has a weight in hundredths (`furniture.tsv`), learned from labelled articles by ``python -m bench.line_model``;
sums of whole numbers are the same on every machine. See docs/decisions/0015-line-model.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.boilerplate import lines
from ingest.errors import UsageError

VERSION = 1
"""Version of the signs; part of the digest."""

UNIT = 100
"""Weights are in hundredths of a logit."""

LONGEST, WITHIN = 600, 160
"""A longer line is not scored, nor one so long between sentences of the article."""

DOUBT = 150
"""A line that rules take stays where the model says so against it: one to five."""

STEMS = (4, 6)
"""A word counts by its beginnings too, since languages inflect."""

GRAMS = 4
"""Scripts without spaces count by so many characters at most."""

_MAIL = re.compile(r"[\w.%+-]{1,40}@[\w-]{1,40}(?:\.[\w-]{2,24}){1,3}")
_LINK = re.compile(r"(?:https?://|www\.)\S{3,200}|\b[\w-]{2,40}\.(?:com|org|net|co|example|[a-z]{2})(?:\.[a-z]{2,3})?\b(?:/\S{0,120})?")
_WORD = re.compile(r"\d+|[^\W\d_][^\s\d!-/:-@\[-`{-~«»“”„‟…‘’،؛؟।。、！？「」『』（）【】〈〉《》〔〕·|ㅣ–—]*|[^\w\s]")
_SPACELESS = re.compile(r"[぀-ヿ㐀-鿿가-힣฀-๿຀-໿က-႟ក-៿]+")
_REPEATED = re.compile(r"(.)\1+")
_BRACKETED = re.compile(r"[\[(（【〔].*[\])）】〕]")
_MARKS = {"at": "@", "bar": "|", "colon": ":", "copyright": "©", "asked": "?", "arrow": "▶", "hash": "#", "slash": "/"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line (its view) and what of it does not depend on where it stands."""

    text: str
    signs: tuple[str, ...]
    length: int
    ends: bool
    prose: bool


def read_line(text: str) -> Line:
    """A line as the model sees it."""
    ends = lines.ends_sentence(text)
    length = (lines.weight(text) ** 2).bit_length()  # twice the logarithm, in whole numbers
    signs = tuple(_signs(text, length, ends=ends)) if len(text) <= LONGEST else ()
    return Line(text=text, signs=signs, length=length, ends=ends, prose=lines.is_prose(text))


def _signs(text: str, length: int, *, ends: bool) -> Iterator[str]:
    folded = _LINK.sub(" ⌁link ", _MAIL.sub(" ⌁mail ", text.casefold()))
    words = ["0" if word.isdigit() else word for word in _WORD.findall(folded)]
    latin = [word for word in words if not _SPACELESS.match(word)]
    for word in set(latin):
        yield f"w {word}"
        if len(word) > STEMS[1]:
            yield from (f"p {word[:size]}" for size in STEMS)
    yield from {f"b {one} {other}" for one, other in zip(words, words[1:], strict=False) if len(one) < 20 > len(other)}
    runs = _SPACELESS.findall(folded)
    yield from {f"z {run[i : i + k]}" for run in runs for k in range(1, GRAMS + 1) for i in range(len(run) - k + 1)}
    if words:
        yield f"first {words[0][:8]}"
        yield f"last {words[-1][-8:]}"
    yield f"length {length} {ends:d}"
    capitals = sum(word[0].isupper() for word in text.split())
    yield f"capitals {4 * capitals // max(1, len(text.split()))} {length}"
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
    kinds = ("A" if char.isupper() else "0" if char.isdigit() else "a" if char.isalpha() else char for char in text[:60])
    return _REPEATED.sub(r"\1+", "".join(kinds))[:16]


def places(read: Sequence[Line], known: Sequence[bool], writers: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """For each line the signs of where it stands.

    Args:
        read: the lines of a text.
        known: which of them are known to be furniture.
        writers: the words of the names in their bylines, in lower case.
    """
    states = "".join("K" if taken else "P" if one.prose else "S" for one, taken in zip(read, known, strict=True))
    framed = f"^^{states}$$"
    between = _between(states)
    above, below = 0, states.count("K")
    before, after = 0, states.count("P")
    for i, (one, state) in enumerate(zip(read, states, strict=True)):
        after -= state == "P"
        below -= state == "K"
        zone = "head" if not before else "tail" if not after else "middle"
        place = f"{zone} {one.ends:d}"
        up, down = framed[i : i + 2], framed[i + 3 : i + 5]
        yield (
            f"at {place}",
            f"at {place} {min(one.length, 17)}",
            f"at {place} {one.prose:d} {up[1]}{down[0]}",
            f"beside {up[1]}{down[0]}",
            f"beside {up}_{down}",
            f"beside {up}_{down} {one.ends:d}",
            f"among {min(above, 2)} {min(below, 2)} {place}",
            f"from top {min(i, 6)} {one.ends:d}",
            f"from end {min(len(states) - 1 - i, 8)} {one.ends:d}",
            f"row {_row(states, i)} {zone}",
            f"between {between[i]}",
            f"between {between[i]} {one.ends:d} {min(one.length, 17)}",
            f"between {between[i]} {zone}",
            f"names writer {not writers.isdisjoint(one.text.casefold().split()[:4]):d}",
        )
        before += state == "P"
        above += state == "K"


def _between(states: str) -> list[str]:
    """What stands above and below each line, short lines that nothing is known of aside."""
    above, below = ["^"], ["$"]
    for state in states:
        above.append(above[-1] if state == "S" else state)
    for state in reversed(states):
        below.append(below[-1] if state == "S" else state)
    return [up + down for up, down in zip(above[:-1], below[-2::-1], strict=True)]


def _row(states: str, i: int) -> int:
    """How many short lines that nothing is known of stand together here, up to six."""
    start, end = len(states[:i].rstrip("S")), len(states) - len(states[i + 1 :].lstrip("S"))
    return min(end - start, 6)


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights by sign, in hundredths of a logit; without any, no line looks like furniture."""

    weights: Mapping[str, int] = field(default_factory=dict)
    bias: int = -UNIT

    def furniture(
        self, read: Sequence[Line], known: Sequence[bool], writers: frozenset[str], *, least: int
    ) -> list[bool]:
        """Which lines are furniture: those known, and those that look like it by so much, in hundredths of a logit.

        A line that rules take and that looks like the article's own by `DOUBT` stays. What looks like furniture makes
        its neighbours look like it too: the lines are gone through until nothing changes.
        """
        own = [self.bias + self._sum(one.signs) for one in read]
        stands = [self._sum(signs) for signs in places(read, known, writers)]
        taken = [sure and word + place > -DOUBT for sure, word, place in zip(known, own, stands, strict=True)]
        while True:
            stands = [self._sum(signs) for signs in places(read, taken, writers)]
            more = [
                before or (len(one.text) <= LONGEST and word + place >= least)
                for before, one, word, place in zip(taken, read, own, stands, strict=True)
            ]
            if more == taken:
                return taken
            taken = more

    def _sum(self, signs: Iterable[str]) -> int:
        weights = self.weights
        return sum(weights.get(sign, 0) for sign in signs)


def read_model(data: bytes) -> LineModel:
    """The model of a file: a sign and its weight in each row; the first is the bias.

    Raises:
        UsageError: the file holds something else.
    """
    try:
        rows = [row.rsplit("\t", 1) for row in data.decode("utf-8").splitlines() if not row.startswith("#")]
        (_, bias), *signs = rows
        return LineModel(weights={sys.intern(sign): int(weight) for sign, weight in signs}, bias=int(bias))
    except ValueError as error:
        raise UsageError(f"the line model: {error}", hint="make it anew with python -m bench.line_model") from error
