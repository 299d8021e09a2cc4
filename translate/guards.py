"""A sentence and its English in, what looks wrong with the English out: no model, only counting.

The flags, and how often each is right (docs/quality.md): ``loop`` the same words again and again; ``short``, ``long``
against what such a text becomes in English; ``source_script`` letters of the source's script left; ``copied`` most
words as they were; ``dropped`` a word in a third script lost; ``numbers`` a number lost or changed; ``marks`` a mark
for something untouchable lost; ``invented`` a sentence that web pages say and the source does not.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from translate import scripts

SHORT, LONG = 0.5, 1.85
"""English letters against those expected: on FLORES-200 dev 99 references of 100 lie between, in 56 languages."""

ENOUGH = 12
"""Expected English letters under which a text is too short for a ratio to mean something."""

LETTERS = (
    ("\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff", 3.1),  # Han
    ("\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f", 2.0),  # kana
    ("\uac00-\ud7af\u1100-\u11ff\u3130-\u318f", 2.4),  # Hangul; spaces count 1
    ("\u1200-\u139f", 1.6),  # Ethiopic
    ("\u0590-\u05ff", 1.35),  # Hebrew
    ("\u0600-\u06ff\u0750-\u077f", 1.2),  # Arabic
)
"""English letters that a letter of a script becomes, set on the medians of FLORES-200 dev; 0.95 for all others."""

OTHERS = 0.95

_COUNTED = (
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    (
        "",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
    ),
    ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    ("", "once", "twice", "thrice", "quarter"),
    ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI"),
    ("", "", "half"),
)
_OTHERS = {
    "december": 12, "twelfth": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12, "decade": 10,
    "century": 100, "midnight": 0, "noon": 12,
}  # fmt: skip
WORDS_FOR_NUMBERS = {word: str(number) for words in _COUNTED for number, word in enumerate(words) if word} | {
    word: str(number) for word, number in _OTHERS.items()
}
"""English words that stand for a figure of the source; Roman numerals in capitals."""

_LETTER = [(re.compile(f"[{span}]"), weight) for span, weight in LETTERS]
_NUMBER = re.compile(r"\d+(?:[.,٫٬،]\d+)*")
_REWORDED = re.compile(
    r"\d+(?:[.,]\d+)*\s?[万萬亿億兆만억조천백千百]"  # 3만: 30,000
    r"|\d+\s?(?:世[纪紀]|세기)\s?\d+\s?年?代?"  # 20世纪70年代: the 1970s
    r"|(?<!\d)1(?!\d)"  # a year, another
)
_MARK = re.compile(r"[\[［]\s?(\d{1,3})\s?[\]］]", re.ASCII)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invention:
    """A sentence of web pages, as `invented.toml` describes it."""

    name: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str]


def check(source: str, english: str) -> tuple[str, ...]:
    """The names of all that looks wrong, in a fixed order; empty where nothing does."""
    found = {
        "loop": loops(english),
        "short": ratio(source, english) < SHORT,
        "long": ratio(source, english) > LONG,
        "source_script": residue(source, english) > 0,
        "copied": copied(source, english) > 0.6,
        "dropped": bool(dropped(source, english)),
        "numbers": bool(lost_numbers(source, english)),
        "marks": sorted(_MARK.findall(source)) != sorted(_MARK.findall(english)),
        "invented": invention(source, english) is not None,
    }
    return tuple(name for name, is_wrong in found.items() if is_wrong)


def expected_letters(text: str) -> float:
    """How many letters a text's English has, as a rule."""
    total = OTHERS * len(text)
    for pattern, weight in _LETTER:
        total += (weight - OTHERS) * len(pattern.findall(text))
    return total


def ratio(source: str, english: str) -> float:
    """English letters against those expected; 1 where the source is too short to tell."""
    expected = expected_letters(source)
    return len(english) / expected if expected >= ENOUGH else 1.0


