"""The index keeps the same clusters whatever the order, the batches, the repeats and the removals."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import bulk, index_documents
from ingest.algo import ALGO
from ingest.article import Lang
from ingest.database import open_engine
from ingest.dedup import compare, components
from ingest.fingerprint import fingerprint
from ingest.index import Changes, Index, Limits, Member, View, create_tables
from ingest.index_samples import SLOTS
from ingest.index_tables import block, doc, edge, metadata, outdated, sample, text
from tests.ingest.newsroom import misread, page, retold, story

NOON = "2024-05-01T12:00:00Z"


def member(id_: str, words: str, lang: str = "en", **known: object) -> Member:
    given_: dict[str, object] = {"published": None, "retrieved_at": NOON}
    return Member(id=id_, fingerprint=fingerprint(words, Lang(lang)), **(given_ | known))  # type: ignore[arg-type]


@contextmanager
def index(engine: sa.Engine, limits: Limits | None = None) -> Iterator[Index]:
    """The index in a transaction of its own."""
    with engine.begin() as connection:
        yield Index(connection, limits)


def clear(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for table in metadata.tables.values():
            connection.execute(sa.delete(table))


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = open_engine(tmp_path_factory.mktemp("index") / "ledger.db")
    create_tables(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql(postgres: str) -> Iterator[sa.Engine]:
    engine = open_engine(postgres)
    create_tables(engine)
    yield engine
    metadata.drop_all(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    made: sa.Engine = request.getfixturevalue(request.param)
    clear(made)
    return made


def copies() -> list[Member]:
    """Ten documents of four stories: copies, cuts, an update, a translation pair, a roundup."""
    first, second, third = story(1), story(2, "ko"), story(3)
    return [
        member("a1", page(first)),
        member("a2", page(first), published="2024-04-30"),
        member("a3", page(first[:8]), published="2024-04-29T10:00:00+09:00"),
        member("a4", page([*story(9, "en", 4), *first])),
        member("b1", page(second), "ko", published="2024-01"),
        member("b2", misread(page(second), 1), "ko"),
        member("c1", page(retold(third, 1)), is_translation=True),
        member("c2", page(retold(third, 2)), is_translation=True),
        member("d1", page([*story(5)[:12], *story(6)[:12], *first[:12], *story(7)[:12]])),
        member("e1", "Too short to tell."),
    ]


EXPECTED = [("a1", "a2", "a3", "a4"), ("b1", "b2"), ("c1", "c2"), ("d1",), ("e1",)]


def state(engine: sa.Engine, ids: Sequence[str]) -> list[object]:
    """All that the index says of these documents."""
    with index(engine) as made:
        return [(made.cluster_of(id_), made.edges(id_)) for id_ in sorted(ids)]


def test_copies_come_together_and_are_told_apart(engine: sa.Engine) -> None:
    with index(engine) as made:
        changes = made.add(copies())
    assert [tuple(match.id for match in one.members) for one in changes.clusters] == sorted(EXPECTED, key=_cluster_id)
    story_a = next(one for one in changes.clusters if one.canonical == "a4")
    assert story_a.id == "a3"
    assert [(match.id, match.other, match.relation) for match in story_a.members] == [
        ("a1", "a4", "near"),
        ("a2", "a4", "near"),
        ("a3", "a1", "near"),
        ("a4", None, None),
    ]


def _cluster_id(members: tuple[str, ...]) -> str:
    return {"a1": "a3"}.get(members[0], members[0])


def test_a_part_is_named_and_does_not_join(engine: sa.Engine) -> None:
    with index(engine) as made:
        made.add(copies())
        made.add([member("f1", page(story(6)[:12]))])
        assert [(one.other, one.relation) for one in made.edges("f1")] == [("d1", "part_of")]
        assert made.members("f1") == ("f1",)


def test_a_document_no_one_knows_has_no_cluster(engine: sa.Engine) -> None:
    with index(engine) as made:
        assert made.cluster_of("nobody") is None
        assert made.members("nobody") == ()
        assert made.edges("nobody") == ()
        assert made.remove(["nobody"]) == Changes()
        assert made.add([]) == Changes()


def test_the_same_again_changes_nothing(engine: sa.Engine) -> None:
    with index(engine) as made:
        first = made.add(copies())
    before = _sizes(engine)
    with index(engine) as made:
        again = made.add(copies())
    assert again == first
    assert _sizes(engine) == before


def test_documents_are_told_apart_whose_ids_have_one_key(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [one.id for one in copies()]
    english = member("b1", page(retold(story(3), 1)), view=View.ENGLISH)
    with index(engine) as made:
        made.add([*copies(), english, replace(copies()[0], published="2020-01-01")])
    expected = state(engine, ids), _sizes(engine)
    clear(engine)
    monkeypatch.setattr(index_documents, "_key", lambda _id: 7)
    with index(engine) as made:
        made.add([*copies(), english, member("x1", page(story(4)))])
        made.add([replace(copies()[0], published="2020-01-01")])
        made.remove(["x1"])
    assert (state(engine, ids), _sizes(engine)) == expected


def test_a_document_that_goes_takes_both_its_views_with_it(engine: sa.Engine) -> None:
    with index(engine) as made:
        made.add([member("b1", page(story(2, "ko")), "ko"), member("b1", page(story(2)), view=View.ENGLISH)])
        made.add([member("b1", page(story(3)), view=View.ENGLISH), member("z1", page(story(4)))])
        made.remove(["b1"])
        assert made.members("b1") == ()
    with engine.begin() as connection:
        assert connection.execute(sa.select(doc.c.id)).scalars().all() == ["z1"]
    assert _sizes(engine)[-2:] == [len(fingerprint(page(story(4)), Lang("en")).sketch) + 2, 1]


@given(seed=st.integers(0, 10**6), cuts=st.lists(st.integers(0, 10), max_size=4), repeats=st.lists(st.integers(0, 9)))
@settings(max_examples=8, deadline=None)
def test_order_batches_and_repeats_make_no_difference(
    sqlite: sa.Engine, seed: int, cuts: list[int], repeats: list[int]
) -> None:
    ids = [one.id for one in copies()]
    clear(sqlite)
    with index(sqlite) as made:
        made.add(copies())
    expected = state(sqlite, ids)
    clear(sqlite)
    shuffled = random.Random(seed).sample(copies(), 10) + [copies()[i] for i in repeats]
    bounds = [0, *sorted(cuts), len(shuffled)]
    for start, stop in pairwise(bounds):
        with index(sqlite) as made:
            made.add(shuffled[start:stop])
    assert state(sqlite, ids) == expected


@given(seed=st.integers(0, 10**6), count=st.integers(1, 9))
@settings(max_examples=8, deadline=None)
def test_what_is_removed_leaves_the_rest_as_if_it_had_never_been_there(
    sqlite: sa.Engine, seed: int, count: int
) -> None:
    gone = {one.id for one in random.Random(seed).sample(copies(), count)}
    kept = [one for one in copies() if one.id not in gone]
    clear(sqlite)
    with index(sqlite) as made:
        made.add(kept)
    expected = state(sqlite, [one.id for one in kept]), _sizes(sqlite)
    clear(sqlite)
    with index(sqlite) as made:
        made.add(copies())
        made.remove(gone)
    assert (state(sqlite, [one.id for one in kept]), _sizes(sqlite)) == expected


def _sizes(engine: sa.Engine) -> list[int]:
    """How many texts, documents and verdicts the index has, how many rows of keys, how many texts' marks."""
    with engine.begin() as connection:
        counted = [
            connection.execute(sa.select(sa.func.count()).select_from(one)).scalar() for one in (text, doc, edge)
        ]
        rows = sum(len(body) // 8 for body in connection.execute(sa.select(block.c.body)).scalars())
        held = connection.execute(sa.select(sample.c.body)).scalars()
        return [
            *(count or 0 for count in counted),
            rows,
            sum(SLOTS - body[SLOTS : 2 * SLOTS].count(0) for body in held),
        ]


@given(st.lists(st.integers(0, 9), min_size=1, unique=True))
@settings(max_examples=8, deadline=None)
def test_clusters_are_those_of_comparing_every_pair_and_adding_never_splits_one(
    sqlite: sa.Engine, order: list[int]
) -> None:
    clear(sqlite)
    together: set[tuple[str, str]] = set()
    added: list[Member] = []
    for i in order:
        with index(sqlite) as made:
            made.add([copies()[i]])
            added.append(copies()[i])
            groups = [made.members(one.id) for one in added]
        now = {(a, b) for group in groups for a in group for b in group}
        assert together <= now
        together = now
    prints = [one.fingerprint for one in added]
    links = [
        (i, j)
        for i, one in enumerate(prints)
        for j, other in enumerate(prints[:i])
        if len(set(one.sketch) & set(other.sketch)) >= 2 and (verdict := compare(one, other)) and verdict.joins
    ]
    expected = {tuple(sorted(added[i].id for i in part)) for part in components(range(len(added)), links)}
    assert set(groups) == expected


def test_a_former_cluster_id_leads_to_the_present_cluster(engine: sa.Engine) -> None:
    words = story(1)
    with index(engine) as made:
        assert [one.id for one in made.add([member("m", page(words), published="2024-04-02")]).clusters] == ["m"]
        (merged,) = made.add([member("z", page(words[1:]), published="2024-04-01")]).clusters
        assert (merged.id, merged.former) == ("z", ("m",))
        assert made.members("m") == made.members("z") == ("m", "z")


def test_a_bridge_joins_two_clusters_and_its_removal_parts_them(engine: sa.Engine) -> None:
    words = story(1, "en", 24)
    ends = [member("first", page(words[:10])), member("last", page(words[14:]))]
    with index(engine) as made:
        assert len(made.add(ends).clusters) == 2
        (joined,) = made.add([member("whole", page(words[:10] + words[14:]))]).clusters
        assert set(joined.former) == {"last"}
        assert [one.id for one in made.remove(["whole"]).clusters] == ["first", "last"]
        assert made.members("last") == ("last",)


def test_an_original_that_comes_after_its_translation_takes_its_place(engine: sa.Engine) -> None:
    english = page(retold(story(3), 1))
    with index(engine) as made:
        made.add([member("edition", english, is_translation=True)])
        original = member("original", page(story(3, "ko")), "ko", published="2024-04-01")
        assert made.add([original]).clusters[0].members[0].id == "original"
        rendered = member("original", page(retold(story(3), 2)), published="2024-04-01", view=View.ENGLISH)
        (joined,) = made.add([rendered]).clusters
    assert (joined.id, joined.canonical) == ("original", "original")
    assert [(match.id, match.relation) for match in joined.members] == [
        ("edition", "translation"),
        ("original", None),
    ]


def test_a_new_version_takes_the_place_of_the_former_one(engine: sa.Engine) -> None:
    with index(engine) as made:
        made.add([member("a", page(story(1))), member("b", page(story(1)[:10]))])
        changes = made.add([member("b", page(story(2)))])
        assert [(one.id, len(one.members)) for one in changes.clusters] == [("a", 1), ("b", 1)]
        assert made.edges("a") == ()


def test_a_crowded_key_is_left_out_and_made_up_for(engine: sa.Engine) -> None:
    crowd = [member(f"x{i}", page([*story(10 + i, "en", 2), *story(1)])) for i in range(5)]
    few = Limits(crowd=1, meeting=2)
    with index(engine) as made:
        made.add(crowd)
        expected = [made.edges(one.id) for one in crowd]
    clear(engine)
    with index(engine, few) as made:
        parts = [made.add([one]) for one in crowd]
        assert [made.edges(one.id) for one in crowd] != expected
        assert [part.partly for part in parts] == [(), (), ("x2",), ("x3",), ("x4",)]
    with index(engine, few) as made:
        made.complete()
        assert [made.edges(one.id) for one in crowd] == expected
        assert made.complete() == Changes()
        assert made.add([crowd[4]]).partly == ()


def test_a_backfill_gives_the_same_clusters_and_verdicts(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH", 3)
    ids = [one.id for one in copies()]
    with index(engine) as made:
        made.add(copies())
    expected = state(engine, ids), _sizes(engine)
    clear(engine)
    with engine.begin() as connection:
        changes = bulk.add(connection, copies())
    assert (state(engine, ids), _sizes(engine)) == expected
    assert {len(one.members) for one in changes.clusters} == {4, 2}


def test_a_backfill_into_a_filled_index_compares_what_is_new_with_what_was_there(engine: sa.Engine) -> None:
    ids = [one.id for one in copies()]
    with index(engine) as made:
        made.add(copies())
    expected = state(engine, ids)
    clear(engine)
    with engine.begin() as connection:
        Index(connection).add(copies()[::2])
        bulk.add(connection, copies()[1::2])
    assert state(engine, ids) == expected


def killed_after_adding(engine: sa.Engine, members: Sequence[Member]) -> None:
    with index(engine) as made:
        made.add(members)
        raise RuntimeError("killed")


def test_a_rolled_back_batch_leaves_no_trace(engine: sa.Engine) -> None:
    with index(engine) as made:
        made.add(copies()[:4])
    before = state(engine, ["a1", "b1"])
    with pytest.raises(RuntimeError, match="killed"):
        killed_after_adding(engine, copies()[4:])
    assert state(engine, ["a1", "b1"]) == before


def test_a_document_of_an_older_algorithm_is_named_until_it_is_added_anew(engine: sa.Engine) -> None:
    new = member("a", page(story(1)))
    old = replace(new, fingerprint=replace(new.fingerprint, algo=ALGO - 1, exact=bytes(16)))
    with engine.begin() as connection:
        made = Index(connection)
        made.add([old, member("b", page(story(1)))])
        assert outdated(connection) == ["a"]
        assert made.members("a") == ("a",)
        made.add([new])
        assert outdated(connection) == []
        assert made.members("a") == ("a", "b")
