"""An Article without furniture in, the same with the lists below its headline as body instead of deck, out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.article import Article, Kind
from ingest.boilerplate.lines import view, weight

MAX_DECK = 4
"""More lines than this, of whatever kind, are no deck."""

MAX_ITEM = 64
"""A heavier line is no item, whatever its figures."""

MAX_LABEL = 40
"""A line of at most this weight may be an item that nothing tells but its neighbours."""

LEAST = 3
"""So many short lines with figures, one after another, are a list."""

_NUMBER = "(?:\\d|[¼-¾⅐-⅞↉])"
_FIGURES = re.compile(
    rf"^\W{{0,3}}{_NUMBER}"  # 200 g flour; ½ lemon; 1. Anna Berg; – 3 eggs
    rf"|{_NUMBER}[^\s\d]{{0,2}}\s*[^\W\d]{{0,5}}\W*$"  # flour 200 g; 薄力粉 200グラム
    r"|\d\s?[-–—:]\s?\d"  # Halden 3–1 Moss
    r"|^[^:]{1,30}:\s*\S"  # Opened: in May
)


def settled(article: Article) -> Article:
    """The article with the lines of its deck that are a list (ingredients, results, a box of facts) as paragraphs.

    What follows such a list is no deck either. To be called when furniture is gone: among a page's menus, bylines and
    dates the headline itself may still stand as a line of the deck.
    """
    places = [place for place, block in enumerate(article.blocks) if block.kind is Kind.DECK]
    start = body_start([view(article.blocks[place].text) for place in places])
    listed = set(places[start:])
    if not listed:
        return article
    blocks = tuple(
        replace(block, kind=Kind.PARAGRAPH) if place in listed else block
        for place, block in enumerate(article.blocks)
    )
    return replace(article, blocks=blocks)


def body_start(lines: Sequence[str]) -> int:
    """The place of the first line below a headline that is no deck; the number of lines where all of them are.

    A list is a run of short lines of which several show figures at either end, a score, or a label with its value, or
    that are more than a deck has lines. One short line before the first figures is the list's heading.

    Args:
        lines: as `ingest.boilerplate.lines.view` gives them.
    """
    start = _list_start(lines)
    return start if start <= MAX_DECK else 0


def _list_start(lines: Sequence[str]) -> int:
    told = [weight(line) <= MAX_ITEM and _FIGURES.search(line) is not None for line in lines]
    short = [weight(line) <= MAX_LABEL for line in lines]
    for run in _runs([figures or label for figures, label in zip(told, short, strict=True)]):
        figures = sum(told[place] for place in run)
        if len(run) > MAX_DECK or figures > LEAST or sum(told[place] and short[place] for place in run) >= LEAST:
            first = next((place for place in run if told[place]), run.start)
            return max(run.start, first - 1)
    return len(lines)


def _runs(flags: Sequence[bool]) -> list[range]:
    """The runs of neighbours that are flagged."""
    runs: list[range] = []
    for place, flag in enumerate(flags):
        if not flag:
            continue
        if runs and runs[-1].stop == place:
            runs[-1] = range(runs[-1].start, place + 1)
        else:
            runs.append(range(place, place + 1))
    return runs
