"""Rows (key, text) in, the rows under given keys out: inverted indexes as sorted runs, packed into blocks.

A row is one unsigned number, the key above the text, so that numpy sorts, searches and joins rows by the million. A
batch appends a run: its rows in order, cut into blocks of a page, beside the first key of each block. Four runs of
one level are merged into one of the next (a log-structured merge tree: O'Neil et al., Acta Informatica 33, 1996), so
that a row is written a few times in all, however large the index, and never to a random page. Runs follow each other
by age, and texts are numbered by age: the rows of one key are in order across runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ingest.index_tables import block, bodies, put, run

BLOCK = 500
"""Rows a block: with its number it fills a page of SQLite, and half a page of PostgreSQL."""

FAN = 4
"""So many runs of one level become one of the next."""

LARGEST = 60_000_000
"""Rows of the largest run that is made by merging: 2.5 million texts, written in a quarter of a minute."""

_SLICE = 2_000_000
"""About as many rows are held in memory while runs are merged."""

_AT_ONCE = 1000
"""Blocks that are read and searched at a time: four megabytes, which stay in the processor's cache."""

Rows = npt.NDArray[np.uint64]
"""Rows (key, text), sorted, each once: the key in the upper 32 bits, the text's number in the lower."""

Keys = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int64]

_HALF = np.uint64(32)
_TEXT = np.uint64(0xFFFFFFFF)
_NONE = np.empty(0, dtype=np.uint64)
_EMPTY = np.empty(0, dtype=np.int64)


