"""A text in, the offsets of its sentences out: gapless, white space belonging to the sentence before it.

sentencex (MIT) does the work. Addresses are hidden from it: their dots end no sentence. Ours are
three rules it lacks: a Korean sentence may end without a space before the
next one even where a number follows; a quotation goes on in its clause where a particle follows the closing mark
(``“간다.”고 했다``, ``「行く。」と言った``); a piece of white space alone is no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from ingest.article import Lang
from translate import masks
from translate.codes import primary

LONGEST = 20_000
"""Characters of one block from which it is cut at a space: no paragraph of any article is as long."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_CLOSED = re.compile("[”’」』\"'》）)]$")
_PARTICLE = {
    "ko": re.compile(r"(?:이?라[고며는]|고|며|면서|는|하고|하며|란)(?!\w{4})"),
    "ja": re.compile(r"(?:と|って|など|との|という|に|を|が|は|の)"),
}
_KOREAN_END = re.compile(r"(?<=[가-힣][다요죠까음임][.!?])(?=[0-9A-Z가-힣“‘\"'(▲△■◆])")


def split(text: str, lang: Lang) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence: they follow each other without gap from 0 to the text's length.

    Any string is taken; an empty one has no sentence.
    """
    language = primary(lang)
    hidden = masks.blank(_SURROGATE.sub("\ufffd", text))
    pieces = [piece for part in _parts(hidden) for piece in _segment(language, part)]
    if language == "ko":
        pieces = [part for piece in pieces for part in _korean(piece)]
    spans: list[tuple[int, int]] = []
    end = 0
    for piece in pieces:
        start, end = end, end + len(piece)
        before = text[spans[-1][0] : start] if spans else ""
        if spans and (not piece.strip() or not before.strip() or _goes_on(language, before, piece)):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _parts(text: str) -> Iterator[str]:
    """The text in parts that sentencex can bear: it needs seconds for a hundred thousand quotation marks."""
    start = 0
    while len(text) - start > LONGEST:
        space = text.rfind(" ", start, start + LONGEST)
        end = space + 1 if space > start else start + LONGEST
        yield text[start:end]
        start = end
    yield text[start:]


def _segment(language: str, text: str) -> list[str]:
    pieces: list[str] = sentencex.segment(language if language != "und" else "en", text)
    return pieces if "".join(pieces) == text else [text]


def _korean(piece: str) -> Iterator[str]:
    """The sentences of a piece, cut where one ends without a space; a straight mark may end a quotation too."""
    start = 0
    for end in _KOREAN_END.finditer(piece):
        mark = piece[end.end()]
        if mark not in "\"'" or piece.count(mark, 0, end.end()) % 2 == 0:
            yield piece[start : end.end()]
            start = end.end()
    yield piece[start:]


def _goes_on(language: str, before: str, after: str) -> bool:
    particle = _PARTICLE.get(language)
    return bool(particle and _CLOSED.search(before) and particle.match(after))


def texts(text: str, lang: Lang) -> Iterator[str]:
    """The sentences themselves; joined they are the text."""
    return (text[start:end] for start, end in split(text, lang))
