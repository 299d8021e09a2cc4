"""Two Fingerprints in, how alike they are out: measures only, no verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.fingerprint import PLACES, Fingerprint

Marks = npt.NDArray[np.uint16]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The shingles of two texts, on the samples that both would have at the coarser scale.

    Attributes:
        short, long: the two texts, the shorter one first.
        places: where in the shorter text its shingles stand; count: how many the longer one has.
        in_short, in_long: where the shared ones stand.
    """

    short: Fingerprint
    long: Fingerprint
    places: Places
    count: int
    in_short: Places
    in_long: Places

    @property
    def shared(self) -> int:
        """How many shingles they share."""
        return len(self.in_short)

    @property
    def jaccard(self) -> float:
        """Shared shingles over all shingles."""
        return self.shared / max(1, len(self.places) + self.count - self.shared)

    @property
    def containment(self) -> float:
        """Shared shingles over the shorter one's."""
        return self.shared / max(1, len(self.places))


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two texts side by side, the shorter and the longer; places are sixteenths of a text, 0 to 15.

    Attributes:
        jaccard: shared shingles over all shingles; containment: over the shorter one's.
        ratio: length of the shorter over the longer; size: length of the shorter.
        lead: of the shingles in the shorter one's first quarter, the share that is in the longer one's first half.
        first, last: the stretch of the longer text in which the shared shingles stand, outliers cut.
        aligned: of the shared shingles, the share that stands at about the same place in both.
        thinnest: containment, aligned shingles alone, in that third of the shorter text where it is least.
        throughout: the same of all shared shingles.
        pairs_agree, numbers_agree: whether (word, number) pairs, or numbers alone, say the same (see `_Figures`).
    """

    jaccard: float
    containment: float
    ratio: float
    size: int
    lead: float
    first: int
    last: int
    aligned: float
    thinnest: float
    throughout: float
    pairs_agree: bool
    numbers_agree: bool


def overlapping(one: Fingerprint, other: Fingerprint) -> Overlap:
    """Find the shingles that two texts share; symmetric."""
    short, long = (one, other) if (one.size, one.exact) <= (other.size, other.exact) else (other, one)
    scale = max(short.scale, long.scale)
    finest = min(short.scale, long.scale)
    marks_s, places_s = _at_scale(short, scale, finest)
    marks_l, places_l = _at_scale(long, scale, finest)
    if not len(marks_l):
        return Overlap(short=short, long=long, places=places_s, count=0, in_short=places_l, in_long=places_l)
    at = np.minimum(np.searchsorted(marks_l, marks_s), len(marks_l) - 1)
    hit = marks_l[at] == marks_s
    return Overlap(
        short=short, long=long, places=places_s, count=len(marks_l), in_short=places_s[hit], in_long=places_l[at[hit]]
    )


def _at_scale(text: Fingerprint, scale: int, finest: int) -> tuple[Marks, Places]:
    """Marks and places of a text, thinned to a coarser scale; ``finest`` is the other text's or its own."""
    marks = np.frombuffer(text.marks, dtype="<u2")
    places = np.frombuffer(text.places, dtype=np.uint8).astype(np.int64)
    if text.scale < scale:  # a sample of the coarser scale has that many more zero bits on top
        kept = marks < (1 << max(0, 16 - scale + text.scale))
        return marks[kept], places[kept]
    if finest < scale:  # drop the low bits that the other side does not have
        marks, first = np.unique(marks >> (scale - finest), return_index=True)
        return marks, places[first]
    return marks, places


def likeness(overlap: Overlap) -> Likeness:
    """Measure two texts side by side."""
    short, long, in_short, in_long = overlap.short, overlap.long, overlap.in_short, overlap.in_long
    shared, jaccard = overlap.shared, overlap.jaccard
    spread = np.sort(in_long)
    aligned = np.abs(in_short - in_long) <= 1
    leading = (in_short < PLACES // 4) & (in_long < PLACES // 2)
    figures = _Figures.of(short, long)
    return Likeness(
        jaccard=jaccard,
        containment=overlap.containment,
        ratio=short.size / max(1, long.size),
        size=short.size,
        lead=int(leading.sum()) / max(1, int((overlap.places < PLACES // 4).sum())),
        first=int(spread[shared // 20]) if shared else PLACES - 1,
        last=int(spread[shared - 1 - shared // 20]) if shared else 0,
        aligned=int(aligned.sum()) / max(1, shared),
        thinnest=_thinnest(overlap.places, in_short[aligned]),
        throughout=_thinnest(overlap.places, in_short),
        pairs_agree=figures.pairs_agree(short.size, jaccard),
        numbers_agree=figures.numbers_agree(short.size),
    )


def _thinnest(places: Places, shared: Places) -> float:
    totals = np.bincount(places * 3 // PLACES, minlength=3)
    found = np.bincount(shared * 3 // PLACES, minlength=3)
    return float((found / np.maximum(1, totals)).min())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """How many (word, number) pairs, and numbers, the one with fewer has, and which share the other has too.

    The same words with other figures are another report; five figures or more are evidence. A text full of them (one
    in 64 characters: weather, prices, results) *is* its figures, and most must be the same.
    """

    pairs: int
    shared_pairs: float
    numbers: int
    shared_numbers: float

    @classmethod
    def of(cls, one: Fingerprint, other: Fingerprint) -> _Figures:
        pairs, shared_pairs = _shared(one.pairs, other.pairs)
        numbers, shared_numbers = _shared(one.numbers, other.numbers)
        return cls(pairs=pairs, shared_pairs=shared_pairs, numbers=numbers, shared_numbers=shared_numbers)

    def _full_of_them(self, size: int) -> bool:
        return self.pairs * 64 >= size

    def pairs_agree(self, size: int, jaccard: float) -> bool:
        """Whether two copies may have these: elsewhere a third is enough, or nearly the same words."""
        if self.pairs < 5:
            return True
        if self._full_of_them(size):
            return self.shared_pairs >= 0.6
        return self.shared_pairs >= 0.35 or jaccard >= 0.8

    def numbers_agree(self, size: int) -> bool:
        """Whether two translations may have these: the words around a number differ, and small numbers recur."""
        if self.numbers < 5:
            return True
        return self.shared_numbers >= (0.9 if self._full_of_them(size) else 0.35)


def _shared(one: bytes, other: bytes) -> tuple[int, float]:
    left, right = (set(memoryview(figures).cast("H")) for figures in (one, other))
    fewest = min(len(left), len(right))
    return fewest, len(left & right) / max(1, fewest)
