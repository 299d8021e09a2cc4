"""Words as patterns write them in, cues out: texts one of which stands in all they match, found in one scan."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ahocorasick import Automaton

from ingest.boilerplate.lines import SAME, weight

MOST = 16
"""A part of a word that can be written in more ways is not spelled out."""

_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:P<\w+>|<?[=!]|-i:|[:>])|\{\d*,?\d*\}|\{\*?\w+\}|.", re.DOTALL
)
_SPECIAL = re.compile(r"[\\\[(|)?*+{.^$]")
_REPEAT = re.compile(r"[?*+]|\{[\d,]+\}")
_SIMPLE_CLASS = re.compile(r"\[[^\^\\-][^\\-]*\]")
_AROUND = frozenset({"(?=", "(?!", "(?<=", "(?<!"})


@dataclass(frozen=True, slots=True)
class _Certain:
    """What is certain of the texts that a piece of a pattern matches.

    Attributes:
        needed: one of these stands in each of them; empty text where nothing is certain.
        spelled: whether these are all of them.
    """

    needed: frozenset[str]
    spelled: bool = True


_EMPTY = frozenset({""})


def fold(text: str) -> str:
    """The text in one case, as patterns see it: casefolded, the Turkish letters i one letter."""
    return text.casefold().replace("i̇", "i").replace("ı", "i")


@cache
def needed(word: str) -> frozenset[str]:
    r"""Texts, as `fold` gives them, one of which stands in all that a word matches; empty text if nothing is certain.

    ``(?:tüm|her)\s?(?:hakları|hakkı)`` needs ``haklari`` or ``hakki``.
    """
    if not _SPECIAL.search(word):
        return frozenset({fold(word.translate(SAME))})
    texts = {fold(text.translate(SAME)) for text in _Reader(word).either().needed}
    return frozenset(text for text in texts if not any(other in text for other in texts - {text}))


class Cues:
    """Which of many things have a cue in a text: one scan finds all cues, however many there are."""

    def __init__(self, cues: Iterable[tuple[str, int]]) -> None:
        """Take cues, as `fold` gives them, with the places of what they belong to; no text is a cue of each text."""
        places: defaultdict[str, set[int]] = defaultdict(set)
        for cue, place in cues:
            places[cue].add(place)
        self._always = places.pop("", set())
        self._automaton = Automaton()
        for cue, row in places.items():
            self._automaton.add_word(cue, tuple(row))
        self._automaton.make_automaton()

    def standing(self, text: str) -> set[int]:
        """The places of all whose cue stands in this text (as `fold` gives it)."""
        found = {row for _, row in self._automaton.iter(text)} if len(self._automaton) else ()
        return self._always.union(*found)


class _Reader:
    """A word, read from its first token to its last."""

    def __init__(self, word: str) -> None:
        self.tokens = deque(_TOKEN.findall(word))

    def either(self) -> _Certain:
        """The alternatives up to the end of a group, or of the word."""
        rows = [self._row()]
        while self._take("|"):
            rows.append(self._row())
        found = frozenset().union(*(row.needed for row in rows))
        spelled = all(row.spelled for row in rows) and len(found) <= MOST
        return _Certain(found if spelled or "" not in found else _EMPTY, spelled)

    def _take(self, *tokens: str) -> bool:
        """Whether one of these is next; then it is read."""
        return bool(self.tokens) and self.tokens[0] in tokens and bool(self.tokens.popleft())

    def _row(self) -> _Certain:
        """The pieces up to the next bar: spelled out as far as possible, and of all that is certain the longest."""
        run, best, spelled = _EMPTY, _EMPTY, True
        while self.tokens and self.tokens[0] not in {"|", ")"}:
            piece = self._piece()
            if piece.spelled and len(run) * len(piece.needed) <= MOST:
                run = frozenset(start + end for start in run for end in piece.needed)
                continue
            best = max(best, run, piece.needed, key=_worth)
            run, spelled = piece.needed if piece.spelled else _EMPTY, False
        return _Certain(max(best, run, key=_worth) if not spelled else run, spelled)

    def _piece(self) -> _Certain:
        """A character, class or group, as often as it stands."""
        one = self._one(self.tokens.popleft())
        if not self.tokens or not _REPEAT.fullmatch(self.tokens[0]):
            return one
        repeat = self.tokens.popleft()
        self._take("?", "+")  # as few as possible, or as many: the same texts
        if repeat == "?" and one.spelled:
            return _Certain(one.needed | _EMPTY)
        return _Certain(_EMPTY if repeat[0] in "?*" or repeat.startswith(("{0", "{,")) else one.needed, spelled=False)

    def _one(self, sign: str) -> _Certain:
        if sign.startswith("("):
            inside = self.either()
            self._take(")")
            return _Certain(_EMPTY) if sign in _AROUND else inside
        if sign.startswith("["):
            simple = _SIMPLE_CLASS.fullmatch(sign)
            return _Certain(frozenset(sign[1:-1])) if simple else _Certain(_EMPTY, spelled=False)
        if sign.startswith("\\") and not sign[1].isalnum():
            return _Certain(frozenset({sign[1]}))
        plain = len(sign) == 1 and sign not in ".^$"
        return _Certain(frozenset({sign})) if plain else _Certain(_EMPTY, spelled=False)


def _worth(texts: Iterable[str]) -> tuple[int, int]:
    """How rare it is that one of these texts stands in a line: the weight of the lightest, and how few they are."""
    weights = [weight(text) for text in texts]
    return min(weights), -len(weights)
