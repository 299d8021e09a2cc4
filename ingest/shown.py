"""Text from outside in, one line that is safe in a terminal out."""

from __future__ import annotations

import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that move the cursor, reorder a line, or cannot be encoded."""

MAX_SHOWN = 300


def shown(text: str, limit: int = MAX_SHOWN) -> str:
    r"""One line of ``text``: control, bidi and unencodable characters as ``\xNN`` or ``\uNNNN``, cut with ``…``."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(_escape(char) if unicodedata.category(char) in _UNSAFE else char for char in cut)


def _escape(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8 (surrogateescape)
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
