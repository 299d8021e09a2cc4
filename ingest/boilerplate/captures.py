"""Stripped lines in, what they say of the article out: publisher, rights, authors and translation notice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.article import Article, Lang, Name, Notice, Publisher
from ingest.boilerplate.lines import view
from ingest.boilerplate.people import is_person, parted, people
from ingest.boilerplate.rules import RIGHTS_KINDS, Rule, Rules

OWNER_KINDS = RIGHTS_KINDS | {"registration", "contact"}
"""Kinds of line with the publisher's addresses; where they state no right, as in a press release, others' too."""

_HOST = re.compile(
    r"(?:@|\b(?:https?://)?)((?:[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?\.){1,4}[a-z]{2,12})(?![\w@-])", re.IGNORECASE
)
_HANGUL, _KANA, _HAN = re.compile(r"[가-힣]"), re.compile(r"[぀-ヿ]"), re.compile(r"[一-鿿]")
_CYRILLIC, _ARABIC, _THAI = re.compile(r"[Ѐ-ӿ]"), re.compile(r"[؀-ۿ]"), re.compile(r"[฀-๿]")
_SCRIPTS = {
    "ko": _HANGUL,
    "ja": _KANA,
    "zh": _HAN,
    "ru": _CYRILLIC,
    "uk": _CYRILLIC,
    "ar": _ARABIC,
    "fa": _ARABIC,
    "th": _THAI,
}
_ALPHA = re.compile(r"[a-z]+")
_LETTER = re.compile(r"[^\W\d_]")
_YEARS = re.compile(r"^(?:[\s,.~–-]*(?:19|20)\d\d)+[\s,.–-]*|[\s,]*(?:19|20)\d\d$")
_QUOTED = re.compile(r"«([^«»]{2,40})")
_BAR = re.compile(r"(\s+[|·•]\s+)")
_TRIM = " \t,.·|<>()[]{}:;/-–—*«»“”„《》「」\"'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One stripped line: as it stood, as rules saw it, and the rules that knew it with their matches.

    ``signs``: it stands between the headline and the first paragraph, where a name alone is the writer's.
    """

    text: str
    seen: str
    hits: tuple[tuple[Rule, re.Match[str]], ...]
    signs: bool = False

    @property
    def kinds(self) -> set[str]:
        """What kinds of furniture it is."""
        return {rule.kind for rule, _ in self.hits}


def told(article: Article, taken: Sequence[Taken], rules: Rules) -> Article:
    """The article with what its stripped lines say in place of what was unknown; nothing known is overwritten."""
    return replace(
        article,
        publisher=_publisher(article.publisher, taken, rules),
        rights=article.rights or _rights(taken, rules),
        notice=article.notice or _notice(taken, [block.text for block in article.blocks], rules),
        section=article.section or next((_part(value) for _, value in _groups(taken, "section", "topic")), None),
        authors=article.authors or _authors(taken, " ".join(block.text for block in article.blocks), rules),
    )


def footed(article: Article, foot: Sequence[Taken], rules: Rules) -> Article:
    """The article with the publisher and rights that its page's foot states, where nothing nearer stated them."""
    publisher = _publisher(article.publisher, foot, rules) if foot else article.publisher
    return replace(article, publisher=publisher, rights=article.rights or _rights(foot, rules))


def _rights(taken: Iterable[Taken], rules: Rules) -> str | None:
    found = [_stating(line.text, rules) for line in taken if line.kinds & RIGHTS_KINDS]
    return "\n".join(dict.fromkeys(found)) or None


def _stating(text: str, rules: Rules) -> str:
    """The line without the links beside what it says of rights: "© 2025 Halden Post | Terms of Use"."""
    parts = _BAR.split(text)
    saying = [place for place, part in enumerate(parts) if place % 2 == 0 and not _is_link(view(part), rules)]
    return "".join(parts[saying[0] : saying[-1] + 1]) if saying else text


def _is_link(seen: str, rules: Rules) -> bool:
    """Whether a rule knows this for one of the page's links, or the like."""
    return any(rule.kind not in RIGHTS_KINDS and rule.pattern.fullmatch(seen) for rule in rules.cued(seen))


def _groups(taken: Iterable[Taken], *groups: str) -> Iterable[tuple[Rule, str]]:
    for line in taken:
        for rule, match in line.hits:
            for group in groups:
                if group in match.re.groupindex and (value := match[group]):
                    yield rule, value


def _publisher(known: Publisher | None, taken: Sequence[Taken], rules: Rules) -> Publisher | None:
    mastheads = [name for _, value in _groups(taken, "masthead") if (name := _clean(value, rules))]
    holders = [name for value in _held(taken, rules) if _LETTER.search(name := _clean(value, rules))]
    names = mastheads + holders
    original = known.original if known else names[0] if names else None
    domain = _domain(taken, original, rules)
    if known is not None:
        return replace(known, latin=known.latin or _latin(known.original, names), domain=known.domain or domain)
    if original is None:
        return Publisher(original=domain, domain=domain) if domain else None
    return Publisher(original=original, latin=_latin(original, names), domain=domain)


