"""Fingerprints in, numbered texts and the verdicts between them out: the index below the level of documents."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from ingest.dedup import Relation, Verdict, compare
from ingest.fingerprint import Fingerprint, pack, unpack
from ingest.index_tables import (
    Pairs,
    crowded,
    edge,
    find_crowded,
    held,
    insert_keys,
    key,
    listed,
    self_join,
    sharing,
    text,
)

_CHUNK = 20_000
"""Candidate pairs whose fingerprints are held in memory at a time."""

_FEW = 5
"""Where fewer than one text in so many waits, looking them up costs less than joining the whole index with itself."""

_AT_ONCE = 500
"""Texts that are compared in full at a time."""

_HALVES = struct.Struct(">qq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a look-up may cost.

    Attributes:
        rows: how many others a text of a batch may meet on average; beyond, crowded keys are looked for.
        crowd: a key is crowded that more texts than this have.
    """

    rows: int = 60
    crowd: int = 200


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
    own = keys_of(numbered)
    found, partly = meet(connection, own, limits) if limits else (own[:0], frozenset(numbered))
    insert_keys(connection, own)
    rows = [row_of(number, print_, partly=number in partly) for number, print_ in numbered.items()]
    connection.execute(sa.insert(text), rows)
    touched = _judge(connection, found, numbered)
    of = {**known, **{print_.exact: number for number, print_ in numbered.items()}}
    return Inserted(of=of, touched=touched, partly=partly | _marked(connection, known.values()))


def complete(connection: sa.Connection) -> frozenset[int]:
    """Compare the texts marked ``partly`` with all others; returns the numbers of those in new joining verdicts."""
    marked = list(connection.execute(sa.select(text.c.num).where(text.c.partly).order_by(text.c.num)).scalars())
    everything = connection.execute(sa.select(sa.func.count()).select_from(text)).scalar_one()
    few = len(marked) * _FEW < everything
    touched: set[int] = set()
    for pairs in list(_looked_up(connection, marked) if few else self_join(connection, _CHUNK)):
        touched |= _judge(connection, pairs, {})
    connection.execute(sa.update(text).where(text.c.partly).values(partly=False))
    return frozenset(touched)


def _looked_up(connection: sa.Connection, marked: Sequence[int]) -> Iterator[Pairs]:
    """What `self_join` gives, by look-ups: for few texts in a large index."""
    done: set[tuple[int, int]] = set()
    for start in range(0, len(marked), _AT_ONCE):
        numbered = _load(connection, marked[start : start + _AT_ONCE])
        own = keys_of(numbered)
        pairs, times = _meetings(own, sharing(connection, _distinct(own)))
        done |= set(verdicts(connection, numbered))
        fresh = [(a, b) for a, b in pairs[times >= 2].tolist() if (a, b) not in done]
        done.update(fresh)
        yield np.array(fresh, dtype=np.int64).reshape(-1, 2)


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
    gone = sa.delete(key).where(key.c.key == sa.bindparam("k"), key.c.text == sa.bindparam("t"))
    rows = [{"k": k, "t": t} for k, t in keys_of(numbered).tolist()]
    if rows:
        connection.execute(gone, rows)
    for column in (edge.c.a, edge.c.b, text.c.num):
        connection.execute(sa.delete(column.table).where(column.in_(listed(connection, numbered, int))))


def _where_in(
    connection: sa.Connection, query: sa.Select[Any], column: sa.Column[int], values: Iterable[int]
) -> Sequence[sa.Row[Any]]:
    return connection.execute(query.where(column.in_(listed(connection, values, int)))).all()


def _known(connection: sa.Connection, exact: Iterable[bytes]) -> dict[bytes, int]:
    wanted = [_HALVES.unpack(value)[0] for value in exact]
    query = sa.select(text.c.num, text.c.exact, text.c.exact_rest)
    found = _where_in(connection, query, text.c.exact, wanted)
    return {_HALVES.pack(row.exact, row.exact_rest): row.num for row in found}


def _marked(connection: sa.Connection, numbers: Iterable[int]) -> frozenset[int]:
    query = sa.select(text.c.num).where(text.c.partly)
    return frozenset(row.num for row in _where_in(connection, query, text.c.num, numbers))


def keys_of(numbered: Mapping[int, Fingerprint]) -> Pairs:
    """Rows (key, text) of these texts."""
    keys = [key for print_ in numbered.values() for key in print_.sketch]
    owners = np.repeat(list(numbered), [len(print_.sketch) for print_ in numbered.values()])
    return np.column_stack((np.array(keys, dtype=np.int64), owners.astype(np.int64)))


def _distinct(own: Pairs) -> list[int]:
    out: list[int] = np.unique(own[:, 0]).tolist()
    return out


