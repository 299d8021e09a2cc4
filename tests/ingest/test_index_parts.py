"""What the index is made of: sorted runs that find what a set would, and short cuts that leave nothing out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import index_meetings as meetings
from ingest import index_postings as postings
from ingest import index_samples, likeness_screen
from ingest.article import EN
from ingest.database import open_engine
from ingest.dedup import LEAST_CONTAINMENT, LEAST_JACCARD, compare
from ingest.fingerprint import Fingerprint, fingerprint
from ingest.index_meetings import Asking, Limits, go_through, meet
from ingest.index_postings import Kind
from ingest.index_samples import samples_of
from ingest.index_tables import block, metadata, run
from ingest.likeness import overlapping
from ingest.likeness_screen import alike
from tests.ingest.newsroom import misread, page, retold, story

Held = set[tuple[int, int]]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    made = open_engine(tmp_path_factory.mktemp("parts") / "ledger.db")
    metadata.create_all(made)
    yield made
    made.dispose()


# -- runs ------------------------------------------------------------------------------------------------------------

some_keys = st.sampled_from([-(2**31), -5, -1, 0, 1, 2, 3, 70_000, 2**31 - 1])
batches = st.lists(st.lists(st.lists(some_keys, max_size=4), max_size=6), max_size=12)


def rows(held: Held) -> postings.Rows:
    ordered = sorted(held)
    return postings.rows_of((key for key, _ in ordered), np.array([text for _, text in ordered], dtype=np.int64))


def found(connection: sa.Connection, keys: set[int]) -> list[int]:
    asked = postings.keys_of(rows({(key, 0) for key in keys}))
    made: list[int] = postings.find(connection, Kind.SKETCH, asked).tolist()
    return made


@given(batches, st.sets(some_keys), st.sets(st.integers(1, 60)))
@settings(max_examples=40, deadline=None)
def test_runs_find_in_order_what_a_set_would(
    engine: sa.Engine, batches: list[list[list[int]]], asked: set[int], gone: set[int]
) -> None:
    held: Held = set()
    number = 0
    with pytest.MonkeyPatch.context() as small, engine.connect() as connection:
        for name, value in (("BLOCK", 3), ("_SLICE", 6), ("_AT_ONCE", 2)):
            small.setattr(postings, name, value)
        for batch in batches:
            new = {(key, number + i) for i, keys in enumerate(batch, 1) for key in keys}
            number += len(batch)
            postings.add(connection, Kind.SKETCH, rows(new))
            held |= new
            assert found(connection, asked) == rows({one for one in held if one[0] in asked}).tolist()
        dropped = {one for one in held if one[1] in gone}
        postings.remove(connection, Kind.SKETCH, rows(dropped))
        left = {one for one in held - dropped if one[0] in asked}
        assert found(connection, asked) == rows(left).tolist()
        assert len(postings.find(connection, Kind.EXACT, np.arange(4, dtype=np.uint32))) == 0


def test_few_runs_are_left_however_many_were_added(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        for number in range(1, 65):
            postings.add(connection, Kind.SKETCH, rows({(number % 7, number)}))
        assert connection.execute(sa.select(run.c.level)).scalars().all() == [3]
        assert connection.execute(sa.select(sa.func.count()).select_from(block)).scalar() == 1


def test_runs_are_merged_up_to_a_size(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "LARGEST", 5 * postings.BLOCK)
    with engine.connect() as connection:
        for number in range(1, 41):
            postings.add(connection, Kind.SKETCH, rows({(number % 7, number)}))
        assert connection.execute(sa.select(run.c.level).order_by(run.c.first)).scalars().all() == [2, 2, 1, 1]
        monkeypatch.setattr(postings, "LARGEST", 0)
        for number in range(41, 51):
            postings.add(connection, Kind.SKETCH, rows({(number % 7, number)}))
        assert connection.execute(sa.select(sa.func.count()).select_from(run)).scalar() == 14
        assert len(found(connection, set(range(7)))) == 50


def test_a_row_that_is_removed_is_in_no_block(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        postings.add(connection, Kind.SKETCH, rows({(7, 1), (7, 2), (9, 2)}))
        postings.remove(connection, Kind.SKETCH, rows({(7, 2), (9, 2)}))
        (body,) = connection.execute(sa.select(block.c.body)).scalars()
        assert np.frombuffer(body, dtype="<u8").tolist() == rows({(7, 1)}).tolist()


# -- samples ---------------------------------------------------------------------------------------------------------

marked = st.dictionaries(
    st.integers(1, 60), st.tuples(st.integers(0, 60), st.binary(max_size=96).map(lambda b: b + b))
)


@given(st.lists(marked, max_size=6), st.sets(st.integers(1, 60)))
@settings(max_examples=40, deadline=None)
def test_marks_are_read_as_they_were_written_last(
    engine: sa.Engine, portions: list[dict[int, tuple[int, bytes]]], gone: set[int]
) -> None:
    held: dict[int, tuple[int, bytes]] = {}
    with pytest.MonkeyPatch.context() as small, engine.connect() as connection:
        small.setattr(index_samples, "_AT_ONCE", 2)
        for portion in portions:
            index_samples.write(connection, portion)
            held |= portion
        index_samples.forget(connection, gone & held.keys())
        held |= dict.fromkeys(gone & held.keys(), (0, b""))
        numbers = sorted(held)
        read = index_samples.read(connection, np.array(numbers, dtype=np.int64))
    assert [(int(scale), read.of(i)) for i, scale in enumerate(read.scales)] == [held[number] for number in numbers]


# -- meetings --------------------------------------------------------------------------------------------------------

sketches = st.lists(st.sets(st.integers(-4, 9), max_size=6), min_size=1, max_size=14)


def sharing_two(made: list[set[int]]) -> Held:
    pairs = combinations(range(len(made)), 2)
    return {(a + 1, b + 1) for a, b in pairs if len(made[a] & made[b]) >= 2}


def asked(made: list[set[int]], asking: list[int], waiting: list[int]) -> Asking:
    """The texts 1, 2... have these sketches; some of them ask."""
    own = rows({(key, number) for number in asking for key in made[number - 1]})
    keys = {key for number in asking for key in made[number - 1]}
    under = {(key, number) for number, sketch in enumerate(made, 1) for key in sketch & keys}
    return Asking(own=own, rows=rows(under), waiting=np.array(waiting, dtype=np.int64))


def pairs_of(asking: Asking, limits: Limits) -> tuple[list[tuple[int, int]], frozenset[int]]:
    pairs, partly = meet(asking, limits)
    return [(min(pair), max(pair)) for pair in pairs.tolist()], partly


@given(sketches, st.integers(0, 13), st.integers(1, 6))
def test_new_texts_meet_every_text_they_share_two_keys_with_once(made: list[set[int]], old: int, crowd: int) -> None:
    old = min(old, len(made) - 1)
    new = list(range(old + 1, len(made) + 1))
    pairs, partly = pairs_of(asked(made, new, new), Limits(crowd=crowd, meeting=20))
    assert sorted(pairs) == sorted(pair for pair in sharing_two(made) if pair[1] > old)
    assert not partly


@given(sketches, st.sets(st.integers(1, 14), min_size=1), st.integers(1, 4), st.integers(1, 6))
def test_texts_that_wait_find_each_pair_from_one_side(
    made: list[set[int]], waits: set[int], portion: int, crowd: int
) -> None:
    waiting = sorted(number for number in waits if number <= len(made))
    found_: list[tuple[int, int]] = []
    for start in range(0, len(waiting), portion):
        found_ += pairs_of(asked(made, waiting[start : start + portion], waiting), Limits(crowd=crowd, meeting=20))[0]
    assert sorted(found_) == sorted(pair for pair in sharing_two(made) if waits & set(pair))


@given(sketches, st.sets(st.integers(1, 14), min_size=1), st.integers(1, 40))
def test_going_through_all_rows_finds_the_same(made: list[set[int]], waits: set[int], rows_at_once: int) -> None:
    waiting = sorted(number for number in waits if number <= len(made))
    with pytest.MonkeyPatch.context() as small:
        small.setattr(meetings, "_AT_ONCE", rows_at_once)
        pairs = [pair for portion in go_through(asked(made, waiting, waiting)) for pair in portion.tolist()]
    assert sorted((min(pair), max(pair)) for pair in pairs) == sorted(
        pair for pair in sharing_two(made) if waits & set(pair)
    )


@given(sketches, st.integers(1, 5), st.integers(1, 5))
def test_a_text_that_misses_one_is_said_to_be_compared_in_part(made: list[set[int]], crowd: int, most: int) -> None:
    new = list(range(1, len(made) + 1))
    pairs, partly = pairs_of(asked(made, new, new), Limits(crowd=crowd, meeting=most))
    assert len(set(pairs)) == len(pairs)
    assert set(pairs) <= sharing_two(made)
    missed: dict[int, Held] = defaultdict(set)
    for pair in sharing_two(made) - set(pairs):
        missed[pair[1]].add(pair)
    assert missed.keys() <= partly


# -- the screen ------------------------------------------------------------------------------------------------------


@st.composite
def texts(draw: st.DrawFn) -> Fingerprint:
    """Texts of all lengths, many of which hang together somehow."""
    words = story(draw(st.integers(1, 3)), sentences=draw(st.sampled_from([1, 2, 5, 16, 60, 400])))
    words = words[draw(st.integers(0, 3)) : draw(st.sampled_from([3, 6, 12, 400]))]
    change = draw(st.sampled_from(["none", "retold", "misread"]))
    if change == "retold":
        words = retold(words, draw(st.integers(1, 2)))
    made = page(words)
    return fingerprint(misread(made, 1, 0.1) if change == "misread" and made else made, EN)


def pairs_between(ones: list[Fingerprint], others: list[Fingerprint]) -> npt.NDArray[np.int64]:
    return np.array([(i, j) for i in range(len(ones)) for j in range(len(others))], dtype=np.int64).reshape(-1, 2)


@given(st.lists(texts(), min_size=1, max_size=4), st.lists(texts(), max_size=8))
@settings(max_examples=60, deadline=None)
def test_the_screen_lets_all_pass_that_have_a_verdict(ones: list[Fingerprint], others: list[Fingerprint]) -> None:
    passed = alike(samples_of(ones), samples_of(others), pairs_between(ones, others))
    like = [[compare(one, other) is not None for other in others] for one in ones]
    assert np.array(like, dtype=np.bool_).ravel()[~passed].sum() == 0


@st.composite
def samples(draw: st.DrawFn) -> Fingerprint:
    """Made up: hashes of all sizes, as a sample of any scale has them."""
    scale = draw(st.integers(0, 12))
    highest = 1 << (64 - scale)
    hashes = draw(
        st.sets(st.sampled_from([*range(0, highest, highest // 40), highest // 3, highest // 9]), max_size=30)
    )
    hashes |= draw(st.sets(st.sampled_from(range(0, 2**52, 2**46)), max_size=60))
    marks = np.unique(np.array([hash_ >> (48 - scale) for hash_ in hashes], dtype=np.uint16)).astype("<u2")
    empty = fingerprint("", EN)
    exact = draw(st.binary(min_size=16, max_size=16))
    return replace(empty, exact=exact, scale=scale, size=100, marks=marks.tobytes(), places=bytes(len(marks)))


@given(st.lists(samples(), min_size=1, max_size=4), st.lists(samples(), max_size=6), st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_the_screen_lets_all_pass_that_share_enough_whatever_their_scales(
    ones: list[Fingerprint], others: list[Fingerprint], at_once: int
) -> None:
    pairs = pairs_between(ones, others)
    with pytest.MonkeyPatch.context() as small:
        small.setattr(likeness_screen, "_AT_ONCE", at_once)
        passed = alike(samples_of(ones), samples_of(others), pairs)
    for i, j in pairs[~passed].tolist():
        overlap = overlapping(ones[i], others[j])
        assert overlap.jaccard < LEAST_JACCARD
        assert overlap.containment < LEAST_CONTAINMENT


def test_the_screen_holds_back_what_shares_little() -> None:
    one, *others = (fingerprint(page(story(seed)), EN) for seed in range(1, 40))
    passed = alike(samples_of([one]), samples_of(others), pairs_between([one], others))
    assert passed.sum() < len(others) / 2
    assert alike(samples_of(others), samples_of(others), np.array([[3, 3]])).tolist() == [True]