class Kind(IntEnum):
    """What the keys of an index are."""

    SKETCH = 0
    EXACT = 1
    DOCUMENT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A sorted run: block ``first + i`` begins with the key ``heads[i]``."""

    kind: Kind
    first: int
    level: int
    heads: Keys


def rows_of(keys: Iterable[int], texts: Numbers) -> Rows:
    """Rows of these signed keys, each of the text beside it."""
    upper = np.fromiter(keys, dtype=np.int64, count=len(texts)).astype(np.uint32).astype(np.uint64)
    return distinct(upper << _HALF | texts.astype(np.uint64))


def distinct(values: Rows) -> Rows:
    """The values in order, each once (numpy's own `unique` hashes, which costs ten times as much here)."""
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def keys_of(rows: Rows) -> Keys:
    """The key of each row."""
    return (rows >> _HALF).astype(np.uint32)


def texts_of(rows: Rows) -> Numbers:
    """The text's number in each row."""
    return (rows & _TEXT).astype(np.int64)


def add(connection: sa.Connection, kind: Kind, rows: Rows) -> None:
    """Take rows in, of texts with higher numbers than all before."""
    if not len(rows):
        return
    runs = [*_runs(connection, kind), *_write(connection, (kind, 0), [rows])]
    while _are_due(merged := runs[-FAN:]):
        runs[-FAN:] = _write(connection, (kind, merged[0].level + 1), _merged(connection, merged))
        _delete(connection, merged)


def find(connection: sa.Connection, kind: Kind, keys: Keys) -> Rows:
    """All rows under these keys, which are sorted."""
    keys = keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
    runs = _runs(connection, kind)
    found: list[list[Rows]] = [[] for _ in runs]
    counts = np.zeros((len(runs), len(keys)), dtype=np.int64)
    for i, rows in _read(connection, [(one, _asked(one, keys)) for one in runs]):
        first, last = keys_of(rows[[0, -1]])
        among = slice(np.searchsorted(keys, first, side="left"), np.searchsorted(keys, last, side="right"))
        under, count = _under(rows, keys[among])
        found[i].append(under)
        counts[i, among] += count
    return _interleaved([np.concatenate(parts) if parts else _NONE for parts in found], counts)


def remove(connection: sa.Connection, kind: Kind, rows: Rows) -> None:
    """Overwrite the blocks that hold these rows."""
    keys = distinct(rows >> _HALF).astype(np.uint32)
    for one in _runs(connection, kind):
        for number in (_asked(one, keys) + one.first).tolist():
            (body,) = bodies(connection, [number])
            held = np.frombuffer(body, dtype="<u8")
            kept = held[~np.isin(held, rows)]
            if len(kept) < len(held):
                connection.execute(sa.update(block).where(block.c.num == number).values(body=kept.tobytes()))


# -- runs ------------------------------------------------------------------------------------------------------------


def _runs(connection: sa.Connection, kind: Kind) -> list[Run]:
    """All runs of an index, the oldest first."""
    query = sa.select(run.c.first, run.c.level, run.c.heads).where(run.c.kind == kind).order_by(run.c.first)
    return [
        Run(kind=kind, first=row.first, level=row.level, heads=np.frombuffer(row.heads, dtype="<u4"))
        for row in connection.execute(query)
    ]


def _write(connection: sa.Connection, place: tuple[Kind, int], portions: Iterable[Rows]) -> list[Run]:
    """Put down a run whose rows come in order, in portions; none where there are no rows."""
    first = number = 1 + (connection.execute(sa.select(sa.func.max(block.c.num))).scalar() or 0)
    heads: list[Keys] = []
    for rows in _whole_blocks(portions):
        packed = rows.astype("<u8").tobytes()
        made = [packed[start : start + 8 * BLOCK] for start in range(0, len(packed), 8 * BLOCK)]
        put(connection, block, list(enumerate(made, number)))
        heads.append(keys_of(rows[::BLOCK]))
        number += len(made)
    if not heads:
        return []
    kind, level = place
    written = Run(kind=kind, first=first, level=level, heads=np.concatenate(heads))
    row = {"first": first, "kind": int(kind), "level": level, "heads": written.heads.astype("<u4").tobytes()}
    connection.execute(sa.insert(run), row)
    return [written]


def _whole_blocks(portions: Iterable[Rows]) -> Iterator[Rows]:
    """The same rows, in portions of whole blocks; the last may end with a part of one."""
    rest = np.empty(0, dtype=np.uint64)
    for portion in portions:
        rows = np.concatenate((rest, portion))
        whole = len(rows) - len(rows) % BLOCK
        if whole:
            yield rows[:whole]
        rest = rows[whole:]
    if len(rest):
        yield rest


def _are_due(runs: Sequence[Run]) -> bool:
    """Whether these, the youngest, are to be merged."""
    alike = len(runs) == FAN and runs[0].level == runs[-1].level
    return alike and sum(len(one.heads) for one in runs) * BLOCK <= LARGEST


def _delete(connection: sa.Connection, runs: Sequence[Run]) -> None:
    for one in runs:
        _delete_blocks(connection, one.first + np.arange(len(one.heads)))
        connection.execute(sa.delete(run).where(run.c.first == one.first))


def _delete_blocks(connection: sa.Connection, numbers: Numbers) -> None:
    """Delete blocks that follow each other."""
    if len(numbers):
        first, last = int(numbers[0]), int(numbers[-1])
        connection.execute(sa.delete(block).where(block.c.num.between(first, last)))


def _merged(connection: sa.Connection, runs: Sequence[Run]) -> Iterator[Rows]:
    """The rows of several runs in order, a stretch of keys at a time; blocks are deleted as they are read."""
    heads = np.sort(np.concatenate([one.heads for one in runs]))
    bounds = distinct(heads[_SLICE // BLOCK :: _SLICE // BLOCK].astype(np.uint64))
    for low, high in zip([0, *bounds.tolist()], [*bounds.tolist(), 1 << 32], strict=True):
        wanted = [(one, _stretch(one, low, high)) for one in runs]
        found = np.concatenate([_NONE, *(rows for _, rows in _read(connection, wanted))])
        keys = found >> _HALF
        for one, which in wanted:  # a block that is gone leaves its page to the new run; the last may go on
            _delete_blocks(connection, one.first + which[:-1])
        yield np.sort(found[(keys >= low) & (keys < high)], kind="stable")  # merges what is in order already


def _stretch(one: Run, low: int, high: int) -> Numbers:
    """Which blocks may hold keys from ``low`` up to, not with, ``high``."""
    start = max(0, int(np.searchsorted(one.heads, low, side="left")) - 1)
    stop = int(np.searchsorted(one.heads, high, side="left")) if high < 1 << 32 else len(one.heads)
    return np.arange(start, stop)


# -- look-ups --------------------------------------------------------------------------------------------------------


def _asked(one: Run, keys: Keys) -> Numbers:
    """Which of a run's blocks may hold any of these keys."""
    first = np.maximum(np.searchsorted(one.heads, keys, side="left") - 1, 0)  # a key may begin in the block before
    last = np.searchsorted(one.heads, keys, side="right")
    steps = np.zeros(len(one.heads) + 1, dtype=np.int64)
    np.add.at(steps, first, 1)
    np.add.at(steps, np.maximum(first, last), -1)
    return np.nonzero(np.cumsum(steps[:-1]))[0]


def _read(connection: sa.Connection, wanted: Sequence[tuple[Run, Numbers]]) -> Iterator[tuple[int, Rows]]:
    """The rows in these blocks, a few at a time, each with the position of its run."""
    numbers = np.concatenate([_EMPTY, *(one.first + which for one, which in wanted)])
    of = np.repeat(np.arange(len(wanted)), [len(which) for _, which in wanted])
    for start in range(0, len(numbers), _AT_ONCE):
        found = bodies(connection, numbers[start : start + _AT_ONCE].tolist())
        runs, firsts = np.unique(of[start : start + _AT_ONCE], return_index=True)
        for i, low, high in zip(runs.tolist(), firsts, [*firsts[1:], len(found)], strict=True):
            rows = np.frombuffer(b"".join(found[low:high]), dtype="<u8")
            if len(rows):
                yield i, rows


def _under(rows: Rows, keys: Keys) -> tuple[Rows, Numbers]:
    """Those of the rows that are under the keys, and how many are under each."""
    wide = keys.astype(np.uint64) << _HALF
    start = np.searchsorted(rows, wide, side="left")
    counts = np.searchsorted(rows, wide | _TEXT, side="right") - start
    return rows[spread(start, counts)], counts


def spread(starts: Numbers, counts: Numbers) -> Numbers:
    """The positions of stretches that begin at ``starts`` and are ``counts`` long, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)


def _interleaved(parts: Sequence[Rows], counts: Numbers) -> Rows:
    """Rows in order, out of runs that are in order and follow each other within each key.

    ``counts`` says how many rows a run (row) has under a key (column).
    """
    ends = np.cumsum(counts.T.ravel()).reshape(counts.T.shape).T
    rows = np.empty(int(counts.sum()), dtype=np.uint64)
    for part, start, count in zip(parts, ends - counts, counts, strict=True):
        rows[spread(start, count)] = part
    return rows
