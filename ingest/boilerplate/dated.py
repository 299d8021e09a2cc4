"""A stripped Article in, the same Article with the day that its own date line states out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.article import BODY_KINDS, EXTRACTOR, UND, Article, Kind, Stripped
from ingest.boilerplate.lines import view, weight
from ingest.boilerplate.rules import Rules
from ingest.days import days

SHORT = 160
"""A heavier line tells something besides the date, which then may be the date of that."""

ABOVE, BELOW = 3, 3
"""A page's date stands from so many blocks above its headline on; a text's, up to so many lines below its last."""

STATING = frozenset({"date", "byline"})
"""Kinds of line that say wherever they stand when the article was written."""

BESIDE = frozenset({"agency", "record", None})
"""Kinds of line that say so right below the text; None where the model alone knows it, or the site repeats it."""

MONTH_FIRST = 0.08
"""A text with such a share of the words under ``month_first`` is in a language that may put the month first."""

_WORD = re.compile(r"[^\W\d_]+")


def dated(article: Article, rules: Rules) -> Article:
    """The article with ``published``, where nothing stated it but a line that was taken out.

    Above the text the earliest day counts, since ``updated`` stands there too; then the first line that is a date or
    a byline, or stands right below the text and tells nothing of who publishes.
    """
    body = [block.line for block in article.blocks if block.kind in BODY_KINDS]
    if article.published or not body:
        return article
    day_first = _day_first(article, rules)
    head = [day for line in _above(article, body[0]) for day in _stated(line, day_first=day_first)]
    if head:
        return replace(article, published=min(head))
    return replace(article, published=_first(_others(article, body[-1], rules), day_first=day_first))


def _others(article: Article, last: int, rules: Rules) -> list[Stripped]:
    """The lines in or below the text that may state its day, in their order; no line of a registration block."""
    kinds = {rule.name: rule.kind for rule in rules.rules}
    own = sorted((line for line in article.stripped if line.rule != EXTRACTOR), key=lambda line: line.line)
    kind = [kinds.get(line.rule) for line in own]
    below = [place for place, line in enumerate(own) if line.line > last][:BELOW]
    return [
        line
        for place, line in enumerate(own)
        if "registration" not in kind[max(0, place - 1) : place + 2]
        and (kind[place] in STATING or (place in below and kind[place] in BESIDE))
    ]


def _above(article: Article, first: int) -> Iterator[Stripped]:
    """The lines above the text that may state its day: of a page's own ones those from just above the headline."""
    title = next((block.line for block in article.blocks if block.kind is Kind.TITLE), first)
    for line in article.stripped:
        if line.line < first and (line.rule != EXTRACTOR or line.line >= min(title, first) - ABOVE):
            yield line


def _first(lines: Iterable[Stripped], *, day_first: bool) -> str | None:
    return next((min(found) for line in lines if (found := _stated(line, day_first=day_first))), None)


def _stated(line: Stripped, *, day_first: bool) -> list[str]:
    seen = view(line.text)
    return days(seen, day_first=day_first) if weight(seen) <= SHORT else []


def _day_first(article: Article, rules: Rules) -> bool:
    """Whether ``04/05/2026`` is in May here: in every language but English, which has it either way."""
    if article.declared_lang and article.declared_lang != UND:
        return article.declared_lang.partition("-")[0] != "en"
    read = [word for block in article.blocks for word in _WORD.findall(block.text.lower())]
    first = rules.facts.get("month_first", frozenset())
    return sum(word in first for word in read) < MONTH_FIRST * len(read)
