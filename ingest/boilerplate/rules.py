"""TOML files of rules in, one frozen rule set with a digest out."""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TypeAlias

import msgspec

from ingest.boilerplate.lines import SAME, WIDE
from ingest.errors import UsageError

ENGINE = 2
"""Version of the engine's own judgement; part of the digest, raised when the same rules would take other lines."""


CUE = 3
"""How many characters of a cue are looked up first; shorter cues are looked for one by one."""

CueIndex: TypeAlias = Mapping[str, tuple[tuple[str, int], ...]]
"""The first characters of cues to cues and the places of their rules; under "" those too short for it."""

RIGHTS_KINDS = frozenset({"copyright", "reuse-ban", "ai-ban"})
"""Kinds of rule that know a line about who holds the rights."""

COMMON = "common"
"""The file whose word lists every other may use, and whose rules are tried last."""


class Where(StrEnum):
    """Where in a text a rule may act: at its edges, there only next to other furniture, or anywhere."""

    HEAD = "head"
    TAIL = "tail"
    EDGE = "edge"
    BESIDE = "beside"
    ANYWHERE = "anywhere"


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    kind: str
    pattern: str
    where: Where = Where.ANYWHERE
    each: bool = False
    cues: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lang: str | None = None
    words: dict[str, tuple[str, ...]] = {}
    facts: dict[str, tuple[str, ...]] = {}
    engines: dict[str, tuple[str, ...]] = {}
    languages: dict[str, tuple[str, ...]] = {}
    keeps: tuple[str, ...] = ()
    rule: tuple[_Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of furniture in one language.

    Attributes:
        name: file and rule, ``ko.reuse-ban``; what `ingest.article.Stripped.rule` holds.
        kind: which sort of furniture (``copyright``, ``byline``, ...); decides what it tells, see `captures`.
        lang: the language of the file, None for signs that all languages share.
        where: where it may act.
        source: its regular expression, word lists in place; see `pattern`.
        cues: in lower case; one of them stands in every text that the pattern matches.
        matches: lines, written by us, that this rule takes where it may act.
        keeps: lines, written by us, that no rule may take.
    """

    name: str
    kind: str
    lang: str | None
    where: Where
    source: str
    cues: tuple[str, ...]
    matches: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches a whole line, or a whole piece of one. Its named groups are what it captures."""
        return compiled(self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All rules, and the facts that reading their captures takes.

    Attributes:
        rules: in the order in which they are tried.
        keeps: further lines that no rule may take.
        facts: word lists of the engine: mail hosts that belong to nobody, second-level domains, ...
        engines: a translation engine's spellings, in lower case, to its name.
        languages: a language's names, in lower case, to its tag.
        telling: a pattern of the words with which prose says who said something; see `told`.
        rights: a pattern of the cues of `RIGHTS_KINDS`; see `states_rights`.
        index: the cues of all rules (False), and of those that act anywhere (True); see `cued`.
        digest: identifies rules, facts and engine.
    """

    rules: tuple[Rule, ...]
    keeps: tuple[str, ...]
    facts: Mapping[str, frozenset[str]]
    engines: Mapping[str, str]
    languages: Mapping[str, str]
    telling: str
    rights: str
    index: Mapping[bool, CueIndex]
    digest: str

    @property
    def told(self) -> re.Pattern[str]:
        """Finds the words with which prose says who said something."""
        return compiled(self.telling)

    @property
    def states_rights(self) -> re.Pattern[str]:
        """Finds, in a text in lower case, a cue of a rule that tells who holds the rights."""
        return compiled(self.rights)

    def cued(self, folded: str, *, everywhere: bool) -> list[Rule]:
        """The rules with a cue in this text (in lower case), and those without cues, in their order.

        Every three characters of the text are looked up once: the time does not grow with the number of rules.

        Args:
            folded: the text.
            everywhere: leave out the rules that act at edges only.
        """
        index = self.index[everywhere]
        grams = {folded[start : start + CUE] for start in range(len(folded) - CUE + 1)}
        rows = [index[gram] for gram in grams & index.keys()] + [index.get("", ())]
        return [self.rules[place] for place in sorted({place for row in rows for cue, place in row if cue in folded})]


@cache
def compiled(source: str) -> re.Pattern[str]:
    """The pattern of a source: made when a text first asks for it, because most texts ask for few.

    Raises:
        UsageError: the source is no regular expression.
    """
    try:
        return re.compile(source, re.IGNORECASE)
    except re.error as error:
        raise UsageError(f"boilerplate pattern {source[:60]!r}: {error}", hint="see docs/boilerplate.md") from error


def load_rules() -> Rules:
    """The rules that newsgloss ships: every TOML file beside this module, those for all languages last."""
    folder = resources.files("ingest.boilerplate")
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return parse(sorted(found, key=lambda entry: (entry.name == f"{COMMON}.toml", entry.name)))


def parse(files: Iterable[Traversable]) -> Rules:
    """The rule set of these files.

    Raises:
        UsageError: a file is not TOML, holds an unknown key, or a pattern that is no regular expression or could take
            more than bounded time (see `check`).
    """
    read = [(entry.name.removesuffix(".toml"), entry.read_bytes()) for entry in files]
    loaded = {name: _decode(name, data) for name, data in read}
    words = _Words(loaded)
    rules = tuple(
        rule for name, part in loaded.items() for entry in part.rule for rule in _rules(name, entry, loaded, words)
    )
    parts = loaded.values()
    return Rules(
        rules=rules,
        keeps=tuple(line for part in parts for line in part.keeps),
        facts={key: frozenset(value) for part in parts for key, value in part.facts.items()},
        engines={spelling: name for part in parts for name, row in part.engines.items() for spelling in row},
        telling=words.told(),
        rights="|".join(sorted({re.escape(cue) for rule in rules if rule.kind in RIGHTS_KINDS for cue in rule.cues})),
        index={everywhere: _index(rules, everywhere=everywhere) for everywhere in (False, True)},
        languages={spelling: tag for part in parts for tag, row in part.languages.items() for spelling in row},
        digest=_digest(read),
    )


def _index(rules: tuple[Rule, ...], *, everywhere: bool) -> CueIndex:
    index: dict[str, list[tuple[str, int]]] = {}
    for place, rule in enumerate(rules):
        if everywhere and rule.where is not Where.ANYWHERE:
            continue
        for cue in rule.cues or ("",):
            index.setdefault(cue[:CUE] if len(cue) >= CUE else "", []).append((cue, place))
    return {start: tuple(row) for start, row in index.items()}


def _digest(read: list[tuple[str, bytes]]) -> str:
    hashed = hashlib.sha256(f"engine {ENGINE}".encode())
    for name, data in read:
        hashed.update(b"\0".join((b"", name.encode(), data)))
    return f"sha256:{hashed.hexdigest()}"


def _decode(name: str, data: bytes) -> _File:
    try:
        return msgspec.convert(tomllib.loads(data.decode("utf-8")), _File)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"boilerplate rules {name}.toml: {error}", hint="see docs/boilerplate.md") from error


def _rules(file: str, entry: _Entry, files: Mapping[str, _File], words: _Words) -> list[Rule]:
    """The entry's rule; where it says ``each``, one for every language that has the word lists it takes."""
    if not entry.each:
        return [_rule(file, files[file].lang, entry, words)]
    lists = set(re.findall(r"\{([a-z][a-z_]*)\}", entry.pattern)) - files[COMMON].words.keys()
    able = [name for name, part in files.items() if lists <= part.words.keys()]
    return [_rule(name, files[name].lang, entry, words) for name in able]


def _rule(file: str, lang: str | None, entry: _Entry, words: _Words) -> Rule:
    name = f"{file}.{entry.name}"
    source = words.expand(name, file, entry.pattern).translate(SAME)
    check(name, source)
    cues = tuple(dict.fromkeys(cue.casefold() for word in entry.cues for cue in words.cues(name, file, word)))
    return Rule(
        name=name,
        kind=entry.kind,
        lang=lang,
        where=entry.where,
        source=source,
        cues=() if "" in cues else cues,
        matches=entry.matches,
        keeps=entry.keeps,
    )


def literal(word: str) -> str:
    """The longest text that stands in everything a list's word matches; empty where nothing is certain."""
    while (outer := re.sub(r"\((?:[^()\\\[\]]|\\.|\[[^\]]*\])*\)[?*+]?(?:\{[^}]*\})?", "\0", word)) != word:
        word = outer
    word = re.sub(r"(?:\\.|\[[^\]]*\]|[^\\\0])(?:[?*]|\{[^}]*\})", "\0", word)
    certain = re.split(r"\0|\\[a-zA-Z]|\[[^\]]*\]|[.+^$|]", word)
    return max((part.replace("\\", "") for part in certain), key=len)


_OPEN_ENDED = re.compile(r"(?<!\\)[\])}\w.][*+](?![+])")
_GROUP_REPEAT = re.compile(r"(?<!\\)\)(?:[*+]|\{\d*,(?:\d{3,})?\})")


def check(name: str, source: str) -> None:
    """Refuse a pattern whose time could explode: every repeat has a bound, and no group repeats without a small one.

    A rule sees pieces of at most `ingest.boilerplate.lines.MAX_PIECE` characters, so bounded repeats bound its time.

    Raises:
        UsageError: the pattern has ``*`` or ``+`` after anything but a single white-space class, or a group repeated
            a hundred times or more.
    """
    plain = source.replace(r"\s*", "").replace(r"\s+", "")
    if _OPEN_ENDED.search(plain) or _GROUP_REPEAT.search(plain):
        raise UsageError(
            f"boilerplate rule {name}: an open-ended repeat", hint="write {0,40} instead of *, {1,40} instead of +"
        )


class _Words:
    """The word lists of all files: ``{by}`` in a pattern is this file's list, ``{*by}`` those of all files."""

    def __init__(self, files: Mapping[str, _File]) -> None:
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
        """A cue; for a ``{list}`` what stands in each of its words. Empty text where a word has nothing certain."""
        named = re.fullmatch(r"\{(\*?)([a-z][a-z_]*)\}", cue)
        if not named:
            return [cue]
        return [literal(word) for _, word in self._rows(rule, file, every=bool(named[1]), key=named[2])]

    def told(self) -> str:
        """A pattern of the words of somebody reporting what somebody else said, in all languages."""
        rows = [word for _, word in self._rows("told", COMMON, every=True, key="told")]
        spaced = "|".join(word for word in rows if not WIDE.match(word))
        return rf"(?<!\w)(?:{spaced})(?!\w)|" + "|".join(word for word in rows if WIDE.match(word))

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
