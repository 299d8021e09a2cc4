"""The word lists of all rule files in, patterns and cues with those words in place out."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from typing import Protocol

from ingest.boilerplate.cues import fold, needed
from ingest.boilerplate.lines import SAME, WIDE
from ingest.errors import UsageError

COMMON = "common"
"""The file whose word lists every other may use, and whose rules are tried last."""


class WordLists(Protocol):
    """What a rule file offers here: its word lists."""

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The lists by name; their words are pieces of regular expressions."""
        ...


class Words:
    """The word lists of all files: ``{by}`` in a pattern is this file's list, ``{*by}`` those of all files."""

    def __init__(self, files: Mapping[str, WordLists]) -> None:
        self._files = files
        upper = [chr(code) for code in range(0x0590) if unicodedata.category(chr(code)) in {"Lu", "Lt"}]
        self._upper = "[" + "".join(_ranges(sorted(upper))) + "]"

    def expand(self, rule: str, file: str, pattern: str, depth: int = 0) -> str:
        """The pattern with its word lists in place."""
        if depth > 4:
            raise UsageError(f"boilerplate rule {rule}: word lists that name each other")

        def alternatives(found: re.Match[str]) -> str:
            if found[2] == "upper":
                return f"(?-i:{self._upper})"
            rows = self._rows(rule, file, every=bool(found[1]), key=found[2])
            words = dict.fromkeys(self.expand(rule, source, word, depth + 1) for source, word in rows)
            return "(?:" + "|".join(words) + ")"

        return re.sub(r"\{(\*?)([a-z][a-z_]*)\}", alternatives, pattern)

    def cues(self, rule: str, file: str, cue: str) -> list[str]:
        """A cue; for a ``{list}`` what its words need. Empty text where one of them needs nothing for certain."""
        named = re.fullmatch(r"\{(\*?)([a-z][a-z_]*)\}", cue)
        if not named:
            return [fold(cue.translate(SAME))]
        rows = self._rows(rule, file, every=bool(named[1]), key=named[2])
        return [text for _, word in rows for text in needed(word)]

    def spoken(self, key: str) -> str:
        """A pattern of the words in these lists of all languages, as whole words where words stand apart."""
        rows = [word.translate(SAME) for _, word in self._rows(key, COMMON, every=True, key=key)]
        spaced = "|".join(word for word in rows if not WIDE.match(word))
        return "|".join((rf"(?<!\w)(?:{spaced})(?!\w)", *(word for word in rows if WIDE.match(word))))

    def _rows(self, rule: str, file: str, *, every: bool, key: str) -> list[tuple[str, str]]:
        sources = list(self._files) if every else dict.fromkeys((file, COMMON))
        rows = [(source, word) for source in sources for word in self._files[source].words.get(key, ())]
        if not rows:
            raise UsageError(f"boilerplate rule {rule}: no word list {key!r}", hint="see docs/boilerplate.md")
        return sorted(set(rows), key=lambda row: (-len(row[1]), row[1]))


def _ranges(chars: list[str]) -> list[str]:
    out: list[str] = []
    for char in chars:
        if out and ord(out[-1][-1]) + 1 == ord(char):
            out[-1] = out[-1][0] + "-" + char
        else:
            out.append(char)
    return [sys.intern(part) for part in out]
