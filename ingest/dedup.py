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

from ingest.fingerprint import Fingerprint
from ingest.likeness import Likeness, likeness, overlapping


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


THROUGHOUT = 0.25
"""Two copies share so much of every third of the shorter text; articles that share a site's closing words do not."""

LEAST_JACCARD, LEAST_CONTAINMENT = 0.18, 0.75
"""Two texts that have less than either in common are different, whatever else is known of them (see `judge`)."""

_SAME = Verdict(relation=Relation.EXACT, score=1.0)


def compare(one: Fingerprint, other: Fingerprint) -> Verdict | None:
    """What holds between two texts, or None where they are merely different; symmetric.

    Fingerprints of different algorithm versions are never alike.
    """
    if one.algo != other.algo:
        return None
    if one.exact == other.exact:
        return _SAME
    overlap = overlapping(one, other)
    if overlap.jaccard < LEAST_JACCARD and overlap.containment < LEAST_CONTAINMENT:
        return None
    return judge(likeness(overlap), english=one.english and other.english)


def judge(like: Likeness, *, english: bool) -> Verdict | None:
    """The verdict on a likeness. Thresholds: docs/decisions/0010-duplicates.md."""
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
            if (like.jaccard >= 0.4 and like.throughout >= THROUGHOUT) or (
                like.containment >= 0.75 and like.lead >= 0.4
            ):
                return True
        elif like.ratio >= 0.45 and like.containment >= 0.75 and _at_an_edge(like):
            return True
    return _is_teaser(like)


def _at_an_edge(like: Likeness) -> bool:
    """The shorter text is the beginning or the end of the longer one: a cut copy, or an update with news on top.

    In the middle it would be one item of a roundup.
    """
    return (like.lead >= 0.4 and like.first <= 3) or like.last >= 14


def _is_teaser(like: Likeness) -> bool:
    """The shorter text is the first few sentences of the longer one."""
    return (
        40 <= like.size <= 500
        and like.ratio >= 0.15
        and like.containment >= 0.85
        and like.lead >= 0.7
        and like.first <= 2
    )


def _is_translation(like: Likeness) -> bool:
    """Both tell the same in the same order from beginning to end, in other words: two translations of one original.

    Articles on one event share as many names, but not their order. Where most words are the same too, other figures
    make it another report.
    """
    return (
        like.size >= 300
        and (like.pairs_agree or like.jaccard < 0.6)
        and like.ratio >= 0.6
        and like.jaccard >= 0.18
        and like.aligned >= 0.5
        and like.thinnest >= max(0.15, 0.3 * like.containment)
        and like.numbers_agree
    )


# -- clusters -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of a document beside its text.

    Attributes:
        id: the document.
        since: when it appeared (see `instant`), in seconds since 1970.
        is_translation: whether its own text, as retrieved, is a translation.
        size: length of its clean text (`Fingerprint.size`).
        texts: the numbers of its texts in the index: as retrieved, and in English.
    """

    id: str
    since: int
    is_translation: bool
    size: int
    texts: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A member of a cluster, with the other member it matches; the canonical one matches none."""

    id: str
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
        return Match(id=entry.id)
    best = min(found, key=lambda item: (item[0] != shown, -item[1].score, item[0], item[1].relation), default=None)
    if best is None:
        return Match(id=entry.id)
    other, verdict = best
    return Match(id=entry.id, other=other, relation=verdict.relation, score=verdict.score)


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
