"""Fingerprints in, numbered texts and the verdicts between them out: the index below the level of documents."""

from __future__ import annotations

import logging
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import sqlalchemy as sa

from ingest import index_postings as postings
from ingest.database import exclusive
from ingest.dedup import Relation, Verdict, compare
from ingest.fingerprint import Fingerprint, pack, unpack
from ingest.index_meetings import Asking, Limits, Pairs, go_through, meet
from ingest.index_postings import Kind
from ingest.index_tables import by_number, edge, listed, metadata, put, text
from ingest.likeness_screen import Screen

_CHUNK = 100_000
"""Candidate pairs whose fingerprints are held in memory at a time."""

_AT_ONCE = 5000
"""Texts that are compared in full at a time."""

_FORMER = ("dup_key", "dup_crowd")
"""The tables of keys up to 0.1."""

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
    """Make the tables that are not there yet, and bring those of an older newsgloss up to date."""
    if isinstance(bind, sa.Engine):
        with bind.begin() as connection:
            return create_tables(connection)
    metadata.create_all(bind)
    if sa.inspect(bind).has_table(_FORMER[0]):
        _rebuild(bind)
    return None


def _rebuild(connection: sa.Connection) -> None:
    """Put the keys of all texts down anew, from their fingerprints: they were one row each, and slow to find."""
    exclusive(connection, LOCK)
    if not sa.inspect(connection).has_table(_FORMER[0]):
        return  # another process was faster
    numbers = connection.execute(sa.select(text.c.num).order_by(text.c.num)).scalars().all()
    logging.getLogger(__name__).warning("the index of duplicates is laid out anew: %d texts", len(numbers))
    for start in range(0, len(numbers), _AT_ONCE):
        take_in(connection, _load(connection, numbers[start : start + _AT_ONCE]))
    for name in _FORMER:
        connection.execute(sa.text(f"DROP TABLE {name}"))
    connection.execute(sa.text("DROP INDEX IF EXISTS ix_dup_text_exact"))


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
    rows = [row_of(number, print_, partly=limits is None) for number, print_ in numbered.items()]
    put(connection, text, rows)
    partly = frozenset(numbered)
    touched: frozenset[int] = frozenset()
    take_in(connection, numbered)
    if limits:
        found, partly = meet(asking(connection, own, np.arange(first, first + len(fresh))), limits)
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
    return postings.rows_of((key for one in numbered.values() for key in one.sketch), owners)


def _rows(numbered: Mapping[int, Fingerprint]) -> Iterator[tuple[Kind, postings.Rows]]:
    """The rows of these texts in each index."""
    exact = (_short(one.exact) for one in numbered.values())
    yield Kind.EXACT, postings.rows_of(exact, np.array(list(numbered), dtype=np.int64))
    yield Kind.SKETCH, keys_of(numbered)


def take_in(connection: sa.Connection, numbered: Mapping[int, Fingerprint]) -> None:
    """Put down the keys of texts; their numbers are higher than all before."""
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
    others, at = np.unique(pairs[:, 1], return_inverse=True)
    screen = Screen([body for (body,) in by_number(connection, "SELECT body FROM dup_text", others.tolist())])
    askers, starts = np.unique(pairs[:, 0], return_index=True)
    alike = [
        (asker, other)
        for asker, which in zip(askers.tolist(), np.split(at, starts[1:]), strict=True)
        for other in others[screen.alike(numbered[asker], which)].tolist()
    ]
    held = _load(connection, {other for _, other in alike})
    for asker, other in alike:
        verdict = compare(numbered[asker], held[other])
        if verdict:
            yield min(asker, other), max(asker, other), verdict


def _load(connection: sa.Connection, numbers: Iterable[int]) -> dict[int, Fingerprint]:
    query = sa.select(text.c.num, text.c.exact, text.c.exact_rest, text.c.body)
    rows = _where_in(connection, query, text.c.num, numbers)
    return {row.num: unpack(_HALVES.pack(row.exact, row.exact_rest), row.body) for row in rows}


def row_of(number: int, print_: Fingerprint, *, partly: bool = False) -> tuple[object, ...]:
    """A text as a row of its table."""
    exact, rest = _HALVES.unpack(print_.exact)
    return number, exact, rest, print_.algo, partly, None, pack(print_)
