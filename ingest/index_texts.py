"""Fingerprints in, numbered texts and the verdicts between them out: the index below the level of documents."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
import sqlalchemy as sa

from ingest import index_postings as postings
from ingest import index_samples as samples
from ingest.dedup import Relation, Verdict, compare
from ingest.fingerprint import Fingerprint, pack, unpack
from ingest.index_meetings import Asking, Limits, Pairs, go_through, meet
from ingest.index_postings import Kind
from ingest.index_tables import by_number, edge, listed, metadata, put, text
from ingest.likeness_screen import alike

_CHUNK = 100_000
"""Candidate pairs whose fingerprints are held in memory at a time."""

_AT_ONCE = 5000
"""Texts that are compared in full at a time."""

LOCK = 5
"""Writers of the index queue up (`ingest.database.exclusive`): each must see the other's texts."""

_HALVES = struct.Struct(">qq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """Where the texts of a batch stand.

    Attributes:
        of: their number, by exact key.
        touched: numbers of texts that got a new joining verdict.
        partly: numbers of texts of the batch that were compared in part.
    """

    of: Mapping[bytes, int]
    touched: frozenset[int]
    partly: frozenset[int]


def create_tables(bind: sa.Engine | sa.Connection) -> None:
    """Make the tables that are not there yet."""
    metadata.create_all(bind)


def insert(connection: sa.Connection, fingerprints: Iterable[Fingerprint], limits: Limits | None) -> Inserted:
    """Number the texts, compare the new ones with all others, and take them in.

    Without limits nothing is compared yet: all are marked ``partly``, and wait for `complete`.
    """
    distinct = {print_.exact: print_ for print_ in fingerprints}
    known = _known(connection, distinct)
    fresh = [print_ for exact, print_ in sorted(distinct.items()) if exact not in known]
    if not fresh:
        return Inserted(of=known, touched=frozenset(), partly=_marked(connection, known.values()))
    first = (connection.execute(sa.select(sa.func.max(text.c.num))).scalar() or 0) + 1
    numbered = dict(enumerate(fresh, first))
    take_in(connection, numbered, partly=limits is None)
    partly = frozenset(numbered)
    touched: frozenset[int] = frozenset()
    if limits:
        found, partly = meet(asking(connection, keys_of(numbered), np.arange(first, first + len(fresh))), limits)
        _mark(connection, partly)
        touched = _judge(connection, found, numbered)
    of = {**known, **{print_.exact: number for number, print_ in numbered.items()}}
    return Inserted(of=of, touched=touched, partly=partly | _marked(connection, known.values()))


def complete(connection: sa.Connection) -> frozenset[int]:
    """Compare the texts marked ``partly`` with all others; returns the numbers of those in new joining verdicts."""
    marked = connection.execute(sa.select(text.c.num).where(text.c.partly).order_by(text.c.num)).scalars().all()
    waiting = np.array(marked, dtype=np.int64)
    touched: set[int] = set()
    for start in range(0, len(marked), _AT_ONCE):
        numbered = _load(connection, marked[start : start + _AT_ONCE])
        known = verdicts(connection, numbered)
        for pairs in _all_meetings(asking(connection, keys_of(numbered), waiting)):
            touched |= _judge(connection, _without(pairs, known), numbered)
    connection.execute(sa.update(text).where(text.c.partly).values(partly=False))
    return frozenset(touched)


def _all_meetings(all_: Asking) -> Iterator[Pairs]:
    """All pairs of the texts that ask, in portions."""
    pairs, partly = meet(all_, Limits())
    left = np.array(sorted(partly), dtype=np.int64)
    yield pairs[~np.isin(pairs[:, 0], left)]
    yield from go_through(replace(all_, own=all_.own[np.isin(postings.texts_of(all_.own), left)]))


def _without(pairs: Pairs, known: Iterable[tuple[int, int]]) -> Pairs:
    """The pairs that have no verdict yet."""
    packed = np.array([a << 32 | b for a, b in known], dtype=np.int64)
    return pairs[~np.isin(pairs.min(axis=1) << 32 | pairs.max(axis=1), packed)]


def asking(connection: sa.Connection, own: postings.Rows, waiting: postings.Numbers) -> Asking:
    """The texts with these rows, and all the rows under their keys."""
    return Asking(own=own, rows=postings.find(connection, Kind.SKETCH, postings.keys_of(own)), waiting=waiting)


def roots(connection: sa.Connection, numbers: Iterable[int], *, whole: bool = True) -> dict[int, int | None]:
    """The texts that are still there, each with its cluster's root; with ``whole``, all texts of their clusters."""
    query = sa.select(text.c.num, text.c.root)
    found = {row.num: row.root for row in _where_in(connection, query, text.c.num, numbers)}
    shared = {root for root in found.values() if root is not None}
    if whole and shared:
        found.update({row.num: row.root for row in _where_in(connection, query, text.c.root, shared)})
    return found


def relabel(connection: sa.Connection, standing: Mapping[int, int | None], labels: Mapping[int, int]) -> None:
    """Write down which texts are in one cluster, where that has changed."""
    sizes: dict[int, int] = {}
    for label in labels.values():
        sizes[label] = sizes.get(label, 0) + 1
    wanted = {number: label if sizes[label] > 1 else None for number, label in labels.items()}
    changed = [{"number": n, "label": root} for n, root in wanted.items() if standing[n] != root]
    if changed:
        update = sa.update(text).where(text.c.num == sa.bindparam("number")).values(root=sa.bindparam("label"))
        connection.execute(update, changed)


def verdicts(connection: sa.Connection, numbers: Iterable[int]) -> dict[tuple[int, int], Verdict]:
    """All verdicts in which one of these texts has a part."""
    numbers = list(numbers)
    rows = [row for side in (edge.c.a, edge.c.b) for row in _where_in(connection, sa.select(edge), side, numbers)]
    return {(row.a, row.b): Verdict(relation=Relation(row.relation), score=row.score) for row in rows}


def drop(connection: sa.Connection, numbers: Iterable[int]) -> None:
    """Delete texts, with their keys and verdicts."""
    numbered = _load(connection, numbers)
    if not numbered:
        return
    for kind, rows in _rows(numbered):
        postings.remove(connection, kind, rows)
    samples.forget(connection, numbered)
    for column in (edge.c.a, edge.c.b, text.c.num):
        connection.execute(sa.delete(column.table).where(column.in_(listed(connection, numbered, int))))


def _where_in(
    connection: sa.Connection, query: sa.Select[Any], column: sa.Column[int], values: Iterable[int]
) -> Sequence[sa.Row[Any]]:
    return connection.execute(query.where(column.in_(listed(connection, values, int)))).all()


def _known(connection: sa.Connection, exact: Collection[bytes]) -> dict[bytes, int]:
    """The numbers of the texts with these exact keys that are there already."""
    keys = postings.keys_of(postings.rows_of(map(_short, exact), np.zeros(len(exact), dtype=np.int64)))
    numbers = postings.texts_of(postings.find(connection, Kind.EXACT, keys))
    rows = by_number(connection, "SELECT exact, exact_rest, num FROM dup_text", np.sort(numbers).tolist())
    found = {_HALVES.pack(first, rest): number for first, rest, number in rows}
    return {key: found[key] for key in exact if key in found}


def _short(exact: bytes) -> int:
    return int.from_bytes(exact[:4], "big")


def _marked(connection: sa.Connection, numbers: Iterable[int]) -> frozenset[int]:
    query = sa.select(text.c.num).where(text.c.partly)
    return frozenset(row.num for row in _where_in(connection, query, text.c.num, numbers))


def _mark(connection: sa.Connection, numbers: Iterable[int]) -> None:
    mark = sa.update(text).where(text.c.num.in_(listed(connection, numbers, int))).values(partly=True)
    connection.execute(mark)


def keys_of(numbered: Mapping[int, Fingerprint]) -> postings.Rows:
    """Rows (key, text) of these texts."""
    owners = np.repeat(np.array(list(numbered), dtype=np.int64), [len(one.sketch) for one in numbered.values()])
    return postings.rows_of(chain.from_iterable(one.sketch for one in numbered.values()), owners)


def _rows(numbered: Mapping[int, Fingerprint]) -> Iterator[tuple[Kind, postings.Rows]]:
    """The rows of these texts in each index."""
    exact = (_short(one.exact) for one in numbered.values())
    yield Kind.EXACT, postings.rows_of(exact, np.array(list(numbered), dtype=np.int64))
    yield Kind.SKETCH, keys_of(numbered)


def take_in(connection: sa.Connection, numbered: Mapping[int, Fingerprint], *, partly: bool = False) -> None:
    """Put texts down, not compared; their numbers are higher than all before."""
    put(connection, text, [_row(number, print_, partly=partly) for number, print_ in numbered.items()])
    samples.write(connection, {number: (print_.scale, print_.marks) for number, print_ in numbered.items()})
    for kind, rows in _rows(numbered):
        postings.add(connection, kind, rows)


def _judge(connection: sa.Connection, pairs: Pairs, numbered: Mapping[int, Fingerprint]) -> frozenset[int]:
    """Compare pairs (one of ``numbered``, any other); returns the numbers of those that are joined."""
    touched: set[int] = set()
    for start in range(0, len(pairs), _CHUNK):
        made = list(_verdicts(connection, pairs[start : start + _CHUNK], numbered))
        if made:
            rows = [{"a": a, "b": b, "relation": v.relation.value, "score": v.score} for a, b, v in made]
            connection.execute(sa.insert(edge), rows)
        touched.update(n for a, b, verdict in made if verdict.joins for n in (a, b))
    return frozenset(touched)


def _verdicts(
    connection: sa.Connection, pairs: Pairs, numbered: Mapping[int, Fingerprint]
) -> Iterator[tuple[int, int, Verdict]]:
    """The verdicts on pairs that are sorted by the one that asks."""
    (askers, ones), (others, at) = (np.unique(side, return_inverse=True) for side in pairs.T)
    own = samples.samples_of([numbered[asker] for asker in askers.tolist()])
    found = pairs[alike(own, samples.read(connection, others), np.column_stack((ones, at)))]
    held = _load(connection, found[:, 1].tolist())
    for asker, other in found.tolist():
        verdict = compare(numbered[asker], held[other])
        if verdict:
            yield min(asker, other), max(asker, other), verdict


def _load(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Fingerprint]:
    query = "SELECT num, exact, exact_rest, body FROM dup_text"
    rows = by_number(connection, query, sorted(set(numbers)))
    marks = samples.read(connection, np.array([row[0] for row in rows], dtype=np.int64))
    return {
        number: unpack(_HALVES.pack(first, rest), marks.of(i), body)
        for i, (number, first, rest, body) in enumerate(rows)
    }


def _row(number: int, print_: Fingerprint, *, partly: bool) -> tuple[object, ...]:
    """A text as a row of its table."""
    exact, rest = _HALVES.unpack(print_.exact)
    return number, exact, rest, print_.algo, partly, None, pack(print_)
