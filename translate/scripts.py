"""A text in, the writing systems of its letters out, each with how much it says.

The names are those of the Unicode character database's character names: ``Latin``, ``Cyrillic``, ``Hangul``, ``Han``,
``Kana``, … A character's script is read off its own name (``HANGUL SYLLABLE GA``), so there is no table to keep up.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

WEIGHT = {"Han": 3.0, "Kana": 2.0, "Hangul": 2.5}
"""How many Latin letters one character is worth: an English word has 4.7 on average, a Korean one two syllables."""

_SCRIPTS = {"Cjk": "Han", "Ideographic": "Han", "Hiragana": "Kana", "Katakana": "Kana"}
_WIDTHS = frozenset({"FULLWIDTH", "HALFWIDTH"})
_SHARED = frozenset({"Combining", "Modifier", "Mathematical", "Feminine", "Masculine", "Micro", "Superscript"})


@lru_cache(maxsize=32_768)
def script_of(character: str) -> str | None:
    """The script of one letter or vowel sign; None for digits, punctuation, symbols and unnamed characters."""
    if unicodedata.category(character)[0] not in "LM":
        return None
    words = unicodedata.name(character, "").replace("-", " ").split()
    if words and words[0] in _WIDTHS:
        del words[0]
    word = words[0].capitalize() if words else ""
    return None if not word or word in _SHARED else _SCRIPTS.get(word, word)


def weights(text: str) -> dict[str, float]:
    """How much of ``text`` is written in each script, in Latin letters' worth; the scripts in alphabetical order."""
    found: dict[str, float] = {}
    for character, count in Counter(text).items():
        script = script_of(character)
        if script:
            found[script] = found.get(script, 0.0) + count * WEIGHT.get(script, 1.0)
    return dict(sorted(found.items()))
