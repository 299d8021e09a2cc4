"""A name in another script in, its Latin form out; nothing where only a reader of that language could tell.

Hangul is written by the Revised Romanization of 2000, without assimilation across syllables, as its rules for names
have it; Cyrillic, Greek, Armenian and Georgian by anyascii; Chinese names in pinyin. Japanese names are left: 東 may
be Azuma, Higashi or Tō, and ジョン is John. So are scripts that write no vowels (Arabic, Hebrew), and those that
anyascii spells rather than reads (Thai, Devanagari).
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.article import Lang
from translate import scripts
from translate.codes import primary

READ = frozenset({"Cyrillic", "Greek", "Armenian", "Georgian", "Hangul", "Han"})

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3


def latin(name: str, lang: Lang, *, person: bool = True) -> str | None:
    """The Latin form of ``name`` as found in a text in ``lang``; None where it is Latin already or cannot be told.

    Args:
        name: a person's name, surname first where the language has it so, or a publisher's.
        lang: the language of the text around it: whether Han characters are Chinese.
        person: whether to write surname and given name apart.
    """
    text = unicodedata.normalize("NFC", name).strip()
    found = set(scripts.weights(text))
    if not found - {"Latin"} or not found <= READ | {"Latin"}:
        return None
    if "Han" in found and primary(lang) != "zh":
        return None
    words = [_word(word, alone=person and " " not in text) for word in text.split()]
    return " ".join(words)


def _word(word: str, *, alone: bool) -> str:
    parts = _surname_and_given(word) if alone else [word]
    return " ".join(_capital(_letters(part)) for part in parts)


def _surname_and_given(word: str) -> list[str]:
    """The two parts of a Korean or Chinese name written without a space; other words whole."""
    found = {scripts.script_of(character) for character in word}
    if found not in ({"Hangul"}, {"Han"}) or not 2 <= len(word) <= 4:
        return [word]
    surname = 2 if len(word) > 2 and word[:2] in _rules().surnames else 1
    return [word[:surname], word[surname:]] if len(word) - surname <= 2 else [word]


def _letters(word: str) -> str:
    from anyascii import anyascii  # 2 MB of tables: only where a name needs them

    return "".join(
        character if scripts.script_of(character) == "Latin" else _syllable(character) or anyascii(character).lower()
        for character in word
    )


def _syllable(character: str) -> str | None:
    """A syllable of Hangul in Latin letters (https://www.unicode.org/versions/latest/core-spec/chapter-3/, 3.12)."""
    code = ord(character)
    if not _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
        return None
    rules = _rules()
    rest, final = divmod(code - _FIRST_SYLLABLE, len(rules.finals))
    initial, vowel = divmod(rest, len(rules.vowels))
    return rules.initials[initial] + rules.vowels[vowel] + rules.finals[final]


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    initials: tuple[str, ...]
    vowels: tuple[str, ...]
    finals: tuple[str, ...]
    surnames: frozenset[str]


@cache
def _rules() -> _Rules:
    raw = tomllib.loads(resources.files("translate").joinpath("names.toml").read_text("utf-8"))
    parts = {key: tuple(part.strip("-") for part in raw["hangul"][key].split()) for key in raw["hangul"]}
    return _Rules(**parts, surnames=frozenset(" ".join(raw["surnames"].values()).split()))
