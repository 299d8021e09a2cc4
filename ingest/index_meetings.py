"""The keys of some texts in, the pairs of texts that share two keys out: who is worth comparing with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt

from ingest.fingerprint import SKETCH
from ingest.index_postings import Numbers, Rows, distinct, keys_of, spread, texts_of

Pairs = npt.NDArray[np.int64]
"""Rows of two texts' numbers: one that asks, one it meets."""

_FEW = 4
"""A text with more crowded keys than this is of a crowd itself: nearly the same texts have all of them."""

_AT_ONCE = 5_000_000
"""Rows that are gone through at a time."""

_HALF = np.uint64(32)
_TEXT = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a look-up may cost.

    Attributes:
        crowd: a key is crowded that more texts than this have. A crowded key's texts are not gone through one by one:
            they are met through a second key.
        meeting: of two crowded keys that more texts than this share, these texts are not met for now; nor where all
            keys of a text with many crowded ones have more texts than this on average.
    """

    crowd: int = 500
    meeting: int = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Texts that look for others.

    Attributes:
        own: their rows (key, text).
        rows: all rows under their keys, their own included.
        waiting: sorted numbers of all texts that ask now or later: of two of them, the higher number finds the lower.
    """

    own: Rows
    rows: Rows
    waiting: Numbers

    def met(self, asking: Numbers, other: Numbers) -> npt.NDArray[np.bool_]:
        """Which of these pairs are to be found from this side."""
        later = np.nonzero(other >= asking)[0]
        found = np.ones(len(other), dtype=np.bool_)
        at = np.minimum(np.searchsorted(self.waiting, other[later]), len(self.waiting) - 1)
        found[later] = (self.waiting[at] != other[later]) & (other[later] != asking[later])
        return found


def meet(asking: Asking, limits: Limits) -> tuple[Pairs, frozenset[int]]:
    """The pairs that share two keys; and which of the texts that ask were too crowded to meet all of theirs."""
    own = asking.own
    starts, counts = _places(asking)
    crowded = counts > limits.crowd
    if not crowded.any():
        return _pairs(_sharing(asking, own, (starts, counts))[1]), frozenset()
    _, of = np.unique(texts_of(own), return_inverse=True)
    thick = np.bincount(of, weights=crowded)[of] > _FEW
    straight = thick & (np.bincount(of, weights=counts)[of] <= limits.meeting * SKETCH)
    rare, crowded = ~straight & ~crowded, ~straight & crowded
    once, often = _sharing(asking, own[rare], (starts[rare], counts[rare]))
    made = [often, *(_packed(pairs) for pairs in go_through(replace(asking, own=own[straight])))]
    partly: frozenset[int] = frozenset()
    if crowded.any():
        crowd = _Crowd(own[crowded], asking.rows[spread(*_once(starts[crowded], counts[crowded]))])
        through_two, partly = crowd.through_two(asking, limits.meeting)
        made += [crowd.also_in(once), through_two]
    return _pairs(distinct(np.concatenate(made))), partly


def go_through(asking: Asking) -> Iterator[Pairs]:
    """All pairs that share two keys, a few texts at a time, by every row under their keys."""
    if not len(asking.own):
        return
    asking = replace(asking, own=asking.own[np.argsort(texts_of(asking.own), kind="stable")])
    starts, counts = _places(asking)
    texts = texts_of(asking.own)
    firsts = np.nonzero(np.append(True, texts[1:] != texts[:-1]))[0]
    portions = np.cumsum(np.add.reduceat(counts, firsts)) // _AT_ONCE
    bounds = firsts[np.append(True, portions[1:] != portions[:-1])]
    for low, high in zip(bounds, [*bounds[1:], len(texts)], strict=True):
        _, often = _sharing(asking, asking.own[low:high], (starts[low:high], counts[low:high]))
        yield _pairs(often)


def _places(asking: Asking) -> tuple[Numbers, Numbers]:
    """Where the rows under each of the keys that are asked for begin, and how many they are."""
    keys = asking.own & ~_TEXT
    starts = np.searchsorted(asking.rows, keys, side="left")
    return starts, np.searchsorted(asking.rows, keys | _TEXT, side="right") - starts


