"""Words in, what a real ``newsgloss`` process said and wrote out."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.flows.ready import Order, Ready

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "seeds"
EPOCH = "1767225600"  # 2026-01-01T00:00:00Z: the clock of the tests


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finished process."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**variables: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSGLOSS_", "PREFECT_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": EPOCH, **variables}


def interruptible() -> None:
    """For ``preexec_fn``: Ctrl-C works in the child, though a session in the background was told to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@cache
def ready(server: str | None) -> Iterator[Ready]:
    """Processes that fork ``newsgloss``, in turns; for a Prefect server's URL, with Prefect loaded.

    Without a server there are two: their hashes differ, so that no output may hang on the order of a set.
    """
    variables = {} if server is None else {"PREFECT_API_URL": server}
    modules = () if server is None else ("flows.run", "flows.backfill")
    made: dict[int, Ready] = {}
    for turn in cycle((0, 1) if server is None else (0,)):
        if turn not in made or not made[turn].alive:
            made[turn] = Ready(SEEDS.glob("*.txt"), environment(**variables), modules=modules)
            atexit.register(made[turn].kill)
        yield made[turn]


def newsgloss(
    *words: str | Path,
    cwd: Path,
    server: str | None = None,
    script: str | None = None,
    nobody: bool = False,
    largest: int | None = None,
    **variables: str,
) -> Said:
    """Run ``newsgloss`` in a process of its own, with these variables; see `Order`, and `ready` for ``server``."""
    if server is not None:
        variables["PREFECT_API_URL"] = server
    order = Order(
        words=tuple(map(str, words)),
        cwd=str(cwd),
        environment=environment(**variables),
        script=script,
        nobody=nobody,
        largest=largest,
    )
    status, out, err = next(ready(server)).run(order)
    return Said(status=status, out=out, err=err)


def tree(folder: Path) -> dict[str, str]:
    """Every file of an output but the state's, by relative name, as a digest."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".newsgloss" not in path.relative_to(folder).parts[:1]
    }
