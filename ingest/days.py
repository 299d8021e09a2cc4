"""Text in, the days that it states out.

Only what can be read in one way: a year of two digits never, ``04/05/2026`` only where the caller knows the order.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

MONTHS = "months.toml"
"""The names of the months, a language a table; part of the digest of the boilerplate rules."""

BUDDHIST = 543
"""Thai years run so far ahead (Thai official calendar); one past 2400 is such a year."""

_YEAR = r"(?P<year>(?:19|20|25)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})"
_AFTER = r"(?:\s?/\s?\w{2,12})?[.,]{0,2}[\s-]?(?:del?\s|năm\s)?"
_MAYBE = re.compile(r"(?:19|20|25)\d\d")
_NUMBERS = (
    r"(?<!\d)(?P<year>(?:19|20|25)\d\d)\s?[-./年년]\s?(?P<month>\d{1,2})\s?[-./月월]\s?(?P<day>\d{1,2})(?!\d)",
    rf"(?<![\d.,])(?P<first>\d{{1,2}})\s?(?P<sign>[-./])\s?(?P<second>\d{{1,2}})\s?(?P=sign)\s?{_YEAR}",
)
_NAMED = (
    rf"{_DAY}(?:\.|st|nd|rd|th|er|º|ª|°)?[\s-]{{0,2}}(?:de\s|of\s)?{{months}}(?!\w){_AFTER}{_YEAR}",
    rf"(?<!\w){{months}}(?!\w)\.?\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}",
    rf"(?<!\d){_YEAR}\.?\s{{months}}(?!\w)\.?\s{_DAY}(?!\d)",
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How dates are written.

    Attributes:
        names: by language, twelve rows of pieces of regular expressions, January first.
        months: for each of the twelve, a pattern of its names in all languages.
        dates: the patterns of a date; their groups are ``year``, ``day`` and ``month``, ``name``, or ``first`` and
            ``second`` with the ``sign`` between them.
    """

    names: Mapping[str, tuple[tuple[str, ...], ...]]
    months: tuple[re.Pattern[str], ...]
    dates: tuple[re.Pattern[str], ...]


def days(text: str, *, day_first: bool = False) -> list[str]:
    """The days that a text states (ISO 8601), in their order.

    Args:
        text: a short text; a date stands in it as it would on a page.
        day_first: whether a date of which both numbers could be the month has the day first, as everywhere outside
            North America; without it such a date is not read.
    """
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(char, char)) for char in text)  # ١٤ is 14
    if not _MAYBE.search(text):
        return []
    found = [(hit.start(), day) for hit, day in _read(text, day_first=day_first) if day]
    return [day for _, day in sorted(found)]


def _read(text: str, *, day_first: bool) -> Iterator[tuple[re.Match[str], str | None]]:
    known = calendar()
    for pattern in known.dates:
        for hit in pattern.finditer(text):
            groups = hit.groupdict()
            if "first" in groups:
                known_order = day_first or groups["sign"] == "."
                yield hit, _ordered(groups["year"], groups["first"], groups["second"], day_first=known_order)
            elif "name" in groups:
                yield hit, _day(groups["year"], _month(known, groups["name"]), groups["day"])
            else:
                yield hit, _day(groups["year"], groups["month"], groups["day"])


def _ordered(year: str, first: str, second: str, *, day_first: bool) -> str | None:
    """The one day that two numbers can be; of two days the one with the day first, where that is known."""
    read = {day for day in (_day(year, second, first), _day(year, first, second)) if day}
    return read.pop() if len(read) == 1 else _day(year, second, first) if day_first else None


def _month(known: Calendar, name: str) -> int:
    return next((number for number, names in enumerate(known.months, start=1) if names.fullmatch(name)), 0)


def _day(year: str, month: str | int, day: str) -> str | None:
    stated = int(year)
    try:
        return date(stated - BUDDHIST if stated > 2400 else stated, int(month), int(day)).isoformat()
    except ValueError:
        return None


@cache
def calendar() -> Calendar:
    """The calendar that newsgloss ships."""
    names = tomllib.loads(resources.files("ingest").joinpath(MONTHS).read_text(encoding="utf-8"))
    months = ["|".join(_unique(names, number)) for number in range(12)]
    every = "|".join(sorted((name for number in range(12) for name in _unique(names, number)), key=len, reverse=True))
    sources = (*_NUMBERS, *(source.replace("{months}", f"(?P<name>{every})") for source in _NAMED))
    return Calendar(
        names={lang: tuple(map(tuple, rows)) for lang, rows in names.items()},
        months=tuple(re.compile(source, re.IGNORECASE) for source in months),
        dates=tuple(re.compile(source, re.IGNORECASE) for source in sources),
    )


def _unique(names: Mapping[str, list[list[str]]], number: int) -> list[str]:
    return list(dict.fromkeys(name for rows in names.values() for name in rows[number]))
