"""A translator in, one that looks at its own work out: what the guards doubt is tried once more, then flagged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ingest.errors import ModelError
from translate.document import Failure, ModelRef, Options, Rendering, Translator
from translate.guards import check

RETRIED = "retried"
"""The flag of a sentence whose second try is what stands."""

Answer = Rendering | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Where a second try comes from.

    ``engine`` gives another engine for the same language, loaded when it is first needed, or None; ``discard`` is
    told of one that does not load, which ``engine`` gives no more.
    """

    engine: Callable[[], Translator | None] = lambda: None
    discard: Callable[[ModelRef, str], None] = lambda _model, _reason: None


class Careful:
    """The `Translator` that documents are made with."""

    def __init__(self, first: Translator, second: Second | None = None) -> None:
        self._first = first
        self._second = second or Second()

    @property
    def model(self) -> ModelRef:
        """The first engine's model; a sentence that another made names its own."""
        return self._first.model

    def translate(self, sentences: Sequence[str], options: Options) -> list[Answer]:
        """English for each sentence: same length, same order."""
        answers = [judged(*pair) for pair in zip(sentences, self._first.translate(sentences, options), strict=True)]
        doubted = [index for index, answer in enumerate(answers) if doubts(answer)]
        again = self._again([sentences[index] for index in doubted], options)
        for index, other in zip(doubted, again, strict=True):
            answers[index] = better(answers[index], other)
        return answers

    def _again(self, sentences: Sequence[str], options: Options) -> list[Answer]:
        """Another engine's answers; where there is none, the same one's with another beam and in shorter pieces."""
        if not sentences:
            return []
        made = self._others(sentences, options)
        if made is None:
            made = self._first.translate(sentences, differently(options))
        return [judged(*pair) for pair in zip(sentences, made, strict=True)]

    def _others(self, sentences: Sequence[str], options: Options) -> list[Answer] | None:
        """Another engine's answers; None where there is none that loads."""
        while (other := self._second.engine()) is not None:
            try:
                return [_by(other.model, answer) for answer in other.translate(sentences, options)]
            except ModelError as error:
                self._second.discard(other.model, error.message)
        return None


def judged(sentence: str, answer: Answer) -> Answer:
    """The answer with the flags of the guards beside those it has."""
    if isinstance(answer, Failure):
        return answer
    return replace(answer, flags=tuple(dict.fromkeys([*answer.flags, *check(sentence, answer.text)])))


def doubts(answer: Answer) -> bool:
    """Whether to try again: it failed, or a guard spoke. What was merely odd about the sentence is no doubt."""
    return isinstance(answer, Failure) or any(flag in GUARDS for flag in answer.flags)


def better(first: Answer, second: Answer) -> Answer:
    """The one that fewer guards doubt; the first where it is no worse."""
    if isinstance(second, Failure):
        return first
    if isinstance(first, Failure) or _weight(second) < _weight(first):
        return replace(second, flags=(*second.flags, RETRIED))
    return first


def differently(options: Options) -> Options:
    """Options that lead the same engine elsewhere: half the beam, pieces of a fifth of the length."""
    return replace(options, beam=max(1, options.beam // 2), max_tokens=max(10, options.max_tokens // 5))


GUARDS = frozenset({"loop", "short", "long", "source_script", "copied", "dropped", "numbers", "marks", "invented"})


def _weight(answer: Rendering) -> int:
    return sum(flag in GUARDS for flag in answer.flags)


def _by(model: ModelRef, answer: Answer) -> Answer:
    return replace(answer, model=model) if isinstance(answer, Rendering) else answer
