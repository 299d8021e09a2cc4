"""Loading side by side: results in order, one place in turn, and an error ends it."""

from __future__ import annotations

import threading

import pytest

from ingest.sources.gather import as_loaded, load_all


def test_results_come_in_the_order_of_the_items() -> None:
    items = list(range(100))
    assert load_all(items, str, lambda item: None if item % 7 == 0 else f"host{item % 5}") == [str(i) for i in items]
    assert load_all([], str, lambda _: "a") == []
    assert load_all([1, 2], str, lambda _: "a") == ["1", "2"]


def test_items_of_one_place_take_turns_and_places_run_side_by_side() -> None:
    together = threading.Barrier(2, timeout=20)
    order: list[int] = []

    def load(item: int) -> None:
        order.append(item)
        together.wait()  # breaks unless the other place is at work at the same time

    load_all([0, 1, 2, 3], load, lambda item: "even" if item % 2 == 0 else "odd")
    assert [item for item in order if item % 2 == 0] == [0, 2]
    assert [item for item in order if item % 2 == 1] == [1, 3]


@pytest.mark.parametrize("places", [1, 3])
def test_what_is_done_comes_out_before_the_rest_is(places: int) -> None:
    seen: list[int] = []
    last = threading.Event()

    def load(item: int) -> int:
        if item >= 9:
            assert last.wait(timeout=20)  # breaks unless the others have come out by now
        return item

    for group in as_loaded(list(range(12)), load, lambda item: f"host{item % places}"):
        seen += [result for _, result in group]
        if len(seen) == 9:
            last.set()
    assert sorted(seen) == list(range(12))


def test_an_error_ends_the_work() -> None:
    started = []

    def load(item: int) -> None:
        started.append(item)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        load_all(list(range(1000)), load, lambda item: f"host{item % 4}")
    assert len(started) <= 4
