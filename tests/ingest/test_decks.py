"""Lines below a headline are its deck where they read as one, and body where they are a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, Kind
from ingest.boilerplate import strip
from ingest.cleaning import Cleaner
from ingest.decks import settled
from tests.ingest.boilerplate.texts import BODY, RULES, page, read

PROSE = "\n".join(BODY)


def found(head: str) -> Article:
    return settled(read(f"{head}\n{PROSE}"))


def deck(article: Article) -> list[str]:
    return [block.text for block in article.blocks if block.kind is Kind.DECK]


LISTS = [
    "Ingredients\n200 g flour\n100 g sugar\n3 eggs\n½ tsp salt\nMethod",
    "Serves 8\n200 g flour\nA pinch of salt\n3 eggs\n1 lemon\nFor the topping, if you like it sweeter\n50 g sugar",
    "Zutaten für 4 Personen\nMehl, 200 g\nZucker, 100 g\nEier, 3",
    "材料（2人分）\n薄力粉……200グラム\n砂糖……大さじ2\n卵……1個",
    "재료(2인분)\n밀가루 200g, 설탕 2큰술\n달걀 3개\n소금 약간\n만들기",
    "المقادير\n٢٠٠ غرام طحين\n٣ بيضات\n١٠٠ غرام سكر",
    "Halden – Moss 3:1\nVelmar – Sund 0:0\nOst – West 2:4",
    "1. Anna Berg 12.34,5\n2. Mara Ostrow 12.40,1\n3. Jo Doe 12.41,0",
    "Opened: in May\nLength: four hundred steps\nBuilt by: the harbour board\nCost: not known",
    "Anna Berg\nMara Ostrow\nJo Doe\nTomas Lindgaard\nElke Sund",
    "What the council said on Monday, and to whom it said so\n" * 5 + "Who was there",
]


@pytest.mark.parametrize("head", LISTS)
def test_a_list_below_the_headline_is_body(head: str) -> None:
    article = found(f"The Old Harbour\n{head}")
    assert article.title == "The Old Harbour"
    assert deck(article) == []
    assert "\n".join(block.text for block in article.body) == f"{head}\n{PROSE}"


@pytest.mark.parametrize("head", LISTS[:-1])
def test_a_deck_above_a_list_stays_a_deck(head: str) -> None:
    above = "How the people of Halden have always done it, and why they go on"
    article = found(f"The Old Harbour\n{above}\n{head}")
    assert (article.title, deck(article)) == ("The Old Harbour", [above])


@pytest.mark.parametrize(
    "head",
    [
        "Storm had broken the old one",
        "Storm had broken the old one in the winter of 2024\nFour millions for 300 metres\nWork begins in May",
        "3 dead, 12 hurt in Halden\n400 homes still without power",
        "겨울 폭풍에 300m 무너져\n예산 40억원 이미 확보\n내년 봄 착공…2027년 완공",
        "■ 예산은 이미 확보\n■ 내년 봄에 착공\n■ 어민들은 반대\n■ 의회는 찬성",
    ],
)
def test_lines_of_a_deck_stay_one(head: str) -> None:
    assert deck(found(f"Council Votes for a New Wall\n{head}")) == head.split("\n")


def test_the_headline_among_furniture_is_found_before_lists_are_told() -> None:
    menu = "Home\n12.11.2025, 17:32\nUpdated: 13.11.2025, 08:10\nBy Mara Ostrow"
    text = f"{menu}\nCouncil Votes for a Wall\n200 g\n3 eggs\n1 l"
    article = settled(strip(read(f"{text}\n{PROSE}"), RULES))
    assert article.title == "Council Votes for a Wall"
    assert [block.text for block in article.body] == ["200 g", "3 eggs", "1 l", *BODY]


def test_what_both_the_job_and_the_room_alone_clean_has_its_lists_in_the_body() -> None:
    text = f"The Old Harbour\n{LISTS[0]}\n{PROSE}"
    with Cleaner() as cleaner:
        (article,) = cleaner.clean([page(text)])
    assert isinstance(article, Article)
    assert "3 eggs" in [block.text for block in article.body]


@given(
    st.lists(st.sampled_from(["3 eggs", "Salt", "Opened: in May", "A line that is too long to be an item of a list"]))
)
def test_only_kinds_change_and_settling_again_changes_nothing(lines: list[str]) -> None:
    before = read("\n".join(["The Old Harbour", *lines, PROSE]))
    after = settled(before)
    assert settled(after) == after
    assert [(block.text, block.line) for block in after.blocks] == [
        (block.text, block.line) for block in before.blocks
    ]
    changed = {old.kind for old, new in zip(before.blocks, after.blocks, strict=True) if old.kind is not new.kind}
    assert changed <= {Kind.DECK}
