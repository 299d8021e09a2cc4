"""The blocks of a page and another extractor's text -> which blocks that text consists of."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOT_A_LETTER = re.compile(r"[\W_]+")
_LONG = 40
"""Keys from this length on may be found inside a longer line; shorter ones must be a whole line."""


def key(text: str) -> str:
    """The letters and digits of a text, in one case: how two renderings of one block are known to be the same."""
    return _NOT_A_LETTER.sub("", text).casefold()


def chosen(keys: Sequence[str], text: str) -> list[bool]:
    """For each block (its `key`), whether it stands in ``text``, the output of some extractor over the same page.

    Where several blocks read the same, the one that keeps the order of the output is meant: the output is walked
    line by line, each line taking the first block after the last one taken, or the nearest before it.
    """
    found = [False] * len(keys)
    lines = [line for line in (key(raw) for raw in text.split("\n")) if line]
    places: dict[str, list[int]] = {}
    for index, block in enumerate(keys):
        places.setdefault(block, []).append(index)
    loose: list[str] = []
    at = -1
    for line in lines:
        spots = [index for index in places.get(line, ()) if not found[index]]
        if not spots:
            loose.append(line)
            continue
        at = next((index for index in spots if index > at), spots[-1])
        found[at] = True
    _mark_parts(keys, loose, found)
    return found


def _mark_parts(keys: Sequence[str], loose: Sequence[str], found: list[bool]) -> None:
    """Blocks that are a part of an output line, or hold one that is most of them."""
    whole = "\n".join(loose)
    if not whole:
        return
    for index, block in enumerate(keys):
        if found[index] or not block:
            continue
        if len(block) >= _LONG:
            found[index] = block in whole or any(len(line) > len(block) // 2 and line in block for line in loose)
        elif len(block) > 1:
            near = found[max(0, index - 1) : index + 2]
            found[index] = any(near) and block in whole


def covered(keys: Sequence[str], text: str) -> list[int]:
    """The blocks (their keys) that stand in a running ``text``; a short one only beside a block that does.

    Where several blocks read the same, all are found: the caller knows which of them are the article's place.
    """
    whole = key(text)
    found = [len(block) >= _LONG and block in whole for block in keys]
    for index, block in enumerate(keys):
        if not found[index] and len(block) > 3:
            found[index] = any(found[max(0, index - 1) : index + 2]) and block in whole
    return [index for index, hit in enumerate(found) if hit]
