"""The lines of one text in, which of them are furniture, and why, out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from ingest.article import Kind
from ingest.boilerplate import lines
from ingest.boilerplate.line_model import BESIDE, NEVER, TITLE
from ingest.boilerplate.people import is_person, parted
from ingest.boilerplate.rules import Rule, Rules, Where
from ingest.boilerplate.signs import names_writer, read_line
from ingest.boilerplate.verdict import Verdict, first, known_by

HEADS = frozenset({Where.HEAD, Where.EDGE, Where.ANYWHERE})
TAILS = frozenset({Where.TAIL, Where.EDGE, Where.ANYWHERE})
BESIDES = frozenset({Where.BESIDE})
BODIES = frozenset({Where.ANYWHERE})

PATIENCE = {True: 1, False: 8}
"""How many lines of prose (True), and how many others, may stand between an edge's furniture and more of it."""

SENTENCES = frozenset({"reuse-ban", "ai-ban", "copyright", "translation", "subscribe", "tip", "photo", "note"})
"""Kinds that come as whole sentences; where somebody is said to have said so, it is news and no furniture."""

CALLS = frozenset({"subscribe", "note"})
"""Kinds that call upon the reader; "Sign up to our newsletter was its best-read line" is about the call."""

PARAGRAPH = 320
"""The longest line that is judged within the article: longer furniture stands at its edges."""

OPENING = 3
"""A letter says within so many lines that it is one; its signature is no byline."""

PARTS = frozenset({Kind.HEADING, Kind.ITEM})
"""What a page marks as part of its article looks like furniture to the model by its shape alone."""

MASTHEAD = "masthead"
"""Rules of this kind know a paper's own name, which goes only where another line may be the headline."""

MASTHEADS = frozenset({MASTHEAD, "release"})
"""So do those that know what a press office or a letters page prints there; any line at all may be their headline."""

LIST_OPENER = "related"
"""Rules of this kind open a list: the links that follow belong to it."""

WORDS = 30
"""The heaviest line that is too short for a headline where a heavier one follows."""

TITLE_KINDS = frozenset({"ui", "date", "byline", "navigation", "record", "section", "subscribe"})
"""What a line taken for a headline may turn out to be; a headline about a photo is no photo credit."""

SECTION = 20
"""The heaviest name of a section."""

_CRUMB = re.compile(r"\s?[|/>»›·]\s?")
_SAID = re.compile(r"[\"“„«「『][^\"”“»」』]{24,}|[.!?,][\"”“»」』]|^[\"“„«「『]")
_CREDITED = re.compile(
    r"(.{8,220}?)\s?[(\[【]([^()\[\]]{3,60})[)\]】]"
    r"|(.{8,220}(?:[.!?…][)\]]?\s{0,2}|[。！？]|\s[|–—/-]\s|\s[|–—/]|[a-zà-ÿ](?=[A-Z][a-z]{2,12}:)))([^.!?。！？]{3,60}\.?)"
)
"""A picture's caption: text, then its credit after a stop, in brackets, after a bar, or glued to it."""

_SPEAKS = re.compile(r"([^\s:.!?。！？\"“”][^:.!?。！？\"“”]{0,30}?)\s?:\s?\S")
"""Who speaks, before what is said."""

ABOUT = 0
"""So much must a line look like furniture that begins, in the lower half, with a name of the byline, or that is a row
of names below the headline."""


