"""A clean text in, its Fingerprint out: what deduplication needs to know of a text, and no more.

Everything here is a function of the text's *words* (unescaped, NFKC, casefolded), so that two texts with one exact
key have one fingerprint, whatever their spacing, quotes or capitals. Hashes are our own arithmetic over code points:
libraries changed theirs between versions, and a stored fingerprint must keep its meaning (`ALGO` says which one).
"""

from __future__ import annotations

import html
import re
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import xxhash

from ingest.algo import ALGO
from ingest.article import Article, Kind, Lang

SKETCH = 24
"""How many keys stand for a text in the inverted index."""

LETTERS = 4
"""Only words of this many letters make keys: shorter ones are mostly grammar, and change between translations."""

SAMPLE = 96
"""At most about this many character shingles stand for a text when a pair is compared (short texts: all of them)."""

PLACES = 16
"""How many stretches a text is divided into to say where something stands."""

FIGURES = 64
"""At most this many (word, number) pairs, and this many numbers, are kept of a text."""

Array = npt.NDArray[np.uint64]

# Marks belong to the word they modify: Python's \w leaves them out, and would cut Hindi or vowelled Arabic to pieces.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
    "\u0e31-\u0e4e\u0eb1-\u0ecd\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u180b-\u180d"
)
_WORD = re.compile(rf"[\w{_MARKS}]+")
_ASCII_WORD = re.compile(r"\w+", re.ASCII)
_NUMBER = re.compile(r"\d+")
_WORD_BEFORE = re.compile(r"[^\W\d]{0,12} ?$")

# Scripts without spaces between words, and Hangul, whose spaces writers set as they like: here each character is a
# token. Pairs of (first, last) code point.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x9FFF),  # kana, Han
    (0xAC00, 0xD7A3),  # Hangul
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 2**64)
_SECOND = 0xD6E8FEB86659FD93
_SPACE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What a text looks like to deduplication; equal for texts with the same words.

    Attributes:
        algo: which version of the algorithm made it; fingerprints of different versions are never compared.
        exact: xxh3-128 of the words joined by spaces, seeded with ``algo`` and ``english``; 16 bytes.
        english: whether the text is said to be English, and so may be one of two translations of one original.
        size: characters of the joined words, one of an unspaced script counting two.
        sketch: the smallest hashes of its keys, signed 32-bit, ascending; texts that share two are worth comparing.
            A key is two longer words that follow each other, common ones left out, or 6 unspaced characters.
        scale: the character shingles (5 characters, 3 of an unspaced script) whose hash begins with this many zero
            bits are the sample.
        marks: the 16 bits after those zero bits, ascending, little-endian.
        places: for each mark, in which sixteenth of the text its shingle first stands: 0 to 15.
        pairs: 16-bit hashes of the text's (word, number) pairs; numbers: of its numbers alone.
    """

    algo: int = ALGO
    exact: bytes
    english: bool
    size: int
    sketch: tuple[int, ...]
    scale: int
    marks: bytes
    places: bytes
    pairs: bytes
    numbers: bytes


def fingerprint(text: str, lang: Lang) -> Fingerprint:
    """The fingerprint of a clean text; ``lang`` only says whether it is English. Any string is taken, also ``""``."""
    joined = " ".join(words(text))
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    unspaced = _is_unspaced(codes, ascii_only=joined.isascii())
    scale, marks, places = _sample(codes, unspaced)
    pairs, numbers = _figures(joined)
    english = lang.split("-")[0] == "en"
    return Fingerprint(
        exact=xxhash.xxh3_128_digest(joined.encode("utf-8", "surrogatepass"), seed=2 * ALGO + english),
        english=english,
        size=len(codes) + int(unspaced.sum()),
        sketch=_sketch(codes, unspaced),
        scale=scale,
        marks=marks,
        places=places,
        pairs=pairs,
        numbers=numbers,
    )


_HEAD = struct.Struct("<HBBIBHBB")


def pack(text: Fingerprint) -> bytes:
    """All of a fingerprint but its exact key and its marks, in as few bytes as `unpack` can read again."""
    head = _HEAD.pack(
        text.algo,
        text.english,
        text.scale,
        text.size,
        len(text.sketch),
        len(text.places),
        len(text.pairs) // 2,
        len(text.numbers) // 2,
    )
    sketch = struct.pack(f"<{len(text.sketch)}i", *text.sketch)
    places = bytes.fromhex(text.places.hex()[1::2] + "0" * (len(text.places) % 2))  # two a byte
    return b"".join((head, sketch, places, text.pairs, text.numbers))


def unpack(exact: bytes, marks: bytes, packed: bytes) -> Fingerprint:
    """The fingerprint that `pack` wrote, with its exact key and its marks."""
    algo, english, scale, size, n_sketch, n_marks, n_pairs, n_numbers = _HEAD.unpack_from(packed)
    stops = [_HEAD.size]
    for width in (4 * n_sketch, (n_marks + 1) // 2, 2 * n_pairs, 2 * n_numbers):
        stops.append(stops[-1] + width)
    sketch, places, pairs, numbers = (packed[start:stop] for start, stop in pairwise(stops))
    return Fingerprint(
        algo=algo,
        exact=exact,
        english=bool(english),
        size=size,
        sketch=struct.unpack(f"<{n_sketch}i", sketch),
        scale=scale,
        marks=marks,
        places=bytes.fromhex("".join([f"0{digit}" for digit in places.hex()[:n_marks]])),
        pairs=pairs,
        numbers=numbers,
    )


def word_hashes(words: Iterable[str]) -> Array:
    """The hash of each word, of which keys are made; the words are as `words` gives them."""
    codes = np.frombuffer("\n".join(words).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    ends = np.append(np.nonzero(codes == ord("\n"))[0], len(codes))
    return _between(_prefix(codes), np.append(0, ends[:-1] + 1), ends)


def pair_keys(first: Array, second: Array) -> Array:
    """The keys of pairs of longer words, by the words' hashes; a sketch has the lower halves of the smallest."""
    return _mix(first * np.uint64(_SECOND) + second)


