"""Items and a way to load one in, each of them loaded out as it is done: many hosts at a time, one place in turn."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar
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
    """``load`` of each item, in the items' order; see `as_loaded`."""
    results = dict(pair for group in as_loaded(items, load, place, workers=workers) for pair in group)
    return [results[number] for number in range(len(items))]


def as_loaded(
    items: Sequence[Item],
    load: Callable[[Item], Result],
    place: Callable[[Item], str | None],
    *,
    workers: int = WORKERS,
) -> Iterator[list[tuple[int, Result]]]:
    """``load`` of each item beside its number, in groups as they are done: who keeps them fetches nothing twice.

    Items of one place are loaded one after another, in their order; different places at the same time; those of no
    place first, as one group. An exception of ``load`` ends the work at once, and so does an interrupt, once what is
    done is out; loads under way are left to their own end.
    """
    lines: dict[str, deque[int]] = {}
    own = []
    for number, item in enumerate(items):
        where = place(item)
        if where is None:
            own.append(number)
        else:
            lines.setdefault(where, deque()).append(number)
    if own:
        yield [(number, load(items[number])) for number in own]
    if len(lines) == 1:
        for number in next(iter(lines.values())):
            yield [(number, load(items[number]))]
    elif lines:
        yield from _side_by_side(items, load, list(lines.values()), workers)


@dataclass(frozen=True, slots=True)
class _Done(Generic[Result]):
    number: int
    result: Result


@dataclass(frozen=True, slots=True)
class _Ended:
    """A place has no more items, or its thread met an error."""

    error: BaseException | None = None


def _side_by_side(
    items: Sequence[Item], load: Callable[[Item], Result], lines: list[deque[int]], workers: int
) -> Iterator[list[tuple[int, Result]]]:
    """Longest line first, so that the end does not wait for one host alone."""
    stop = threading.Event()
    told: SimpleQueue[_Done[Result] | _Ended] = SimpleQueue()

    def one_place(line: deque[int]) -> None:
        try:
            for number in line:
                if stop.is_set():
                    break
                told.put(_Done(number, load(items[number])))
        except BaseException as error:  # noqa: BLE001 - raised by the thread that reads
            told.put(_Ended(error))
        else:
            told.put(_Ended())

    pool = ThreadPoolExecutor(max_workers=min(workers, len(lines)), thread_name_prefix="fetch")
    try:
        for line in sorted(lines, key=len, reverse=True):
            pool.submit(one_place, line)
        yield from _as_told(told, len(lines))
    except BaseException:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _as_told(told: SimpleQueue[_Done[Result] | _Ended], places: int) -> Iterator[list[tuple[int, Result]]]:
    """What is done by now, as often as something is, until each place has ended."""
    while places:
        try:
            news = [told.get(), *_waiting(told)]
        except KeyboardInterrupt:
            if rest := _results(_waiting(told)):
                yield rest
            raise
        if group := _results(news):
            yield group
        ends = [each for each in news if isinstance(each, _Ended)]
        if error := next((end.error for end in ends if end.error is not None), None):
            raise error
        places -= len(ends)


def _results(news: Iterable[_Done[Result] | _Ended]) -> list[tuple[int, Result]]:
    return [(each.number, each.result) for each in news if isinstance(each, _Done)]


def _waiting(told: SimpleQueue[_Done[Result] | _Ended]) -> list[_Done[Result] | _Ended]:
    found: list[_Done[Result] | _Ended] = []
    while True:
        try:
            found.append(told.get_nowait())
        except Empty:
            return found
