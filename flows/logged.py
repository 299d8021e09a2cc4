"""What a running job says of itself in, the same said to its watcher and to a log out."""

from __future__ import annotations

from typing import Protocol

from flows.watch import Watch


class Log(Protocol):
    """Takes lines: a `logging.Logger`, or an adapter of one."""

    def info(self, msg: str, *args: object) -> None:
        """Take down one line."""
        ...


class Logged(Watch):
    """Passes everything on to ``watch``, and stages and remarks to ``log`` too."""

    def __init__(self, watch: Watch, log: Log) -> None:
        self._watch = watch
        self._log = log

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins."""
        self._watch.stage(name, total)
        if total is None:
            self._log.info("%s", name)
        else:
            self._log.info("%s %d", name, total)

    def advance(self, steps: int) -> None:
        """Steps are done; each is a task, which the log has already."""
        self._watch.advance(steps)

    def say(self, text: str) -> None:
        """A remark."""
        self._watch.say(text)
        self._log.info("%s", text)
