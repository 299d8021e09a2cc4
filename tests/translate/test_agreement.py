"""Agreement between two texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.agreement import agree, chrf, sampled

REFERENCES = [  # sacrebleu 2.6.0: sentence_chrf(output, [reference]).score
    ("The bridge opens next month.", "The bridge will open next month.", 64.4218),
    ("It takes 7 minutes.", "Crossing takes seven minutes", 32.679),
    ("abc", "xyz", 0.0),
    ("a", "a", 100.0),
    ("The mayor of Harbour Town said so, they say.", "so said the mayor", 42.7923),
    ("Ünïcödé café", "unicode cafe", 14.2761),
    ("ab", "abcdefgh", 23.4043),
    ("  spaces   do not  count ", "spacesdonotcount", 100.0),
]


@given(st.text(), st.text())
def test_agreement_is_between_nothing_and_one_and_of_both_alike(one: str, other: str) -> None:
    assert 0 <= agree(one, other) <= 1
    assert agree(one, other) == agree(other, one)


@given(st.text(min_size=1).filter(lambda text: bool(text.split())))
def test_a_text_agrees_with_itself(text: str) -> None:
    assert agree(text, text) == pytest.approx(1)


@pytest.mark.parametrize(("output", "reference", "score"), REFERENCES)
def test_it_is_the_chrf_that_others_compute(output: str, reference: str, score: float) -> None:
    assert chrf(output, reference) * 100 == pytest.approx(score, abs=1e-4)


def test_a_sample_is_of_its_share_and_always_the_same() -> None:
    sentences = [f"frase número {number}" for number in range(2000)]
    chosen = [each for each in sentences if sampled(each, 0.25)]
    assert 400 < len(chosen) < 600
    assert chosen == [each for each in sentences if sampled(each, 0.25)]
    assert all(sampled(each, 1.0) for each in sentences)