class Judge:
    """The verdicts on one text's lines; made for one text and thrown away."""

    def __init__(self, texts: Sequence[str], rules: Rules, kinds: Sequence[Kind]) -> None:
        self.texts = texts
        self.rules = rules
        self.kinds = kinds
        self.writers: frozenset[str] = frozenset()
        self.spoken = {
            place for place, text in enumerate(texts) if rules.speaker.fullmatch(text) or rules.prize.match(text)
        } | _dialogue(texts)
        self.signed = any(rules.letter.match(text.casefold()) for text in texts[:OPENING])
        self.known: dict[int, list[Rule]] = {}

    def verdicts(self) -> dict[int, Verdict]:
        """The places of all furniture that rules know, each with why."""
        found: dict[int, Verdict] = {}
        for place in range(len(self.texts)):
            if len(self.texts[place]) > PARAGRAPH:
                continue
            if verdict := self.judge(place, BODIES):
                found[place] = verdict
        head = self._walk(found, range(len(self.texts)), HEADS)
        self.writers = _writers(found.values())
        tail = self._walk(found, range(len(self.texts) - 1, -1, -1), TAILS)
        self._beside(found, range(head + 2), range(tail - 1, len(self.texts)))
        self._lists(found, tail)
        return {place: verdict for place, verdict in found.items() if self._may_go(place, verdict, found)}

    def weighed(self, found: Mapping[int, Verdict]) -> dict[int, Verdict]:
        """What of the furniture found the model does not doubt, and what else looks like furniture to it."""
        model = self.rules.model
        read = [read_line(text) for text in self.texts]
        known = [place in found for place in range(len(read))]
        bars = {place: bar for place in range(len(read)) if (bar := self._bar(place, found)) is not None}
        bars |= dict.fromkeys(self._headlines(found), TITLE) | self._signature(found)
        taken = model.furniture(read, known, self.writers, bars)
        prose = [place for place, line in enumerate(read) if line.prose and place not in found]
        if prose and all(taken[place] for place in prose):  # the model alone leaves no article without a sentence
            taken = model.furniture(read, known, self.writers, bars | dict.fromkeys(prose, NEVER))
        names = {place: named for place in self._head(found) if taken[place] and (named := self._name(place))}
        return {place: found.get(place) or names.get(place, Verdict()) for place, gone in enumerate(taken) if gone}

    def _name(self, place: int) -> Verdict | None:
        """Why this line is furniture where it is a person's name alone, or several."""
        named = self.judge(place, BESIDES)
        signed = named and named.hits[0][1].groupdict().get("signed")
        return named if signed and signed == lines.bare(self.texts[place]) else None

    def _headlines(self, found: Mapping[int, Verdict]) -> list[int]:
        """Which lines may be the headline: the one taken for it, and the heaviest before the text begins.

        A word or two with a heavier line below are the paper's name.
        """
        unknown = [place for place in range(len(self.texts)) if place not in found]
        head = self._head(found)
        heaviest = max(head, key=lambda place: lines.weight(self.texts[place]), default=None)
        return [
            place
            for place in unknown
            if place == heaviest
            or (self.kinds[place] is Kind.TITLE and (place not in head or lines.weight(self.texts[place]) > WORDS))
        ]

    def _head(self, found: Mapping[int, Verdict]) -> list[int]:
        """The lines before the text begins that nothing is known of."""
        unknown = (place for place in range(len(self.texts)) if place not in found)
        return list(takewhile(lambda place: not lines.is_prose(self.texts[place]), unknown))

    def _below_a_name(self, found: Mapping[int, Verdict]) -> int | None:
        """The headline, where the line taken for it is a word or two, like a paper's name, and the next is longer."""
        head = self._head(found)[:2]
        if len(head) < 2 or self.kinds[head[0]] is not Kind.TITLE:
            return None
        first, second = (lines.weight(self.texts[place]) for place in head)
        return head[1] if first <= WORDS and 2 * second >= 3 * first else None

    def _bar(self, place: int, found: Mapping[int, Verdict]) -> int | None:
        """How much a line must look like furniture to the model, where more than its place decides that."""
        if place in found:
            return -NEVER if _is_sure(found[place]) else None
        if place in self.spoken:
            return NEVER
        if self.kinds[place] in PARTS and 0 < place < len(self.texts) - 1:
            return TITLE
        if 2 * place < len(self.texts):
            return None
        if self.signed and self.judge(place, BESIDES):
            return NEVER
        return ABOUT if names_writer(self.texts[place], self.writers) else None

    def _signature(self, found: Mapping[int, Verdict]) -> dict[int, int]:
        """How much a name alone above the first paragraph must look like furniture; a row of names less."""
        head = self._head(found)
        if len(head) < 2 or self.kinds[head[0]] is not Kind.TITLE or head[-1] == self._below_a_name(found):
            return {}
        text = " ".join(text for text in self.texts if lines.is_prose(text))
        row = parted(lines.bare(self.texts[head[-1]]), self.rules) if self._name(head[-1]) else []
        sure = row and all(is_person(name, text, self.rules) for name in row)
        return {head[-1]: BESIDE if len(row) == 1 else ABOUT} if sure else {}

    def _may_go(self, place: int, verdict: Verdict, found: Mapping[int, Verdict]) -> bool:
        if self.kinds[place] is not Kind.TITLE:
            return True
        if verdict.rule.kind == "section":  # "Politics | Council votes to close library"
            return max(map(lines.weight, _CRUMB.split(self.texts[place]))) <= SECTION
        if verdict.rule.kind in MASTHEADS:
            return self._headed(place, found, SECTION if verdict.rule.kind == MASTHEAD else 1)
        return verdict.rule.kind in TITLE_KINDS

    def _headed(self, place: int, found: Mapping[int, Verdict], least: int) -> bool:
        """Whether a line that may be the headline stands below this one, before the text begins."""
        return any(place < other and lines.weight(self.texts[other]) >= least for other in self._head(found))

    def judge(self, place: int, zones: frozenset[Where]) -> Verdict | None:
        """Why this line is furniture in these zones; None where it is not."""
        text = self.texts[place]
        everywhere = zones is BODIES
        rules = [rule for rule in self._cued(place) if rule.where in zones]
        verdict = known_by(text, rules, strict=everywhere) or (self._caption(place) if everywhere else None)
        if verdict and self._goes_on(text, verdict):
            return None
        sentence = verdict is not None and any(rule.kind in SENTENCES for rule, _ in verdict.hits)
        if sentence and "©" not in text and self.rules.told.search(text):
            return known_by(text, [rule for rule in rules if rule.kind not in SENTENCES], strict=everywhere)
        return verdict if zones is not BESIDES or verdict is None or verdict.whole else None

    def _goes_on(self, text: str, verdict: Verdict) -> bool:
        """Whether the line is a sentence around what rules know: "The book has one picture: a gull."."""
        kinds = {rule.kind for rule, _ in verdict.hits}
        if kinds == {"section"}:
            return not verdict.whole
        if kinds & CALLS:
            return self.rules.past.search(text) is not None
        starts = [match.start() for match in self.rules.photo.finditer(text)] if "photo" in kinds else []
        apart = any(not text[:start].rstrip()[-1:].isalnum() for start in starts)
        return bool(starts) and not apart and lines.ends_sentence(text)

    def _caption(self, place: int) -> Verdict | None:
        """A sentence and whose picture it is: the last piece of the line is a credit."""
        parted = _CREDITED.fullmatch(self.texts[place])
        if parted is None or _SAID.search(parted[1] or parted[3]):
            return None
        rules = [rule for rule in self._cued(place) if rule.kind == "photo"]
        hit = first(rules, lines.bare(parted[2] or parted[4]))
        return Verdict(hits=(hit,), whole=True) if hit else None

    def _cued(self, place: int) -> list[Rule]:
        """The rules that may know something of this line."""
        if place not in self.known:
            text = self.texts[place]
            able = text and len(text) <= lines.MAX_LINE and place not in self.spoken
            self.known[place] = self.rules.cued(text) if able else []
        return self.known[place]

    def _walk(self, found: dict[int, Verdict], places: range, zones: frozenset[Where]) -> int:
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
            prose = lines.is_prose(self.texts[place]) and not self._suspect(place)
            passed[prose] += 1
            if passed[prose] > PATIENCE[prose]:
                break
        return last

    def _suspect(self, place: int) -> bool:
        """Whether a line of prose may still go from the other edge: to this one it is no prose then."""
        return self.judge(place, HEADS | TAILS) is not None

    def _beside(self, found: dict[int, Verdict], head: range, tail: range) -> None:
        """A name alone in a line, next to a date, a byline or other furniture of an edge, is a byline."""
        headline = self._below_a_name(found)
        for place in (*head, *reversed(head), *reversed(tail), *tail):
            alone = 0 <= place < len(self.texts) and place not in found and place != headline
            if self.signed and 2 * place >= len(self.texts):
                continue
            if place - 1 in found and found[place - 1].rule.kind in MASTHEADS:
                continue  # the headline, perhaps all in capitals
            if alone and found.keys() & {place - 1, place + 1} and (verdict := self.judge(place, BESIDES)):
                found[place] = verdict

    def _lists(self, found: dict[int, Verdict], tail: int) -> None:
        """The links under a heading such as "Related articles": short lines that do not end as sentences do."""
        for place in sorted(found):
            verdict = found[place]
            if verdict.rule.kind != LIST_OPENER or not verdict.rule.name.endswith("-list"):
                continue
            for link in range(place + 1, len(self.texts)):
                if link in found or not lines.is_link(self.texts[link]):
                    break
                if place < tail and link > place + 1:
                    break
                found[link] = Verdict(hits=verdict.hits)


