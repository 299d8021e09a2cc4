"""A text's lines, with those that rules know, in, which of all look like furniture out.

A linear model: each sign of a line (`ingest.boilerplate.signs`) has a weight in hundredths of a logit, learned from
labelled articles by ``python -m bench.line_model``. Sums of whole numbers are the same on every machine. See
docs/decisions/0015-line-model.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.boilerplate.signs import Line, Place, places, signs
from ingest.errors import UsageError

UNIT = 100
"""Weights are in hundredths of a logit."""

LONGEST, SHORT = 600, 160
"""A longer line is not scored; nor is one so long between paragraphs of the article."""

BESIDE, ALONE, TITLE = 300, 450, 800
"""From so much on a line goes that no rule knows: twenty to one where furniture stands next to it, other short lines
aside; ninety to one where none does, since decks and subheadings are as short; more where it was taken for the
headline."""

PARAGRAPH = 16
"""A line of such a length, a weight of 182, is a paragraph: of these the model must be as sure as of a headline."""

DOUBT = 150
"""A sentence that rules take stays where so much speaks against it: one to five."""

NEVER = 1_000_000

WITHIN = "PP"
"""Where a line stands between paragraphs of the article."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights by sign, in hundredths of a logit; without any, no line looks like furniture."""

    weights: Mapping[str, int] = field(default_factory=dict)
    bias: int = -UNIT

    def furniture(
        self, read: Sequence[Line], known: Sequence[bool], writers: frozenset[str], bars: Mapping[int, int]
    ) -> list[bool]:
        """Which lines are furniture: those known, unless the model doubts it, and those that look like it.

        What looks like furniture makes its neighbours look like it too: the lines are gone through until nothing
        changes.

        Args:
            read: the lines of a text.
            known: which of them rules take.
            writers: the words of the names in their bylines, in lower case.
            bars: how much a line must look like furniture, where its place does not decide that.
        """
        own: dict[int, int] = {}

        def score(i: int, place: Place) -> int:
            if i not in own:
                own[i] = self.bias + self._sum(signs(read[i]))
            return own[i] + self._sum(place.signs)

        stands = enumerate(zip(known, read, places(read, known, writers), strict=True))
        taken = [
            sure and (not line.ends or score(i, place) > bars.get(i, -DOUBT)) for i, (sure, line, place) in stands
        ]
        while True:
            more = [
                gone or (_may_go(read[i], place) and score(i, place) >= bars.get(i, _least(read[i], place)))
                for i, (gone, place) in enumerate(zip(taken, places(read, taken, writers), strict=True))
            ]
            if more == taken:
                return taken
            taken = more

    def _sum(self, found: Iterable[str]) -> int:
        weights = self.weights
        return sum(weights.get(sign, 0) for sign in found)


def _may_go(line: Line, place: Place) -> bool:
    return len(line.text) <= (SHORT if place.between == WITHIN else LONGEST)


def _least(line: Line, place: Place) -> int:
    if line.length >= PARAGRAPH:
        return TITLE
    return BESIDE if "K" in place.between else ALONE


def read_model(data: bytes) -> LineModel:
    """The model of a file: a sign and its weight in each row; the first is the bias.

    Raises:
        UsageError: the file holds something else.
    """
    try:
        rows = [row.rsplit("\t", 1) for row in data.decode("utf-8").splitlines() if not row.startswith("#")]
        (_, bias), *signs = rows
        return LineModel(weights={sys.intern(sign): int(weight) for sign, weight in signs}, bias=int(bias))
    except ValueError as error:
        raise UsageError(f"the line model: {error}", hint="make it anew with python -m bench.line_model") from error
