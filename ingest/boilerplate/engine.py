"""An Article and rules in, the same Article without furniture out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from ingest.article import EXTRACTOR, Article, Block, Kind, Stripped
from ingest.boilerplate import lines
from ingest.boilerplate.captures import Taken, footed, told
from ingest.boilerplate.rules import RIGHTS_KINDS, Rule, Rules, Where

HEADS = frozenset({Where.HEAD, Where.EDGE, Where.ANYWHERE})
TAILS = frozenset({Where.TAIL, Where.EDGE, Where.ANYWHERE})
BESIDES = frozenset({Where.BESIDE})
BODIES = frozenset({Where.ANYWHERE})

PATIENCE = {True: 1, False: 8}
"""How many lines of prose (True), and how many others, may stand between an edge's furniture and more of it."""

SENTENCES = frozenset({"reuse-ban", "ai-ban", "copyright", "translation", "subscribe", "tip", "photo", "note"})
"""Kinds that come as whole sentences; where somebody is said to have said so, it is news and no furniture."""

FOOT_KINDS = frozenset(
    {
        *("copyright", "reuse-ban", "ai-ban", "registration", "contact", "tags", "tip", "translation", "agency"),
        *("subscribe", "ui", "byline", "name", "correction", "note"),
    }
)
"""Kinds that stand below an article; a photo's credit or a link may also stand within it."""

WORDS = 30
"""The heaviest line that is too short for a deck."""

LIST_OPENER = "related"
"""Rules of this kind open a list: the links that follow belong to it."""

ORNAMENT = ".ornament"
"""Rules of this name know lines of asterisks or dashes: they part an article's sections as often as they close it."""

TITLE_KINDS = frozenset({"ui", "date", "byline", "section", "subscribe"})
"""What a line taken for a headline may turn out to be; a headline about a photo is no photo credit."""


REMARKS = 40
"""How much unknown text may stand beside any known piece of an edge line."""

PAGE_FOOT = 40
"""How many of the last lines that extraction left out may be the foot of the page."""

_MERE_LINK = re.compile(r"(?!.*(?:\(c\)|©|\d))[\x00-\u024f]{1,40}", re.IGNORECASE)
"""A short line without sign or year: "Copyright & Licensing" leads to a page about rights and states none."""

