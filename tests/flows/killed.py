"""A job in, its outcome after a kill -9 at each of its steps out, one JSON line a step.

``python -m tests.flows.killed FOLDER SOURCE... [--first N] [--every N]`` runs the job once to count its steps, then
again and again in fresh folders: a forked child is killed with SIGKILL at one step, a second one goes on from what it
left. A step is a database commit (before and after) or a change to the file system; newsgloss knows nothing of this.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from flows.cli import main as newsgloss
from tests.flows.command import tree

FILE_EVENTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.truncate"})


class Steps:
    """Counts steps, and dies at one of them."""

    def __init__(self, fatal: int | None) -> None:
        self.count = 0
        self._fatal = fatal

    def step(self, *_: object) -> None:
        self.count += 1
        if self.count == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        sa.event.listen(sa.Engine, "commit", self.step)  # called before the commit
        sa.event.listen(sa.Engine, "begin", self.step)  # and so after the one before
        sys.addaudithook(lambda event, args: self.step() if event in FILE_EVENTS or _writes(event, args) else None)


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


def job(words: list[str], fatal: int | None, counted: Path | None = None) -> int:
    steps = Steps(fatal)
    steps.watch()
    status = newsgloss(words)
    if counted is not None:
        counted.write_text(json.dumps({"steps": steps.count, "modules": sorted(sys.modules)}))
    return status


def preload(modules: list[str]) -> None:
    """Import what the job imports, so that each child need not."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def outcomes(out: Path) -> dict[str, str]:
    """What a run said became of each input."""
    return {item["name"]: item["outcome"] for item in json.loads(out.read_text())["items"]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()

    folder: Path = given.folder
    out = folder / "out"

    def words(name: str) -> list[str]:
        return ["run", "--json", "--quiet", "--output", str(folder / name), *given.sources]

    counted = folder / "counted"
    status = os.waitstatus_to_exitcode(forked(lambda: job(words("whole"), None, counted), out))
    known = json.loads(counted.read_text())
    preload(known["modules"])
    whole = {"status": status, "outcomes": outcomes(out), "tree": tree(folder / "whole")}
    print(json.dumps({"step": 0, "total": known["steps"], **whole}), flush=True)
    for fatal in range(given.first, known["steps"] + 1, given.every):
        name = f"at-{fatal}"
        killed = forked(lambda: job(words(name), fatal), out)  # noqa: B023 - called at once
        resumed = forked(lambda: job(words(name), None), out)  # noqa: B023
        line = {
            "step": fatal,
            "killed": os.WIFSIGNALED(killed) and os.WTERMSIG(killed) == signal.SIGKILL,
            "status": os.waitstatus_to_exitcode(resumed),
            "outcomes": outcomes(out),
            "tree": tree(folder / name),
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
