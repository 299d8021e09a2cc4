"""Documents' Fingerprints in, changed clusters out: the index of all texts seen so far, as tables of the ledger.

A text is stored once, however many documents carry it. Nothing here depends on the order in which documents come: the
pairs that share two sketch keys are compared, whichever came first, and their verdict is a function of the pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import sqlalchemy as sa

from ingest import index_documents as documents
from ingest import index_texts as texts
from ingest.database import exclusive
from ingest.dedup import Cluster, Entry, Relation, Verdict, cluster, components, eldest, instant
from ingest.fingerprint import Fingerprint
from ingest.index_meetings import Limits
from ingest.index_tables import doc, listed
from ingest.index_texts import create_tables

__all__ = ["Changes", "Edge", "Index", "Limits", "Member", "View", "create_tables"]


class View(IntEnum):
    """Which text of a document: the one retrieved, or its English."""

    SOURCE = 0
    ENGLISH = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document as it comes to the index.

    Attributes:
        id: the document.
        fingerprint: of its clean text (`View.SOURCE`), or of that text in English.
        published, retrieved_at: ISO 8601; the first as precise as the source gives it, or None.
        is_translation: whether the text *as retrieved* says that it is a translation.
    """

    id: str
    fingerprint: Fingerprint
    published: str | None
    retrieved_at: str
    is_translation: bool = False
    view: View = View.SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What holds between two documents' texts; ``part_of`` does not make them one."""

    id: str
    other: str
    relation: Relation
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an operation did.

    Attributes:
        clusters: every cluster that a touched document is in now, whole, sorted by id; of one document, mostly.
        partly: ids of documents that were compared through their less common keys only (see `Index.complete`).
    """

    clusters: tuple[Cluster, ...] = ()
    partly: tuple[str, ...] = ()


class Index:
    """The index, within the caller's transaction: nothing is committed here."""

    def __init__(self, connection: sa.Connection, limits: Limits | None = None) -> None:
        self._connection = connection
        self._limits = limits or Limits()

    def add(self, members: Sequence[Member], *, compare: bool = True) -> Changes:
        """Take documents in; one that is there already is replaced. The same again changes nothing.

        Without ``compare`` only exact copies are found, and all new texts wait for `complete` (see `ingest.bulk`).
        """
        latest = {(member.id, int(member.view)): member for member in members}
        if not latest:
            return Changes()
        exclusive(self._connection, texts.LOCK)
        numbers = texts.insert(
            self._connection, [member.fingerprint for member in latest.values()], self._limits if compare else None
        )
        carried = {place: numbers.of[member.fingerprint.exact] for place, member in latest.items()}
        standing = documents.find(self._connection, [member_id for member_id, _ in latest])
        touched = numbers.touched | {row.text for row in standing} | set(carried.values())
        before = self._before(touched)
        rows = {place: _row(member, carried[place]) for place, member in latest.items()}
        documents.put(self._connection, rows, standing)
        self._drop_unused({row.text for row in standing} - set(carried.values()))
        partly = {member.id for member in latest.values() if carried[member.id, member.view] in numbers.partly}
        return Changes(clusters=self._settle(before), partly=tuple(sorted(partly)))

    def remove(self, ids: Iterable[str]) -> Changes:
        """Let documents go: all else is as if they had never been there. Unknown ids are no error."""
        exclusive(self._connection, texts.LOCK)
        rows = documents.find(self._connection, ids)
        used = {row.text for row in rows}
        before = self._before(used)
        documents.remove(self._connection, rows)
        self._drop_unused(used)
        return Changes(clusters=self._settle(before))

    def complete(self) -> Changes:
        """Compare in full what was compared in part, however long it takes."""
        exclusive(self._connection, texts.LOCK)
        touched = texts.complete(self._connection)
        return Changes(clusters=self._settle(self._before(touched))) if touched else Changes()

    def cluster_of(self, document: str) -> Cluster | None:
        """The cluster a document is in. A cluster's former id is a document too, and leads to the present one."""
        labels = self._component(self._texts(document))
        found = _clusters(labels, self._entries(labels), texts.verdicts(self._connection, labels), {})
        return found[0] if found else None

    def members(self, cluster_id: str) -> tuple[str, ...]:
        """The ids of a cluster's documents, sorted; ``cluster_id`` may be a former one. Empty where there is none."""
        found = self.cluster_of(cluster_id)
        return tuple(match.id for match in found.members) if found else ()

    def edges(self, document: str) -> tuple[Edge, ...]:
        """All that holds between a document and others, the closest first."""
        own = self._texts(document)
        verdicts = texts.verdicts(self._connection, own)
        holders = self._holders(own.union(*verdicts) if verdicts else own)
        same = [(other, Relation.EXACT, 1.0) for number in own for other in holders[number]]
        near = [
            (other, verdict.relation, verdict.score)
            for (a, b), verdict in verdicts.items()
            for other in holders[b if a in own else a]
        ]
        found = {Edge(id=document, other=o, relation=r, score=s) for o, r, s in (*same, *near) if o != document}
        return tuple(sorted(found, key=lambda one: (-one.score, one.other, one.relation)))

    # -- documents ---------------------------------------------------------------------------------------------------

    def _texts(self, document: str) -> set[int]:
        """The numbers of a document's texts."""
        return {row.text for row in documents.find(self._connection, [document])}

    def _drop_unused(self, numbers: set[int]) -> None:
        """Delete those of the texts that no document carries any more."""
        if numbers:
            texts.drop(self._connection, numbers - set(self._holders(numbers)))

    def _holders(self, numbers: Iterable[int]) -> dict[int, list[str]]:
        holders: dict[int, list[str]] = defaultdict(list)
        query = sa.select(doc.c.text, doc.c.id).where(doc.c.text.in_(listed(self._connection, numbers, int)))
        for number, document in self._connection.execute(query.order_by(doc.c.id)):
            holders[number].append(document)
        return holders

    # -- clusters ----------------------------------------------------------------------------------------------------

    def _component(self, numbers: Iterable[int]) -> dict[int, int]:
        """All texts of the clusters these texts are in, each with the number its cluster goes by."""
        roots = texts.roots(self._connection, numbers)
        return {number: number if root is None else root for number, root in roots.items()}

    def _before(self, touched: Iterable[int]) -> _Before:
        labels = self._component(touched)
        entries = self._entries(labels)
        groups: dict[int, list[Entry]] = defaultdict(list)
        for entry in entries:
            groups[labels[min(entry.texts)]].append(entry)
        names = {label: eldest(group) for label, group in groups.items()}
        return _Before(labels=labels, names={entry.id: names[labels[min(entry.texts)]] for entry in entries})

    def _settle(self, before: _Before) -> tuple[Cluster, ...]:
        """Draw the clusters of the touched texts anew."""
        standing = texts.roots(self._connection, before.labels, whole=False)
        entries = self._entries(standing)
        edges = texts.verdicts(self._connection, standing)
        links = [pair for pair, verdict in edges.items() if verdict.joins]
        links += [(min(entry.texts), max(entry.texts)) for entry in entries if len(entry.texts) > 1]
        labels = {n: min(component) for component in components(standing, links) for n in component}
        texts.relabel(self._connection, standing, labels)
        return _clusters(labels, entries, edges, before.names)

    def _entries(self, numbers: Iterable[int]) -> list[Entry]:
        """The documents that carry these texts."""
        query = sa.select(doc).where(doc.c.text.in_(listed(self._connection, numbers, int)))
        found: dict[str, list[sa.Row[Any]]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row.id].append(row)
        return [_entry(rows) for rows in found.values()]


