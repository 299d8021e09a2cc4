"""Fingerprints and what is known of their documents in, decisions out: which are one, and which one stands for them.

A pair's verdict depends on the two fingerprints alone, never on order, time or what else is indexed; so the clusters,
which are the connected components over the joining verdicts, depend only on the set of documents.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ingest.fingerprint import Fingerprint

Places = npt.NDArray[np.int64]


class Relation(StrEnum):
    """How two documents hang together; all but ``part_of`` make them one."""

    EXACT = "exact"
    NEAR = "near"
    TRANSLATION = "translation"
    PART_OF = "part_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What holds between two texts.

    ``score`` is 0 to 1, four decimals: the share of their shingles that they have in common (``part_of``: the share
    of the shorter one's shingles that the longer one has).
    """

    relation: Relation
    score: float

    @property
    def joins(self) -> bool:
        """Whether the two are one document."""
        return self.relation is not Relation.PART_OF


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two texts side by side, the shorter and the longer; places run from 0 (start) to 255 (end).

    Attributes:
        jaccard: shared shingles over all shingles; containment: over the shorter one's.
        ratio: length of the shorter over the longer; size: length of the shorter.
        lead: of the shingles in the shorter one's first quarter, the share that is in the longer one's first half.
        first, last: the stretch of the longer text in which the shared shingles stand, outliers cut.
        aligned: of the shared shingles, the share that stands at about the same place in both.
        thinnest: containment in that third of the shorter text where it is least.
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
    pairs_agree: bool
    numbers_agree: bool


def compare(one: Fingerprint, other: Fingerprint) -> Verdict | None:
    """What holds between two texts, or None where they are merely different; symmetric.

    Fingerprints of different algorithm versions are never alike.
    """
    if one.algo != other.algo:
        return None
    if one.exact == other.exact:
        return Verdict(relation=Relation.EXACT, score=1.0)
    return judge(likeness(one, other), english=one.english and other.english)


def judge(like: Likeness, *, english: bool) -> Verdict | None:
    """The verdict on a likeness. Thresholds: docs/decisions/0005-deduplication.md."""
    if like.pairs_agree and _is_near(like):
        return Verdict(relation=Relation.NEAR, score=round(like.jaccard, 4))
    if english and _is_translation(like):
        return Verdict(relation=Relation.TRANSLATION, score=round(like.jaccard, 4))
    if like.pairs_agree and like.containment >= 0.75 and like.size >= 120:
        return Verdict(relation=Relation.PART_OF, score=round(like.containment, 4))
    return None


def _is_near(like: Likeness) -> bool:
    if like.jaccard >= 0.8:
        return True
    if like.size >= 120:
        if like.ratio >= 0.6:
            if like.jaccard >= 0.4 or (like.containment >= 0.75 and like.lead >= 0.4):
                return True
        elif like.ratio >= 0.45 and like.containment >= 0.75 and _at_an_edge(like):
            return True
    return _is_teaser(like)


def _at_an_edge(like: Likeness) -> bool:
    """The shorter text is the beginning or the end of the longer one: a cut copy, or an update with news on top.

    In the middle it would be one item of a roundup.
    """
    return (like.lead >= 0.4 and like.first <= 51) or like.last >= 225


def _is_teaser(like: Likeness) -> bool:
    """The shorter text is the first few sentences of the longer one."""
    return (
        40 <= like.size <= 500
        and like.ratio >= 0.15
        and like.containment >= 0.85
        and like.lead >= 0.7
        and like.first <= 40
    )


def _is_translation(like: Likeness) -> bool:
    """Both tell the same in the same order from beginning to end, in other words: two translations of one original.

    Articles on one event share as many names, but not their order.
    """
    return (
        like.size >= 200
        and like.ratio >= 0.6
        and like.jaccard >= 0.2
        and like.aligned >= 0.5
        and like.thinnest >= 0.12
        and like.numbers_agree
    )


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Set two texts side by side, on the shingles that both samples would hold."""
    short, long = sorted((one, other), key=lambda text: (text.size, text.exact))
    (marks_s, places_s), (marks_l, places_l) = _common_scale(short, long)
    _, at_s, at_l = np.intersect1d(marks_s, marks_l, assume_unique=True, return_indices=True)
    shared = len(at_s)
    jaccard = shared / max(1, len(marks_s) + len(marks_l) - shared)
    in_short, in_long = places_s[at_s], places_l[at_l]
    spread = np.sort(in_long)
    leading = in_short < 64
    figures = _Figures.of(one, other)
    return Likeness(
        jaccard=jaccard,
        containment=shared / max(1, len(marks_s)),
        ratio=short.size / max(1, long.size),
        size=short.size,
        lead=int((leading & (in_long < 128)).sum()) / max(1, int((places_s < 64).sum())),
        first=int(spread[shared // 20]) if shared else 255,
        last=int(spread[shared - 1 - shared // 20]) if shared else 0,
        aligned=int((np.abs(in_short - in_long) < 26).sum()) / max(1, shared),
        thinnest=_thinnest(places_s, in_short),
        pairs_agree=figures.pairs_agree(short.size, jaccard),
        numbers_agree=figures.numbers_agree(short.size),
    )


def _common_scale(short: Fingerprint, long: Fingerprint) -> tuple[tuple[npt.NDArray[np.uint16], Places], ...]:
    """Marks and places of both, thinned to the coarser of the two samples."""
    scale = max(short.scale, long.scale)
    out = []
    for text in (short, long):
        marks = np.frombuffer(text.marks, dtype="<u2")
        places = np.frombuffer(text.places, dtype=np.uint8).astype(np.int64)
        coarser = scale - text.scale
        if coarser:  # a sample of the coarser scale has that many more zero bits on top
            kept = marks < (1 << max(0, 16 - coarser))
            marks, places = marks[kept], places[kept]
        finer = scale - min(short.scale, long.scale) - coarser
        if finer:  # drop the low bits that the other side does not have
            marks, first = np.unique(marks >> finer, return_index=True)
            places = places[first]
        out.append((marks, places))
    return tuple(out)


def _thinnest(places: Places, shared: Places) -> float:
    totals = np.bincount(places * 3 // 256, minlength=3)
    found = np.bincount(shared * 3 // 256, minlength=3)
    return float((found / np.maximum(1, totals)).min())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """How many (word, number) pairs, and numbers, the one with fewer has, and which share the other has too.

    The same words with other figures are another report; five figures or more are evidence. A text full of them (one
    in 40 characters: weather, prices, results) *is* its figures, and most must be the same.
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
        return self.pairs * 40 >= size

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


