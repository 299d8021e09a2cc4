"""Files and folders as a source: what is listed, in which order, and one clear line for all that cannot be read."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.article import NotModified, Outcome, RawPage, Ref, Unread, Validators, digest
from ingest.sources.files import Files, FileSettings
from ingest.sources.recognise import open_source

NOW = "2026-05-01T12:00:00Z"
SETTINGS = FileSettings(max_bytes=1000)


def listed(root: Path | str) -> list[Ref | Unread]:
    return list(Files(str(root), SETTINGS).discover())


def names(root: Path) -> list[str]:
    return [item.name for item in listed(root) if isinstance(item, Ref)]


def read(path: Path | str) -> RawPage | NotModified | Unread:
    """What becomes of a file named on the command line."""
    source = Files(str(path), SETTINGS)
    (item,) = source.discover()
    return item if isinstance(item, Unread) else source.load(item, Validators(), NOW)


def refused(path: Path | str) -> tuple[str, Outcome]:
    result = read(path)
    assert isinstance(result, Unread)
    assert "\n" not in result.reason
    assert result.transient is (result.outcome is Outcome.FAILED)
    return result.reason, result.outcome


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach (pytest's own belongs to its user alone)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def unprivileged() -> Iterator[None]:
    """Act as a user whom permissions bind: root reads everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_file_is_read_with_its_provenance_and_no_folder_of_this_machine(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"Rain is expected.\r\n")
    page = read(path)
    assert isinstance(page, RawPage)
    assert page.payload == b"Rain is expected.\r\n"
    assert page.media_type == "text/plain"
    assert page.provenance.source == "file:a.txt"
    assert page.provenance.retrieved_at == NOW
    assert page.provenance.payload_digest == digest(page.payload)
    assert page.provenance.target_uri is None


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.txt", "text/plain"), ("a.MD", "text/markdown"), ("a.html", "text/html"), ("a.Htm", "text/html")],
)
def test_the_ending_tells_the_media_type(tmp_path: Path, name: str, media_type: str) -> None:
    (tmp_path / name).write_text("Rain.")
    page = read(tmp_path / name)
    assert isinstance(page, RawPage)
    assert page.media_type == media_type


def test_a_folder_is_walked_in_bytewise_order_of_the_whole_relative_name(tmp_path: Path) -> None:
    expected = ["B.txt", "a-b.txt", "a.txt", "a/1.txt", "a/10.md", "a/2.txt", "a/z/0.htm", "a0.html", "é.txt"]
    for name in reversed(expected):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Rain.")
    assert names(tmp_path) == expected
    assert expected == sorted(expected, key=os.fsencode)


def test_the_same_file_has_the_same_identity_however_the_folder_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Rain.")
    monkeypatch.chdir(tmp_path)
    ids = {
        item.input_id for root in (".", "./", str(tmp_path), "../" + tmp_path.name, "a.txt") for item in listed(root)
    }
    assert len(ids) == 1


def test_an_unchanged_file_is_not_modified_and_a_changed_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Rain.")
    source = Files(str(path), SETTINGS)
    (ref,) = source.discover()
    assert isinstance(ref, Ref)
    page = source.load(ref, Validators(), NOW)
    assert isinstance(page, RawPage)
    assert source.load(ref, page.validators, NOW) == NotModified(input_id=ref.input_id)
    path.write_text("Snow.")
    assert isinstance(source.load(ref, page.validators, NOW), RawPage)


def test_a_walk_counts_in_one_line_what_it_passes_over(tmp_path: Path) -> None:
    for name in ("a.txt", ".hidden.txt", "README.md", "sources.toml", "x.jpg", "y.jpg", "Makefile"):
        (tmp_path / name).write_text("Rain.")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "b.txt").write_text("Rain.")
    source = Files(str(tmp_path), SETTINGS)
    assert [item.name for item in source.discover()] == ["a.txt"]
    assert source.note() == "passed over 6: 2 .jpg, 2 hidden, 1 README.md, 1 without ending"
    list(source.discover())
    assert source.note() == "passed over 6: 2 .jpg, 2 hidden, 1 README.md, 1 without ending"


