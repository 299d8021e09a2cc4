"""Remembered sentences in, how far another engine agrees with each out: an estimate of what was translated before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from translate.agreement import sampled
from translate.batch import Desk, opinions
from translate.document import ModelRef
from translate.memory import Unit

TOGETHER = 1000
"""Sentences asked of an engine at a time: enough to fill its batches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A remembered sentence, who made its English, and how far another engine agrees, 0 to 1."""

    unit: Unit
    model: ModelRef
    score: float


def review(units: Iterable[Unit], desk: Desk) -> Iterator[Opinion]:
    """The opinions on a sample of ``desk.verify`` of the units, in their order within each language.

    Units for whose language no second engine is installed have none. The engines' answers are remembered, so that
    asking again costs nothing; documents do not change.
    """
    waiting: dict[str, list[Unit]] = {}
    for unit in units:
        if sampled(unit.source, desk.verify):
            mine = waiting.setdefault(unit.model.source_lang, [])
            mine.append(unit)
            if len(mine) >= TOGETHER:
                yield from _opinions(waiting.pop(unit.model.source_lang), desk)
    for rest in waiting.values():
        yield from _opinions(rest, desk)


def _opinions(units: Sequence[Unit], desk: Desk) -> Iterator[Opinion]:
    for model in dict.fromkeys(map(_maker, units)):
        mine = [unit for unit in units if _maker(unit) == model]
        english = {unit.source: (model, unit.rendering.text) for unit in mine}
        scores = opinions(model.source_lang, english, desk)
        for unit in mine:
            if unit.source in scores and english[unit.source][1] == unit.rendering.text:
                yield Opinion(unit=unit, model=model, score=scores[unit.source])


def _maker(unit: Unit) -> ModelRef:
    return unit.rendering.model or unit.model
