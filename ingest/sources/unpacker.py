"""The bytes of a container in, the article it holds out: in a worker, for some are made to take for ever."""

from __future__ import annotations

from typing import Any

from ingest.article import Outcome
from ingest.limited import Bounds, Lost, Worker
from ingest.sources.containers import opened
from ingest.sources.held import Held
from ingest.sources.reading import CannotReadError

BOUNDS = Bounds(seconds=60, patience=3.0, memory=2 * 1024**3)
"""What one file may cost; a PDF of a hundred pages takes about 10 s."""


class Unpacker:
    """Opens containers one after another; a file that breaks the bounds costs itself alone. Close it after use."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._bounds = bounds
        self._worker: Worker | None = None

    def unpack(self, payload: bytes, media_type: str) -> Held:
        """What `ingest.sources.containers.opened` makes of it.

        Raises:
            CannotReadError: as it does; also where it takes too much time or memory.
        """
        self._worker = self._worker or Worker(_answer, self._bounds)
        answer = self._worker.call((payload, media_type))
        if isinstance(answer, Held):
            return answer
        if isinstance(answer, Lost):
            if answer.dead:
                self.close()
            raise CannotReadError(answer.reason, outcome=Outcome.FAILED if answer.killed else Outcome.REJECTED)
        reason, outcome = answer
        raise CannotReadError(reason, outcome=outcome)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def unpacked(payload: bytes, media_type: str) -> Held:
    """One container by itself; raises as `Unpacker.unpack` does."""
    unpacker = Unpacker()
    try:
        return unpacker.unpack(payload, media_type)
    finally:
        unpacker.close()


def _answer(container: tuple[bytes, str]) -> Any:
    """In the worker: an article, or a refusal as a value."""
    try:
        return opened(*container)
    except CannotReadError as error:
        return error.reason, error.outcome
