"""Sentences made bearable for an engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translate.engines.prepare import Piece, prepare, shouts, split


def words(text: str) -> int:
    return len(text.split())


@given(st.text(), st.integers(1, 20))
def test_parts_joined_are_the_text(text: str, limit: int) -> None:
    assert "".join(split(text, limit, len)) == text


@given(st.text(min_size=1), st.integers(1, 20))
def test_no_part_is_over_the_limit(text: str, limit: int) -> None:
    assert all(len(part) <= limit for part in split(text, limit, len))


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_string_can_be_prepared(text: str) -> None:
    prepared = prepare(text, 10, len)
    assert prepared.join(iter(prepared.sent)) is not None


def test_a_long_sentence_is_cut_at_clauses_before_words() -> None:
    text = "The bridge was closed at noon; the port, too, was closed, and nobody knew why"
    assert split(text, 8, words)[0] == "The bridge was closed at noon; "


def test_parts_are_of_about_one_size() -> None:
    parts = split("one two three four five six seven eight nine ten eleven", 10, words)
    assert [words(part) for part in parts] == [6, 5]


def test_a_short_sentence_stays_as_it_is() -> None:
    assert prepare("O porto abre hoje.", 50, words).pieces == (Piece(text="O porto abre hoje."),)


def test_emoji_stand_aside_and_come_back_in_place() -> None:
    prepared = prepare("Parabéns! 🎉🎂 Obrigado 👨‍👩‍👧‍👦", 50, words)
    assert prepared.sent == ("Parabéns!", "Obrigado")
    assert prepared.join(iter(["Well done!", "Thanks"])) == "Well done! 🎉🎂 Thanks 👨‍👩‍👧‍👦"


def test_a_word_that_is_none_is_kept_aside() -> None:
    prepared = prepare(f"O código {'a' * 20_000} foi lido", 50, words)
    assert prepared.sent == ("O código", "foi lido")
    assert "long_word" in prepared.flags


def test_a_long_run_without_spaces_is_a_sentence_where_the_script_has_none() -> None:
    text = "中国国家主席星期一在北京会见了来访的客人并发表了讲话" * 4
    assert "".join(prepare(text, 20, len).sent) == text


def test_markup_goes_and_is_flagged() -> None:
    prepared = prepare("<p>O <b>presidente</b> disse &quot;não&quot;</p>", 50, words)
    assert prepared.sent == ('O presidente disse "não"',)
    assert prepared.flags == ("markup",)


def test_a_less_than_sign_is_no_markup() -> None:
    assert prepare("Se a < b e c > d", 50, words).flags == ()


def test_control_characters_and_surrogates_go_and_are_flagged() -> None:
    prepared = prepare("Olá\x00\x07 mu\xadndo\ud800", 50, words)
    assert prepared.sent == ("Olá mundo",)
    assert prepared.flags == ("control_characters",)


def test_capitals_are_sent_small_and_come_back_capital() -> None:
    prepared = prepare("GOVERNO ANUNCIA NOVO PORTO", 50, words)
    assert prepared.sent == ("Governo anuncia novo porto",)
    assert prepared.join(iter(["Government announces new port"])) == "GOVERNMENT ANNOUNCES NEW PORT"


@pytest.mark.parametrize("text", ["UNESCO", "ONU e UE", "O PIB cresceu", "12345", "항구 개항", "A B C"])
def test_an_abbreviation_is_no_shout(text: str) -> None:
    assert not shouts(text)


@pytest.mark.parametrize("text", ["", "   ", "🎉", "…", "\x00", "\ud800"])
def test_nothing_is_sent_where_there_are_no_words(text: str) -> None:
    assert prepare(text, 50, words).sent == ()
