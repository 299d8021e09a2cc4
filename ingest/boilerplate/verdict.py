"""One line and the rules that may know it in, why it is furniture out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from ingest.boilerplate import lines
from ingest.boilerplate.rules import RIGHTS_KINDS, Rule, Where

REMARKS = 40
"""How much unknown text may stand beside any known piece of an edge line."""

TELLING_MORE = {"date": frozenset({"byline", "date"}), "registration": RIGHTS_KINDS}
"""Kinds of rule, and the kinds that know the same line better: who wrote it then, whose it is."""

GUESSED = Rule(name="model.furniture", kind="furniture", lang=None, where=Where.ANYWHERE, source="", cues=())
"""The rule that a line is counted under which only the model knows."""

Hit: TypeAlias = tuple[Rule, re.Match[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Why a line is furniture: the rules that know its pieces, with what they captured, the strongest first.

    None of them where only the model knows it. ``whole``: the first of them knows all of the line.
    """

    hits: tuple[Hit, ...] = ()
    whole: bool = False

    @property
    def rule(self) -> Rule:
        """The rule the line is counted under."""
        return self.hits[0][0] if self.hits else GUESSED


def known_by(text: str, rules: list[Rule], *, strict: bool) -> Verdict | None:
    """Whether rules know the whole line, or so much of its pieces that the rest may go along: a few words."""
    if not rules:
        return None
    seen = lines.bare(text)
    whole = first(rules, seen)
    hits = [whole] if whole else []
    known, others = 0, 0
    for part in (half for piece in lines.pieces(text) for half in _glossed(rules, piece)):
        if hit := whole if part == seen else first(rules, part):  # most lines are of one piece
            hits.append(hit)
            known += lines.weight(part)
        elif whole or lines.is_label(part):
            others += lines.weight(part)
        else:
            return None
    allowed = known // 2 if strict else max(known * min(len(hits), 2), REMARKS)
    return Verdict(hits=tuple(hits), whole=whole is not None) if whole or (hits and others <= allowed) else None


def _glossed(rules: list[Rule], piece: str) -> list[str]:
    """The piece; in two where furniture has more of its kind in brackets after it, as in two languages."""
    plain, bracket, gloss = piece.removesuffix(")").rpartition("(")
    if not (bracket and piece.endswith(")") and plain.strip() and gloss.strip()) or not first(
        rules, lines.bare(plain)
    ):
        return [piece]
    return [lines.bare(plain), lines.bare(gloss) or gloss]


def first(rules: list[Rule], seen: str) -> Hit | None:
    """The first rule that knows all of this, unless a later one of a kind that tells more also captures something."""
    if len(seen) > lines.MAX_PIECE:
        return None
    hits = ((rule, match) for rule in rules if (match := rule.pattern.fullmatch(seen)))
    found = next(hits, None)
    if found is None or found[0].kind not in TELLING_MORE:
        return found
    more = TELLING_MORE[found[0].kind]
    return next((hit for hit in hits if hit[0].kind in more and any(hit[1].groupdict().values())), found)