def loops(text: str) -> bool:
    """Whether a word comes three times in a row, three words come four times, or syllables go round."""
    words = [word.lower() for word in _WORD.findall(text)]
    for index in range(len(words) - 2):
        if words[index] == words[index + 1] == words[index + 2]:
            return True
    triples = Counter(zip(words, words[1:], words[2:], strict=False))
    most = max(triples.values(), default=0)
    return (most >= 4 and most * 9 >= len(words)) or bool(re.search(r"(\w{2,12}[ -]?)\1{4,}", text))


def residue(source: str, english: str) -> float:
    """The share of the English's letters that are in a main script of the source, where that is not Latin."""
    written = scripts.weights(source)
    main = {script for script, weight in written.items() if weight * 5 >= sum(written.values())} - {"Latin"}
    letters = [char for char in english if char.isalpha()]
    return sum(scripts.script_of(char) in main for char in letters) / max(1, len(letters)) if main else 0.0


def copied(source: str, english: str) -> float:
    """The share of the English's small-letter words that stand in the source; 0 for a text of few such words."""
    words = [word for word in _WORD.findall(english) if word.islower() and len(word) > 2]
    known = set(_WORD.findall(source))
    return sum(word in known for word in words) / len(words) if len(words) >= 4 else 0.0


def dropped(source: str, english: str) -> list[str]:
    """Words in another script than a Latin sentence's that are gone: a Korean name in a Portuguese sentence."""
    written = scripts.weights(source)
    if written.get("Latin", 0.0) * 2 < sum(written.values()):
        return []
    below = english.lower()
    foreign = [word for word in _WORD.findall(source) if scripts.script_of(word[0]) not in {"Latin", None}]
    return [word for word in foreign if len(word) > 1 and word.lower() not in below]


def lost_numbers(source: str, english: str) -> list[str]:
    """Numbers of the source that are neither in the English's figures nor in its words.

    Separators do not count (``3,5`` is ``3.5``), nor numbers that English words otherwise (``3만`` is 30,000).
    """
    plain = _REWORDED.sub(" ", unicodedata.normalize("NFKC", _MARK.sub(" ", source)))
    output = unicodedata.normalize("NFKC", _MARK.sub(" ", english))
    there = {_digits(number) for number in _NUMBER.findall(output)}
    there |= {WORDS_FOR_NUMBERS[part] for word in _WORD.findall(output) for part in _parts(word)}
    joined = " ".join(sorted(there))
    return [number for number in _NUMBER.findall(plain) if not _is_there(_digits(number), there, joined)]


def invention(source: str, english: str) -> str | None:
    """The name of a web page's sentence that the English has and the source gives no reason for."""
    for each in inventions():
        if each.pattern.search(english) and not each.unless.search(source):
            return each.name
    return None


@cache
def inventions() -> tuple[Invention, ...]:
    """What `invented.toml` holds."""
    text = resources.files("translate").joinpath("invented.toml").read_text("utf-8")
    return tuple(
        Invention(
            name=row["name"],
            pattern=re.compile(row["pattern"], re.IGNORECASE),
            unless=re.compile(row["unless"], re.IGNORECASE),
        )
        for row in tomllib.loads(text)["invention"]
    )


def _is_there(number: str, there: set[str], joined: str) -> bool:
    if number in there or number.lstrip("0") in there:
        return True
    return len(number) > 2 and number in joined  # 2026년 5월 in "2026-05", 1500 in "15:00"


def _digits(number: str) -> str:
    """A number without its separators and the zeros that end a fraction; figures of any script as 0 to 9."""
    figures = "".join(str(unicodedata.digit(char)) for char in number if char.isdigit())
    return re.sub(r"^0+(?=\d)", "", figures)


def _parts(word: str) -> Iterator[str]:
    """The words for numbers within a word: ``twenty-two``, ``two-thirds``, ``II``, ``centuries``."""
    for part in word.replace("’", "-").split("-"):
        for form in (part, part.lower(), part.lower().removesuffix("s")):
            if form in WORDS_FOR_NUMBERS:
                yield form
                break
