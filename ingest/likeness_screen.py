"""The marks of texts and pairs of them in, the pairs that may be alike out: what `compare` need not look at.

Most texts that share two keys share little else. Here the marks of many pairs are counted at once, against a table of
the marks of some texts, in a hundredth of the time that comparing them takes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ingest.dedup import LEAST_CONTAINMENT, LEAST_JACCARD
from ingest.index_postings import Numbers, spread
from ingest.index_samples import Marks, Samples

Passed = npt.NDArray[np.bool_]

_AT_ONCE = 32
"""Texts whose marks stand in the table at a time: two megabytes, which stay in the processor's cache."""


def alike(ones: Samples, others: Samples, pairs: npt.NDArray[np.int64]) -> Passed:
    """Which of the pairs (position in ``ones``, position in ``others``) `compare` may find something of.

    The pairs are sorted by the first.
    """
    passed = np.zeros(len(pairs), dtype=np.bool_)
    seen = np.zeros(_AT_ONCE << 16, dtype=np.bool_)
    scales = ones.scales[pairs[:, 0]] << 8 | others.scales[pairs[:, 1]]
    for both in np.unique(scales).tolist():
        scale, other = both >> 8, both & 255
        which = np.nonzero(scales == both)[0]
        askers, of = np.unique(pairs[which, 0], return_inverse=True)
        for start in range(0, len(askers), _AT_ONCE):
            low, high = np.searchsorted(of, [start, start + _AT_ONCE])
            left = _thinned(ones, askers[start : start + _AT_ONCE], scale, other)
            right = _thinned(others, pairs[which[low:high], 1], other, scale)
            passed[which[low:high]] = _may_be(left, right, of[low:high] - start, seen)
    return passed


Thinned = tuple[Marks, Numbers, Numbers]
"""The marks of some texts, whose each is, and how many each text has."""


def _may_be(ones: Thinned, others: Thinned, asker: Numbers, seen: Passed) -> Passed:
    """Whether each of the others may be like its asker, one of ``ones``; ``seen`` is left as it was, empty."""
    marks, of, size = others
    mine = ones[1] << 16 | ones[0]
    seen[mine] = True
    shared = np.bincount(of[seen[(asker << 16)[of] | marks]], minlength=len(asker))
    seen[mine] = False
    own = ones[2][asker]
    enough: Passed = shared >= LEAST_JACCARD * (size + own - shared) - 1e-9
    return enough | (shared >= LEAST_CONTAINMENT * np.minimum(size, own))


def _thinned(texts: Samples, which: Numbers, scale: int, other: int) -> Thinned:
    """The marks of texts of one scale, as they are held against texts of another (see `ingest.likeness`)."""
    counts = texts.counts[which]
    marks, of = texts.marks[spread(texts.starts[which], counts)], np.repeat(np.arange(len(which)), counts)
    if scale == other:
        return marks, of, counts
    if scale < other:
        kept = marks < (1 << max(0, 16 - other + scale))
        marks, of = marks[kept], of[kept]
    else:
        marks = marks >> np.uint16(min(15, scale - other))
        first = np.append(True, (marks[1:] != marks[:-1]) | (of[1:] != of[:-1]))[: len(marks)]
        marks, of = marks[first], of[first]
    return marks, of, np.bincount(of, minlength=len(which))
