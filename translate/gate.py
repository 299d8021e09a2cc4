"""A raw text in, what can be said of its language without a model out: decided, undecided, or no language.

The gate repairs what language models of characters do worst (measured in docs/quality.md): mixed documents, capitals,
decomposed Hangul, and text that is no language at all.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.article import EN, UND, Lang
from translate import codes, scripts

LONGEST = 12_000
"""Characters looked at: more of the same text says nothing new."""

_JUNK = re.compile(
    r"\b[a-z]{3,5}://\S+|\bwww\.\S+|[^\s@]{1,64}@[^\s@]{1,255}\.\w+|(?<!\w)[@#][A-Za-z0-9_]+|<[^<>]{1,200}>|&#?\w{2,8};"
    r"|\b\d[A-Za-z0-9.,:/%-]*",
    re.IGNORECASE,
)
_MISREAD = re.compile("[\u00c2-\u00f4][\u0080-\u00bf]")
_CODE = re.compile(
    r'[{}\[\]<>=;|\\$^~]|\w\(|\)\s*[;{]|"\s*:|&&|//|::|[-=]>|\w_\w|(?<!\w)--?\w'
    r"|\b(?:SELECT|FROM|WHERE|INSERT|INTO|ORDER BY)\b"
)
_LOWER_WORD = re.compile("(?<!\\w)[a-z\u00df-\u024f]+(?!\\w)")
_WORD = re.compile(r"[^\W\d_]+")
QUOTED = re.compile(r"[“„«\"][^“”„«»\"]{1,400}[”“»\"]|「[^「」]{1,400}」|『[^『』]{1,400}』")
_EAST_ASIAN = ("Han", "Hangul", "Kana")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """What the gate found.

    Attributes:
        text: the words of the leading script, cleaned: what a model should see.
        script: the leading script; None where the text holds no language.
        lang: the language, where the script or plain English words decide it; ``und`` where they do not.
        confidence: 0 to 1, for a language that was decided.
        letters: how much evidence there is, in Latin letters' worth.
    """

    text: str = ""
    script: str | None = None
    lang: Lang = UND
    confidence: float = 0.0
    letters: float = 0.0


NOTHING = Gated()


def gate(raw: str) -> Gated:
    """Look at the letters of ``raw`` (its first 12,000 characters). Never raises, on any string."""
    cut = raw[:LONGEST]
    text = clean(cut)
    found = scripts.weights(text)
    if not found or _no_language(cut, text, found):
        return NOTHING
    if "Latin" in found and len(found) > 1:  # beside another script, names and tickers in capitals say nothing
        found["Latin"] = float(sum(map(len, _LOWER_WORD.findall(text))))
    leading = max(found, key=lambda script: found[script])
    east = {script: found[script] for script in _EAST_ASIAN if found.get(script)}
    if east and sum(east.values()) * 1.2 >= found[leading]:  # two scripts make one Japanese text
        return _east_asian(text, east)
    return _alphabetic(text, leading, found[leading])


def clean(text: str) -> str:
    """Composed (NFC), without addresses, handles, markup and numbers; a text in capitals in lower case."""
    text = _JUNK.sub(" ", unicodedata.normalize("NFC", text))
    capitals = sum(map(str.isupper, text))
    return text.lower() if capitals > 4 and capitals > 2 * sum(map(str.islower, text)) else text


def _no_language(raw: str, text: str, found: dict[str, float]) -> bool:
    sample = raw[:2000]
    if len(_MISREAD.findall(sample)) > 0.15 * len(sample):  # UTF-8 read as Latin-1
        return True
    if set(found) != {"Latin"}:
        return False
    tokens = re.split(r"[\s/]+", raw.strip())
    if len(_CODE.findall(text)) > max(3, 0.05 * len(text)):
        return True
    capitals = raw == raw.upper() and len(tokens) <= 5 and max(map(len, tokens)) <= 9
    return found["Latin"] < 2 or (capitals and found["Latin"] <= 4 * len(tokens))  # AAPL, EUR/KRW, S&P 500


def _east_asian(text: str, east: dict[str, float]) -> Gated:
    total = sum(east.values())
    if east.get("Hangul", 0.0) * 3 >= total:
        return Gated(text=text, script="Hangul", lang=Lang("ko"), confidence=1.0, letters=total)
    if east.get("Kana", 0.0) >= 0.03 * total:
        return Gated(text=text, script="Kana", lang=Lang("ja"), confidence=1.0, letters=total)
    lang, confidence = _han(text)
    return Gated(text=text, script="Han", lang=lang, confidence=confidence, letters=total)


def _han(text: str) -> tuple[Lang, float]:
    """The language of Han characters alone: each country's old character set lists the forms that it writes."""
    characters = [character for character in text if scripts.script_of(character) == "Han"]
    shared = [c for c in characters if all(_listed(c, charset) for charset in ("gb2312", "big5", "shift_jis"))]
    votes = {
        Lang("zh"): sum(_listed(c, "gb2312") and not _listed(c, "big5") for c in characters),
        Lang("zh-hant"): sum(_listed(c, "big5") and not _listed(c, "gb2312") for c in characters),
    }
    japanese = sum(
        not _listed(c, "gb2312") and not _listed(c, "big5") and _listed(c, "shift_jis") for c in characters
    )
    foreign = sum(not _listed(c, "shift_jis") for c in characters)
    if japanese > foreign:
        return Lang("ja"), 0.9
    best = max(votes, key=lambda lang: votes[lang])
    certain = len(shared) < len(characters) and len(characters) > 4
    return (best if votes[best] else Lang("zh")), 0.95 if certain else 0.6


