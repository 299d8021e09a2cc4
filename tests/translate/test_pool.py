"""The pool: a child that hangs or dies costs one sentence at most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.errors import ModelError
from translate.document import Failure
from translate.engines.pool import Plan, Pool

Make = Callable[..., Pool]


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Make]:
    made: list[Pool] = []

    def make(*, workers: int = 2, limit: float = 30.0, broken: bool = False) -> Pool:
        setup = {"mark": str(tmp_path / "mark"), "broken": "yes" if broken else None}
        script = Path(__file__).with_name("shaky.py")
        made.append(Pool(Plan(script=script, setup=setup, workers=workers, limit=limit)))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_answers_come_in_the_order_of_the_sentences(pool: Make) -> None:
    sentences = [f"sentence {'x' * (number % 7)} {number}" for number in range(60)]
    assert pool().map(sentences) == [sentence.upper() for sentence in sentences]


def test_no_sentences_start_no_child(pool: Make) -> None:
    assert pool(broken=True).map([]) == []


def test_a_sentence_whose_child_died_is_asked_again_alone(pool: Make) -> None:
    assert pool(workers=1).map(["one", "die once", "three"]) == ["ONE", "DIE ONCE", "THREE"]


def test_a_sentence_that_always_kills_its_child_fails_and_its_neighbours_do_not(pool: Make) -> None:
    one, bad, three = pool(workers=1).map(["one", "die", "three"])
    assert (one, three) == ("ONE", "THREE")
    assert isinstance(bad, Failure)
    assert "exit status 3" in bad.reason


def test_a_sentence_that_takes_too_long_fails_and_its_neighbours_do_not(pool: Make) -> None:
    one, slow, three = pool(workers=1, limit=1.0).map(["one more", "hang", "two"])
    assert (one, three) == ("ONE MORE", "TWO")
    assert slow == Failure(reason="took longer than 1 s")


def test_what_the_engine_refuses_is_a_failure_with_its_words(pool: Make) -> None:
    assert pool().map(["refuse", "go"]) == [Failure(reason="refused"), "GO"]


def test_a_model_that_does_not_load_is_an_error_that_says_so(pool: Make) -> None:
    with pytest.raises(ModelError, match="no such model"):
        pool(broken=True).map(["one"])


def test_lone_surrogates_pass_both_ways(pool: Make) -> None:
    assert pool().map(["a\ud800b"]) == ["A\ud800B"]


def test_children_stay_warm_between_calls_and_serve_after_a_death(pool: Make) -> None:
    shared = pool(workers=1)
    shared.map(["die"])
    assert shared.map(["again"]) == ["AGAIN"]
    assert shared.map(["and again"]) == ["AND AGAIN"]
