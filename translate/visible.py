"""Text from outside in, the same text with nothing in it that moves a cursor or reorders a line out."""

from __future__ import annotations

import re

BIDI = "\u202a-\u202e\u2066-\u2069"
"""Embeddings, overrides and isolates: what makes a line read in another order than it is written (UAX 9, 2.1-2.4).
The marks U+061C, U+200E and U+200F stay: they reorder nothing but themselves, and Arabic and Hebrew need them."""

_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{BIDI}]")
_UNSAFE_IN_A_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff{BIDI}]")


def visible(text: str) -> str:
    r"""``text`` with control, bidi and unencodable characters written out (``\x1b``, ``\u202e``).

    Newlines and tabs stay, so paragraphs stay paragraphs; a carriage return does not.
    """
    return _UNSAFE.sub(_written_out, text)


def terminal_safe(text: str) -> str:
    """``text`` as one line that a terminal shows and does not obey: `visible`, and no line breaks or tabs either.

    It is plain text: hand it to rich as a ``Text`` or with ``markup=False``, since ``[bold]`` stays as it is.
    """
    return _UNSAFE_IN_A_LINE.sub(_written_out, text)


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
