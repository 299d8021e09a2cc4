"""``newsgloss run`` as a user runs it: what comes out, what is accounted for, what a second run does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.flows.command import ROOT, SEEDS, environment, interruptible, newsgloss, tree

FIRST, SECOND = "000_8896e72ec129ef4c.txt", "002_67c299fc4ad31bee.txt"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of its own with the two seeds in it."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for seed in (FIRST, SECOND):
        shutil.copyfile(SEEDS / seed, folder / seed)
    return folder


def run(tmp_path: Path, *words: str | Path) -> dict[str, object]:
    said = newsgloss("run", "--json", "--output", "out", *words, cwd=tmp_path)
    assert said.status == 0, said.err
    return dict(said.json)


def items(result: dict[str, object]) -> list[dict[str, Any]]:
    found = result["items"]
    assert isinstance(found, list)
    return found


def outcomes(result: dict[str, object]) -> dict[str, str]:
    return {item["name"]: item["outcome"] for item in items(result)}


def records(tmp_path: Path) -> list[dict[str, object]]:
    files = (tmp_path / "out/jsonl").rglob("*.jsonl")
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_the_two_seeds_become_two_documents(tmp_path: Path, articles: Path) -> None:
    assert outcomes(run(tmp_path, articles)) == {FIRST: "written", SECOND: "written"}
    assert len(records(tmp_path)) == 2
    assert len(list((tmp_path / "out/documents").rglob("*.md"))) == 2


def test_a_second_run_changes_no_byte_does_nothing_and_says_so(tmp_path: Path, articles: Path) -> None:
    run(tmp_path, articles)
    before = {
        path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*") if path.suffix in {".md", ".jsonl"}
    }
    again = newsgloss("run", "--output", "out", articles, cwd=tmp_path, SOURCE_DATE_EPOCH="1799999999")
    assert "0 new, 0 taken up again, 2 unchanged" in again.out
    assert "nothing to do" in again.out
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_same_inputs_give_the_same_bytes_elsewhere(tmp_path: Path, articles: Path) -> None:
    run(tmp_path, articles)
    moved = tmp_path / "elsewhere"
    shutil.copytree(articles, moved / "articles")
    run(moved, moved / "articles")
    assert tree(tmp_path / "out") == tree(moved / "out")


def test_the_order_and_number_of_runs_do_not_change_the_bytes(tmp_path: Path, articles: Path) -> None:
    (articles / "copy.txt").write_bytes((articles / FIRST).read_bytes())
    run(tmp_path, articles)
    other = tmp_path / "other"
    other.mkdir()
    for name in ("copy.txt", SECOND, FIRST):
        run(other, articles / name)
    assert tree(tmp_path / "out") == tree(other / "out")


def test_a_copy_under_another_name_is_a_duplicate_in_one_run_and_across_runs(tmp_path: Path, articles: Path) -> None:
    (articles / "zz-copy.txt").write_bytes((articles / FIRST).read_bytes())
    result = run(tmp_path, articles)
    assert outcomes(result) == {FIRST: "written", SECOND: "written", "zz-copy.txt": "duplicate"}
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "later.txt").write_bytes((articles / SECOND).read_bytes())
    (item,) = items(run(tmp_path, "later"))
    assert (item["outcome"], item["match"], item["score"]) == ("duplicate", "copy", 1.0)
    assert item["of"] in {record["id"] for record in records(tmp_path)}


def test_the_same_text_in_other_bytes_is_an_exact_duplicate(tmp_path: Path, articles: Path) -> None:
    text = (articles / FIRST).read_text("utf-8")
    (articles / "windows.txt").write_bytes(text.replace("\n", "\r\n\r\n").encode("utf-8-sig"))
    result = run(tmp_path, articles)
    (copy,) = [item for item in items(result) if item["outcome"] == "duplicate"]
    assert copy["match"] == "exact"
    assert len(records(tmp_path)) == 2


def test_the_outcomes_add_up_to_the_inputs(tmp_path: Path, articles: Path) -> None:
    (articles / "empty.txt").touch()
    (articles / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (articles / "copy.txt").write_bytes((articles / FIRST).read_bytes())
    result = run(tmp_path, articles)
    named = ("written", "duplicate", "rejected", "pending", "failed")
    assert [result[name] for name in named] == [2, 1, 2, 0, 0]
    assert result["inputs"] == 5 == sum(int(str(result[name])) for name in ("new", "again", "unchanged"))


def test_a_missing_path_is_one_failed_input_and_the_others_go_on(tmp_path: Path, articles: Path) -> None:
    said = newsgloss("run", "--json", "--output", "out", articles, "nowhere.txt", cwd=tmp_path)
    assert said.status == 1
    assert outcomes(said.json) == {FIRST: "written", SECOND: "written", "nowhere.txt": "failed"}
    assert "Traceback" not in said.err


def test_strict_also_minds_what_is_rejected(tmp_path: Path, articles: Path) -> None:
    (articles / "empty.txt").touch()
    assert newsgloss("run", "--quiet", "--output", "out", articles, cwd=tmp_path).status == 0
    assert newsgloss("run", "--quiet", "--strict", "--output", "out", articles, cwd=tmp_path).status == 1


def test_a_document_that_was_deleted_is_written_again(tmp_path: Path, articles: Path) -> None:
    run(tmp_path, articles)
    before = tree(tmp_path / "out")
    next((tmp_path / "out/documents").rglob("*.md")).unlink()
    next((tmp_path / "out/jsonl").rglob("*.jsonl")).unlink()
    result = run(tmp_path, articles)
    assert tree(tmp_path / "out") == before
    assert result["again"] == 1


def test_a_changed_file_is_a_new_document_and_the_former_one_stays(tmp_path: Path, articles: Path) -> None:
    run(tmp_path, articles)
    (articles / SECOND).write_text("Quite another article stands here now.\nIt has two sentences of its own.\n")
    result = run(tmp_path, articles)
    assert (result["new"], result["again"], result["unchanged"]) == (0, 1, 1)
    assert len(records(tmp_path)) == 3


def test_two_runs_at_once_share_the_work_and_both_add_up(tmp_path: Path, articles: Path) -> None:
    for number in range(40):
        (articles / f"n{number:02}.txt").write_text(
            f"Report number {number}.\nIt rained on day {number} of the year.\n"
        )
    words = [sys.executable, "-m", "flows.cli", "run", "--json", "--output", "out", str(articles)]
    both = [
        subprocess.Popen(
            words, cwd=tmp_path, env=environment(NEWSGLOSS_BATCH="5"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    for out, _ in said:
        result = json.loads(out)
        assert result["inputs"] == 42
        assert all(item["outcome"] for item in result["items"])
    alone = tmp_path / "alone"
    alone.mkdir()
    run(alone, articles)
    assert tree(tmp_path / "out") == tree(alone / "out")


def test_an_interrupted_run_says_so_and_the_next_goes_on(tmp_path: Path, articles: Path) -> None:
    for number in range(300):
        (articles / f"n{number:03}.txt").write_text(
            f"Report number {number}.\nIt rained on day {number} of the year.\n"
        )
    words = [sys.executable, "-m", "flows.cli", "run", "--output", "out", str(articles)]
    running = subprocess.Popen(
        words,
        cwd=tmp_path,
        env=environment(NEWSGLOSS_BATCH="3"),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    state = tmp_path / "out/.newsgloss/state.sqlite"
    while not state.exists():
        time.sleep(0.05)
    time.sleep(0.5)
    running.send_signal(2)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "run the same command again" in err
    assert "Traceback" not in err
    assert run(tmp_path, articles)["written"] == 302
    assert newsgloss("status", "--json", "--output", "out", cwd=tmp_path).json["unsettled"] == 0


def test_neither_help_nor_a_plain_run_loads_prefect_or_what_translates_for_others(
    tmp_path: Path, articles: Path
) -> None:
    program = (
        "import sys; from flows.cli import main\n"
        "try: main({words!r})\n"
        "except SystemExit: pass\n"
        "print(sorted(set(sys.modules) & set({unwanted!r})))"
    )
    heavy = ["prefect", "minisbd", "stanza", "spacy", "torch"]
    for words, unwanted in (
        (["--help"], [*heavy, "sqlalchemy", "numpy", "lxml", "pyarrow", "rich"]),
        (["run", "--quiet", str(articles)], heavy),
    ):
        done = subprocess.run(
            [sys.executable, "-c", program.format(words=words, unwanted=unwanted)],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == "[]"


def test_wrong_usage_is_status_2_and_no_traceback(tmp_path: Path) -> None:
    for words in (["run", "--no-such-option"], ["no-such-command"], []):
        said = newsgloss(*words, cwd=tmp_path)
        assert said.status == 2
        assert "usage:" in said.err
    (tmp_path / "newsgloss.toml").write_text("ouput = 'x'\n")
    said = newsgloss("run", cwd=tmp_path)
    assert (said.status, said.err.count("\n")) == (2, 1)


def test_ingest_and_translate_run_alone_with_json_lines_between(tmp_path: Path, articles: Path) -> None:
    command = f"{sys.executable} -m ingest {articles} | {sys.executable} -m translate"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=tmp_path,
        env={**environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    titles = [json.loads(line)["title"] for line in done.stdout.splitlines()]
    assert titles == ["Generative AI 'R1' Triggers Industry Shift", None]
