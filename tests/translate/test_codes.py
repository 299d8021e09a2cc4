from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid import langid

from ingest.article import UND, Lang
from translate import codes, scripts


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("ko", "ko"),
        ("ko-KR", "ko"),
        ("ko_KR", "ko"),
        ("kor", "ko"),
        ("zh-cn", "zh"),
        ("zh-TW", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"),
        ("zh-Hans", "zh"),
        ("zt", "zh-hant"),
        ("pb", "pt-br"),
        ("pt_BR", "pt-br"),
        ("pt-PT", "pt"),
        ("no", "nb"),
        ("iw", "he"),
        ("fil", "tl"),
        ("EN-us", "en"),
        ("haw", "haw"),
        ("", "und"),
        (None, "und"),
        ("zxx", "und"),
        ("mul-x", "und"),
        ("korean language", "und"),
    ],
)
def test_every_spelling_of_a_language_is_one_tag(written: str | None, tag: str) -> None:
    assert codes.parse(written) == tag


def test_each_library_gets_its_own_spelling_back() -> None:
    for row in codes.table().values():
        assert codes.parse(codes.argos(row.tag)) == row.tag
        assert codes.parse(codes.firefox(row.tag)) in codes.fallbacks(row.tag)
        if row.langdetect:
            assert codes.parse(row.langdetect) == row.tag
        if row.py3langid:
            assert codes.parse(row.py3langid) == row.tag


def test_no_spelling_means_two_languages() -> None:
    spellings = [alias for row in codes.table().values() for alias in {row.tag, *row.aliases}]
    assert len(spellings) == len(set(spellings))


def test_the_detectors_know_the_labels_that_the_table_gives_them() -> None:
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE)
    labels = {row.py3langid for row in codes.table().values() if row.py3langid}
    assert labels <= set(identifier.labels)


def test_scripts_in_the_table_are_names_that_letters_have() -> None:
    letters = {
        "Latin": "a", "Cyrillic": "д", "Greek": "λ", "Arabic": "م", "Hebrew": "ש", "Han": "国", "Kana": "カ",
        "Hangul": "한", "Thai": "ก", "Devanagari": "क", "Ethiopic": "አ", "Armenian": "ա", "Georgian": "ა",
        "Bengali": "ক", "Gujarati": "ક", "Gurmukhi": "ਕ", "Kannada": "ಕ", "Khmer": "ក", "Lao": "ກ",
        "Malayalam": "ക", "Myanmar": "က", "Oriya": "କ", "Sinhala": "ක", "Tamil": "க", "Telugu": "క",
    }  # fmt: skip
    assert {script for row in codes.table().values() for script in row.scripts} == set(letters)
    assert {script: scripts.script_of(letter) for script, letter in letters.items()} == {s: s for s in letters}


def test_close_languages_stand_in_for_each_other() -> None:
    assert codes.fallbacks(Lang("pt-br")) == ("pt-br", "pt")
    assert codes.fallbacks(Lang("zh-hant")) == ("zh-hant", "zh")
    assert codes.fallbacks(Lang("nn")) == ("nn", "nb")
    assert codes.fallbacks(Lang("ko")) == ("ko",)
    assert codes.same(Lang("zh"), Lang("zh-hant"))
    assert codes.same(Lang("hr"), Lang("sr"))
    assert not codes.same(Lang("pt"), Lang("es"))


def test_languages_have_english_names() -> None:
    assert codes.name(Lang("ko")) == "Korean"
    assert codes.name(Lang("haw")) == "haw"


@given(st.text())
def test_parsing_takes_any_string_and_is_idempotent(text: str) -> None:
    tag = codes.parse(text)
    assert codes.parse(tag) == tag
    assert tag == UND or tag.isascii()
