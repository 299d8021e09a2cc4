"""What a line gives as names in, those of people out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.boilerplate.rules import Rules

_WORD = re.compile(r"[^\W\d_]{3,}")
_DIGIT = re.compile(r"\d")


def parted(names: str, rules: Rules) -> list[str]:
    """The names in a row of them: "Jane Doe, John Smith and Ann Other"; editors behind them are none of the row."""
    names = rules.credit.split(names, maxsplit=1)[0]
    between = "|".join(map(re.escape, sorted(rules.facts["conjunctions"])))
    return re.split(rf"\s*[,;·&/、]\s*|\s(?:{between})\s", names)


def people(names: Iterable[str], rules: Rules) -> Iterator[str]:
    """Those of the names that are no organisation's, each once."""
    return (name for name in dict.fromkeys(names) if name and not rules.organisation.search(name))


def is_person(name: str, text: str, rules: Rules) -> bool:
    """Whether a name alone in a line above a text is a person's in full.

    It is not where the text writes its words small ("Harbour Wall"), or where it is a place of several words.
    """
    words = {word.lower() for word in _WORD.findall(name) if word[0].isupper()}
    proper = words.isdisjoint(_WORD.findall(text)) and not rules.city.fullmatch(name)
    return " " in name and proper and not (name.isupper() or _DIGIT.search(name))
