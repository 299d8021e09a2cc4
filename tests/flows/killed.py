"""A job in, its outcome after a kill -9 at each of its steps out, one JSON line a step.

``python -m tests.flows.killed FOLDER SOURCE...`` runs the job once to find its steps, then
again and again in fresh folders: a forked child is killed with SIGKILL at one step, a second one goes on from what it
left. A step is a database commit (before and after) or a change to the file system that finds something else in the
files or the database than the step before it: what two kills leave alike, no rerun can tell apart. newsgloss knows
nothing of this.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from flows.cli import main as newsgloss
from tests.flows.command import tree
from tests.flows.ready import warm

FILE_EVENTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.truncate"})


class Steps:
    """Counts the moments of a job at which something is about to change, and dies at one of them.

    Without a moment to die at it looks at what lies in the folder, and ``found`` holds the moments that are steps.
    """

    def __init__(self, folder: Path, fatal: int | None) -> None:
        self.found: list[int] = []
        self._count = 0
        self._folder = folder
        self._fatal = fatal
        self._state: object = None

    def moment(self, *_: object) -> None:
        self._count += 1
        if self._count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._fatal is None and (state := left_in(self._folder)) != self._state:
            self._state = state
            self.found.append(self._count)

    def watch(self) -> None:
        sa.event.listen(sa.Engine, "commit", self.moment)  # called before the commit
        sa.event.listen(sa.Engine, "begin", self.moment)  # and so after the one before
        sys.addaudithook(lambda event, args: self.moment() if event in FILE_EVENTS or _writes(event, args) else None)


def left_in(folder: Path) -> tuple[object, ...]:
    """What a kill would leave now: every folder and file, and what is committed to the database.

    The database's own files are read through it alone: closing them would take its locks away.
    """
    state = folder / ".newsgloss" / "state.sqlite"
    others = {
        path: path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if not path.name.startswith(state.name)
    }
    if not state.exists():
        return others, []
    with contextlib.closing(sqlite3.connect(state)) as connection:
        return others, [*connection.iterdump()]


def _writes(event: str, args: tuple[object, ...]) -> bool:
    return event == "open" and isinstance(args[2], int) and bool(args[2] & (os.O_WRONLY | os.O_RDWR))


def forked(work: Callable[[], int], out: Path) -> int:
    """The wait status of a child that did the work; what it said on standard output goes to ``out``."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        status = work()
        sys.stdout.flush()
        os._exit(status)
    return os.waitpid(child, 0)[1]


def job(words: list[str], steps: Steps, found: Path | None = None) -> int:
    steps.watch()
    status = newsgloss(words)
    if found is not None:
        found.write_text(json.dumps(steps.found))
    return status


def outcomes(out: Path) -> dict[str, str]:
    """What a run said became of each input."""
    return {item["name"]: item["outcome"] for item in json.loads(out.read_text())["items"]}


def main() -> None:
    folder, sources = Path(sys.argv[1]), sys.argv[2:]
    out = folder / "out"

    def words(name: str) -> list[str]:
        return ["run", "--json", "--quiet", "--output", str(folder / name), *sources]

    warm(sources)  # what a child need not load again
    found = folder / "found"
    status = os.waitstatus_to_exitcode(forked(lambda: job(words("whole"), Steps(folder / "whole", None), found), out))
    steps = json.loads(found.read_text())
    whole = {"status": status, "outcomes": outcomes(out), "tree": tree(folder / "whole")}
    print(json.dumps({"steps": steps, **whole}), flush=True)
    for fatal in steps:
        place = folder / f"at-{fatal}"
        killed = forked(lambda: job(words(place.name), Steps(place, fatal)), out)  # noqa: B023 - called at once
        resumed = forked(lambda: newsgloss(words(place.name)), out)  # noqa: B023
        line = {
            "step": fatal,
            "killed": os.WIFSIGNALED(killed) and os.WTERMSIG(killed) == signal.SIGKILL,
            "status": os.waitstatus_to_exitcode(resumed),
            "outcomes": outcomes(out),
            "tree": tree(place),
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
