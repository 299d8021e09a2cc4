"""Words in, what a real ``newsgloss`` process said and wrote out."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def newsgloss(*words: str | Path, cwd: Path, **variables: str) -> Said:
    """Run ``newsgloss`` in a process of its own; a minute is more than it may take."""
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", *map(str, words)],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Said(status=done.returncode, out=done.stdout, err=done.stderr)


def tree(folder: Path) -> dict[str, str]:
    """Every file of an output but the state's, by relative name, as a digest."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".newsgloss" not in path.relative_to(folder).parts[:1]
    }
