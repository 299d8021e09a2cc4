"""A batch of articles in, an English document for each out, or why there is none: the one entry to this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from ingest.article import Article, Lang
from ingest.errors import ModelError
from translate import masks
from translate.agreement import agree, sampled
from translate.document import (
    Detector,
    Document,
    Failure,
    ModelRef,
    Options,
    Pending,
    Rejected,
    Rendering,
    Sentence,
    Translator,
    Translators,
)
from translate.english import Made, Results, Work, assemble, plan
from translate.segment import segment

PORTION = 256
"""Sentences that are translated, then remembered: some seconds of work, which a kill may cost. The same on every
machine, since an engine's batches, and with them the last digit of its sums, follow from it."""


class Memory(Protocol):
    """What was translated before, by which model, with which options."""

    def recall(self, model: ModelRef, options: Options, texts: Sequence[str]) -> Mapping[str, Rendering]:
        """The renderings that are known, by masked text."""
        ...

    def remember(self, model: ModelRef, options: Options, renderings: Mapping[str, Rendering]) -> None:
        """Keep these, all or none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a batch is translated with; all of it made at the edge.

    ``verify`` is the share of sentences, 0 to 1, for which a second engine is asked how far it agrees, remembered
    ones included; which ones, the text decides. ``portion`` is how many sentences are translated before they are
    remembered; without a memory, an engine gets all at once.
    """

    detector: Detector
    translators: Translators
    memory: Memory | None = None
    options: Options = field(default_factory=Options)
    verify: float = 0.0
    portion: int = PORTION


def to_documents(articles: Sequence[Article], desk: Desk) -> list[Document | Pending | Rejected]:
    """The outcome of each article, in their order."""
    batch = [(article, segment(article, desk.detector)) for article in articles]
    results = translate(plan(batch), desk)
    return [assemble(article, segments, results) for article, segments in batch]


def translate(work: Work, desk: Desk) -> Results:
    """The renderings of all sentences for which a model is installed.

    A model that does not load gives way to the next best; where none is left, its language waits, and others go on.
    """
    made: dict[Sentence, Made | Failure] = {}
    missing: dict[Lang, str | None] = {}
    for lang, sentences in work.sentences.items():
        found, problem = _by_the_best(lang, sentences, desk)
        if found is not None:
            made.update(found)
        elif problem or desk.translators.installable(lang):
            missing[lang] = problem
    return Results(made=made, missing=missing)


def _by_the_best(
    lang: Lang, sentences: Sequence[Sentence], desk: Desk
) -> tuple[dict[Sentence, Made | Failure] | None, str | None]:
    """The renderings by the best model that loads; None where none does, with what is wrong with the last."""
    problem: str | None = None
    while (translator := desk.translators.best(lang)) is not None:
        try:
            return _render(sentences, translator, desk), None
        except ModelError as error:
            problem = error.message
            desk.translators.discard(translator.model, problem)
    return None, problem


def _scored(
    outcomes: Mapping[str, Rendering | Failure], lang: Lang, model: ModelRef, desk: Desk
) -> dict[str, Rendering | Failure]:
    """The same with the agreement of a second engine for the sampled texts that have none yet."""
    english = {
        text: (one.model or model, one.text)
        for text, one in outcomes.items()
        if isinstance(one, Rendering) and one.score is None and sampled(text, desk.verify)
    }
    scores = opinions(lang, english, desk)
    return {
        text: replace(one, score=scores[text]) if isinstance(one, Rendering) and text in scores else one
        for text, one in outcomes.items()
    }


def opinions(lang: Lang, english: Mapping[str, tuple[ModelRef, str]], desk: Desk) -> dict[str, float]:
    """How far another engine agrees, 0 to 1, with each text's English and who made it; without those it cannot tell.

    Its answers are remembered like any, so that asking again costs nothing.
    """
    scores: dict[str, float] = {}
    for model in dict.fromkeys(model for model, _ in english.values()):
        texts = [text for text, (made_by, _) in english.items() if made_by == model]
        for text, answer in _second_answers(lang, model, texts, desk).items():
            if isinstance(answer, Rendering):
                scores[text] = round(agree(english[text][1], answer.text), 3)
    return scores


def _second_answers(
    lang: Lang, model: ModelRef, texts: Sequence[str], desk: Desk
) -> Mapping[str, Rendering | Failure]:
    while (second := desk.translators.second(lang, model)) is not None:
        try:
            return _outcomes(texts, second, desk)
        except ModelError as error:
            desk.translators.discard(second.model, error.message)
    return {}


def _render(sentences: Sequence[Sentence], translator: Translator, desk: Desk) -> dict[Sentence, Made | Failure]:
    masked = _outcomes([sentence.masked for sentence in sentences], translator, desk)
    if desk.verify:
        masked = _scored(masked, sentences[0].lang, translator.model, desk)
    lost = [sentence for sentence in sentences if not _kept(masked[sentence.masked], sentence)]
    plain = _outcomes([masks.restore(one.masked, one.masks) for one in lost], translator, desk)
    made: dict[Sentence, Made | Failure] = {}
    for sentence in sentences:
        outcome = masked[sentence.masked]
        if isinstance(outcome, Rendering):
            outcome = replace(outcome, text=masks.restore(outcome.text, sentence.masks))
        made[sentence] = _made(outcome, translator.model)
    for sentence in lost:
        made[sentence] = _made(_found_again(sentence, masked[sentence.masked], plain), translator.model)
    return made


def _outcomes(texts: Iterable[str], translator: Translator, desk: Desk) -> dict[str, Rendering | Failure]:
    """The outcome of each distinct text: remembered, or new and then remembered."""
    asked = list(dict.fromkeys(texts))
    known = dict(desk.memory.recall(translator.model, desk.options, asked)) if desk.memory and asked else {}
    new = [text for text in asked if text not in known]
    return {**_translated(new, translator, desk), **known}


def _translated(texts: Sequence[str], translator: Translator, desk: Desk) -> dict[str, Rendering | Failure]:
    """The outcome of each text, remembered portion by portion: what was done before a kill is not done again.

    A run that goes on after one cuts the same portions, since the whole ones are known.
    """
    found: dict[str, Rendering | Failure] = {}
    size = desk.portion if desk.memory else max(1, len(texts))
    for start in range(0, len(texts), size):
        portion = texts[start : start + size]
        outcomes = dict(zip(portion, translator.translate(portion, desk.options), strict=True))
        fresh = {text: one for text, one in outcomes.items() if isinstance(one, Rendering)}
        if desk.memory and fresh:
            desk.memory.remember(translator.model, desk.options, fresh)
        found |= outcomes
    return found


def _kept(outcome: Rendering | Failure, sentence: Sentence) -> bool:
    return isinstance(outcome, Failure) or masks.kept(outcome.text, sentence.masks)


def _found_again(
    sentence: Sentence, masked: Rendering | Failure, plain: Mapping[str, Rendering | Failure]
) -> Rendering | Failure:
    """The rendering without masks where that brings everything through, else the masked one; flagged either way."""
    again = plain[masks.restore(sentence.masked, sentence.masks)]
    if isinstance(again, Rendering) and all(hidden in again.text for hidden in sentence.masks):
        return replace(again, flags=(*again.flags, "unmasked"))
    if isinstance(masked, Failure):
        return masked
    return replace(masked, text=masks.restore(masked.text, sentence.masks), flags=(*masked.flags, "address_lost"))


def _made(outcome: Rendering | Failure, model: ModelRef) -> Made | Failure:
    return Made(rendering=outcome, model=outcome.model or model) if isinstance(outcome, Rendering) else outcome