# -- clusters -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a document beside its text.

    Attributes:
        id, source: the document, and where it came from.
        since: when it appeared (see `instant`), in seconds since 1970.
        is_translation: whether its own text, as retrieved, is a translation.
        size: length of its clean text (`Fingerprint.size`).
        texts: the numbers of its texts in the index: as retrieved, and in English.
    """

    id: str
    source: str
    since: int
    is_translation: bool
    size: int
    texts: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A member of a cluster, with the other member it matches; the canonical one matches none."""

    id: str
    source: str
    other: str | None = None
    relation: Relation | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Documents that are one. ``id`` is that of the oldest, ``canonical`` that of the one to show.

    ``members`` are sorted by id; ``former`` are cluster ids that this cluster, or parts of it, had before.
    """

    id: str
    canonical: str
    members: tuple[Match, ...]
    former: tuple[str, ...] = ()


_SAME = Verdict(relation=Relation.EXACT, score=1.0)

Edges = Mapping[tuple[int, int], Verdict]
"""Joining verdicts between numbered texts, the lower number first."""


def instant(published: str | None, retrieved_at: str) -> int:
    """When a document appeared, in seconds since 1970: as its source says, else as retrieved.

    Both are ISO 8601; a year, month or day stands for its first second, a time without a zone is UTC.
    """
    for stated in (published, retrieved_at):
        moment = _moment(stated) if stated else None
        if moment is not None:
            return moment
    return 0


def _moment(text: str) -> int | None:
    padded = text + "0000-01-01"[len(text) :] if len(text) in (4, 7) else text
    try:
        moment = datetime.fromisoformat(padded)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def eldest(entries: Iterable[Entry]) -> str:
    """The id a cluster of these documents goes by: that of the oldest, of several the lowest."""
    return min(entries, key=lambda entry: (entry.since, entry.id)).id


def canonical(entries: Iterable[Entry]) -> str:
    """The document to show: an original before a translation, then the longest, the earliest, the lowest id."""
    return min(entries, key=lambda entry: (entry.is_translation, -entry.size, entry.since, entry.id)).id


def cluster(entries: Sequence[Entry], edges: Edges, former: Iterable[str] = ()) -> Cluster:
    """What one connected component of documents amounts to."""
    name, shown = eldest(entries), canonical(entries)
    return Cluster(
        id=name,
        canonical=shown,
        members=_matches(entries, edges, shown),
        former=tuple(sorted(set(former) - {name})),
    )


def _matches(entries: Sequence[Entry], edges: Edges, shown: str) -> tuple[Match, ...]:
    holders: dict[int, list[str]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: (entry.id != shown, entry.id)):
        for text in entry.texts:
            holders[text].append(entry.id)  # only the first two can ever be the best match
    beside: dict[int, list[tuple[int, Verdict]]] = defaultdict(list)
    for (a, b), verdict in edges.items():
        beside[a].append((b, verdict))
        beside[b].append((a, verdict))

    def found(entry: Entry) -> Iterator[tuple[str, Verdict]]:
        for text in entry.texts:
            for near, verdict in ((text, _SAME), *beside[text]):
                yield from ((other, verdict) for other in holders[near][:2] if other != entry.id)

    return tuple(_match(entry, found(entry), shown) for entry in sorted(entries, key=lambda entry: entry.id))


def _match(entry: Entry, found: Iterable[tuple[str, Verdict]], shown: str) -> Match:
    """The best match of a member: with the canonical document if there is one, else the closest."""
    if entry.id == shown:
        return Match(id=entry.id, source=entry.source)
    best = min(found, key=lambda item: (item[0] != shown, -item[1].score, item[0], item[1].relation), default=None)
    if best is None:
        return Match(id=entry.id, source=entry.source)
    other, verdict = best
    return Match(id=entry.id, source=entry.source, other=other, relation=verdict.relation, score=verdict.score)


def components(nodes: Iterable[int], links: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """The connected components of a graph, in order of their least node."""
    parent = {node: node for node in nodes}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in links:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    groups: dict[int, set[int]] = defaultdict(set)
    for node in parent:
        groups[root(node)].add(node)
    return [frozenset(groups[least]) for least in sorted(groups)]
