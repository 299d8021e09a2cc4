"""Items and a way to load one in, all of them loaded out: many hosts at a time, the items of one place in turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar
from urllib.parse import urlsplit

from ingest.article import Ref

Item = TypeVar("Item")
Result = TypeVar("Result")

WORKERS = 64
"""Hosts at a time. A worker mostly waits: for its host's turn, or for bytes."""


def host_of(ref: Ref) -> str | None:
    """The host an item is fetched from; None for files, which are read in order by one thread."""
    return urlsplit(ref.locator).netloc if ref.kind == "url" else None


def load_all(
    items: Sequence[Item],
    load: Callable[[Item], Result],
    place: Callable[[Item], str | None],
    *,
    workers: int = WORKERS,
) -> list[Result]:
    """``load`` of each item, in the items' order.

    Items of one place are loaded one after another, in their order; different places at the same time. An exception
    of ``load``, or an interrupt, ends the work at once; loads under way are left to their own end.
    """
    lines: dict[str, deque[int]] = {}
    results: dict[int, Result] = {}
    for number, item in enumerate(items):
        where = place(item)
        if where is None:
            results[number] = load(item)
        else:
            lines.setdefault(where, deque()).append(number)
    if len(lines) == 1:
        return [results[number] if number in results else load(items[number]) for number in range(len(items))]
    if lines:
        results |= _side_by_side(items, load, list(lines.values()), workers)
    return [results[number] for number in range(len(items))]


def _side_by_side(
    items: Sequence[Item], load: Callable[[Item], Result], lines: list[deque[int]], workers: int
) -> dict[int, Result]:
    """Longest line first, so that the end does not wait for one host alone."""
    stop = threading.Event()

    def one_place(line: deque[int]) -> dict[int, Result]:
        return {number: load(items[number]) for number in line if not stop.is_set()}

    results: dict[int, Result] = {}
    pool = ThreadPoolExecutor(max_workers=min(workers, len(lines)), thread_name_prefix="fetch")
    try:
        waiting: set[Future[dict[int, Result]]] = {
            pool.submit(one_place, line) for line in sorted(lines, key=len, reverse=True)
        }
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                results |= future.result()
    except BaseException:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return results
