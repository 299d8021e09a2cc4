"""A function and an argument in, its result out: in a worker process of bounded time and memory."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Self

_STARTING_S = 60.0
"""How long a worker may need to start and to load its libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one call may cost.

    Attributes:
        seconds: of CPU time.
        patience: of wall-clock time, as a multiple of ``seconds``: for a worker that waits instead of working.
        memory: bytes of address space of a worker, its libraries included.
    """

    seconds: int
    patience: float
    memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A call without a result. ``dead`` where the worker went with it; ``killed`` where somebody else ended it."""

    reason: str
    dead: bool = True
    killed: bool = False


class Worker:
    """One worker process, made for one function of one argument; both, and the result, can be pickled.

    What the function raises but MemoryError and RecursionError ends the worker: it is the function's to catch.
    """

    def __init__(self, function: Callable[[Any], Any], bounds: Bounds) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, function, bounds), daemon=True, name="newsgloss-worker"
        )
        self._process.start()
        theirs.close()
        self._bounds = bounds
        self.calls = 0
        self.deadline = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it lives."""
        return self._process.is_alive()

    def give(self, argument: object) -> None:
        """Begin a call; its answer is to be taken before the next one."""
        starting = 0.0 if self.calls else _STARTING_S
        self.calls += 1
        self.deadline = time.monotonic() + starting + self._bounds.seconds * self._bounds.patience
        with contextlib.suppress(OSError):  # a worker that died shows when it is asked for its answer
            self.pipe.send(argument)

    def take(self) -> Any:
        """The answer, if it is there; `Lost` where there will be none; None where it is not there yet."""
        if not self.pipe.poll():
            return None if time.monotonic() < self.deadline else Lost(reason="was not read in time")
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            self._process.join(timeout=5)
            return _lost(self._process.exitcode, self._bounds)

    def call(self, argument: object) -> Any:
        """One call from its begin to its answer (or `Lost`)."""
        self.give(argument)
        self.pipe.poll(max(0.0, self.deadline - time.monotonic()))
        return self.take()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()


def _lost(exitcode: int | None, bounds: Bounds) -> Lost:
    if exitcode == -signal.SIGXCPU:
        return Lost(reason=f"takes more than {bounds.seconds} s to read")
    if exitcode == -signal.SIGKILL:
        return Lost(reason="was lost when its reader was killed", killed=True)
    return Lost(reason="broke its reader")


def _serve(pipe: Connection, function: Callable[[Any], Any], bounds: Bounds) -> None:
    """A worker's life: an argument in, a result out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it ends its workers
    _bound_memory(bounds.memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            argument = pipe.recv()
            _bound_time(bounds.seconds)
            pipe.send(_answer(function, argument, bounds))


def _answer(function: Callable[[Any], Any], argument: object, bounds: Bounds) -> Any:
    try:
        return function(argument)
    except MemoryError:
        return Lost(reason=f"needs more than {bounds.memory // 1024**2} MB of memory to read", dead=False)
    except RecursionError:
        return Lost(reason="is nested too deeply to read", dead=False)


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
