"""Sentences in, one answer each out: work shared among child processes that may hang or die alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from ingest.errors import ModelError
from translate.document import Failure

SHARE = 8
"""Sentences that are worth another process: starting one costs about as much as translating eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a pool works.

    ``script`` is run by this Python; ``setup`` is its first input line; ``limit`` is how many seconds one sentence
    may take, loading the model included; ``workers`` is how many processes at most.
    """

    script: Path
    setup: Mapping[str, str | None]
    workers: int
    limit: float


class _Lost(Exception):  # noqa: N818  an event between worker and pool, never seen outside
    """The worker is gone: it crashed, or was killed because it took too long."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class _Worker:
    """One child process; used by one thread at a time."""

    def __init__(self, plan: Plan) -> None:
        self._limit = plan.limit
        self._replies: SimpleQueue[str] = SimpleQueue()
        self._process = subprocess.Popen(  # noqa: S603  our own script, no shell
            [sys.executable, "-P", str(plan.script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a panic prints a backtrace; its message comes back as an answer
            text=True,
            encoding="ascii",
        )
        self._reader = Thread(target=self._read, name="newsgloss-worker-reader", daemon=True)
        self._reader.start()
        with suppress(OSError):
            self._write(dict(plan.setup))

    def ask(self, sentence: str) -> str | Failure:
        """The answer to one sentence.

        Raises:
            _Lost: the process is gone; this worker is of no more use.
            ModelError: the process cannot load the model.
        """
        try:
            self._write(sentence)
            line = self._replies.get(timeout=self._limit)
        except Empty:
            raise _Lost(f"took longer than {self._limit:g} s", again=False) from None
        except OSError:
            line = ""
        if not line:
            raise _Lost(f"the engine died ({self._status()})", again=True)
        reply = json.loads(line)
        if "fatal" in reply:
            raise ModelError(f"the model does not load: {reply['fatal']}", hint="newsgloss models verify")
        return Failure(reason=reply["error"]) if "error" in reply else str(reply["text"])

    def close(self) -> None:
        """End the process; a sentence it is busy with is lost."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _read(self) -> None:
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self._replies.put(line)
        self._replies.put("")  # the end: whoever waits learns of it at once

    def _write(self, message: object) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _status(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            return f"exit status {self._process.wait(timeout=1)}"
        return "no exit status"


class Pool:
    """Answers lists of sentences with as many processes as they are worth, kept warm between calls."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._idle: list[_Worker] = []
        self._lock = Lock()
        self._threads = ThreadPoolExecutor(plan.workers, thread_name_prefix="newsgloss-pool")

    def map(self, sentences: Sequence[str]) -> list[str | Failure]:
        """The answer to each sentence: same length, same order.

        A sentence whose worker died is asked once more, of a new worker; one that took too long is not.

        Raises:
            ModelError: the model cannot be loaded.
        """
        answers: list[str | Failure] = [Failure(reason="not reached")] * len(sentences)
        # The longest first, so that no process is left alone with a long one at the end.
        todo = deque(sorted(range(len(sentences)), key=lambda index: -len(sentences[index])))
        worth = max(len(self._idle), len(sentences) // SHARE)  # one that is there already costs nothing
        lanes = max(1, min(self._plan.workers, worth))
        running = [self._threads.submit(self._work, sentences, todo, answers) for _ in range(lanes)]
        try:
            for lane in running:
                lane.result()
        finally:
            todo.clear()  # an error or Ctrl-C: the other lanes stop after their sentence
        return answers

    def close(self) -> None:
        """End all processes."""
        self._threads.shutdown(cancel_futures=True)
        while self._idle:
            self._idle.pop().close()

    def _work(self, sentences: Sequence[str], todo: deque[int], answers: list[str | Failure]) -> None:
        worker: _Worker | None = self._take()
        try:
            while (index := _next(todo)) is not None:
                worker = worker or _Worker(self._plan)
                answers[index], worker = self._answer(worker, sentences[index])
        finally:
            if worker is not None:
                with self._lock:
                    self._idle.append(worker)

    def _answer(self, worker: _Worker, sentence: str) -> tuple[str | Failure, _Worker | None]:
        """The answer, and the worker to go on with; None where it was lost."""
        try:
            return worker.ask(sentence), worker
        except _Lost as lost:
            worker.close()
            if not lost.again:
                return Failure(reason=str(lost)), None
        fresh = _Worker(self._plan)
        try:
            return fresh.ask(sentence), fresh
        except _Lost as lost:
            fresh.close()
            return Failure(reason=str(lost)), None

    def _take(self) -> _Worker | None:
        with self._lock:
            return self._idle.pop() if self._idle else None


def _next(todo: deque[int]) -> int | None:
    try:
        return todo.popleft()  # atomic: several lanes share it
    except IndexError:
        return None