def compared(article: Article) -> str:
    """The text by which an article is compared: headline, deck and body, without captions."""
    return "\n\n".join(block.text for block in article.blocks if block.kind is not Kind.CAPTION)


def words(text: str) -> list[str]:
    """What a fingerprint sees of a text: its words, entities read, NFKC, casefolded."""
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _is_unspaced(codes: Array, *, ascii_only: bool) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(codes), dtype=np.bool_)
    if not ascii_only:
        for first, last in _UNSPACED:
            found |= (codes >= first) & (codes <= last)
    return found


def _sample(codes: Array, unspaced: npt.NDArray[np.bool_]) -> tuple[int, bytes, bytes]:
    """Scale, marks and places of the character shingles (FracMinHash, in powers of two so that samples nest)."""
    length = len(codes)
    prefix = _prefix(codes)
    starts = np.arange(length)
    ends = np.minimum(starts + np.where(unspaced, 3, 5), length)
    if length > 5:
        starts, ends = starts[: length - 2], ends[: length - 2]
    hashes = _mix(_between(prefix, starts, ends))
    distinct, first = _smallest_distinct(hashes, 4 * SAMPLE)
    scale = 0
    while np.searchsorted(distinct, np.uint64((1 << (64 - scale)) - 1)) > SAMPLE:
        scale += 1
    kept = distinct <= np.uint64((1 << (64 - scale)) - 1)
    marks, order = np.unique((distinct[kept] >> np.uint64(48 - scale)).astype("<u2"), return_index=True)
    places = starts[first[kept][order]] * PLACES // max(1, length)
    return scale, marks.tobytes(), places.astype(np.uint8).tobytes()


