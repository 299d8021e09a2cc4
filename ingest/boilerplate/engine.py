"""An Article and rules in, the same Article without furniture out."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from ingest.article import EXTRACTOR, Article, Block, Kind, Stripped
from ingest.boilerplate import lines
from ingest.boilerplate.captures import Taken, footed, told
from ingest.boilerplate.dated import dated
from ingest.boilerplate.judge import TAILS, Judge
from ingest.boilerplate.rules import RIGHTS_KINDS, Rules

PAGE_FOOT = 40
"""How many of the last lines that extraction left out may be the foot of the page."""

_MERE_LINK = re.compile(r"(?!.*(?:\(c\)|©|\d))[\x00-\u024f]{1,40}", re.IGNORECASE)
"""A short line without sign or year: "Copyright & Licensing" leads to a page about rights and states none."""


_LINKS_BEFORE = re.compile(r"^[^©]{0,200}[^\W\d_](?=©)")
"""Links of a page's foot that stand before the sign without a space: "PrivacyCookies© 2025 Halden Post"."""


def strip(article: Article, rules: Rules) -> Article:
    """The article without furniture: what was taken is in ``stripped``, what it said is in the metadata.

    All rules act on every text, in whatever language: a foot is often in another than its article. A line goes only
    as a whole, and only if all of it is known furniture but for a few words; a sentence of prose stays.
    Stripping again changes nothing.
    """
    cleaned = _spoken(article, rules)
    while (less := _once(cleaned, rules)) is not cleaned:  # without those lines others may stand at an edge
        cleaned = less
    return dated(footed(cleaned, _foot(cleaned, rules), rules), rules)


def _spoken(article: Article, rules: Rules) -> Article:
    """The article with no headline or deck from where somebody speaks in a transcript: "[앵커]" is neither."""
    heads = [place for place, block in enumerate(article.blocks) if block.kind in {Kind.TITLE, Kind.DECK}]
    cues = [place for place in heads if rules.speaker.fullmatch(lines.view(article.blocks[place].text))]
    if not cues:
        return article
    said = {place for place in heads if place >= cues[0]}
    blocks = (
        replace(block, kind=Kind.PARAGRAPH) if place in said else block for place, block in enumerate(article.blocks)
    )
    return replace(article, blocks=tuple(blocks))


def _once(article: Article, rules: Rules) -> Article:
    """The article without the lines that go as it stands; itself where none goes."""
    texts = [lines.view(block.text) for block in article.blocks]
    judge = Judge(texts, rules, [block.kind for block in article.blocks])
    judge.signed |= any(rules.letter.match(line.text.casefold()) for line in article.stripped if _is_label(line))
    verdicts = judge.weighed(judge.verdicts())
    if not verdicts:
        return article
    signing = _signing(texts, verdicts)
    taken: list[Taken] = []
    stripped: list[Stripped] = []
    for place, verdict in sorted(verdicts.items()):
        block = article.blocks[place]
        taken.append(Taken(text=block.text, seen=texts[place], hits=verdict.hits, signs=place in signing))
        stripped.append(Stripped(rule=verdict.rule.name, text=block.text, line=block.line))
    kept = [block for place, block in enumerate(article.blocks) if place not in verdicts]
    cleaned = replace(article, blocks=_retitled(article, kept), stripped=article.stripped + tuple(stripped))
    return told(cleaned, taken, rules)


def _is_label(line: Stripped) -> bool:
    """Whether this stood above the headline and said what follows: "Letters to the editor"."""
    return line.rule.endswith(".release")


def _signing(texts: Sequence[str], taken: Container[int]) -> range:
    """The places between the headline and the first paragraph."""
    kept = [place for place in range(len(texts)) if place not in taken]
    return range(kept[0] if kept else 0, next((place for place in kept if lines.is_prose(texts[place])), 0))


def _foot(article: Article, rules: Rules) -> list[Taken]:
    """The rights lines of the page around the article: below it, among the last that extraction left out."""
    if article.rights and article.publisher and (article.publisher.latin or article.publisher.original.isascii()):
        return []
    taken = [line.line for line in article.stripped if line.rule != EXTRACTOR]
    last = max((*(block.line for block in article.blocks), *taken), default=0)
    left = [line for line in article.stripped if line.rule == EXTRACTOR]
    below = [line for line in left if line.line > last] or left  # a body from the page's data stands below its foot
    texts = [_LINKS_BEFORE.sub("", line.text) for line in below[-PAGE_FOOT:] if not _MERE_LINK.fullmatch(line.text)]
    stated = [(text, seen) for text in texts if rules.states_rights(seen := lines.view(text))]
    judge = Judge([seen for _, seen in stated], rules, [Kind.PARAGRAPH] * len(stated))
    found: list[Taken] = []
    for place, (text, seen) in enumerate(stated):
        verdict = judge.judge(place, TAILS)
        taken_for = {rule.kind for rule, _ in verdict.hits} if verdict else set()
        if verdict and taken_for & RIGHTS_KINDS and "photo" not in taken_for:
            found.append(Taken(text=text, seen=seen, hits=verdict.hits))
    return found


def _retitled(article: Article, kept: list[Block]) -> tuple[Block, ...]:
    """The blocks kept; where the line taken for the headline went, the first deck line is the headline."""
    if article.title is None or any(block.kind is Kind.TITLE for block in kept):
        return tuple(kept)
    if kept and kept[0].kind is Kind.DECK:
        kept = [replace(kept[0], kind=Kind.TITLE), *kept[1:]]
    return tuple(kept)
