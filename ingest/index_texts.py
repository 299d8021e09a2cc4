"""Fingerprints in, numbered texts and the verdicts between them out: the index below the level of documents."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from ingest.dedup import Relation, Verdict, compare
from ingest.fingerprint import Fingerprint, pack, unpack
from ingest.index_tables import Pairs, crowded, edge, insert_keys, key, listed, sharing, text

_CHUNK = 20_000
"""Candidate pairs whose fingerprints are held in memory at a time."""

_HALVES = struct.Struct(">qq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one look-up may cost.

    Attributes:
        rows: about how many index rows a new text may meet, on average over its batch, before...
        crowd: ...keys that more than this many texts have are left out, and the text is marked ``partly``.
    """

    rows: int = 2000
    crowd: int = 500


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


def insert(connection: sa.Connection, fingerprints: Iterable[Fingerprint], limits: Limits) -> Inserted:
    """Number the texts, compare the new ones with all others, and take them in."""
    distinct = {print_.exact: print_ for print_ in fingerprints}
    known = _known(connection, distinct)
    fresh = [print_ for exact, print_ in sorted(distinct.items()) if exact not in known]
    if not fresh:
        return Inserted(of=known, touched=frozenset(), partly=_marked(connection, known.values()))
    first = (connection.execute(sa.select(sa.func.max(text.c.num))).scalar() or 0) + 1
    numbered = dict(enumerate(fresh, first))
    own = _keys(numbered)
    found, partly = _meet(connection, own, limits)
    insert_keys(connection, own)
    connection.execute(
        sa.insert(text),
        [
            {"num": number, **_exact(print_), "algo": print_.algo, "partly": number in partly,
             "root": None, "body": pack(print_)}
            for number, print_ in numbered.items()
        ],
    )  # fmt: skip
    touched = _judge(connection, found, numbered)
    of = {**known, **{print_.exact: number for number, print_ in numbered.items()}}
    return Inserted(of=of, touched=touched, partly=partly | _marked(connection, known.values()))


def complete(connection: sa.Connection) -> frozenset[int]:
    """Compare the texts marked ``partly`` with all others; returns the numbers of those in new joining verdicts."""
    numbered = _load(connection, list(connection.execute(sa.select(text.c.num).where(text.c.partly)).scalars()))
    if not numbered:
        return frozenset()
    own = _keys(numbered)
    found = _pairs(own, sharing(connection, _distinct(own)))
    settled = set(verdicts(connection, numbered))
    touched = _judge(connection, found[[tuple(pair) not in settled for pair in found.tolist()]], numbered)
    connection.execute(sa.update(text).where(text.c.partly).values(partly=False))
    return touched


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
    rows = [{"k": k, "t": t} for k, t in _keys(numbered).tolist()]
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


def _keys(numbered: Mapping[int, Fingerprint]) -> Pairs:
    """Rows (key, text) of these texts."""
    keys = [key for print_ in numbered.values() for key in print_.sketch]
    owners = np.repeat(list(numbered), [len(print_.sketch) for print_ in numbered.values()])
    return np.column_stack((np.array(keys, dtype=np.int64), owners.astype(np.int64)))


def _distinct(own: Pairs) -> list[int]:
    out: list[int] = np.unique(own[:, 0]).tolist()
    return out


def _meet(connection: sa.Connection, own: Pairs, limits: Limits) -> tuple[Pairs, frozenset[int]]:
    """The pairs of texts, one of them new, that share two keys; and which of the new were compared in part."""
    most = limits.rows * (len(np.unique(own[:, 1])) + 10)
    keys = _distinct(own)
    rows = sharing(connection, keys, most + 1)
    if len(rows) <= most:
        return _pairs(own, np.concatenate((rows, own))), frozenset()
    common = crowded(connection, keys, limits.crowd)
    rows = sharing(connection, sorted(set(keys) - set(common)))
    partly = frozenset(own[np.isin(own[:, 0], common), 1].tolist())
    return _pairs(own, np.concatenate((rows, own))), partly


def _pairs(own: Pairs, rows: Pairs) -> Pairs:
    """Pairs (lower, higher) of a text in ``own`` and one in ``rows`` that share two keys; both hold (key, text)."""
    own = own[np.argsort(own[:, 0], kind="stable")]
    low = np.searchsorted(own[:, 0], rows[:, 0], side="left")
    counts = np.searchsorted(own[:, 0], rows[:, 0], side="right") - low
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    left, right = own[np.repeat(low, counts) + offsets, 1], np.repeat(rows[:, 1], counts)
    other = left != right
    pairs = np.column_stack((np.minimum(left, right)[other], np.maximum(left, right)[other]))
    # A pair within ``own`` is met twice for each key, once from either side: count it by one side only.
    mine = np.isin(pairs[:, 0], own[:, 1]) & np.isin(pairs[:, 1], own[:, 1])
    pairs = pairs[~mine | (left[other] < right[other])]
    distinct, times = np.unique(pairs, axis=0, return_counts=True)
    found: Pairs = distinct[times >= 2]
    return found


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


def _exact(print_: Fingerprint) -> dict[str, int]:
    first, rest = _HALVES.unpack(print_.exact)
    return {"exact": first, "exact_rest": rest}