Hit: TypeAlias = tuple[Rule, re.Match[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a line is furniture: the rules that know its pieces, with what they captured, the strongest first.

    ``whole``: the first of them knows all of the line.
    """

    hits: tuple[Hit, ...]
    whole: bool = False

    @property
    def rule(self) -> Rule:
        """The rule the line is counted under."""
        return self.hits[0][0]


def strip(article: Article, rules: Rules) -> Article:
    """The article without furniture: what was taken is in ``stripped``, what it said is in the metadata.

    All rules act on every text, in whatever language: a foot is often in another than its article. A line goes only
    as a whole, and only if all of it is known furniture but for a few words; a sentence of prose stays.
    Stripping again changes nothing.
    """
    texts = [lines.view(block.text) for block in article.blocks]
    verdicts = _Judge(texts, rules).verdicts([block.kind for block in article.blocks])
    if not verdicts:
        return footed(article, _foot(article, rules), rules)
    taken: list[Taken] = []
    stripped: list[Stripped] = []
    for place, verdict in sorted(verdicts.items()):
        block = article.blocks[place]
        taken.append(Taken(text=block.text, seen=texts[place], hits=verdict.hits if verdict else ()))
        stripped.append(Stripped(rule=_name(verdict), text=block.text, line=block.line))
    kept = [block for place, block in enumerate(article.blocks) if place not in verdicts]
    cleaned = replace(article, blocks=_retitled(article, kept), stripped=article.stripped + tuple(stripped))
    return footed(told(cleaned, taken, rules), _foot(article, rules), rules)


def _foot(article: Article, rules: Rules) -> list[Taken]:
    """The rights lines of the page around the article: below it, among the last that extraction left out."""
    if article.rights and article.publisher and (article.publisher.latin or article.publisher.original.isascii()):
        return []
    taken = [line.line for line in article.stripped if line.rule != EXTRACTOR]
    last = max((*(block.line for block in article.blocks), *taken), default=0)
    below = [line for line in article.stripped if line.rule == EXTRACTOR and line.line > last][-PAGE_FOOT:]
    seen = [(line, lines.view(line.text)) for line in below if not _MERE_LINK.fullmatch(line.text)]
    stated = [(line, text) for line, text in seen if rules.states_rights.search(text.casefold())]
    judge = _Judge([text for _, text in stated], rules)
    found: list[Taken] = []
    for place, (line, text) in enumerate(stated):
        verdict = judge.judge(place, TAILS)
        taken_for = {rule.kind for rule, _ in verdict.hits} if verdict else set()
        if verdict and taken_for & RIGHTS_KINDS and "photo" not in taken_for:
            found.append(Taken(text=line.text, seen=text, hits=verdict.hits))
    return found


def _name(verdict: Verdict | None) -> str:
    return verdict.rule.name if verdict else "structure.between"


def _retitled(article: Article, kept: list[Block]) -> tuple[Block, ...]:
    """The blocks kept; where the line taken for the headline went, the first deck line is the headline."""
    if article.title is None or any(block.kind is Kind.TITLE for block in kept):
        return tuple(kept)
    if kept and kept[0].kind is Kind.DECK:
        kept = [replace(kept[0], kind=Kind.TITLE), *kept[1:]]
    return tuple(kept)


class _Judge:
    """The verdicts on one text's lines; made for one `strip` and thrown away."""

    def __init__(self, texts: Sequence[str], rules: Rules) -> None:
        self.texts = texts
        self.rules = rules
        self.known: dict[tuple[int, bool], list[Rule]] = {}

    def verdicts(self, kinds: Sequence[Kind]) -> dict[int, Verdict | None]:
        """The places of all furniture, each with why; None for what only stands between furniture."""
        found: dict[int, Verdict | None] = {}
        for place in range(len(self.texts)):
            if verdict := self.judge(place, BODIES):
                found[place] = verdict
        head = self._walk(found, range(len(self.texts)), HEADS)
        tail = self._walk(found, range(len(self.texts) - 1, -1, -1), TAILS)
        self._beside(found, range(head + 2), range(tail - 1, len(self.texts)))
        self._lists(found, tail)
        self._foot(found, tail)
        self._top(found)
        return {place: verdict for place, verdict in found.items() if self._may_go(kinds, place, verdict)}

    def _may_go(self, kinds: Sequence[Kind], place: int, verdict: Verdict | None) -> bool:
        return kinds[place] is not Kind.TITLE or (verdict is not None and verdict.rule.kind in TITLE_KINDS)

    def judge(self, place: int, zones: frozenset[Where]) -> Verdict | None:
        """Why this line is furniture in these zones; None where it is not."""
        text = self.texts[place]
        everywhere = zones is BODIES
        rules = [rule for rule in self._cued(place, everywhere=everywhere) if rule.where in zones]
        verdict = _verdict(text, rules, strict=everywhere)
        sentence = verdict is not None and any(rule.kind in SENTENCES for rule, _ in verdict.hits)
        if sentence and "©" not in text and self.rules.told.search(text):
            return _verdict(text, [rule for rule in rules if rule.kind not in SENTENCES], strict=everywhere)
        return verdict if zones is not BESIDES or verdict is None or verdict.whole else None

    def _cued(self, place: int, *, everywhere: bool) -> list[Rule]:
        """The rules that may know something of this line."""
        key = (place, everywhere)
        if key not in self.known:
            text = self.texts[place]
            usable = text and len(text) <= lines.MAX_LINE
            self.known[key] = self.rules.cued(text.casefold(), everywhere=everywhere) if usable else []
        return self.known[key]

    def _walk(self, found: dict[int, Verdict | None], places: range, zones: frozenset[Where]) -> int:
        """Judge from an edge inwards until the article itself begins; gives the innermost place that is furniture."""
        passed = {True: 0, False: 0}
        last = places.start
        for place in places:
            verdict = found.get(place) or self.judge(place, zones)
            if verdict:
                found[place] = verdict
                passed = {True: 0, False: 0}
                last = place
                continue
            prose = lines.is_prose(self.texts[place])
            passed[prose] += 1
            if passed[prose] > PATIENCE[prose]:
                break
        return last

    def _beside(self, found: dict[int, Verdict | None], head: range, tail: range) -> None:
        """A name alone in a line, next to a date, a byline or other furniture of an edge, is a byline."""
        for place in (*head, *reversed(head), *reversed(tail), *tail):
            alone = 0 <= place < len(self.texts) and place not in found
            if alone and found.keys() & {place - 1, place + 1} and (verdict := self.judge(place, BESIDES)):
                found[place] = verdict

    def _lists(self, found: dict[int, Verdict | None], tail: int) -> None:
        """The links under a heading such as "Related articles": short lines that do not end as sentences do."""
        for place in sorted(found):
            verdict = found[place]
            if verdict is None or verdict.rule.kind != LIST_OPENER or not verdict.rule.name.endswith("-list"):
                continue
            for link in range(place + 1, len(self.texts)):
                if link in found or not lines.is_link(self.texts[link]):
                    break
                if place < tail and link > place + 1:
                    break
                found[link] = Verdict(hits=verdict.hits)

    def _unknown_prose(self, found: dict[int, Verdict | None], place: int) -> bool:
        text = self.texts[place]
        return place not in found and (lines.is_prose(text) or lines.quotes(text))

    def _foot(self, found: dict[int, Verdict | None], tail: int) -> None:
        """What stands among the sure lines of the foot, and below them, is of it: to the end or not at all.

        Where a sentence stands that the article could have said, the foot begins anew below it. A text without one is
        a list, and keeps what no rule knows.
        """
        sure, closed = 0, []
        opened = False
        for place in range(len(self.texts)):
            verdict = found.get(place)
            sure += opened and place >= tail and verdict is not None and _closes(verdict.rule)
            if place in found:
                continue
            if sure >= (2 if lines.has_sentence(self.texts[place]) else 1) and self._may_close(found, place):
                closed.append(place)
            elif self._unknown_prose(found, place):
                opened, sure, closed = True, 0, []
        found.update(dict.fromkeys(closed))

    def _may_close(self, found: dict[int, Verdict | None], place: int) -> bool:
        """Whether a line no rule knows may be of the foot; a whole sentence only if a known line follows it soon."""
        text = self.texts[place]
        if not self._unknown_prose(found, place):
            return True
        below = [near for near in (place + 1, place + 2, place + 3) if _foots(found.get(near))]
        told = lines.quotes(text) or self.rules.told.search(text) is not None
        return bool(below) and not told and lines.weight(text) <= lines.HEADLINE_WEIGHT

    def _top(self, found: dict[int, Verdict | None]) -> None:
        """A word or two between the byline or date and the first sentence is no deck, where a headline is known."""
        titled = dated = False
        for place, text in enumerate(self.texts):
            verdict = found.get(place)
            if verdict is not None:
                dated = dated or verdict.rule.kind in {"date", "byline", "name"}
            elif place not in found:
                if self._unknown_prose(found, place) or lines.ends_sentence(text):
                    return
                if titled and dated and lines.weight(text) <= WORDS:
                    found[place] = None
                titled = True


def _foots(verdict: Verdict | None) -> bool:
    return verdict is not None and not verdict.rule.name.endswith(ORNAMENT)


def _closes(rule: Rule) -> bool:
    return rule.kind in FOOT_KINDS and not rule.name.endswith((".advertisement", ORNAMENT))


def _verdict(text: str, rules: list[Rule], *, strict: bool) -> Verdict | None:
    """Whether rules know the whole line, or so much of its pieces that the rest may go along: a few words."""
    if not rules:
        return None
    whole = _first(rules, lines.bare(text))
    hits = [whole] if whole else []
    known, others = 0, 0
    for part in (half for piece in lines.pieces(text) for half in _glossed(rules, piece)):
        if hit := _first(rules, part):
            hits.append(hit)
            known += lines.weight(part)
        elif whole or lines.is_remark(part):
            others += lines.weight(part)
        else:
            return None
    allowed = known // 2 if strict else max(known * min(len(hits), 2), REMARKS)
    return Verdict(hits=tuple(hits), whole=whole is not None) if whole or (hits and others <= allowed) else None


def _glossed(rules: list[Rule], piece: str) -> list[str]:
    """The piece; in two where furniture has more of its kind in brackets after it, as in two languages."""
    plain, bracket, gloss = piece.removesuffix(")").rpartition("(")
    if not (bracket and piece.endswith(")") and plain.strip() and gloss.strip()) or not _first(
        rules, lines.bare(plain)
    ):
        return [piece]
    return [lines.bare(plain), lines.bare(gloss) or gloss]


def _first(rules: list[Rule], seen: str) -> Hit | None:
    if len(seen) > lines.MAX_PIECE:
        return None
    return next(((rule, match) for rule in rules if (match := rule.pattern.fullmatch(seen))), None)
