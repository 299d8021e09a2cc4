"""The two seeds come out as their readers expect: bodies whole, feet gone, what the feet say kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.article import Article, Kind, Notice, Publisher
from ingest.boilerplate import strip
from tests.ingest.boilerplate.texts import RULES, read

SEEDS = Path(__file__).parents[3] / "seeds"
ASIA, METRO = "000_8896e72ec129ef4c.txt", "002_67c299fc4ad31bee.txt"


def cleaned(name: str) -> Article:
    return strip(read((SEEDS / name).read_text("utf-8")), RULES)


def lines(name: str) -> list[str]:
    return [line for line in (SEEDS / name).read_text("utf-8").split("\n") if line]


def test_headline_deck_and_body_of_the_first_seed_stay_as_they_are() -> None:
    found = cleaned(ASIA)
    assert [block.kind for block in found.blocks[:5]] == [Kind.TITLE, Kind.DECK, Kind.DECK, Kind.DECK, Kind.PARAGRAPH]
    assert [block.text for block in found.blocks] == lines(ASIA)[:-1]
    assert [block.line for block in found.blocks] == list(range(1, 13))
    assert "reinforcement learning?centered" in found.blocks[10].text


def test_nothing_is_invented_for_the_second_seed() -> None:
    found = cleaned(METRO)
    assert found.title is None
    assert found.published is None
    assert found.authors == ()
    assert {block.kind for block in found.blocks} == {Kind.PARAGRAPH}
    assert [block.text for block in found.blocks] == lines(METRO)[:-6]


@pytest.mark.parametrize("name", [ASIA, METRO])
def test_no_hangul_is_left_and_every_line_stands_once(name: str) -> None:
    found = cleaned(name)
    assert not any(re.search("[가-힣]", block.text) for block in found.blocks)
    placed = {block.line: block.text for block in found.blocks} | {line.line: line.text for line in found.stripped}
    assert list(dict(sorted(placed.items())).values()) == lines(name)


def test_the_feet_say_who_published_and_who_translated() -> None:
    asia, metro = cleaned(ASIA), cleaned(METRO)
    assert asia.publisher == Publisher(original="The Asia Business Daily", domain="asiae.co.kr")
    assert asia.rights == lines(ASIA)[-1]
    assert asia.notice is None
    assert metro.publisher == Publisher(original="메트로신문", latin="Metro", domain="metroseoul.co.kr")
    assert metro.rights == lines(METRO)[-5]
    assert metro.notice is not None
    assert metro.notice == Notice(engine="ChatGPT", source_lang=metro.notice.source_lang, inferred=True)
    assert metro.notice.source_lang == "ko"
