"""Texts' marks in, the marks of many texts at once out: packed in blocks by number, so that few pages are read.

Most texts that meet share little, and their marks tell so. With the rest of their fingerprints they would be read
from a page each; a block of `SLOTS` texts fills a page. A block is the scale of each text, how many marks each has (a
byte each), and the marks, sixteen bits each; a text that is not there has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ingest.fingerprint import Fingerprint
from ingest.index_postings import Numbers, spread
from ingest.index_tables import by_number, listed, put, sample

SLOTS = 24
"""Texts a block: with 72 marks each, the usual number, a page of SQLite, and half a page of PostgreSQL."""

_AT_ONCE = 1000
"""Blocks that are read at a time."""

Marks = npt.NDArray[np.uint16]
Bytes = npt.NDArray[np.uint8]

Sample = tuple[int, bytes]
"""Scale and marks of a text: see `ingest.fingerprint.Fingerprint`."""

_NONE: Sample = (0, b"")
_HEAD = 2 * SLOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """The marks of some texts, one after the other: text ``i`` has ``counts[i]`` from ``starts[i]``."""

    scales: Numbers
    starts: Numbers
    counts: Numbers
    marks: Marks

    def of(self, i: int) -> bytes:
        """A text's marks."""
        return self.marks[self.starts[i] : self.starts[i] + self.counts[i]].tobytes()


def samples_of(texts: Sequence[Fingerprint]) -> Samples:
    """The marks of these texts."""
    return _samples(
        np.array([one.scale for one in texts], dtype=np.int64),
        np.array([len(one.marks) // 2 for one in texts], dtype=np.int64),
        np.frombuffer(b"".join(one.marks for one in texts), dtype="<u2"),
    )


def read(connection: sa.Connection, numbers: Numbers) -> Samples:
    """The marks of the texts with these numbers, which are sorted, each once, and all there."""
    blocks, at = np.unique(numbers // SLOTS, return_inverse=True)
    parts = [(np.empty(0, np.uint8), np.empty(0, np.uint8), np.empty(0, np.uint16))]
    for start in range(0, len(blocks), _AT_ONCE):
        low, high = np.searchsorted(at, [start, start + _AT_ONCE])
        found = by_number(connection, "SELECT body FROM dup_sample", blocks[start : start + _AT_ONCE].tolist())
        parts.append(_taken([body for (body,) in found], at[low:high] - start, numbers[low:high] % SLOTS))
    scales, counts, marks = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _samples(scales.astype(np.int64), counts.astype(np.int64), marks)


def write(connection: sa.Connection, texts: Mapping[int, Sample]) -> None:
    """Put down the marks of numbered texts, in place of those that they had."""
    changed = {block: list(held) for block, held in groupby(sorted(texts), lambda number: number // SLOTS)}
    standing = dict(by_number(connection, "SELECT num, body FROM dup_sample", list(changed)))
    made = []
    for block, numbers in changed.items():
        slots = _unpacked(standing[block]) if block in standing else [_NONE] * SLOTS
        for number in numbers:
            slots[number % SLOTS] = texts[number]
        made.append((block, _packed(slots)))
    if standing:
        connection.execute(sa.delete(sample).where(sample.c.num.in_(listed(connection, standing, int))))
    put(connection, sample, made)


def forget(connection: sa.Connection, numbers: Iterable[int]) -> None:
    """Let the marks of these texts go."""
    write(connection, dict.fromkeys(numbers, _NONE))


def _samples(scales: Numbers, counts: Numbers, marks: Marks) -> Samples:
    return Samples(scales=scales, counts=counts, starts=np.cumsum(counts) - counts, marks=marks)


def _taken(bodies: Sequence[bytes], at: Numbers, slots: Numbers) -> tuple[Bytes, Bytes, Marks]:
    """Scales, numbers of marks, and marks of the texts in these slots of these blocks."""
    lengths = np.array([len(body) for body in bodies], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    joined = b"".join(bodies)
    heads = np.frombuffer(joined, dtype=np.uint8)[starts[:, None] + np.arange(_HEAD)]
    held = heads[:, SLOTS:].astype(np.int64)
    firsts = (starts[at] + _HEAD) // 2 + (np.cumsum(held, axis=1) - held)[at, slots]
    marks = np.frombuffer(joined, dtype="<u2")[spread(firsts, held[at, slots])]
    return heads[at, slots], heads[at, SLOTS + slots], marks


def _packed(slots: Sequence[Sample]) -> bytes:
    scales = bytes([scale for scale, _ in slots])
    counts = bytes([len(marks) // 2 for _, marks in slots])
    return b"".join((scales, counts, *[marks for _, marks in slots]))


def _unpacked(body: bytes) -> list[Sample]:
    slots, start = [], _HEAD
    for scale, count in zip(body[:SLOTS], body[SLOTS:_HEAD], strict=True):
        slots.append((scale, body[start : start + 2 * count]))
        start += 2 * count
    return slots