def _is_sure(verdict: Verdict) -> bool:
    """Whether a rule is so exact that the model's doubts about a sentence ("© 2025 Post, Inc.") count for nothing."""
    rule, match = verdict.hits[0]
    listed = rule.kind == LIST_OPENER and not verdict.whole
    return listed or rule.kind == "photo" or (rule.kind == "copyright" and bool(match.groupdict().get("publisher")))


def _dialogue(texts: Sequence[str]) -> set[int]:
    """The places of what is said by somebody who, somewhere in the text, asks: "Editor: Why did you leave?"."""
    speakers = {place: spoken[1] for place, text in enumerate(texts) if (spoken := _SPEAKS.match(text))}
    asking = {speaker for place, speaker in speakers.items() if texts[place].rstrip().endswith(("?", "؟"))}
    return {place for place, speaker in speakers.items() if speaker in asking}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _writers(verdicts: Iterable[Verdict]) -> frozenset[str]:
    """The words of the names in these bylines, in lower case."""
    hits = [hit for verdict in verdicts for hit in verdict.hits]
    names = [match[0] for rule, match in hits if rule.kind == "name"]
    names += [match[group] or "" for _, match in hits for group in match.re.groupindex.keys() & {"author", "writer"}]
    return frozenset(word.casefold() for name in names for word in _words(name) if len(word) > 2)
