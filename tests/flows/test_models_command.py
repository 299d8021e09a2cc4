"""``newsgloss models``: the real command against a server on this machine, with the real fetcher."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.downloads import WebDownload
from ingest.errors import FetchError
from ingest.fetch import Client, ClientSettings, Limits
from tests.flows.command import ROOT, Said, newsgloss
from tests.translate.loopback import Shelf, serving
from tests.translate.packages import archive, build
from tests.translate.test_engine_argos import TEXT


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving() as shelf:
        yield shelf


@pytest.fixture(scope="module")
def korean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("korean")
    return archive(build(made, TEXT), made / "ko.argosmodel")


def put(shelf: Shelf, package: bytes) -> None:
    entry = {"from_code": "ko", "to_code": "en", "package_version": "1.9", "links": ["ko.argosmodel"]}
    shelf.files |= {"/index.json": json.dumps([entry]).encode(), "/ko.argosmodel": package}
    shelf.files["/records.json"] = b'{"data": []}'


def models(tmp_path: Path, *words: str | Path) -> Said:
    action, *rest = words
    return newsgloss("models", action, "--models", tmp_path / "models", *rest, cwd=tmp_path)


def install(tmp_path: Path, shelf: Shelf, *words: str) -> Said:
    host = shelf.url.removeprefix("http://")
    return models(tmp_path, "install", "ko", "--from", shelf.url, "--allow-host", host, *words)


def test_a_model_is_installed_listed_verified_and_removed(tmp_path: Path, shelf: Shelf, korean: Path) -> None:
    put(shelf, korean.read_bytes())
    assert install(tmp_path, shelf) == Said(status=0, out="argos/ko-en@1.9 1.9: installed\n", err="")
    assert install(tmp_path, shelf).out == "argos/ko-en@1.9 1.9: already installed\n"
    assert "argos/ko-en@1.9\tKorean\t1.9\t" in models(tmp_path, "list").out
    assert "ok: argos/ko-en@1.9 1.9 sha256:" in models(tmp_path, "verify", "argos/ko-en@1.9").out
    assert models(tmp_path, "remove", "ko").out == "argos/ko-en@1.9: removed\n"
    assert "argos" not in models(tmp_path, "list").out


def test_a_file_is_imported_without_a_network(tmp_path: Path, korean: Path) -> None:
    assert models(tmp_path, "import", korean).out == "argos/ko-en@1.9 1.9: installed\n"


def test_a_changed_model_fails_verification(tmp_path: Path, korean: Path) -> None:
    models(tmp_path, "import", korean)
    binary = next((tmp_path / "models").rglob("model.bin"))
    binary.write_bytes(binary.read_bytes()[:-1] + b"\x01")
    said = models(tmp_path, "verify", "ko-en")
    assert said.status == 1
    assert "not those installed" in said.out


def test_a_private_address_is_not_asked_unless_allowed(tmp_path: Path, shelf: Shelf, korean: Path) -> None:
    put(shelf, korean.read_bytes())
    said = models(tmp_path, "install", "ko", "--from", shelf.url)
    assert said.status == 1
    assert "--allow-host" in said.err
    assert shelf.asked == []


def test_a_redirect_to_a_private_address_is_refused(tmp_path: Path, shelf: Shelf, korean: Path) -> None:
    put(shelf, korean.read_bytes())
    shelf.moved["/ko.argosmodel"] = "http://127.0.0.2:9/ko.argosmodel"
    said = install(tmp_path, shelf)
    assert said.status == 1
    assert "loopback" in said.err
    assert "argos" not in models(tmp_path, "list").out


def test_a_language_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    assert models(tmp_path, "install", "???").status == 2
    assert models(tmp_path, "remove", "ko").status == 2


@pytest.fixture
def download(shelf: Shelf) -> Iterator[WebDownload]:
    client = Client(ClientSettings(allow_hosts=(shelf.url.removeprefix("http://"),)))
    yield WebDownload(client, Limits(deadline_s=1.0))
    client.close()


def read(download: WebDownload, url: str, start: int = 0) -> tuple[int, int | None, bytes]:
    with download.open(url, start) as part:
        return part.start, part.total, b"".join(part.chunks)


def test_bytes_come_from_where_they_were_asked(shelf: Shelf, download: WebDownload) -> None:
    shelf.files["/a"] = b"0123456789"
    assert read(download, f"{shelf.url}/a", 4) == (4, 10, b"456789")
    shelf.ranges = False
    assert read(download, f"{shelf.url}/a", 4) == (0, 10, b"0123456789")


def test_a_redirect_is_followed(shelf: Shelf, download: WebDownload) -> None:
    shelf.files["/b"] = b"0123456789"
    shelf.moved["/a"] = "/b"
    assert read(download, f"{shelf.url}/a", 4) == (4, 10, b"456789")


def test_endless_redirects_end(shelf: Shelf, download: WebDownload) -> None:
    shelf.moved["/a"] = "/a"
    with pytest.raises(FetchError, match="redirects"):
        read(download, f"{shelf.url}/a")


def test_a_stalled_answer_ends_at_the_deadline(shelf: Shelf, download: WebDownload) -> None:
    shelf.files["/a"] = b"0123456789"
    shelf.cut["/a"] = 4
    shelf.stalls.add("/a")
    with pytest.raises(FetchError) as caught:
        read(download, f"{shelf.url}/a")
    assert caught.value.transient


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a", "no url"])
def test_only_web_addresses_are_read(download: WebDownload, url: str) -> None:
    with pytest.raises(FetchError):
        read(download, url)


def test_a_pending_document_is_finished_once_its_model_is_there(tmp_path: Path, korean: Path) -> None:
    sample = next((ROOT / "seeds" / "samples").glob("ko-*.txt"))
    words = ("run", sample, "--output", tmp_path / "out", "--models", tmp_path / "models", "--json")
    assert newsgloss(*words, cwd=tmp_path).json["pending"] == 1
    models(tmp_path, "import", korean)
    done = newsgloss(*words, cwd=tmp_path).json
    assert (done["pending"], done["written"]) == (0, 1), done
    (page,) = (tmp_path / "out").glob("documents/*/*.md")
    assert "ko-en" in page.read_text("utf-8")