def test_a_walk_that_took_everything_has_nothing_to_note(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain.")
    source = open_source(str(tmp_path))
    list(source.discover())
    assert source.note() is None


def test_a_readme_named_by_the_user_is_read(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Rain.")
    assert isinstance(read(tmp_path / "README.md"), RawPage)


def test_our_own_output_is_no_source(tmp_path: Path) -> None:
    output = tmp_path / "output"
    (output / ".newsgloss").mkdir(parents=True)
    (output / "a.md").write_text("Rain.")
    (tmp_path / "b.txt").write_text("Rain.")
    assert refused(output) == ("an output folder of newsgloss, not a source", Outcome.REJECTED)
    assert names(tmp_path) == ["b.txt"]


def test_a_source_without_a_readable_file_is_accounted(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    assert refused(tmp_path)[0].startswith("holds no file that newsgloss reads")


def test_a_missing_path_is_one_line() -> None:
    assert refused("no/such/file.txt") == ("no such file or folder", Outcome.FAILED)
    assert refused("no-such-folder/") == ("no such file or folder", Outcome.FAILED)


@pytest.mark.parametrize("text", ["", "a\0b.txt", "x" * 300 + ".txt", "\0"])
def test_a_name_that_cannot_be_a_file_is_one_line(text: str) -> None:
    reason, _ = refused(text)
    assert reason in {"an empty name", "the name holds a NUL", "the name is too long"}


def test_a_path_through_a_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain.")
    assert refused(tmp_path / "a.txt" / "b.txt")[0].startswith("no such file or folder")


def test_an_unknown_ending_is_rejected_with_the_kinds_that_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    reason, outcome = refused(tmp_path / "a.docx")
    assert reason.startswith("not a kind newsgloss reads (.txt, .md")
    assert outcome is Outcome.REJECTED


def test_an_unreadable_file_is_one_line_and_its_neighbours_are_read(open_folder: Path) -> None:
    (open_folder / "a.txt").write_text("Rain.")
    (open_folder / "a.txt").chmod(0)
    (open_folder / "b.txt").write_text("Rain.")
    (open_folder / "c").mkdir(mode=0)
    with unprivileged():
        assert refused(open_folder / "a.txt") == ("not readable: permission denied", Outcome.FAILED)
        assert refused(open_folder / "c") == ("not readable: permission denied", Outcome.FAILED)
        assert refused(open_folder / "c" / "d.txt") == ("not readable: permission denied", Outcome.FAILED)
        found = listed(open_folder)
    assert [(item.name, isinstance(item, Ref)) for item in found] == [("a.txt", True), ("b.txt", True), ("c", False)]


def test_an_empty_file_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert refused(tmp_path / "a.txt") == ("empty", Outcome.REJECTED)


def test_a_file_over_the_limit_is_rejected_from_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert refused(path) == ("too large: 200 MB, the limit is 0.0 MB (max_bytes)", Outcome.REJECTED)


def test_a_file_at_the_limit_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 1000)
    assert isinstance(read(path), RawPage)
    path.write_bytes(b"a" * 1001)
    assert refused(path)[0].startswith("too large")


def test_pipes_sockets_and_devices_are_refused_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    os.mkfifo("pipe.txt")
    os.symlink("/dev/zero", "zero.txt")  # noqa: PTH211
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        assert refused("pipe.txt") == ("a named pipe, not a file", Outcome.REJECTED)
        assert refused("socket.txt") == ("a socket, not a file", Outcome.REJECTED)
        assert refused("zero.txt") == ("a device, not a file", Outcome.REJECTED)


def test_a_folder_with_the_name_of_a_file_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "a.txt" / "b.txt").write_text("Rain.")
    assert names(tmp_path) == ["a.txt/b.txt"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Rain.")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "self.txt").symlink_to("self.txt")
    (tmp_path / "in" / "gone.txt").symlink_to("nowhere")
    found = listed(tmp_path)
    assert [item.name for item in found] == ["in/a.txt", "in/gone.txt", "in/self.txt", "in/up"]
    assert isinstance(found[3], Unread)
    assert found[3].reason == "a link back to this source, or above it: nothing is read twice"
    assert refused(tmp_path / "in" / "self.txt")[0] == "a link that leads in a circle"
    assert refused(tmp_path / "in" / "gone.txt")[0] == "a broken link: its target is missing"


def test_a_linked_folder_outside_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("Rain.")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "one").symlink_to("../outside")
    (tmp_path / "root" / "two").symlink_to("../outside")
    found = listed(tmp_path / "root")
    assert [(item.name, isinstance(item, Ref)) for item in found] == [("one/a.txt", True), ("two", False)]


def test_many_links_to_one_another_do_not_multiply(tmp_path: Path) -> None:
    for depth in range(30):
        (tmp_path / f"d{depth}").mkdir()
        (tmp_path / f"d{depth}" / "x").symlink_to(f"../d{depth + 1}")
        (tmp_path / f"d{depth}" / "y").symlink_to(f"../d{depth + 1}")
    (tmp_path / "d30").mkdir()
    (tmp_path / "d30" / "a.txt").write_text("Rain.")
    assert len(listed(tmp_path / "d0")) < 100


def test_a_folder_deeper_than_the_call_stack_is_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.txt").write_text("Rain.")
    os.chdir(tmp_path)
    found = listed(tmp_path)
    # pytest's own cleaning recurses, and would fail on this tree in a later session.
    subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)
    assert len(found) == 1


def test_a_name_that_is_not_utf8_is_one_printable_line(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("Rain.")
    except OSError as error:
        pytest.skip(f"this file system takes UTF-8 names only: {error}")
    (item,) = listed(tmp_path)
    assert isinstance(item, Unread)
    assert (item.name, item.reason) == ("caf\\xe9.txt", "the name is not valid UTF-8: rename it")
    item.locator.encode("utf-8")


def test_a_file_that_vanishes_after_it_was_listed_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain.")
    source = Files(str(tmp_path), SETTINGS)
    (ref,) = source.discover()
    assert isinstance(ref, Ref)
    (tmp_path / "a.txt").unlink()
    gone = source.load(ref, Validators(), NOW)
    assert isinstance(gone, Unread)
    assert (gone.reason, gone.transient, gone.input_id) == ("no longer there", True, ref.input_id)


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (b"\x89PNG\r\n\x1a\n", "a PNG picture, not text"),
        (b"PK\x03\x04rest", "a ZIP file (or an office document), not text"),
        (bytes(range(256)) * 3, "binary data, not text"),
    ],
)
def test_binary_junk_under_a_text_name_is_rejected(tmp_path: Path, payload: bytes, what: str) -> None:
    (tmp_path / "a.txt").write_bytes(payload)
    assert refused(tmp_path / "a.txt") == (what, Outcome.REJECTED)


@pytest.mark.parametrize(
    "payload",
    [
        "Rain in 서울.".encode("utf-16"),
        "Rain in the south of the country.".encode("utf-16-le"),
        "Rain in the south of the country.".encode("utf-16-be"),
        "비가 온다".encode("cp949"),
        "雨が降る".encode("iso-2022-jp"),
        "雨が降る".encode("cp932"),
        "Дождь".encode("cp1251"),
    ],
)
def test_text_in_any_charset_is_not_taken_for_binary(tmp_path: Path, payload: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(payload)
    assert isinstance(read(tmp_path / "a.txt"), RawPage)
