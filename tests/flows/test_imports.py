"""What a command need not import, it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.command import SEEDS, environment

LOADED = """
import contextlib, sys
from flows.cli import main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(sys.stderr):
    main(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded_by(cwd: Path, *words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], cwd=cwd, env=environment(), capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("words", [("--help",), ("run", "--help")])
def test_help_imports_nothing_heavy(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert not loaded_by(tmp_path, *words) & {"prefect", "sqlalchemy", "lxml", "numpy", "pyarrow", "httpx"}


def test_a_plain_run_does_not_import_prefect(tmp_path: Path) -> None:
    loaded = loaded_by(tmp_path, "run", "--quiet", "--output", "out", str(SEEDS))
    assert "sqlalchemy" in loaded
    assert not loaded & {"prefect", "httpx", "fastapi"}
