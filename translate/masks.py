"""A sentence in, the sentence with numbered marks in place of what no engine may touch out, and back.

Addresses, handles, hashtags, tickers and code are not language: left in, engines rewrite them. A mark is ``[1]``: of
eighteen forms tried on the Portuguese model it was one of six that came back in every sentence (plain addresses in
one of three), and news models have seen it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.article import Lang
from translate import codes
from translate.gate import gate

_UNTOUCHABLE = re.compile(
    r"""
      (?:https?|ftp)://[^\s<>「」『』“”‘’（）]{1,2000}[\w/=&%-]  # https://example.org/a?b=c
    | (?<![\w.@-])www\.[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?:/[^\s<>「」『』“”‘’（）]{0,2000}[\w/])?
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}  # name@example.org
    | (?<![\w@/])@[A-Za-z_]\w{1,29}                          # @handle
    | `[^`\n]{1,200}`                                        # `code`
    | (?<![\w.])[A-Za-z_]\w{0,60}(?:\.[A-Za-z_]\w{0,60}){0,6}\(\)  # module.function()
    | \$[A-Z]{1,5}\b                                         # $AAPL
    | \b[0-9]{4,6}\.[A-Z]{1,2}\b                             # 005930.KS
    | \b[A-Z]{2,5}[0-9]{0,2}\.[A-Z]{1,2}\b(?!\.[A-Z])        # PETR4.SA, BRK.B
    | \b(?:NASDAQ|NYSE|KOSPI|KOSDAQ|TSE|HKEX|LSE|B3)\s?:\s?[A-Z0-9.]{1,8}\b
    | (?<![\w.-])[\w-]{1,63}\.(?:com|org|net|co|gov|edu|info|io)(?:\.[a-z]{2})?\b(?:/[^\s<>]{0,2000}[\w/])?
    | [\[［]\s?[0-9]{1,6}\s?[\]］]                           # what would look like a mark of ours
    """,
    re.VERBOSE | re.ASCII,
)
"""Every repeat is bounded: a text of a million dots must not cost an hour."""

_HASHTAG = re.compile(r"(?<![\w&#/])#\w{0,60}[^\W\d]\w{0,60}")  # in any script: #해시태그
_MARK = re.compile(r"[\[［]\s?([0-9]{1,6})\s?[\]］]", re.ASCII)


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """``text`` with ``[1]``, ``[2]``, … for each thing no engine may touch, and these things in order."""
    masks: list[str] = []

    out, end = [], 0
    for start, stop in _spans(text):
        masks.append(text[start:stop])
        out += [text[end:start], f"[{len(masks)}]"]
        end = stop
    return "".join(out) + text[end:], tuple(masks)


def blank(text: str) -> str:
    """``text`` with an ``x`` in place of each character of what `mask` would mask: as long, and without its dots."""
    out, end = [], 0
    for start, stop in _spans(text):
        out += [text[end:start], "x" * (stop - start)]
        end = stop
    return "".join(out) + text[end:]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    found = [match.span() for pattern in (_UNTOUCHABLE, _HASHTAG) for match in pattern.finditer(text)]
    end = 0
    for start, stop in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield start, stop
            end = stop


def restore(text: str, masks: tuple[str, ...]) -> str:
    """``text`` with what stands behind each mark in its place; a mark that names nothing stays as it is."""

    def put(found: re.Match[str]) -> str:
        number = int(found.group(1))
        return masks[number - 1] if 0 < number <= len(masks) else found.group()

    return _MARK.sub(put, text) if masks else text


def kept(text: str, masks: tuple[str, ...]) -> bool:
    """Whether each mark stands in ``text`` exactly once, and no other."""
    return sorted(int(number) for number in _MARK.findall(text)) == list(range(1, len(masks) + 1)) if masks else True


def sendable(masked: str, lang: Lang) -> bool:
    """Whether an engine for ``lang`` has anything to do: language in a script of its own, beside the marks."""
    script = gate(_MARK.sub(" ", masked)).script
    return script is not None and script in (codes.scripts_of(lang) or {script})
