"""A translator that looks at its own work: one second try, then a flag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.article import Lang
from ingest.errors import ModelError
from translate.careful import Careful, Second, differently
from translate.document import Failure, ModelRef, Options, Rendering, Translator

OURS = ModelRef(engine="firefox", name="pt-en", digest="sha256:aa", source_lang=Lang("pt"))
THEIRS = ModelRef(engine="argos", name="pt-en", digest="sha256:bb", source_lang=Lang("pt"))
OTHERS = ModelRef(engine="argos", name="pt-es+es-en", digest="sha256:cc", source_lang=Lang("pt"))
BOAT = "O barco levou 128 pessoas ao porto ontem."
GOOD = "The boat took 128 people to the port yesterday."
BAD = "The boat took people to the port yesterday."


class Dictionary:
    """A translator that knows a few sentences, another English of some for other options."""

    def __init__(
        self, model: ModelRef, english: Mapping[str, str], otherwise: Mapping[str, str] | None = None
    ) -> None:
        self.model = model
        self.asked: list[tuple[str, ...]] = []
        self._english, self._otherwise = english, otherwise or {}

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        self.asked.append(tuple(sentences))
        known = self._english if options == Options() else {**self._english, **self._otherwise}
        return [Rendering(text=known[each]) if each in known else Failure(reason="unknown") for each in sentences]


def ask(first: Translator, second: Translator | None = None) -> Rendering | Failure:
    careful = Careful(first, Second(engine=lambda: second))
    return careful.translate([BOAT], Options())[0]


def test_what_nobody_doubts_is_asked_once() -> None:
    first, second = Dictionary(OURS, {BOAT: GOOD}), Dictionary(THEIRS, {})
    assert ask(first, second) == Rendering(text=GOOD)
    assert second.asked == []


def test_a_doubted_sentence_is_asked_of_another_engine_which_is_named() -> None:
    answer = ask(Dictionary(OURS, {BOAT: BAD}), Dictionary(THEIRS, {BOAT: GOOD}))
    assert answer == Rendering(text=GOOD, flags=("retried",), model=THEIRS)


def test_without_another_engine_the_same_one_is_asked_differently() -> None:
    assert ask(Dictionary(OURS, {BOAT: BAD}, {BOAT: GOOD})) == Rendering(text=GOOD, flags=("retried",))
    assert differently(Options()) == Options(beam=2, max_tokens=30)


def test_what_stays_doubtful_is_the_first_answer_with_its_flag() -> None:
    first, second = Dictionary(OURS, {BOAT: BAD}), Dictionary(THEIRS, {BOAT: "The boat took people somewhere."})
    assert ask(first, second) == Rendering(text=BAD, flags=("numbers",))
    assert len(second.asked) == 1


def test_a_sentence_that_failed_is_tried_again_too() -> None:
    answer = ask(Dictionary(OURS, {}), Dictionary(THEIRS, {BOAT: GOOD}))
    assert answer == Rendering(text=GOOD, flags=("retried",), model=THEIRS)
    assert ask(Dictionary(OURS, {})) == Failure(reason="unknown")


class Stuck(Dictionary):
    """A translator whose model does not load."""

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        raise ModelError("the model is damaged")


def test_another_engine_that_does_not_load_is_passed_over_for_good() -> None:
    shelf: list[Translator] = [Stuck(THEIRS, {}), Dictionary(OTHERS, {BOAT: GOOD})]

    def discard(model: ModelRef, reason: str) -> None:
        shelf[:] = [each for each in shelf if each.model != model]

    careful = Careful(Dictionary(OURS, {BOAT: BAD}), Second(engine=lambda: next(iter(shelf), None), discard=discard))
    for _ in range(2):
        assert careful.translate([BOAT], Options()) == [Rendering(text=GOOD, flags=("retried",), model=OTHERS)]
    assert [each.model for each in shelf] == [OTHERS]


def test_where_no_other_engine_loads_the_same_one_is_asked_differently() -> None:
    shelf: list[Translator] = [Stuck(THEIRS, {})]
    second = Second(engine=lambda: shelf[0] if shelf else None, discard=lambda _model, _reason: shelf.clear())
    answers = Careful(Dictionary(OURS, {BOAT: BAD}, {BOAT: GOOD}), second).translate([BOAT], Options())
    assert answers == [Rendering(text=GOOD, flags=("retried",))]