@dataclass(frozen=True, slots=True)
class _Before:
    """The touched clusters as they were: each text's label, each document's cluster id."""

    labels: Mapping[int, int]
    names: Mapping[str, str] = field(default_factory=dict)


def _clusters(
    labels: Mapping[int, int],
    entries: Iterable[Entry],
    verdicts: Mapping[tuple[int, int], Verdict],
    names: Mapping[str, str],
) -> tuple[Cluster, ...]:
    """The clusters of texts with these labels; ``names`` are the documents' cluster ids before."""
    groups: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[labels[min(entry.texts)]].append(entry)
    edges: dict[int, dict[tuple[int, int], Verdict]] = defaultdict(dict)
    for pair, verdict in verdicts.items():
        if verdict.joins:
            edges[labels[pair[0]]][pair] = verdict
    made = [
        cluster(group, edges[label], (names[entry.id] for entry in group if entry.id in names))
        for label, group in groups.items()
    ]
    return tuple(sorted(made, key=lambda one: one.id))


def _row(member: Member, number: int) -> tuple[object, ...]:
    since = instant(member.published, member.retrieved_at)
    return number, since, member.fingerprint.size, member.is_translation


def _entry(rows: Sequence[sa.Row[Any]]) -> Entry:
    """One document of its one or two rows; the text as retrieved speaks for it."""
    first = min(rows, key=lambda row: row.view)
    return Entry(
        id=first.id,
        since=first.since,
        is_translation=first.translation,
        size=first.size,
        texts=frozenset(row.text for row in rows),
    )
