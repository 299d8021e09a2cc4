"""RawPages -> Articles, each HTML page read in a worker process that may use so much time and memory and no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Self

from ingest.article import Article, RawPage
from ingest.decode import refuse
from ingest.errors import InputError
from ingest.extract import HTML_TYPES, extract
from ingest.limited import Bounds, Lost, Worker

Outcome = Article | InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may cost.

    Attributes:
        seconds: of CPU time; the largest real pages need about one.
        patience: of wall-clock time, as a multiple of ``seconds``: for a worker that waits instead of working.
        memory: bytes of address space of a worker, its libraries (about 500 MB) included.
        pages: how many pages a worker reads before a fresh one takes its place, so that nothing piles up.
    """

    seconds: int = 20
    patience: float = 6.0
    memory: int = 3 * 1024**3
    pages: int = 2000


class Extractor:
    """Workers that extract pages; made once, used for many batches, closed at the end (a context manager).

    Workers start at the first HTML page. One that is killed by its limits, or by anything else, costs its page alone:
    the page becomes an `InputError` and a fresh worker goes on. Calls from several threads queue up.
    """

    def __init__(self, workers: int = 1, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._size = max(1, workers)
        self._workers: list[_Busy] = []
        self._lock = threading.Lock()

    def extract_many(self, pages: Sequence[RawPage]) -> list[Outcome]:
        """An article, or the reason why there is none, for each page: same length, same order."""
        with self._lock:
            return self._extract(pages)

    def _extract(self, pages: Sequence[RawPage]) -> list[Outcome]:
        done: dict[int, Outcome] = {}
        waiting: list[int] = []
        for number, page in enumerate(pages):
            try:
                refuse(page)
                if page.media_type in HTML_TYPES:
                    waiting.append(number)
                else:
                    done[number] = extract(page)
            except InputError as error:
                done[number] = error
        waiting.reverse()
        while waiting or any(busy.number is not None for busy in self._workers):
            for idle in self._idle(len(waiting)):
                idle.number = waiting.pop()
                idle.worker.give(pages[idle.number])
            done.update(self._collect(pages))
        return [done[number] for number in range(len(pages))]

    def _idle(self, wanted: int) -> list[_Busy]:
        """Workers without a page, no more than are wanted; missing ones are started, worn ones replaced."""
        for each in [each for each in self._workers if each.number is None]:
            if each.worker.calls >= self._limits.pages:
                self._dismiss(each)
        busy = sum(each.number is not None for each in self._workers)
        while len(self._workers) < self._size and len(self._workers) - busy < wanted:
            self._workers.append(_Busy(self._limits))
        return [each for each in self._workers if each.number is None][:wanted]

    def _collect(self, pages: Sequence[RawPage]) -> dict[int, Outcome]:
        """What became of pages by now; waits until something did, or a worker's time is over."""
        busy = [each for each in self._workers if each.number is not None]
        if not busy:
            return {}
        patience = min(each.worker.deadline for each in busy) - time.monotonic()
        wait([each.worker.pipe for each in busy], timeout=max(0.0, patience))
        found: dict[int, Outcome] = {}
        for each in busy:
            answer = each.worker.take()
            if answer is None or each.number is None:
                continue
            found[each.number] = _outcome(pages[each.number], answer)
            each.number = None
            if isinstance(answer, Lost) and answer.dead:
                self._dismiss(each)
        return found

    def _dismiss(self, busy: _Busy) -> None:
        self._workers.remove(busy)
        busy.worker.close()

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            for each in list(self._workers):
                self._dismiss(each)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


class _Busy:
    """A worker, and the number of the page it has."""

    def __init__(self, limits: Limits) -> None:
        bounds = Bounds(seconds=limits.seconds, patience=limits.patience, memory=limits.memory)
        self.worker = Worker(_answer, bounds)
        self.number: int | None = None


def _answer(page: RawPage) -> Article | tuple[str, str, bool, str | None]:
    """In the worker: an Article, or what an InputError says."""
    try:
        return extract(page)
    except InputError as error:
        return error.locator, error.reason, error.transient, error.hint


def _outcome(page: RawPage, answer: Any) -> Outcome:
    match answer:
        case Article():
            return answer
        case Lost():
            locator = page.provenance.target_uri or page.provenance.source
            return InputError(locator, answer.reason, transient=answer.killed, hint="the page is left out")
        case _:
            locator, reason, transient, hint = answer
            return InputError(locator, reason, transient=transient, hint=hint)
