"""TOML files of rules in, one frozen rule set with a digest out."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

from ingest.boilerplate.cues import Cues, fold
from ingest.boilerplate.line_model import LineModel, read_model
from ingest.boilerplate.lines import SAME
from ingest.boilerplate.signs import VERSION
from ingest.boilerplate.words import COMMON, Words
from ingest.days import calendar
from ingest.errors import UsageError

ENGINE = 6
"""Version of the engine's own judgement; part of the digest, raised when the same rules would take other lines."""


RIGHTS_KINDS = frozenset({"copyright", "reuse-ban", "ai-ban"})
"""Kinds of rule that know a line about who holds the rights."""


SPOKEN = (
    "told",
    "letter",
    "speaker",
    "prize",
    "photo",
    "imprint",
    "form",
    "organisation",
    "city",
    "rights",
    "until",
    "claim",
    "credit",
)
"""The word lists that the engine reads itself."""


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
        cues: as `fold` gives them; one of them stands in every text that the pattern matches.
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
        model: what judges the lines that no rule knows; see `ingest.boilerplate.line_model`.
        spoken: patterns of the word lists that the engine reads itself; see `told` and the properties after it.
        cues: of all rules; see `cued`.
        digest: identifies rules, facts and engine.
    """

    rules: tuple[Rule, ...]
    keeps: tuple[str, ...]
    facts: Mapping[str, frozenset[str]]
    engines: Mapping[str, str]
    languages: Mapping[str, str]
    model: LineModel
    spoken: Mapping[str, str]
    cues: Cues
    digest: str

    @property
    def told(self) -> re.Pattern[str]:
        """Finds the words with which prose says who said something."""
        return compiled(self.spoken["told"])

    @property
    def letter(self) -> re.Pattern[str]:
        """Matches the beginning of a line that says that a reader's letter follows, which its writer signs."""
        return compiled(self.spoken["letter"])

    @property
    def speaker(self) -> re.Pattern[str]:
        """Matches a line that says who speaks next in a transcript ("[앵커]"): the article's own, and no byline."""
        return compiled(self.spoken["speaker"])

    @property
    def prize(self) -> re.Pattern[str]:
        """Matches the beginning of a line that names a winner ("Best picture:") or a result like a credit."""
        return compiled(self.spoken["prize"])

    @property
    def past(self) -> re.Pattern[str]:
        """Finds what a call calls to with a verb behind it: "our newsletter had been" is about the call."""
        return compiled(self.spoken["past"])

    @property
    def photo(self) -> re.Pattern[str]:
        """Finds the words that stand before whose picture it is, with the sign behind them."""
        return compiled(rf"(?:{self.spoken['photo']})\s?[:=/|]")

    @property
    def imprint(self) -> re.Pattern[str]:
        """Finds what only a publisher prints of itself: its registration, its chief editor, its masthead."""
        return compiled(self.spoken["imprint"])

    @property
    def form(self) -> re.Pattern[str]:
        """Finds a company's form at the end of a name; a dot that it ends in is the name's own."""
        return compiled(rf"(?:{self.spoken['form']})$")

    @property
    def rights(self) -> re.Pattern[str]:
        """Finds a phrase that reserves the rights or forbids to copy, as it stands beside a publisher's name."""
        return compiled(self.spoken["rights"])

    @property
    def claim(self) -> re.Pattern[str]:
        """Matches how a phrase about rights begins, and no name does ("Alle Rechte ...", "Nachdruck ...")."""
        return compiled("|".join(self.spoken[key] for key in ("rights", "until", "claim")))

    @property
    def organisation(self) -> re.Pattern[str]:
        """Finds the words by which a name is that of a desk, a paper or an agency, and of no person."""
        return compiled(self.spoken["organisation"])

    @property
    def credit(self) -> re.Pattern[str]:
        """Finds where a row of names goes over to those who edited a text, or made its pictures."""
        return compiled(rf"[\s/,、]+(?:{self.spoken['credit']})(?=$|[\s:/|])")

    @property
    def city(self) -> re.Pattern[str]:
        """Matches a place of several words, which looks like a person's name where it stands alone."""
        return compiled(self.spoken["city"])

    def states_rights(self, text: str) -> bool:
        """Whether a cue of a rule that tells who holds the rights stands in this text."""
        return any(rule.cues and rule.kind in RIGHTS_KINDS for rule in self.cued(text))

    def cued(self, text: str) -> list[Rule]:
        """The rules with a cue in this text, and those without cues, in their order."""
        return [self.rules[place] for place in sorted(self.cues.standing(fold(text)))]


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


