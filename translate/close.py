"""A text and a ranking of languages in, the ranking with close languages told apart by their own words out."""

from __future__ import annotations

import math
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain

from ingest.article import Lang
from translate.codes import parse

STEP = 1.5
"""How much a word says: the odds of a language are e to this times its words. Between .7 and 3 it matters little."""

_LONGEST_AFFIX = 12
_AROUND = string.punctuation + "“”‘’„«»‚‹›…–—。،؛؟।"

Ranking = list[tuple[Lang, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Languages that are confused with each other.

    ``words``, ``stems``, ``endings`` and ``letters`` say for each thing which of the languages write it.
    """

    name: str
    langs: frozenset[Lang]
    words: Mapping[str, frozenset[Lang]]
    stems: Mapping[str, frozenset[Lang]]
    endings: Mapping[str, frozenset[Lang]]
    letters: Mapping[str, frozenset[Lang]]
    examples: Mapping[Lang, str]

    def evidence(self, text: str) -> dict[Lang, int]:
        """How many of the words of ``text``, and of its different letters, each language would write."""
        low = text.lower()
        found = dict.fromkeys(self.langs, 0)
        for word in words_of(low):
            for lang in self.writers(word):
                found[lang] += 1
        for letter in self.letters.keys() & set(low):
            for lang in self.letters[letter]:
                found[lang] += 1
        return found

    def writers(self, word: str) -> frozenset[Lang]:
        """The languages of which ``word`` is a sign; none where it is no sign of any."""
        longest = min(len(word), _LONGEST_AFFIX)
        stems = (self.stems.get(word[:length]) for length in range(longest, 0, -1))
        endings = (self.endings.get(word[-length:]) for length in range(longest, 1, -1))
        return self.words.get(word) or next(filter(None, chain(stems, endings)), frozenset())


def words_of(text: str) -> list[str]:
    """The words of ``text`` without the punctuation around them."""
    return [word for word in (raw.strip(_AROUND) for raw in text.split()) if word]


def tell_apart(text: str, ranked: Sequence[tuple[Lang, float]], *, step: float = STEP) -> Ranking:
    """``ranked`` with the odds inside the best language's groups changed by what the words of ``text`` say."""
    ranking = list(ranked)
    for group in _groups_of(ranking[0][0]) if ranking else ():
        found = group.evidence(text)
        most = max(found.values())
        odds = {
            lang: math.log(max(share, 1e-12)) + step * (found[lang] - most)
            for lang, share in ranking
            if lang in group.langs
        }
        ranking = _with_odds(ranking, odds)
    return ranking


def _with_odds(ranking: Ranking, odds: Mapping[Lang, float]) -> Ranking:
    """The share of the group as a whole stays; inside it is shared out by ``odds`` (logarithms)."""
    whole = sum(share for lang, share in ranking if lang in odds)
    best = max(odds.values())
    parts = {lang: math.exp(value - best) for lang, value in odds.items()}
    total = sum(parts.values())
    changed = [(lang, whole * parts[lang] / total if lang in parts else share) for lang, share in ranking]
    return sorted(changed, key=lambda one: (-one[1], one[0]))


@cache
def _groups_of(lang: Lang) -> tuple[Group, ...]:
    return tuple(group for group in groups() if lang in group.langs)


@cache
def groups() -> tuple[Group, ...]:
    """The groups of ``close_languages.toml``."""
    text = resources.files("translate").joinpath("close_languages.toml").read_text("utf-8")
    return tuple(_group(raw) for raw in tomllib.loads(text)["group"])


def _group(raw: Mapping[str, Mapping[str, str]]) -> Group:
    langs = frozenset(parse(code) for code in raw["words"])
    words: dict[str, frozenset[Lang]] = {}
    stems: dict[str, frozenset[Lang]] = {}
    endings: dict[str, frozenset[Lang]] = {}
    letters: dict[str, frozenset[Lang]] = {}
    for code, listed in raw["words"].items():
        for entry in listed.split():
            kind = stems if entry.endswith("-") else endings if entry.startswith("-") else words
            _add(kind, entry.strip("-"), parse(code))
    for code, listed in raw["letters"].items():
        for letter in listed:
            _add(letters, letter, parse(code))
    return Group(
        name=str(raw["name"]),
        langs=langs,
        words=words,
        stems=stems,
        endings=endings,
        letters=letters,
        examples={parse(code): text for code, text in raw["examples"].items()},
    )


def _add(index: dict[str, frozenset[Lang]], key: str, lang: Lang) -> None:
    index[key] = index.get(key, frozenset()) | {lang}
