"""Agreement between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.agreement import agree, chrf

PAIRS = [
    ("The bridge opens next month.", "The bridge will open next month."),
    ("It takes 7 minutes.", "Crossing takes seven minutes"),
    ("abc", "xyz"),
    ("a", "a"),
    ("The mayor of Harbour Town said so, they say.", "so said the mayor"),
]


@given(st.text(), st.text())
def test_agreement_is_between_nothing_and_one_and_of_both_alike(one: str, other: str) -> None:
    assert 0 <= agree(one, other) <= 1
    assert agree(one, other) == agree(other, one)


@given(st.text(min_size=1).filter(lambda text: bool(text.split())))
def test_a_text_agrees_with_itself(text: str) -> None:
    assert agree(text, text) == pytest.approx(1)


@pytest.mark.parametrize(("output", "reference"), PAIRS)
def test_it_is_the_chrf_that_others_compute(output: str, reference: str) -> None:
    sacrebleu = pytest.importorskip("sacrebleu")
    assert chrf(output, reference) * 100 == pytest.approx(
        sacrebleu.sentence_chrf(output, [reference]).score, abs=0.01
    )