def _held(taken: Iterable[Taken], rules: Rules) -> Iterable[str]:
    """The names that lines give as the publisher's, up to a phrase about rights; the phrase itself is no name."""
    for match in (match for line in taken for _, match in line.hits if match.groupdict().get("publisher")):
        text, (start, end) = match.string, match.span("publisher")
        start += len(text[start:end]) - len(text[start:end].lstrip(_TRIM))
        said = rules.rights.search(text, start)
        if not rules.claim.match(text, start):
            yield text[start : min(end, said.start()) if said else end]


def _latin(original: str, names: Iterable[str]) -> str | None:
    """The first name in Latin script, where the original is in another."""
    if original.isascii():
        return None
    return next((name for name in names if name.isascii() and _LETTER.search(name)), None)


def _clean(value: str, rules: Rules) -> str:
    """The name without what stands around it: Заря of ООО «Заря». A form's dot is its own ("Harbour Media Inc.")."""
    quoted = _QUOTED.search(value)
    name = _YEARS.sub("", (quoted[1] if quoted else value).strip(_TRIM)).strip(_TRIM)
    dotted = f"{name}."
    return dotted if dotted in value and rules.form.search(dotted) else name


def _domain(taken: Sequence[Taken], publisher: str | None, rules: Rules) -> str | None:
    """The registered host that the publisher's own lines name: those of rights, then of its imprint, then bylines.

    Another line with an address is the publisher's where an imprint stands in the text, or the host is like its name.
    """
    printed = [line for line in taken if rules.imprint.search(line.seen)]
    ranked: list[tuple[bool, list[Taken]]] = [
        (True, [line for line in taken if "copyright" in line.kinds]),
        (
            True,
            [line for line in taken if line.kinds & RIGHTS_KINDS or (line.kinds & OWNER_KINDS and line in printed)],
        ),
        (bool(printed), [line for line in taken if line.kinds & OWNER_KINDS]),
        (True, [line for line in taken if publisher and "byline" in line.kinds]),
    ]
    hosts = ((sure, host) for sure, rows in ranked for line in rows for host in _hosts(line, rules))
    return next((host for sure, host in hosts if sure or (publisher and _alike(host, publisher))), None)


def _hosts(line: Taken, rules: Rules) -> Iterable[str]:
    return filter(None, (registered(found[1], rules) for found in _HOST.finditer(line.seen)))


def _alike(host: str, name: str) -> bool:
    """Whether a host may be the publisher's by its name: "haldenpost" of "Halden Post"; other scripts do not tell."""
    label = "".join(_ALPHA.findall(host.partition(".")[0]))
    words = _ALPHA.findall(name.casefold())
    known = label in "".join(words) or label == "".join(word[0] for word in words)
    return not name.isascii() or known or any(word in label for word in words if len(word) > 3)


def registered(host: str, rules: Rules) -> str | None:
    """The part of a host that its owner registered; None for shared mail and social hosts."""
    labels = host.lower().split(".")
    public = 2 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in rules.facts["second_level"] else 1
    owned = ".".join(labels[-public - 1 :])
    known = labels[-1] in rules.facts["top_level"] or len(labels[-1]) == 2
    return owned if known and owned not in rules.facts["shared_hosts"] else None


def _authors(taken: Sequence[Taken], text: str, rules: Rules) -> tuple[Name, ...]:
    """The people whom bylines name; where none does, those whose names stand alone below the headline."""
    stated = _names(_groups(taken, "author", "writer"), rules)
    alone = _names(_groups([line for line in taken if line.signs], "signed"), rules)
    full = (name for name in alone if name not in text and is_person(name, text, rules))
    return tuple(Name(original=name) for name in stated or full)


def _names(found: Iterable[tuple[Rule, str]], rules: Rules) -> list[str]:
    return list(people((_clean(name, rules) for _, value in found for name in parted(value, rules)), rules))


def _part(value: str) -> str:
    """The first of the parts of a paper that a line names: "Local" of "Local, Media"."""
    return value.partition(",")[0].strip(_TRIM)


def _notice(taken: Sequence[Taken], body: Sequence[str], rules: Rules) -> Notice | None:
    """What the line of translation says; of several the first that names an engine."""
    notices = [(line, _engine(line, rules)) for line in taken if "translation" in line.kinds]
    if not notices:
        return None
    line, engine = next((found for found in notices if found[1]), notices[0])
    for _, value in _groups([line], "source", "origin"):
        if tag := rules.languages.get(value.casefold()):
            return Notice(engine=engine, source_lang=Lang(tag))
    langs = [rule.lang for rule, _ in line.hits if rule.kind == "translation"]
    lang = next((lang for lang in langs if lang and _foreign(lang, body)), None)
    return Notice(engine=engine, source_lang=Lang(lang) if lang else None, inferred=lang is not None)


def _engine(line: Taken, rules: Rules) -> str | None:
    named = line.seen.casefold()
    return next((name for word, name in rules.engines.items() if word in named), None)


def _foreign(lang: str, body: Sequence[str]) -> bool:
    """Whether a notice in this language stands under a text in another: told by script alone, so certain or no."""
    script = _SCRIPTS.get(lang)
    text = "".join(body)
    letters = len(_LETTER.findall(text))
    return script is not None and letters > 0 and len(script.findall(text)) / letters < 0.05
