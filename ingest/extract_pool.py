"""RawPages -> Articles, each HTML page read in a worker process that may use so much time and memory and no more."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Self

from ingest.article import Article, RawPage
from ingest.decode import refuse
from ingest.errors import InputError
from ingest.extract import HTML_TYPES, extract

Outcome = Article | InputError

_STARTING_S = 60.0
"""How long a worker may need to start and to load its libraries."""


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
        self._workers: list[_Worker] = []
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
        while waiting or any(worker.number is not None for worker in self._workers):
            for worker in self._idle(len(waiting)):
                number = waiting.pop()
                worker.give(number, pages[number])
            done.update(self._collect(pages))
        return [done[number] for number in range(len(pages))]

    def _idle(self, wanted: int) -> list[_Worker]:
        """Workers without a page, no more than are wanted; missing ones are started, worn ones replaced."""
        for worker in [
            worker for worker in self._workers if worker.number is None and worker.read >= self._limits.pages
        ]:
            self._dismiss(worker)
        busy = sum(worker.number is not None for worker in self._workers)
        while len(self._workers) < self._size and len(self._workers) - busy < wanted:
            self._workers.append(_Worker(self._limits))
        return [worker for worker in self._workers if worker.number is None][:wanted]

    def _collect(self, pages: Sequence[RawPage]) -> dict[int, Outcome]:
        """What became of pages by now; waits until something did, or a worker's time is over."""
        busy = [worker for worker in self._workers if worker.number is not None]
        if not busy:
            return {}
        wait([worker.pipe for worker in busy], timeout=max(0.0, min(w.deadline for w in busy) - time.monotonic()))
        found: dict[int, Outcome] = {}
        for worker in busy:
            number = worker.number
            outcome = worker.take()
            if outcome is None and time.monotonic() < worker.deadline:
                continue
            if number is None:
                continue
            if outcome is None or isinstance(outcome, _Died):
                reason = outcome.reason if outcome else "was not read in time"
                self._dismiss(worker)
                outcome = _lost(pages[number], reason, transient="killed" in reason)
            found[number] = outcome
        return found

    def _dismiss(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.close()

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            for worker in list(self._workers):
                self._dismiss(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _Died:
    reason: str


class _Worker:
    """One worker process, and the page it has."""

    def __init__(self, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, limits), daemon=True, name="newsgloss-extract")
        self._process.start()
        theirs.close()
        self._limits = limits
        self.number: int | None = None
        self.read = 0
        self.deadline = 0.0

    def give(self, number: int, page: RawPage) -> None:
        starting = 0.0 if self.read else _STARTING_S
        self.number = number
        self.read += 1
        self.deadline = time.monotonic() + starting + self._limits.seconds * self._limits.patience
        with contextlib.suppress(OSError):  # a worker that died shows when it is asked for its answer
            self.pipe.send(page)

    def take(self) -> Outcome | _Died | None:
        """The answer, if it is there; how the worker died, if it did."""
        if not self.pipe.poll():
            return None
        try:
            answer: Article | tuple[str, str, bool, str | None] = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join(timeout=5)
            return _Died(_cause(self._process.exitcode, self._limits))
        self.number = None
        if isinstance(answer, tuple):
            locator, reason, transient, hint = answer
            return InputError(locator, reason, transient=transient, hint=hint)
        return answer

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def _cause(exitcode: int | None, limits: Limits) -> str:
    if exitcode == -signal.SIGXCPU:
        return f"takes more than {limits.seconds} s to read"
    return "was lost when its reader was killed" if exitcode == -signal.SIGKILL else "broke the reader of pages"


def _lost(page: RawPage, reason: str, *, transient: bool = False) -> InputError:
    locator = page.provenance.target_uri or page.provenance.source
    return InputError(locator, reason, transient=transient, hint="the page is left out")


def _serve(pipe: Connection, limits: Limits) -> None:
    """A worker's life: a page in, an Article out (or what an InputError says), until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it ends its workers
    _bound_memory(limits.memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            page: RawPage = pipe.recv()
            _bound_time(limits.seconds)
            pipe.send(_answer(page, limits))


def _answer(page: RawPage, limits: Limits) -> Any:
    try:
        return extract(page)
    except InputError as error:
        return error.locator, error.reason, error.transient, error.hint
    except MemoryError:
        lost = _lost(page, f"needs more than {limits.memory // 1024**2} MB of memory to read")
    except RecursionError:
        lost = _lost(page, "is nested too deeply to read")
    return lost.locator, lost.reason, lost.transient, lost.hint


def _bound_memory(size: int) -> None:
    """Past this, allocation fails with MemoryError. Does nothing where the system knows no such limit."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _bound_time(seconds: int) -> None:
    """From now on the process may use so many more seconds of CPU time, then the system ends it (SIGXCPU)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))
