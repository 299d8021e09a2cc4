"""``python -m ingest``: Articles out, what was not read on standard error, and an exit status that tells."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.article import Article
from ingest.records import decode
from tests.flows.command import interruptible
from tests.ingest.test_extract import PARAGRAPHS

ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1777636800"}
COMMAND = [sys.executable, "-m", "ingest"]


def ingest(*sources: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, sources)], capture_output=True, env=ENVIRONMENT, check=False, timeout=120
    )


def test_sources_become_json_lines_and_what_is_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain in the south\n\nRain is expected in the south of the country on Friday.\n")
    (tmp_path / "b.txt").touch()
    (tmp_path / "c.jpg").touch()
    done = ingest(tmp_path, tmp_path / "missing.txt")
    articles = [decode(line, Article) for line in done.stdout.splitlines()]
    assert [article.provenance.source for article in articles] == ["file:a.txt"]
    assert articles[0].provenance.retrieved_at == "2026-05-01T12:00:00Z"
    assert done.stderr.decode().splitlines() == [
        "rejected: file:b.txt: empty",
        "ingest: passed over 1: 1 .jpg",
        "failed: file:missing.txt: no such file or folder",
        "ingest: 3 inputs: 1 read, 1 rejected, 1 failed",
    ]
    assert done.returncode == 1


def test_pages_are_read_within_limits_and_one_that_breaks_them_costs_no_other(tmp_path: Path) -> None:
    good = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    for name, body in (("a", good), ("b", "<div>" * 100_000 + "deep"), ("c", good)):
        (tmp_path / f"{name}.html").write_text(f"<html><body><h1>Plant opens {name}</h1>{body}</body></html>")
    done = ingest(tmp_path)
    articles = [decode(line, Article) for line in done.stdout.splitlines()]
    assert [article.title for article in articles] == ["Plant opens a", "Plant opens c"]
    assert done.stderr.decode().splitlines() == [
        "rejected: file:b.html: is not a readable page: its elements are nested too deeply",
        "ingest: 3 inputs: 2 read, 1 rejected, 0 failed",
    ]
    assert done.returncode == 0


def test_the_same_sources_and_clock_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain is expected in the south.\n")
    first = ingest(tmp_path)
    assert first.returncode == 0
    assert json.loads(first.stdout)
    assert str(tmp_path) not in first.stdout.decode()
    assert ingest(tmp_path).stdout == first.stdout


def test_wrong_usage_is_status_2(tmp_path: Path) -> None:
    assert ingest().returncode == 2
    environment = {**ENVIRONMENT, "SOURCE_DATE_EPOCH": "soon"}
    done = subprocess.run([*COMMAND, str(tmp_path)], capture_output=True, env=environment, check=False, timeout=120)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("ingest: SOURCE_DATE_EPOCH: 'soon' is no number of seconds")


@pytest.fixture
def many(tmp_path: Path) -> Path:
    for number in range(300):
        (tmp_path / f"{number}.txt").write_text(f"Rain is expected in place {number}.\n" * 200)
    return tmp_path


def test_a_reader_that_goes_away_is_no_error(many: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, str(many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=interruptible,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(120) == 0
    process.stderr.close()


def test_an_interrupt_is_one_line(many: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, str(many)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=interruptible,
    )
    assert process.stdout is not None
    process.stdout.readline()  # it is at work: the pipe is full soon, and it waits for us
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert errors == b"ingest: interrupted\n"
    assert process.returncode == 130
