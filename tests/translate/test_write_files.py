"""A file is whole or not there, written only when it changes, and what cannot be written is said in one line."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path, PurePosixPath

import pytest

from ingest.errors import OutputError
from translate.write import TEMPORARY, clean_temporaries, remove, write_atomic, write_tables

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def leftovers(folder: Path) -> list[Path]:
    return sorted(folder.rglob(TEMPORARY))


def test_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "page.md"
    assert write_atomic(path, b"one")
    assert path.read_bytes() == b"one"
    assert not leftovers(tmp_path)


def test_the_same_bytes_are_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    assert write_atomic(path, b"one")
    before = path.stat()
    assert not write_atomic(path, b"one")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert write_atomic(path, b"two")
    assert path.read_bytes() == b"two"


def test_a_new_file_has_the_rights_that_the_user_asks_for(tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        write_atomic(tmp_path / "page.md", b"one")
    finally:
        os.umask(former)
    assert (tmp_path / "page.md").stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_is_replaced_and_never_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    (tmp_path / "page.md").symlink_to(outside)
    assert write_atomic(tmp_path / "page.md", b"mine")
    assert not (tmp_path / "page.md").is_symlink()
    assert outside.read_bytes() == b"mine"


def test_removing_says_whether_there_was_a_file(tmp_path: Path) -> None:
    write_atomic(tmp_path / "page.md", b"one")
    assert remove(tmp_path / "page.md")
    assert not remove(tmp_path / "page.md")


def test_tables_that_are_no_longer_wanted_go_after_the_new_ones_stand(tmp_path: Path) -> None:
    whole, first, second = (PurePosixPath("jsonl", name) for name in ("d.jsonl", "d-a.jsonl", "d-b.jsonl"))
    assert write_tables(tmp_path, {whole: b"ab"}) == [whole]
    assert write_tables(tmp_path, {first: b"a", second: b"b"}, former=[whole]) == [first, second, whole]
    assert write_tables(tmp_path, {first: b"a", second: b"b"}, former=[first, second, whole]) == []
    assert sorted(path.name for path in (tmp_path / "jsonl").iterdir()) == ["d-a.jsonl", "d-b.jsonl"]


class TestTemporaryFilesOfKilledRuns:
    def test_are_removed(self, tmp_path: Path) -> None:
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep" / ".newsgloss-12-ab.tmp").write_bytes(b"ha")
        (tmp_path / "deep" / "page.md").write_bytes(b"whole")
        assert clean_temporaries(tmp_path) == 1
        assert [path.name for path in (tmp_path / "deep").iterdir()] == ["page.md"]

    def test_stay_while_a_living_run_writes_them(self, tmp_path: Path) -> None:
        with (tmp_path / ".newsgloss-12-ab.tmp").open("wb") as living:
            fcntl.flock(living, fcntl.LOCK_EX)
            assert clean_temporaries(tmp_path) == 0
        assert clean_temporaries(tmp_path) == 1

    def test_that_are_no_files_are_let_be(self, tmp_path: Path) -> None:
        (tmp_path / ".newsgloss-12-ab.tmp").mkdir()
        (tmp_path / "mine").write_bytes(b"mine")
        (tmp_path / ".newsgloss-12-cd.tmp").symlink_to(tmp_path / "mine")
        assert clean_temporaries(tmp_path) == 0
        assert (tmp_path / "mine").exists()


def test_cleaning_beside_many_writers_loses_no_write(tmp_path: Path) -> None:
    done = threading.Event()

    def clean() -> None:
        while not done.is_set():
            clean_temporaries(tmp_path)

    cleaner = threading.Thread(target=clean)
    cleaner.start()
    try:
        assert all(write_atomic(tmp_path / f"{number % 7}.md", b"%d" % number) for number in range(200))
    finally:
        done.set()
        cleaner.join()
    assert {path.name for path in tmp_path.iterdir()} == {f"{number}.md" for number in range(7)}


WRITE = """
import os, resource, signal, sys
from pathlib import Path
from ingest.errors import OutputError
from translate.write import write_atomic
exec(sys.argv[2])
try:
    write_atomic(Path(sys.argv[1]), b"new" * 100_000)
except OutputError as error:
    print(error)
    sys.exit(error.exit_status)
"""


def in_child(path: Path, before: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WRITE, str(path), before]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_full_disk_leaves_the_former_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    write_atomic(path, b"former")
    child = in_child(path, "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))")
    assert (child.returncode, child.stderr) == (3, "")
    assert child.stdout == (
        f"cannot write {path}: file too large (free some space and run again: what was finished is kept)\n"
    )
    assert path.read_bytes() == b"former"
    assert not leftovers(tmp_path)


def test_a_full_device_leaves_the_former_file_whole(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, text=True, check=False
    ) if os.geteuid() == 0 else None  # fmt: skip
    if mounted is None or mounted.returncode:
        pytest.skip("mounting a small tmpfs is not allowed here")
    try:
        write_atomic(small / "page.md", b"former")
        with pytest.raises(OutputError, match=r"no space left on device \(free some space"):
            write_atomic(small / "page.md", b"new" * 100_000)
        assert (small / "page.md").read_bytes() == b"former"
        assert not leftovers(small)
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_killed_writer_leaves_the_former_file_and_a_file_that_is_cleaned_up(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    write_atomic(path, b"former")
    child = in_child(path, "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)")
    assert child.returncode == -9
    assert path.read_bytes() == b"former"
    assert len(leftovers(tmp_path)) == 1
    assert clean_temporaries(tmp_path) == 1


KILL_AT_FOLDER = """
import stat
sync = os.fsync
def fsync(descriptor):
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.kill(os.getpid(), signal.SIGKILL)
    sync(descriptor)
os.fsync = fsync
"""


def test_the_folder_is_synced_once_the_new_file_stands(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    write_atomic(path, b"former")
    assert in_child(path, KILL_AT_FOLDER).returncode == -9
    assert path.read_bytes() == b"new" * 100_000
    assert not leftovers(tmp_path)


CLEANED_BEFORE_LOCKED = """
import fcntl
from pathlib import Path
taken = []
def flock(descriptor, how):
    if not taken:
        taken.extend(Path(sys.argv[1]).parent.glob(".newsgloss-*.tmp"))
        taken[0].unlink()
fcntl.flock = flock
"""


def test_a_file_that_a_cleaner_took_before_it_was_locked_is_written_again(tmp_path: Path) -> None:
    child = in_child(tmp_path / "page.md", CLEANED_BEFORE_LOCKED)
    assert (child.returncode, child.stdout) == (0, "")
    assert (tmp_path / "page.md").read_bytes() == b"new" * 100_000


def test_a_folder_that_may_not_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    drop = f"; os.setuid({NOBODY})" if os.geteuid() == 0 else ""
    child = in_child(Path("page.md"), f"os.chdir({str(folder)!r}){drop}")
    assert child.returncode == 3, child.stderr
    assert "permission denied (make the folder writable, or choose another with --output DIR)" in child.stdout


def test_a_name_that_is_too_long_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"file name too long .*shorter path"):
        write_atomic(tmp_path / ("x" * 300), b"one")


def test_a_file_where_a_folder_should_be_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "documents").write_bytes(b"mine")
    with pytest.raises(OutputError, match="something else stands there"):
        write_atomic(tmp_path / "documents" / "page.md", b"one")
    (tmp_path / "page.md").mkdir()
    with pytest.raises(OutputError, match="something else stands there"):
        write_atomic(tmp_path / "page.md", b"one")
