"""Any spelling of a language code in, one BCP 47 tag out (and back into each library's own spelling).

``languages.tsv`` is the one table. Its columns: ``tag``; ``name`` in English; ``scripts`` it is written in (by the
names of `translate.scripts`); ``prior``: how much more (or less) news there is in it than in most languages, empty
for 1, which decides only where a text is too short to; ``letters`` that the language writes and its neighbours do
not, where langdetect does not know it; ``langdetect`` and ``py3langid``: the label these detectors give it, empty
where they do not know it; ``argos`` and ``firefox``: the code in these projects' models, empty where it is the tag
itself; ``near``: the language whose models read this one well; ``siblings``: one name for languages so close that no
article mixes them; ``aliases``: other spellings (ISO 639-2 and -3, withdrawn codes, a region that means a script).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.article import UND, Lang

NO_LANGUAGE = frozenset({"", "und", "zxx", "mul", "mis", "un", "unknown", "none", "xx"})
"""What files and libraries write where they know of no language, or of no single one."""

_SUBTAGS = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One row of the table."""

    tag: Lang
    name: str
    scripts: tuple[str, ...]
    prior: float
    letters: frozenset[str]
    langdetect: str | None
    py3langid: str | None
    argos: str
    firefox: str
    near: Lang | None
    siblings: str | None
    aliases: tuple[str, ...]


@cache
def table() -> Mapping[Lang, Language]:
    """All languages by tag, in the order of the file."""
    text = resources.files("translate").joinpath("languages.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {Lang(row["tag"]): _language(row) for row in rows}


def _language(row: Mapping[str, str]) -> Language:
    return Language(
        tag=Lang(row["tag"]),
        name=row["name"],
        scripts=tuple(row["scripts"].split()),
        prior=float(row["prior"] or 1),
        letters=frozenset(row["letters"]),
        langdetect=row["langdetect"] or None,
        py3langid=row["py3langid"] or None,
        argos=row["argos"] or row["tag"],
        firefox=row["firefox"] or row["tag"],
        near=Lang(row["near"]) if row["near"] else None,
        siblings=row["siblings"] or None,
        aliases=tuple(row["aliases"].split()),
    )


@cache
def _spellings() -> Mapping[str, Lang]:
    spellings = {alias: row.tag for row in table().values() for alias in row.aliases}
    for row in table().values():
        for code in (row.langdetect, row.py3langid, row.argos, row.firefox):
            if code:
                spellings.setdefault(code.lower(), row.tag)
    return spellings | {tag: tag for tag in table()}


def parse(code: str | None) -> Lang:
    """The tag that ``code`` means, in whichever of the table's spellings; ``und`` where it is no language code.

    A region or script that changes nothing for us is dropped (``ko-KR`` is ``ko``), one that the table knows is kept
    (``pt-BR`` is ``pt-br``, ``zh-TW`` is ``zh-hant``). A well-formed code that the table lacks stands for itself.
    """
    tag = (code or "").strip().lower().replace("_", "-")
    if tag in NO_LANGUAGE or not _SUBTAGS.fullmatch(tag):
        return UND
    subtags = tag.split("-")
    for length in range(len(subtags), 0, -1):
        known = _spellings().get("-".join(subtags[:length]))
        if known:
            return _with_script(known, subtags[1:])
    return UND if subtags[0] in NO_LANGUAGE else Lang(subtags[0])


def _with_script(known: Lang, subtags: list[str]) -> Lang:
    return Lang("zh-hant") if known == "zh" and {"hant", "tw", "hk", "mo"} & set(subtags) else known


def primary(lang: Lang) -> str:
    """The language alone, without script or region: ISO 639-1 where the language has such a code."""
    return lang.split("-", 1)[0]


def fallbacks(lang: Lang) -> tuple[Lang, ...]:
    """The tags whose models can serve ``lang``, best first: ``pt-br`` is served by ``pt`` too, ``nn`` by ``nb``."""
    row = table().get(lang)
    chain = (lang, row.near if row else None, Lang(primary(lang)))
    return tuple(dict.fromkeys(tag for tag in chain if tag))


@cache
def relatives(lang: Lang) -> tuple[Lang, ...]:
    """The tags whose texts one model serves: ``lang`` itself, what can serve it, and what it can serve."""
    served = [tag for tag in table() if lang in fallbacks(tag)]
    return tuple(dict.fromkeys([*fallbacks(lang), *served]))


def name(lang: Lang) -> str:
    """The language's name in English, for people; the tag itself where the table lacks it."""
    row = table().get(lang) or table().get(Lang(primary(lang)))
    return row.name if row else lang


def argos(lang: Lang) -> str:
    """The code that Argos packages use (``zh-hant`` is ``zt``, ``pt-br`` is ``pb``)."""
    row = table().get(lang)
    return row.argos if row else lang


def firefox(lang: Lang) -> str:
    """The code that Firefox Translations' model records use (``zh`` is ``zh-Hans``)."""
    row = table().get(lang)
    return row.firefox if row else lang


def same(one: Lang, other: Lang) -> bool:
    """Whether the two are one language to a reader (``zh`` and ``zh-hant``), or siblings that are never mixed."""
    return _sibling(one) == _sibling(other)


def _sibling(lang: Lang) -> str:
    row = table().get(lang)
    return (row.siblings if row else None) or primary(lang)


def scripts_of(lang: Lang) -> frozenset[str]:
    """The scripts that ``lang`` is written in; empty where the table does not know it."""
    row = table().get(lang) or table().get(Lang(primary(lang)))
    return frozenset(row.scripts) if row else frozenset()


def written_in(script: str) -> frozenset[Lang]:
    """The languages of the table that are written in ``script``."""
    return _by_script().get(script, frozenset())


@cache
def _by_script() -> Mapping[str, frozenset[Lang]]:
    scripts = {script for row in table().values() for script in row.scripts}
    return {script: frozenset(row.tag for row in table().values() if script in row.scripts) for script in scripts}
