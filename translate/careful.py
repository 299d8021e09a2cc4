"""A translator in, one that looks at its own work out: what the guards doubt is tried once more, then flagged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from translate.agreement import agree
from translate.document import Failure, ModelRef, Options, Rendering, Translator
from translate.guards import check

RETRIED = "retried"
"""The flag of a sentence whose second try is what stands."""

Answer = Rendering | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Where a second try comes from.

    ``engine`` gives another engine for the same language, loaded when it is first needed, or None. ``verify`` is the
    share of sentences, 0 to 1, for which its agreement is asked for as their score; which ones, the text decides.
    """

    engine: Callable[[], Translator | None] = lambda: None
    verify: float = 0.0


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
        return self._verified(sentences, answers, options) if self._second.verify else answers

    def _again(self, sentences: Sequence[str], options: Options) -> list[Answer]:
        """Another engine's answers; where there is none, the same one's with another beam and in shorter pieces."""
        if not sentences:
            return []
        other = self._second.engine()
        if other is not None:
            made = [_by(other.model, answer) for answer in other.translate(sentences, options)]
        else:
            made = self._first.translate(sentences, differently(options))
        return [judged(*pair) for pair in zip(sentences, made, strict=True)]

    def _verified(self, sentences: Sequence[str], answers: list[Answer], options: Options) -> list[Answer]:
        other = self._second.engine()
        if other is None:
            return answers
        mine = [
            index
            for index, answer in enumerate(answers)
            if isinstance(answer, Rendering)
            and answer.model is None
            and sampled(sentences[index], self._second.verify)
        ]
        opinions = other.translate([sentences[index] for index in mine], options)
        for index, opinion in zip(mine, opinions, strict=True):
            answer = answers[index]
            if isinstance(opinion, Rendering) and isinstance(answer, Rendering):
                answers[index] = replace(answer, score=round(agree(answer.text, opinion.text), 3))
        return answers


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


def sampled(sentence: str, share: float) -> bool:
    """Whether a sentence is in the sample of this share; the same sentence always is, or is not."""
    head = hashlib.sha256(sentence.encode("utf-8", "surrogatepass")).digest()[:4]
    return int.from_bytes(head, "big") < share * 2**32


GUARDS = frozenset({"loop", "short", "long", "source_script", "copied", "dropped", "numbers", "marks", "invented"})


def _weight(answer: Rendering) -> int:
    return sum(flag in GUARDS for flag in answer.flags)


def _by(model: ModelRef, answer: Answer) -> Answer:
    return replace(answer, model=model) if isinstance(answer, Rendering) else answer