def _smallest_distinct(hashes: Array, least: int) -> tuple[Array, npt.NDArray[np.intp]]:
    """The smallest hashes, at least ``least`` of them where there are so many, and where each first stands."""
    low = np.arange(len(hashes))
    if len(hashes) > 4 * least:  # most texts repeat little: sort only what may be needed
        low = np.nonzero(hashes < np.uint64(2**64 * 2 * least // len(hashes)))[0]
    distinct, first = np.unique(hashes[low], return_index=True)
    if len(distinct) < least and len(low) < len(hashes):
        return np.unique(hashes, return_index=True)
    return distinct, low[first]


def _sketch(codes: Array, unspaced: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    keys = np.concatenate((_word_keys(codes, unspaced), _character_keys(codes[unspaced])))
    smallest = np.unique(keys)[:SKETCH]
    return tuple(sorted((smallest & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32).tolist()))


def _word_keys(codes: Array, unspaced: npt.NDArray[np.bool_]) -> Array:
    inside = np.zeros(len(codes) + 2, dtype=np.int8)
    inside[1:-1] = (codes != _SPACE) & ~unspaced
    steps = np.diff(inside)
    starts, ends = np.nonzero(steps == 1)[0], np.nonzero(steps == -1)[0]
    long = ends - starts >= LETTERS
    starts, ends = starts[long], ends[long]
    hashes = _between(_prefix(codes), starts, ends)
    number = (codes[starts] >= ord("0")) & (codes[starts] <= ord("9"))
    telling = hashes[~number & ~_is_common(hashes)]
    return pair_keys(telling[:-1], telling[1:])


def _character_keys(codes: Array) -> Array:
    if len(codes) < 6:
        return codes[:0]
    starts = np.arange(len(codes) - 5)
    return _mix(_between(_prefix(codes), starts, starts + 6) ^ np.uint64(_SECOND))


def _is_common(hashes: Array) -> npt.NDArray[np.bool_]:
    table = _common_words()
    at = np.minimum(np.searchsorted(table, hashes), len(table) - 1)
    found: npt.NDArray[np.bool_] = table[at] == hashes
    return found


@cache
def _common_words() -> Array:
    """The hashes of the words in common_words.tsv, sorted."""
    return np.sort(word_hashes(files("ingest").joinpath("common_words.tsv").read_text(encoding="utf-8").splitlines()))


def _figures(joined: str) -> tuple[bytes, bytes]:
    """Hashes of the (word, number) pairs and of the numbers; where there are many, the smallest."""
    pairs, numbers = set(), set()
    for found in _NUMBER.finditer(joined):
        start = found.start()
        before = joined[max(0, start - 13) : start]
        pairs.add(_short_hash(_WORD_BEFORE.findall(before)[0].rstrip() + " " + found[0]))
        numbers.add(_short_hash(found[0]))
    return _smallest(pairs), _smallest(numbers)


def _short_hash(text: str) -> int:
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) & 0xFFFF


def _smallest(hashes: set[int]) -> bytes:
    smallest = sorted(hashes)[:FIGURES]
    return struct.pack(f"<{len(smallest)}H", *smallest)


def _prefix(codes: Array) -> Array:
    """Polynomial prefix sums modulo 2**64: any stretch's hash is one subtraction away."""
    powers, _ = _powers((len(codes) | 1).bit_length())
    prefix = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum((codes + np.uint64(1)) * powers[: len(codes)], out=prefix[1:])
    return prefix


def _between(prefix: Array, starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]) -> Array:
    """Hashes of the stretches ``[start, end)``, wherever in the text they stand."""
    _, inverses = _powers((len(prefix) | 1).bit_length())
    hashes: Array = (prefix[ends] - prefix[starts]) * inverses[starts]
    return hashes


@cache
def _powers(bits: int) -> tuple[Array, Array]:
    """Powers of the base and of its inverse, for texts shorter than ``2**bits`` characters."""
    count = max(2**bits, 4096)
    up, down = (np.full(count, base, dtype=np.uint64) for base in (_BASE, _INVERSE))
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint64), np.cumprod(down, dtype=np.uint64)


def _mix(hashes: Array) -> Array:
    """The finaliser of SplitMix64 (https://prng.di.unimi.it/splitmix64.c): every bit depends on every bit."""
    mixed = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    out: Array = mixed ^ (mixed >> np.uint64(31))
    return out