@cache
def load_rules() -> Rules:
    """The rules that newsgloss ships: every TOML file beside this module, those for all languages last."""
    folder = resources.files("ingest.boilerplate")
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    model = folder.joinpath("furniture.tsv").read_bytes()
    return parse(sorted(found, key=lambda entry: (entry.name == f"{COMMON}.toml", entry.name)), model)


def parse(files: Iterable[Traversable], model: bytes = b"") -> Rules:
    """The rule set of these files, with the line model of a file; without one, only rules take lines.

    Raises:
        UsageError: a file is not TOML, holds an unknown key, or a pattern that is no regular expression or could take
            more than bounded time (see `check`).
    """
    read = [(entry.name.removesuffix(".toml"), entry.read_bytes()) for entry in files]
    loaded = _with_months({name: _decode(name, data) for name, data in read})
    words = Words(loaded)
    rules = tuple(
        rule for name, part in loaded.items() for entry in part.rule for rule in _rules(name, entry, loaded, words)
    )
    parts = loaded.values()
    return Rules(
        rules=rules,
        keeps=tuple(line for part in parts for line in part.keeps),
        facts={key: frozenset(value) for part in parts for key, value in part.facts.items()},
        engines={spelling: name for part in parts for name, row in part.engines.items() for spelling in row},
        model=read_model(model) if model else LineModel(),
        spoken={
            **{key: words.spoken(key) for key in SPOKEN},
            "past": words.expand("past", COMMON, r"(?<!\w){*thing},?\s{*past}(?!\w)"),
        },
        cues=Cues((cue, place) for place, rule in enumerate(rules) for cue in rule.cues or ("",)),
        languages={spelling: tag for part in parts for tag, row in part.languages.items() for spelling in row},
        digest=_digest([*read, ("months", repr(calendar().names).encode()), (f"signs {VERSION}", model)]),
    )


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


def _with_months(files: Mapping[str, _File]) -> dict[str, _File]:
    """The files with the names of the months in their word lists; of languages without a file, in the common one."""
    names = {lang: tuple(name for row in rows for name in row) for lang, rows in calendar().names.items()}
    others = tuple(name for lang, row in names.items() if lang not in files for name in row)
    added = {**names, COMMON: others}
    return {
        name: msgspec.structs.replace(
            part, words={**part.words, "month": part.words.get("month", ()) + added.get(name, ())}
        )
        for name, part in files.items()
    }


def _rules(file: str, entry: _Entry, files: Mapping[str, _File], words: Words) -> list[Rule]:
    """The entry's rule; where it says ``each``, one for every language that has the word lists it takes."""
    if not entry.each:
        return [_rule(file, files[file].lang, entry, words)]
    lists = set(re.findall(r"\{([a-z][a-z_]*)\}", entry.pattern)) - files[COMMON].words.keys() - {"upper"}
    able = [name for name, part in files.items() if lists <= part.words.keys()]
    return [_rule(name, files[name].lang, entry, words) for name in able]


def _rule(file: str, lang: str | None, entry: _Entry, words: Words) -> Rule:
    name = f"{file}.{entry.name}"
    source = words.expand(name, file, entry.pattern).translate(SAME)
    check(name, source)
    cues = tuple(dict.fromkeys(cue for word in entry.cues for cue in words.cues(name, file, word)))
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
