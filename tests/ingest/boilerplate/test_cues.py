"""What a word's pattern needs stands in all that it matches, and one scan finds what many would."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.boilerplate.cues import Cues, fold, needed
from ingest.boilerplate.lines import SAME

WORDS = (
    "all rights reserved",
    "u\\.?s\\.?",
    "ещ[её] (?:по теме|новости)",
    "(?:tüm|her)\\s?(?:hakları|hakkı)\\s(?:saklıdır|mahfuzdur)",
    "(?:新闻|热点)?(?:排行(?:榜)?|热榜)",
    "[大中小]",
    "\\d{1,6}\\s?(?:条|則)?(?:评论|留言)",
    "(?:do you )?(?:have|got) (?:a|any) tips?(?: for us)?",
    "photo(?:graph){0,1}(?:ie|y)?s{1,2}",
    "[^()]{1,16}(?:by|von)|credit: .{2,9}",
    "(?:ha)+!*",
    "a ?・",
)


@pytest.mark.parametrize(
    ("word", "texts"),
    [
        ("(?:tüm|her)\\s?(?:hakları|hakkı)", {"hakkı", "hakları"}),
        ("c\\.?f\\.?", {"c.f", "cf"}),
        ("x(?:でポスト)?", {"x"}),
        ("(?:read|see) (?:more|all)", {"read all", "read more", "see all", "see more"}),
        ("[^()]{1,16}(?:供图|图片)", {"供图", "图片"}),
        ("[大中小]", {"大", "中", "小"}),
        ("(?<!\\w)(?:이|본)\\s?(?:기사|칼럼)(?!\\w)", {"기사", "칼럼"}),
        ("\\w{3}|more", {""}),
        ("(?:more)?", {""}),
        ("more*", {"mor"}),
    ],
)
def test_a_word_needs_the_longest_texts_that_are_certain(word: str, texts: set[str]) -> None:
    assert needed(word) == {fold(text) for text in texts}


@pytest.mark.parametrize("word", WORDS)
@given(data=st.data())
def test_one_of_the_needed_texts_stands_in_all_that_a_word_matches(word: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(word, re.IGNORECASE), fullmatch=True))
    assert any(piece in fold(text.translate(SAME)) for piece in needed(word))


@given(st.lists(st.text("abı ", max_size=3), max_size=8), st.text("abıcİI ", max_size=20))
def test_one_scan_finds_what_has_a_cue_in_the_text(cues: list[str], text: str) -> None:
    found = Cues((fold(cue), place) for place, cue in enumerate(cues)).standing(fold(text))
    assert found == {place for place, cue in enumerate(cues) if fold(cue) in fold(text)}
