"""A number and a noun in, both as people say them out (pure)."""

from __future__ import annotations


def counted(count: int, one: str, many: str | None = None) -> str:
    """``1 input``, ``2 inputs``; ``many`` where an s does not make the plural."""
    return f"{count} {one if count == 1 else many or one + 's'}"
