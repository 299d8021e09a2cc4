"""Decodings of the same bytes -> the one whose letters and words are those of a language written in that charset."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

PLAIN = "cp1252"
"""What is taken where nothing tells the charsets apart: most of the languages of Latin letters were written in it."""

_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = re.compile("(?![\x00-\x7f])[^\\W\\d_]|(?<=[^\\W\\d_])[\u00a1-\u00bf]")
"""A letter beyond a-z, or a sign right behind a letter: mostly a letter too, in another charset."""

_USUAL = 0.12
"""The share of a text's words that are in its language's list, where the text is long enough to tell."""


_CERTAIN, _NEAR = 1.6, 0.1
"""The fit (of 2) of a reading that is beyond doubt, and how much better than another one reading must fit."""

_MISTAKEN = "cp1254"
"""It is `PLAIN` but for six letters, so its pages say that they are that, and read without an odd sign."""

_CHANGED, _CHANGED_SHARE, _CLEARLY = 3, 0.1, 0.3
"""Words that a text must hold otherwise in `_MISTAKEN`, their share of all, and how much better they must fit there.

In Turkish two or three words in ten are such; a few Icelandic names in a text of another language are not so many.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alphabet:
    """One language: its legacy charsets (Python codecs), its letters beyond a-z, words of every text."""

    charsets: frozenset[str]
    letters: frozenset[str]
    words: frozenset[str]

    def fit(self, letters: Counter[str], words: Counter[str]) -> float:
        """How well a text's foreign letters and its words are this language's: from 0 to 2."""
        own = sum(count for letter, count in letters.items() if letter in self.letters)
        known = sum(count for word, count in words.items() if word in self.words)
        return own / max(1, letters.total()) + min(1.0, known / max(1.0, words.total() * _USUAL))


@cache
def alphabets() -> tuple[Alphabet, ...]:
    """The shipped languages, read once."""
    data = tomllib.loads(resources.files("ingest").joinpath("alphabets.toml").read_text("utf-8"))
    return tuple(
        Alphabet(
            charsets=frozenset(entry["charsets"]),
            letters=frozenset(entry["letters"]),
            words=frozenset(entry["words"]),
        )
        for entry in data.values()
    )


@cache
def covered() -> frozenset[str]:
    """The charsets that can be told apart here."""
    return frozenset(charset for alphabet in alphabets() for charset in alphabet.charsets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A charset; ``certain`` where letters and words are its language's, ``sure`` where no other reading is near."""

    charset: str
    certain: bool
    sure: bool


def choose(readings: Mapping[str, str], oddness: Mapping[str, float]) -> Choice:
    """The charset (a key) of the reading that fits a language of that charset best, and reads least oddly."""
    fits = {charset: _best_fit(charset, text) - 2 * oddness[charset] for charset, text in readings.items()}
    best = max(fits, key=lambda charset: (round(fits[charset], 3), charset == PLAIN))
    rivals = [fit for charset, fit in fits.items() if readings[charset] != readings[best]]
    sure = all(fits[best] - fit > _NEAR for fit in rivals)
    return Choice(charset=best, certain=fits[best] > _CERTAIN, sure=sure)


def corrected(charset: str, payload: bytes, expected: Collection[str]) -> str:
    """The charset of bytes declared as ``charset``: another than `PLAIN` where letters and words clearly say so.

    Less will do where the other is among the ``expected``, the charsets of the language that the page names.
    """
    if charset != PLAIN:
        return charset
    plain, other = payload.decode(PLAIN, "replace"), payload.decode(_MISTAKEN, "replace")
    words = plain.split()
    changed = sum(word != also for word, also in zip(words, other.split(), strict=True))
    if changed < max(_CHANGED, _CHANGED_SHARE * len(words)):
        return charset
    better = _best_fit(_MISTAKEN, other) - _best_fit(PLAIN, plain)
    return _MISTAKEN if better > (0 if _MISTAKEN in expected else _CLEARLY) else charset


def _best_fit(charset: str, text: str) -> float:
    folded = text.lower()
    letters = Counter(_FOREIGN.findall(folded))
    words = Counter(_WORD.findall(folded))
    return max((each.fit(letters, words) for each in alphabets() if charset in each.charsets), default=0.0)
