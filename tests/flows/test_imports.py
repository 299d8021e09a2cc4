"""What a command need not import, it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.command import SEEDS, environment, newsgloss

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


def test_status_asks_the_index_of_duplicates_without_numpy(tmp_path: Path) -> None:
    assert newsgloss("run", "--quiet", "--output", "out", min(SEEDS.glob("*.txt")), cwd=tmp_path).status == 0
    loaded = loaded_by(tmp_path, "status", "--output", "out")
    assert "sqlalchemy" in loaded
    assert not loaded & {"numpy", "lxml", "pyarrow"}


def test_every_command_does_its_work_where_nothing_has_been_loaded_before(tmp_path: Path) -> None:
    """Other tests fork processes that have (see `tests.flows.ready`); ``serve`` and ``follow`` have cold ones too."""
    seed = min(SEEDS.glob("*.txt"))
    days = ("--from", "2025-12-01", "--to", "2026-02-01")
    for words in (
        ("run", seed),
        ("backfill", *days, "--undated", seed),
        ("status",),
        ("show", seed.name),
        ("explain", seed),
        ("duplicates", seed.name),
        ("learned",),
        ("memory", "list"),
        ("models", "list"),
        ("report",),
        ("doctor",),
        ("forget", seed.name),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", *map(str, words)],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), (words, done.stderr)
