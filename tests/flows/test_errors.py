"""What goes wrong on a user's machine is one clear line and a documented status; nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.command import ROOT, SEEDS, Said, environment, newsgloss, tree

FIRST = "000_8896e72ec129ef4c.txt"


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    shutil.copyfile(SEEDS / FIRST, folder / FIRST)
    return folder


def outcomes(said: Said) -> dict[str, str]:
    return {item["name"]: item["outcome"] for item in said.json["items"]}


def one_line(said: Said, status: int) -> str:
    """The one line of a job that could not be done."""
    lines = [line for line in said.err.splitlines() if line]
    assert (said.status, len(lines)) == (status, 1), said.err
    assert lines[0].startswith("newsgloss: ")
    return lines[0]


def unprivileged(tmp_path: Path, *words: str | Path) -> Said:
    """Run as a user who may not write everywhere; root may, so a child drops to nobody."""
    for folder in (tmp_path, *tmp_path.parents):
        if os.getuid() == 0 and str(folder).startswith("/tmp/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    return newsgloss(*words, cwd=tmp_path, nobody=True)


def test_an_unreadable_file_fails_and_the_others_go_on(tmp_path: Path, articles: Path) -> None:
    (articles / "secret.txt").write_text("Nobody may read this.\n")
    (articles / "secret.txt").chmod(0)
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o777)
    said = unprivileged(tmp_path, "run", "--json", "--output", tmp_path / "out", articles)
    assert said.status == 1, said.err
    assert outcomes(said) == {FIRST: "written", "secret.txt": "failed"}
    (reason,) = [item["reason"] for item in said.json["items"] if item["name"] == "secret.txt"]
    assert "permission denied" in reason.lower()


def test_an_output_that_cannot_be_written_is_one_line_and_status_3(tmp_path: Path, articles: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    said = unprivileged(tmp_path, "run", "--output", tmp_path / "closed" / "out", articles)
    assert "--output" in one_line(said, 3) or "--state" in said.err


def test_a_folder_that_turned_read_only_loses_nothing(tmp_path: Path, articles: Path) -> None:
    out = tmp_path / "out"
    (out / "documents").mkdir(parents=True)
    (out / "documents").chmod(0o555)
    out.chmod(0o777)
    said = unprivileged(tmp_path, "run", "--output", out, articles)
    assert "documents" in one_line(said, 3)
    (out / "documents").chmod(0o777)
    again = newsgloss("run", "--json", "--output", out, articles, cwd=tmp_path)
    assert outcomes(again) == {FIRST: "written"}


def test_a_disk_that_fills_up_is_one_line_and_the_rerun_ends_in_the_same_bytes(
    tmp_path: Path, articles: Path
) -> None:
    said = newsgloss("run", "--json", "--output", "whole", articles, cwd=tmp_path)
    assert said.status == 0
    ends = []
    for limit in (4_000, 20_000, 60_000, 120_000, 200_000):
        said = newsgloss("run", "--quiet", "--output", "out", articles, cwd=tmp_path, largest=limit)
        ends.append(said.status)
        assert said.status in {0, 3}, said.err
        assert "Traceback" not in said.err
        assert said.status == 0 or len(said.err.splitlines()) == 1
    assert 3 in ends, "no disk was full"
    assert newsgloss("run", "--quiet", "--output", "out", articles, cwd=tmp_path).status == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_a_file_system_without_space_is_one_line_and_the_rerun_goes_on(tmp_path: Path, articles: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    try:
        said = newsgloss("run", "--output", small / "out", articles, cwd=tmp_path)
        assert one_line(said, 3)
        subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
        assert newsgloss("run", "--quiet", "--output", small / "out", articles, cwd=tmp_path).status == 0
        assert newsgloss("run", "--quiet", "--output", "whole", articles, cwd=tmp_path).status == 0
        assert tree(small / "out") == tree(tmp_path / "whole")
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize("damage", [b"this is no database\n" * 400, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_corrupt_ledger_is_one_line_and_stays_as_it_is(tmp_path: Path, articles: Path, damage: bytes) -> None:
    assert newsgloss("run", "--quiet", "--output", "out", articles, cwd=tmp_path).status == 0
    state = tmp_path / "out/.newsgloss/state.sqlite"
    state.write_bytes(damage)
    for extra in ("-wal", "-shm"):
        state.with_name(state.name + extra).unlink(missing_ok=True)
    before = tree(tmp_path / "out")
    for words in (("run", articles), ("status",), ("show", FIRST), ("forget", FIRST)):
        assert "damaged" in one_line(newsgloss(words[0], "--output", "out", *words[1:], cwd=tmp_path), 3)
    assert state.read_bytes() == damage
    assert tree(tmp_path / "out") == before


def test_a_state_of_another_output_is_refused(tmp_path: Path, articles: Path) -> None:
    state = tmp_path / "state.sqlite"
    assert newsgloss("run", "--quiet", "--output", "one", "--state", state, articles, cwd=tmp_path).status == 0
    assert newsgloss("run", "--quiet", "--output", "two", articles, cwd=tmp_path).status == 0
    said = newsgloss("run", "--quiet", "--output", "two", "--state", state, articles, cwd=tmp_path)
    assert "another output" in one_line(said, 3)


def test_a_file_in_the_way_of_the_output_is_one_line(tmp_path: Path, articles: Path) -> None:
    (tmp_path / "out").write_text("I was here first.\n")
    one_line(newsgloss("run", "--output", "out", articles, cwd=tmp_path), 3)
    assert (tmp_path / "out").read_text() == "I was here first.\n"


def test_hopeless_inputs_are_rejected_one_by_one(tmp_path: Path, articles: Path) -> None:
    (articles / "empty.txt").touch()
    (articles / "blank.txt").write_text("\n \n\t\n")
    (articles / "junk.txt").write_bytes(os.urandom(4096))
    with (articles / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    (articles / "loop").symlink_to(articles, target_is_directory=True)
    said = newsgloss("run", "--json", "--output", "out", articles, cwd=tmp_path)
    assert said.status == 0
    found = outcomes(said)
    assert found.pop(FIRST) == "written"
    assert set(found) == {"empty.txt", "blank.txt", "junk.txt", "huge.txt", "loop"}
    assert set(found.values()) == {"rejected"}
    assert all(item["reason"] for item in said.json["items"] if item["outcome"] == "rejected")


def test_the_main_job_needs_no_network(tmp_path: Path, articles: Path) -> None:
    words = [sys.executable, "-m", "flows.cli", "run", "--quiet", "--output", "out", str(articles)]
    alone = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode == 0
    if not alone:
        # Every socket call of this process and its children then fails; Unix sockets stay, as with unshare.
        events = "{'socket.connect', 'socket.getaddrinfo'}"
        blocked = f"import sys; sys.addaudithook(lambda e, a: sys.exit(99) if e in {events} else None)"
        (tmp_path / "sitecustomize.py").write_text(blocked)
    done = subprocess.run(
        ["unshare", "-n", *words] if alone else words,
        cwd=tmp_path,
        env=environment(PYTHONPATH=f"{tmp_path}:{ROOT}"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out/documents").rglob("*.md"))) == 1