def meet(connection: sa.Connection, own: Pairs, limits: Limits) -> tuple[Pairs, frozenset[int]]:
    """The pairs of texts, one of them new, that share two keys; and which of the new were compared in part.

    Crowded keys are not looked up: a pair that shares one of them and one other is found by the other. Only a pair
    that shares nothing but crowded keys is missed, so a text with two of those is compared in part.
    """
    keys = set(_distinct(own))
    common = crowded(connection, keys) | _crowded_within(own, limits.crowd)
    most = limits.rows * (len(np.unique(own[:, 1])) + 10)
    rows = sharing(connection, keys - common, most + 1)
    if max(len(rows), _meeting_count(own, rows)) > most:
        common |= find_crowded(connection, keys - common, limits.crowd)
        rows = sharing(connection, keys - common)
    is_common = np.isin(own[:, 0], list(common))
    pairs, times = _meetings(own[~is_common], np.concatenate((rows, own[~is_common])))
    if not common:
        return pairs[times >= 2], frozenset()
    also = _meeting_in_a_crowd(connection, own[is_common], pairs[times == 1])
    numbers, crowds = np.unique(own[is_common, 1], return_counts=True)
    return np.concatenate((pairs[times >= 2], also)), frozenset(numbers[crowds >= 2].tolist())


def _meeting_count(own: Pairs, rows: Pairs) -> int:
    """How often texts meet: for each key, the texts that ask for it times those that have it."""
    keys, asked = np.unique(own[:, 0], return_counts=True)
    return int(asked[np.searchsorted(keys, rows[:, 0])].sum())


def _crowded_within(own: Pairs, most: int) -> set[int]:
    keys, times = np.unique(own[:, 0], return_counts=True)
    return set(keys[times > most].tolist())


def _meeting_in_a_crowd(connection: sa.Connection, common: Pairs, once: Pairs) -> Pairs:
    """Those of the pairs (any text, new text) that share a crowded key too; ``common`` has the new texts' rows."""
    of: dict[int, list[int]] = {}
    for key_, number in common.tolist():
        of.setdefault(number, []).append(key_)
    asked = {(key_, other) for other, number in once.tolist() for key_ in of.get(number, ())}
    rows = np.array(sorted(asked), dtype=np.int64).reshape(-1, 2)
    holds = {tuple(row) for row in (*held(connection, rows).tolist(), *common.tolist())}
    found = [pair for pair in once.tolist() if any((key_, pair[0]) in holds for key_ in of.get(pair[1], ()))]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _meetings(own: Pairs, rows: Pairs) -> tuple[Pairs, Pairs]:
    """Pairs (lower, higher) of a text in ``own`` and one in ``rows``, and how many keys they share.

    ``own`` and ``rows`` hold (key, text).
    """
    own = own[np.argsort(own[:, 0], kind="stable")]
    low = np.searchsorted(own[:, 0], rows[:, 0], side="left")
    counts = np.searchsorted(own[:, 0], rows[:, 0], side="right") - low
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    left, right = own[np.repeat(low, counts) + offsets, 1], np.repeat(rows[:, 1], counts)
    # A pair within ``own`` is met from either side: count it from one.
    once = (left < right) | ((left > right) & ~np.isin(right, own[:, 1]))
    left, right = left[once], right[once]
    pairs, times = np.unique((np.minimum(left, right) << 32) | np.maximum(left, right), return_counts=True)
    return np.column_stack((pairs >> 32, pairs & 0xFFFFFFFF)), times


def _judge(connection: sa.Connection, pairs: Pairs, numbered: Mapping[int, Fingerprint]) -> frozenset[int]:
    """Compare pairs of texts and take down the verdicts; returns the numbers of those that are joined."""
    touched: set[int] = set()
    for start in range(0, len(pairs), _CHUNK):
        chunk = [(a, b) for a, b in pairs[start : start + _CHUNK].tolist()]
        held = {**_load(connection, {n for pair in chunk for n in pair} - set(numbered)), **numbered}
        made = [(a, b, verdict) for a, b in chunk if (verdict := compare(held[a], held[b]))]
        if made:
            connection.execute(
                sa.insert(edge),
                [{"a": a, "b": b, "relation": v.relation.value, "score": v.score} for a, b, v in made],
            )
        touched.update(n for a, b, verdict in made if verdict.joins for n in (a, b))
    return frozenset(touched)


def _load(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Fingerprint]:
    query = sa.select(text.c.num, text.c.exact, text.c.exact_rest, text.c.body)
    rows = _where_in(connection, query, text.c.num, numbers)
    return {row.num: unpack(_HALVES.pack(row.exact, row.exact_rest), row.body) for row in rows}


def row_of(number: int, print_: Fingerprint, *, partly: bool = False) -> dict[str, object]:
    """A text as a row of its table."""
    exact, rest = _HALVES.unpack(print_.exact)
    return {
        "num": number,
        "exact": exact,
        "exact_rest": rest,
        "algo": print_.algo,
        "partly": partly,
        "root": None,
        "body": pack(print_),
    }
