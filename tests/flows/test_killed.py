"""Killed anywhere, a rerun ends in the same bytes and the same outcomes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.flows.command import ROOT, SEEDS, environment, newsgloss, tree

KOREAN = "한국 정부가 새로운 반도체 지원책을 발표했다. 지원책은 내년 봄부터 시행된다.\n\n업계는 환영의 뜻을 밝혔다.\n"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for seed in SEEDS.glob("*.txt"):
        (folder / seed.name).write_bytes(seed.read_bytes())
    (folder / "copy.txt").write_bytes(next(iter(sorted(SEEDS.glob("*.txt")))).read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "ko.txt").write_text(KOREAN, "utf-8")
    return folder


def test_a_kill_at_any_step_loses_nothing_and_repeats_nothing(tmp_path: Path, sources: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.killed", str(tmp_path), str(sources)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
    )
    whole, *resumed = map(json.loads, done.stdout.splitlines())
    assert set(whole["outcomes"].values()) == {"written", "duplicate", "rejected", "pending"}
    assert [line["step"] for line in resumed] == whole["steps"]
    assert len(resumed) > 3 * len(whole["outcomes"]), "hardly a step was found"
    assert all(line["killed"] for line in resumed), "a step was not reached: the job is not the same job twice"
    for line in resumed:
        assert _result(line) == _result(whole), f"killed at step {line['step']}"


def _result(line: dict[str, Any]) -> tuple[object, ...]:
    return line["status"], line["outcomes"], line["tree"]


def test_a_kill_from_outside_while_it_runs_leaves_no_half_file(tmp_path: Path, sources: Path) -> None:
    for delay in (0.3, 0.6, 0.9, 1.2):
        running = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "run", "--quiet", "--output", str(tmp_path / "out"), str(sources)],
            cwd=tmp_path,
            env=environment(),
        )
        time.sleep(delay)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    assert newsgloss("run", "--quiet", "--output", "out", sources, cwd=tmp_path).status == 0
    assert newsgloss("run", "--quiet", "--output", "fresh", sources, cwd=tmp_path).status == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
