"""A sentence in, the pieces an engine can bear out: short enough, of plain text, with what is no language kept aside.

Every engine breaks on odd input: it repeats letters for minutes on one long word, makes quotation marks of emoji,
destroys markup, and half translates capitals.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

LONG_WORD = 60
"""Characters without a space that are no word any more; the longest German and Finnish news words have about 50."""

SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts that put no space between words: a long run of them is a sentence, not a word."""

_WORD = re.compile(rf"\S{{{LONG_WORD},}}")
_EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
    "[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\u2640\u2642\U0001f000-\U0001faff\U000e0020-\U000e007f]*"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)  # not the joiners: Persian needs them
_BREAKS = (
    re.compile(r"(?<=[.!?。！？…])\s+|(?<=[。！？])"),
    re.compile(r"(?<=[;:；：])\s*|(?<=[—–])\s+"),
    re.compile(r"(?<=[,，、،])\s*"),
    re.compile(r"(?<=\s)(?=\S)"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a sentence; ``kept`` is text that no engine sees: it stands in the output as it is."""

    text: str
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A sentence in pieces, what was odd about it, and whether its English is to stand in capitals."""

    pieces: tuple[Piece, ...]
    flags: tuple[str, ...] = ()
    capitals: bool = False

    @property
    def sent(self) -> tuple[str, ...]:
        """What the engine sees."""
        return tuple(piece.text for piece in self.pieces if not piece.kept)

    def join(self, english: Iterator[str]) -> str:
        """The whole sentence from the English of each piece that was sent."""
        parts = (piece.text if piece.kept else next(english) for piece in self.pieces)
        joined = " ".join(part.strip() for part in parts if part.strip())
        return joined.upper() if self.capitals else joined


def prepare(sentence: str, limit: int, count: Callable[[str], int]) -> Prepared:
    """The sentence in pieces of at most ``limit`` tokens as ``count`` counts them."""
    flags: list[str] = []
    text = _plain(sentence, flags)
    capitals = shouts(text)
    if capitals:
        # Engines half translate capitals ("BRAZIL VENCE ARGENTINA BY 3 A 1"); in small letters they know the words.
        flags.append("capitals")
        text = text[:1] + text[1:].lower()
    pieces: list[Piece] = []
    for piece in _aside(text):
        if piece.kept or not any(char.isalnum() for char in piece.text):
            pieces.append(Piece(text=piece.text, kept=True))
        else:
            pieces.extend(Piece(text=part.strip()) for part in split(piece.text, limit, count) if part.strip())
    if any(piece.kept and len(piece.text) >= LONG_WORD for piece in pieces):
        flags.append("long_word")
    if sum(not piece.kept for piece in pieces) > 1:
        flags.append("in_pieces")
    return Prepared(pieces=tuple(pieces), flags=tuple(flags), capitals=capitals)


def split(text: str, limit: int, count: Callable[[str], int]) -> list[str]:
    """The text in parts of at most ``limit`` tokens, cut at sentence ends, else clauses, commas, spaces, anywhere.

    The parts joined are the text. A part over the limit is left only where a single character is over it.
    """
    return _split(text, limit, count, 0)


def shouts(text: str) -> bool:
    """Whether the text is a line in capitals: at least two words, ten letters with case, and none of them small."""
    cased = [char for char in text if char.isupper() or char.islower()]
    return len(cased) >= 10 and " " in text.strip() and not any(char.islower() for char in cased)


def _split(text: str, limit: int, count: Callable[[str], int], level: int) -> list[str]:
    total = count(text)
    if total <= limit or len(text) <= 1:
        return [text]
    aim = -(-total // -(-total // limit))  # parts of about one size: a last part of two words translates badly
    parts: list[str] = []
    size = 0
    for atom in _atoms(text, level):
        weight = count(atom)
        if weight > limit:
            parts.extend(_split(atom, limit, count, level + 1))
            size = limit
        elif parts and size + weight <= limit and size < aim:
            parts[-1] += atom
            size += weight
        else:
            parts.append(atom)
            size = weight
    return parts


def _atoms(text: str, level: int) -> list[str]:
    if level >= len(_BREAKS):
        half = len(text) // 2
        return [text[:half], text[half:]]
    cuts = [0, *(match.end() for match in _BREAKS[level].finditer(text) if 0 < match.end() < len(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _plain(sentence: str, flags: list[str]) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", sentence))
    if _CONTROL.search(text):
        flags.append("control_characters")
        text = _CONTROL.sub(" ", text)
    if _TAG.search(text):
        flags.append("markup")
        text = html.unescape(_TAG.sub(" ", text))
    return re.sub(r"\s+", " ", text).strip()


def _aside(text: str) -> Iterator[Piece]:
    """The text cut around what is no language: emoji, and words that are none."""
    end = 0
    for match in re.finditer(f"(?:{_EMOJI.pattern})+|{_WORD.pattern}", text):
        if SPACELESS.search(match.group()) and len(match.group()) >= LONG_WORD:
            continue
        yield from _piece(text[end : match.start()], kept=False)
        yield from _piece(match.group(), kept=True)
        end = match.end()
    yield from _piece(text[end:], kept=False)


def _piece(text: str, *, kept: bool) -> Iterator[Piece]:
    if text.strip():
        yield Piece(text=text, kept=kept)
