"""Nothing from outside reaches a terminal alive."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.shown import shown


def test_colours_line_breaks_and_bidi_overrides_are_written_out() -> None:
    assert shown("a\x1b[31mb\n\u202egpj.exe") == "a\\x1b[31mb\\x0a\\u202egpj.exe"


def test_a_byte_that_was_no_utf8_is_written_as_that_byte() -> None:
    assert shown("caf\udce9") == "caf\\xe9"


def test_a_long_text_is_cut() -> None:
    assert shown("a" * 400) == "a" * 299 + "…"


@given(st.text(st.characters(), max_size=200))
def test_any_text_becomes_one_encodable_line(text: str) -> None:
    line = shown(text)
    line.encode("utf-8")
    assert not any(unicodedata.category(char).startswith(("Cc", "Cf", "Zl", "Zp")) for char in line)