def _once(starts: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Of stretches that are the same or apart, each once."""
    first = np.append(True, starts[1:] != starts[:-1])
    return starts[first], counts[first]


def _pack(asking: Numbers, other: Numbers) -> Rows:
    return asking.astype(np.uint64) << _HALF | other.astype(np.uint64)


def _packed(pairs: Pairs) -> Rows:
    return _pack(pairs[:, 0], pairs[:, 1])


def _pairs(packed: Rows) -> Pairs:
    return np.column_stack(_unpacked(packed))


def _unpacked(packed: Rows) -> tuple[Numbers, Numbers]:
    return keys_of(packed).astype(np.int64), texts_of(packed)


def _sharing(asking: Asking, own: Rows, places: tuple[Numbers, Numbers]) -> tuple[Rows, Rows]:
    """Pairs (asking, other), packed, that share one of these keys, and those that share more."""
    left = np.repeat(texts_of(own), places[1])
    right = texts_of(asking.rows[spread(*places)])
    found = asking.met(left, right)
    packed = np.sort(_pack(left[found], right[found]))
    if not len(packed):
        return packed, packed
    first = np.append(True, packed[1:] != packed[:-1])
    again = np.append(~first[1:], False)
    return packed[first & ~again], packed[first & again]


class _Crowd:
    """The crowded keys of the texts that ask, with all texts that have them."""

    def __init__(self, own: Rows, rows: Rows) -> None:
        self._rows = rows
        by_text = own[np.argsort(texts_of(own), kind="stable")]
        self._keys = by_text & ~_TEXT
        self._texts, self._starts = np.unique(texts_of(by_text), return_index=True)
        self._counts = np.diff(np.append(self._starts, len(by_text)))
        self._numbers = texts_of(rows)
        keys, starts = np.unique(rows & ~_TEXT, return_index=True)
        self._stretches = dict(zip(keys.tolist(), pairwise([*starts.tolist(), len(rows)]), strict=True))

    def also_in(self, once: Rows) -> Rows:
        """Those of the pairs that share a crowded key too."""
        asking = keys_of(once).astype(np.int64)
        at = np.minimum(np.searchsorted(self._texts, asking), len(self._texts) - 1)
        known = self._texts[at] == asking
        once, at = once[known], at[known]
        keys = self._keys[spread(self._starts[at], self._counts[at])]
        pair = np.repeat(np.arange(len(once)), self._counts[at])
        sought = keys | (once[pair] & _TEXT)
        there = np.minimum(np.searchsorted(self._rows, sought), len(self._rows) - 1)
        return once[distinct(pair[self._rows[there] == sought].astype(np.uint64)).astype(np.int64)]

    def through_two(self, asking: Asking, most: int) -> tuple[Rows, frozenset[int]]:
        """Pairs that share two crowded keys, packed; and the texts that ask for two that more than ``most`` share."""
        made, partly = [np.empty(0, dtype=np.uint64)], set(self._texts[self._counts > _FEW].tolist())
        for texts, shared in self._shared():
            if len(shared) > most:
                partly.update(texts)
            else:
                made.append(_pack(np.repeat(np.array(texts), len(shared)), np.tile(shared, len(texts))))
        packed = np.concatenate(made)
        return packed[asking.met(*_unpacked(packed))], frozenset(partly)

    def _shared(self) -> Iterator[tuple[list[int], Numbers]]:
        """The texts that ask for the same two crowded keys, and all texts that have these two."""
        has = np.zeros(int(self._numbers.max()) + 1, dtype=np.bool_)
        for one, beside in self._twos().items():
            has[self._under(one)] = True
            for other, texts in beside.items():
                under = self._under(other)
                yield texts, under[has[under]]
            has[self._under(one)] = False

    def _twos(self) -> Mapping[int, Mapping[int, list[int]]]:
        """Which texts ask for which two crowded keys."""
        twos: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, keys in self._several():
            for one, other in combinations(keys, 2):
                twos[one][other].append(number)
        return twos

    def _several(self) -> Iterable[tuple[int, list[int]]]:
        """The texts that have a few crowded keys, with these, sorted."""
        for i in np.nonzero((self._counts >= 2) & (self._counts <= _FEW))[0].tolist():
            start = self._starts[i]
            yield int(self._texts[i]), self._keys[start : start + self._counts[i]].tolist()

    def _under(self, key: int) -> Numbers:
        start, stop = self._stretches[key]
        return self._numbers[start:stop]
