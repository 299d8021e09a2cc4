"""Guards: what they catch, and what they leave alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.guards import check, inventions, lost_numbers

CAUGHT = [
    ("loop", "다리가 다음 달에 열린다고 시장이 말했다.", "The bridge bridge bridge opens next month."),
    ("loop", "백해와 발트해를 잇는 운하이다.", "White Sea-Balta Sea-Balta Sea-Balta Sea-Balta Sea-Balta Sea-Balta."),
    ("short", "시장은 어제 기자들에게 다리를 건너는 데 칠 분이 걸린다고 말했다.", "The mayor."),
    (
        "long",
        "다리가 다음 달 열린다.",
        "The bridge will be opened in the coming month, and then a great many things happen.",
    ),
    ("source_script", "항구 도시 하늬의 새 다리", "The new bridge of 하늬 opens"),
    ("copied", "o porto abre amanhã cedo em toda parte", "o porto abre amanhã cedo everywhere"),
    ("dropped", "O jornal 한국항만 publicou a notícia ontem.", "The newspaper published the news yesterday."),
    ("numbers", "다리는 35억이 아니라 4200명이 지었다.", "The bridge was built by many people."),
    ("numbers", "O barco levou 128 pessoas.", "The boat carried 182 people."),
    ("marks", "Escreva para [1] ou veja [2].", "Write to [1] or see it."),
    ("invented", "정보가 더 있으면 좋겠다.", "If you have any questions, please feel free to contact us."),
]
LEFT_ALONE = [
    ("다리는 11시 29분에 열렸다.", "The bridge opened at 11:29."),
    ("시장은 20세기 70년대에 태어났다.", "The mayor was born in the 1970s."),
    ("A ponte custou R$ 1.234,56 e 3,5% de juros.", "The bridge cost R$1,234.56 and 3.5% interest."),
    ("El puente tiene 2 carriles y 12 arcos.", "The bridge has two lanes and twelve arches."),
    ("인구의 3분의 2가 5월에 온다.", "Two-thirds of the people come in May."),
    ("제2차 세계대전 때 지어졌다.", "It was built during World War II."),
    ("공사비는 3만 원이다.", "The work costs 30,000 won."),
    ("1년 전에 다리가 놓였다.", "The bridge was built a year ago."),
    ("Escreva para [1] ou veja [2].", "Write to [1] or see [2]."),
    ("بلغت المساحة 783،562 كيلومترا مربعا.", "The area was 783,562 square kilometres."),
    ("안녕.", "Hello there."),
]


@pytest.mark.parametrize(("flag", "source", "english"), CAUGHT)
def test_what_is_wrong_is_flagged(flag: str, source: str, english: str) -> None:
    assert flag in check(source, english)


@pytest.mark.parametrize(("source", "english"), LEFT_ALONE)
def test_what_is_right_is_left_alone(source: str, english: str) -> None:
    assert check(source, english) == ()


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_any_two_strings_can_be_checked(source: str, english: str) -> None:
    check(source, english)


@given(st.lists(st.integers(13, 10**9), max_size=5))
def test_a_number_that_is_there_is_not_lost(numbers: list[int]) -> None:
    text = ", ".join(map(str, numbers))
    assert lost_numbers(text, f"They were {text}.") == []


def test_every_invention_keeps_its_own_examples() -> None:
    import tomllib
    from importlib import resources

    rows = tomllib.loads(resources.files("translate").joinpath("invented.toml").read_text("utf-8"))["invention"]
    assert len(rows) == len(inventions())
    for row, rule in zip(rows, inventions(), strict=True):
        assert all(rule.pattern.search(example) for example in row["matches"]), row["name"]
        assert not any(rule.pattern.search(example) for example in row["keeps"]), row["name"]
