from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Lang
from translate.close import Group, groups, tell_apart
from translate.detect import build_detector

CASES = [(group, lang, text) for group in groups() for lang, text in sorted(group.examples.items())]


@pytest.mark.parametrize(("group", "lang", "text"), CASES, ids=[f"{lang}" for _group, lang, _text in CASES])
def test_a_group_tells_its_examples_apart_where_a_model_cannot(group: Group, lang: Lang, text: str) -> None:
    share = 1 / len(group.langs)
    assert tell_apart(text, [(one, share) for one in sorted(group.langs)])[0][0] == lang


def test_every_language_of_a_group_has_an_example() -> None:
    assert all(set(group.examples) == group.langs for group in groups())


def test_nothing_listed_is_written_by_all_of_a_group() -> None:
    for group in groups():
        for index in (group.words, group.stems, group.endings, group.letters):
            assert [entry for entry, langs in index.items() if langs == group.langs] == []


def test_malay_and_indonesian_news_are_told() -> None:
    detector = build_detector()
    assert (
        detector.detect("Polis berkata lima mangsa kemalangan bas itu dihantar ke hospital petang semalam.")[0]
        == "ms"
    )
    assert (
        detector.detect("Polisi mengatakan lima korban kecelakaan bus itu dibawa ke rumah sakit kemarin sore.")[0]
        == "id"
    )


@given(st.text(), st.lists(st.sampled_from(["pt", "gl", "es", "hr", "bs", "sr"]), unique=True, min_size=1))
def test_the_shares_still_add_up_and_other_languages_keep_theirs(text: str, langs: list[str]) -> None:
    share = 1 / len(langs)
    told = tell_apart(text, [(Lang(lang), share) for lang in langs])
    assert sum(one for _lang, one in told) == pytest.approx(1)
    assert {lang for lang, _share in told} == set(langs)
    if "es" in langs:
        assert dict(told)[Lang("es")] == pytest.approx(share)


def test_a_text_without_any_language_has_no_ranking() -> None:
    assert tell_apart("", []) == []
