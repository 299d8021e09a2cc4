from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import translate
from ingest.article import Lang
from translate.names import latin

RULES = tomllib.loads(Path(translate.__file__).with_name("names.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", RULES["examples"], ids=lambda case: case["latin"])
def test_a_name_in_a_script_that_can_be_read_gets_a_latin_form(case: dict[str, str]) -> None:
    assert latin(case["name"], Lang(case["lang"])) == case["latin"]


@pytest.mark.parametrize("case", RULES["left"], ids=lambda case: case["name"])
def test_a_name_that_is_latin_or_that_only_a_reader_could_tell_is_left(case: dict[str, str]) -> None:
    assert latin(case["name"], Lang(case["lang"])) is None


def test_a_publishers_name_is_one_word() -> None:
    assert latin("삼양신문", Lang("ko"), person=False) == "Samyangsinmun"


@given(st.text(alphabet="김수한가나 王李Жыλ-A.", max_size=12), st.booleans())
def test_a_latin_form_is_ascii_and_the_same_each_time(name: str, person: bool) -> None:
    form = latin(name, Lang("zh"), person=person)
    assert form is None or form.isascii()
    assert latin(name, Lang("zh"), person=person) == form
