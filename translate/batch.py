"""A batch of articles in, an English document for each out, or why there is none: the one entry to this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ingest.article import Article, Lang
from ingest.errors import ModelError
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
    """What a batch is translated with; all of it made at the edge."""

    detector: Detector
    translators: Translators
    memory: Memory | None = None
    options: Options = field(default_factory=Options)


def to_documents(articles: Sequence[Article], desk: Desk) -> list[Document | Pending | Rejected]:
    """The outcome of each article, in their order."""
    batch = [(article, segment(article, desk.detector)) for article in articles]
    results = translate(plan(batch), desk)
    return [assemble(article, segments, results) for article, segments in batch]


def translate(work: Work, desk: Desk) -> Results:
    """The renderings of all sentences for which a model is installed.

    A model that fails as a whole fails each of its sentences, as values: other languages go on.
    """
    made: dict[Sentence, Made | Failure] = {}
    installable: set[Lang] = set()
    for lang, sentences in work.sentences.items():
        try:
            translator = desk.translators.best(lang)
            if translator is not None:
                made.update(_render(sentences, translator, desk))
            elif desk.translators.installable(lang):
                installable.add(lang)
        except ModelError as error:
            made.update(dict.fromkeys(sentences, Failure(reason=str(error))))
    return Results(made=made, installable=frozenset(installable))


def _render(sentences: Sequence[Sentence], translator: Translator, desk: Desk) -> dict[Sentence, Made | Failure]:
    texts = list(dict.fromkeys(sentence.masked for sentence in sentences))
    known = dict(desk.memory.recall(translator.model, desk.options, texts)) if desk.memory else {}
    new = [text for text in texts if text not in known]
    found = dict(zip(new, translator.translate(new, desk.options), strict=True)) if new else {}
    fresh = {text: one for text, one in found.items() if isinstance(one, Rendering)}
    if desk.memory and fresh:
        desk.memory.remember(translator.model, desk.options, fresh)
    outcomes: Mapping[str, Rendering | Failure] = {**found, **known}
    return {sentence: _made(outcomes[sentence.masked], translator.model) for sentence in sentences}


def _made(outcome: Rendering | Failure, model: ModelRef) -> Made | Failure:
    return Made(rendering=outcome, model=model) if isinstance(outcome, Rendering) else outcome
