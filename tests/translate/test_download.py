"""Downloads from a server that has moods."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import FetchError, ModelError
from tests.translate.loopback import PlainDownload, Shelf, serving
from translate.catalog import RemoteFile
from translate.download import obtain, read

BODY = bytes(range(256)) * 400
SHA = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving() as shelf:
        shelf.files["/model.bin"] = BODY
        yield shelf


def remote(shelf: Shelf, size: int | None = len(BODY), sha256: str | None = SHA) -> RemoteFile:
    return RemoteFile(name="model.bin", urls=(f"{shelf.url}/model.bin",), size=size, sha256=sha256)


def test_a_file_arrives_whole_and_its_progress_is_told(shelf: Shelf, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    path = obtain(remote(shelf), tmp_path, PlainDownload(), lambda *each: told.append(each))
    assert path.read_bytes() == BODY
    assert told[0] == ("model.bin", 0, len(BODY))
    assert told[-1] == ("model.bin", len(BODY), len(BODY))


def test_a_connection_that_is_cut_off_is_gone_on_with(shelf: Shelf, tmp_path: Path) -> None:
    shelf.cut["/model.bin"] = 30_000
    assert obtain(remote(shelf), tmp_path, PlainDownload()).read_bytes() == BODY
    assert [start for _, start in shelf.asked] == [0, 30_000, 60_000, 90_000]


def test_a_server_that_knows_no_ranges_starts_over(shelf: Shelf, tmp_path: Path) -> None:
    shelf.ranges = False
    (tmp_path / "model.bin.part").write_bytes(b"x" * 500)
    assert obtain(remote(shelf), tmp_path, PlainDownload()).read_bytes() == BODY


def test_what_an_earlier_run_left_is_gone_on_with(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "model.bin.part").write_bytes(BODY[:70_000])
    assert obtain(remote(shelf), tmp_path, PlainDownload()).read_bytes() == BODY
    assert [start for _, start in shelf.asked] == [70_000]


def test_a_file_that_is_there_whole_is_not_asked_for_again(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(BODY)
    obtain(remote(shelf), tmp_path, PlainDownload())
    assert shelf.asked == []


def test_a_server_that_stalls_ends_in_an_error_after_a_few_tries(shelf: Shelf, tmp_path: Path) -> None:
    shelf.stalls.add("/model.bin")
    shelf.cut["/model.bin"] = 0
    with pytest.raises(FetchError):
        obtain(remote(shelf), tmp_path, PlainDownload(timeout=0.1))
    assert len(shelf.asked) == 3


def test_another_byte_is_another_file(shelf: Shelf, tmp_path: Path) -> None:
    shelf.files["/model.bin"] = BODY[:-1] + b"\0"
    with pytest.raises(ModelError, match="not the file that was published"):
        obtain(remote(shelf), tmp_path, PlainDownload())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [len(BODY) - 1, len(BODY) + 1])
def test_a_file_of_another_size_is_refused(shelf: Shelf, tmp_path: Path, wrong: int) -> None:
    with pytest.raises((ModelError, FetchError), match=r"bytes|longer"):
        obtain(remote(shelf, size=wrong), tmp_path, PlainDownload())
    assert not (tmp_path / "model.bin").exists()


def test_the_second_address_serves_where_the_first_does_not(shelf: Shelf, tmp_path: Path) -> None:
    both = RemoteFile(name="model.bin", urls=(f"{shelf.url}/gone", f"{shelf.url}/model.bin"), sha256=SHA)
    assert obtain(both, tmp_path, PlainDownload()).read_bytes() == BODY


def test_an_index_that_never_ends_is_cut_off(shelf: Shelf) -> None:
    shelf.files["/index.json"] = b" " * 33_000_000
    with pytest.raises(ModelError, match="no list of models is"):
        read(f"{shelf.url}/index.json", PlainDownload())
