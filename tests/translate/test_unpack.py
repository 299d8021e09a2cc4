"""Archives and packed files in, nothing but what they may hold out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ingest.errors import ModelError
from tests.translate.packages import zipped
from translate.unpack import Caps, unpack_file, unpack_zip


@pytest.mark.parametrize(
    ("files", "link"),
    [
        ({"../evil.txt": b"x", "a/b": b"x"}, None),
        ({"/tmp/evil.txt": b"x"}, None),
        ({"a/../../evil.txt": b"x"}, None),
        ({"a\\..\\evil.txt": b"x", "a/b": b"x"}, None),
        ({"c:/evil.txt": b"x"}, None),
        ({"a/b": b"x"}, "a/link"),
        ({"a/b": b"x", "b/c": b"x"}, None),
        ({"b": b"x"}, None),
        ({"a/" * 20 + "b": b"x"}, None),
        ({f"a/{number}": b"" for number in range(30)}, None),
        ({"a/zeros": b"\0" * 3_000_000}, None),
        ({}, None),
    ],
)
def test_an_archive_of_something_else_writes_nothing_outside(
    tmp_path: Path, files: dict[str, bytes], link: str | None
) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(zipped(files, link=link))
    inside = tmp_path / "deep" / "inside"
    inside.mkdir(parents=True)
    with pytest.raises(ModelError):
        unpack_zip(path, inside, Caps(bytes=1_000_000, files=20))
    outside = {each.name for each in tmp_path.rglob("*") if inside not in each.parents}
    assert outside == {"evil.zip", "deep", "inside"}


@pytest.mark.parametrize("cut", [0, 10, 1000])
def test_a_damaged_archive_is_an_error_of_ours(tmp_path: Path, korean: bytes, cut: int) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(korean[:cut] + korean[cut + 500 :] if cut else korean[:5000])
    with pytest.raises(ModelError):
        unpack_zip(path, tmp_path / "out")


@pytest.mark.parametrize("packing", ["zst", "gz"])
def test_a_damaged_packed_file_is_an_error_of_ours(tmp_path: Path, packing: str) -> None:
    (tmp_path / "packed").write_bytes(b"rubbish")
    with pytest.raises(ModelError):
        unpack_file(tmp_path / "packed", tmp_path / "out", packing, 10_000)


def test_a_file_larger_than_its_cap_is_refused(tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(gzip.compress(b"\0" * 5_000_000))
    with pytest.raises(ModelError, match="larger"):
        unpack_file(tmp_path / "packed", tmp_path / "out", "gz", 1_000_000)
