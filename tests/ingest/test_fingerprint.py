"""What a fingerprint keeps of a text, and what it does not see."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xxhash import xxh3_64_hexdigest

from ingest.article import EN, UND, Lang
from ingest.fingerprint import SAMPLE, SKETCH, Fingerprint, fingerprint, pack, unpack
from tests.ingest.newsroom import LANGS, page, story


def of(text: str, lang: str = "en") -> Fingerprint:
    return fingerprint(text, Lang(lang))


@pytest.mark.parametrize("lang", LANGS)
def test_spaces_quotes_capitals_and_unicode_form_make_no_difference(lang: str) -> None:
    text = page(story(1, lang)) + ' "It is agreed", she said - finally.'
    variant = unicodedata.normalize("NFD", text.replace('"', "”").replace(" - ", " — ").replace("\n", "\r\n\r\n "))
    assert of(variant.title(), lang) == of(text, lang)


def test_entities_are_read_as_what_they_stand_for() -> None:
    assert of("caf&eacute; &amp; bar") == of("Café & Bar")


def test_a_combining_mark_belongs_to_its_word() -> None:
    assert of("हिन्दी समाचार", "hi") != of("हनद समचर", "hi")


def test_another_word_is_another_text() -> None:
    assert of("The council met on Monday.").exact != of("The council met on Friday.").exact


def test_a_text_said_to_be_in_another_language_is_another_text_only_where_it_is_said_to_be_english() -> None:
    assert of("same words", "ko") == of("same words", "und")
    assert of("same words", "en-gb") == of("same words", "en")
    assert of("same words", "en") != of("same words", "und")


@pytest.mark.parametrize("lang", LANGS)
def test_a_long_text_is_sampled_and_a_short_one_is_kept_whole(lang: str) -> None:
    short, long = of("".join(story(1, lang, 1))[:60], lang), of(page(story(1, lang, 60)), lang)
    assert short.scale == 0
    assert long.scale > 0
    assert SAMPLE / 3 < len(long.places) <= SAMPLE
    assert len(long.sketch) == SKETCH


def test_places_tell_where_in_the_text_a_shingle_first_stands() -> None:
    made = of("abcdefgh " * 9 + "stuvwxyz " * 9)
    places = dict.fromkeys(sorted(made.places))
    assert list(places) == [0, 7, 8, 15]


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from([EN, UND]))
def test_any_text_has_a_fingerprint_that_packs_and_unpacks(text: str, lang: Lang) -> None:
    made = fingerprint(text, lang)
    assert unpack(made.exact, made.marks, pack(made)) == made


def test_lone_surrogates_and_nothing_at_all_are_texts_too() -> None:
    assert of("\ud800 broken").exact != of("").exact
    assert of("").sketch == ()


def test_a_fingerprint_never_changes_its_meaning_unnoticed() -> None:
    """If this fails, the algorithm changed: raise `ALGO`, then write the new digest here."""
    made = [of(page(story(seed, lang)), lang) for lang in LANGS for seed in range(3)]
    assert xxh3_64_hexdigest(b"".join(text.exact + text.marks + pack(text) for text in made)) == "562a913f97b671af"
