"""The ledger in PostgreSQL: the same job, the same bytes, several workers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.command import SEEDS, environment, newsgloss, tree

pytestmark = pytest.mark.postgres


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for seed in SEEDS.glob("*.txt"):
        shutil.copyfile(seed, folder / seed.name)
        shutil.copyfile(seed, folder / f"copy-of-{seed.name}")
    for number in range(20):
        (folder / f"n{number:02}.txt").write_text(
            f"Report number {number}.\nIt rained on day {number} of the year.\n"
        )
    return folder


def test_postgres_and_sqlite_give_the_same_bytes_and_outcomes(
    tmp_path: Path, articles: Path, postgres_state: str
) -> None:
    one = newsgloss("run", "--json", "--output", "one", articles, cwd=tmp_path)
    two = newsgloss("run", "--json", "--output", "two", "--state", postgres_state, articles, cwd=tmp_path)
    assert (one.status, two.status) == (0, 0), two.err
    assert one.json["items"] == two.json["items"]
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    again = newsgloss("run", "--json", "--output", "two", "--state", postgres_state, articles, cwd=tmp_path)
    assert again.json["unchanged"] == 24


def test_three_workers_share_one_job(tmp_path: Path, articles: Path, postgres_state: str) -> None:
    words = ["run", "--json", "--output", "out", "--state", postgres_state, str(articles)]
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "flows.cli", *words],
            cwd=tmp_path,
            env=environment(NEWSGLOSS_BATCH="3", NEWSGLOSS_UNIT="4"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    said = [worker.communicate(timeout=200) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0], said
    for out, _ in said:
        result = json.loads(out)
        assert result["inputs"] == sum(result[name] for name in ("written", "duplicate")) == 24
    assert newsgloss("run", "--quiet", "--output", "alone", articles, cwd=tmp_path).status == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")


def test_a_server_that_is_not_there_is_one_line_and_status_3(tmp_path: Path, articles: Path) -> None:
    said = newsgloss("run", "--state", "postgresql://127.0.0.1:9/none", articles, cwd=tmp_path)
    assert said.status == 3
    assert len(said.err.splitlines()) == 1
    assert "Traceback" not in said.err


def test_a_password_is_never_shown(tmp_path: Path, articles: Path) -> None:
    url = "postgresql://reader:hunter2@127.0.0.1:9/none"
    for words in (("run", articles), ("status",), ("doctor",)):
        said = newsgloss(words[0], "--state", url, *words[1:], cwd=tmp_path)
        assert "hunter2" not in said.out + said.err