def _listed(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _alphabetic(text: str, script: str, letters: float) -> Gated:
    candidates = codes.written_in(script)
    words = " ".join(word for word in text.split() if any(scripts.script_of(c) == script for c in word))
    if len(candidates) == 1:
        return Gated(text=words, script=script, lang=next(iter(candidates)), confidence=1.0, letters=letters)
    if not candidates:
        return NOTHING
    if script == "Latin" and is_english(words):
        return Gated(text=words, script=script, lang=EN, confidence=0.99, letters=letters)
    return Gated(text=words, script=script, letters=letters)


def is_english(text: str) -> bool:
    """Whether the commonest words of ``text`` are English ones: most English prose, and hardly anything else."""
    rule = _english_words()
    words = _WORD.findall(text.lower())
    hits = [word for word in words if word in rule.words]
    return len(hits) >= rule.share * len(words) and len(set(hits)) >= rule.different


def fits_english(text: str) -> bool:
    """Whether nothing in ``text`` speaks against English: plain letters, and a common word or two.

    Enough for a sentence that stands in an English article; alone, it would be too little.
    """
    rule = _english_words()
    words = set(_WORD.findall(text.lower()))
    return all(map(str.isascii, words)) and (bool(words & rule.words) or len(words & rule.hints) > 1)


def frames_english(text: str, *, enough: int = 2) -> bool:
    """Whether English holds ``text`` together, whatever names, titles or quotations of another language are in it.

    ``enough`` different words that only English has show it, or one outside quotation marks. Within a sentence a word
    with a capital shows nothing: it belongs to a title. Enough beside English text; alone, it would be too little.
    """
    return len(_framing(text)) >= enough or (
        QUOTED.search(text) is not None and bool(_framing(QUOTED.sub(" ", text)))
    )


def _framing(text: str) -> set[str]:
    rule = _english_words()
    words = _WORD.findall(text)
    plain = {word.lower() for place, word in enumerate(words) if place == 0 or word.islower()}
    return plain & (rule.words - rule.shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class _EnglishWords:
    words: frozenset[str]
    shared: frozenset[str]
    hints: frozenset[str]
    share: float
    different: int


@cache
def _english_words() -> _EnglishWords:
    rule = tomllib.loads(resources.files("translate").joinpath("english_words.toml").read_text("utf-8"))
    return _EnglishWords(
        words=frozenset(rule["words"].split()),
        shared=frozenset(rule["shared"].split()),
        hints=frozenset(rule["hints"].split()),
        share=float(rule["share"]),
        different=int(rule["different"]),
    )
