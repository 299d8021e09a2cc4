"""Files on s3://, against a real S3 server on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.article import RawPage, Unread, Validators
from ingest.sources.opening import open_binary
from ingest.sources.reading import CannotReadError
from ingest.sources.recognise import Sources

pytest.importorskip("s3fs", reason="needs the extra s3")
moto_server = pytest.importorskip("moto.server", reason="needs moto")

NOW = "2026-05-01T12:00:00Z"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    import s3fs

    patch = pytest.MonkeyPatch()
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    patch.setenv("AWS_ACCESS_KEY_ID", "test")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    system = s3fs.S3FileSystem(skip_instance_cache=True)
    system.mkdir("news")
    for name, text in {
        "in/b.txt": "Rain.",
        "in/a/c.html": "<p>Snow.</p>",
        "in/x.jpg": "x",
        "rows.jsonl": '{"text": "Rain."}\n',
    }.items():
        system.pipe(f"news/{name}", text.encode())
    yield "s3://news"
    server.stop()
    patch.undo()


def loaded(target: str) -> list[object]:
    sources = Sources()
    loaders = sources.loaders()
    items = list(sources.open(target).discover())
    return [item if isinstance(item, Unread) else loaders[item.kind].load(item, Validators(), NOW) for item in items]


def test_a_folder_a_file_and_a_table_on_s3_are_read(bucket: str) -> None:
    pages = [page for page in loaded(f"{bucket}/in/") if isinstance(page, RawPage)]
    assert [page.payload for page in pages] == [b"<p>Snow.</p>", b"Rain."]
    assert pages[1].provenance.source == "file:s3://news/in/b.txt"
    (page,) = loaded(f"{bucket}/in/b.txt")
    assert isinstance(page, RawPage)
    (page,) = loaded(f"{bucket}/rows.jsonl")
    assert isinstance(page, RawPage)
    assert page.payload == b"Rain."


@pytest.mark.parametrize("name", ["none.txt", "none.jsonl", "none.warc", "none/", "in/x.jpg"])
def test_what_is_not_there_is_one_line(bucket: str, name: str) -> None:
    (item,) = loaded(f"{bucket}/{name}")
    assert isinstance(item, Unread)
    assert "\n" not in item.reason


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("sftp://reader:hush@news.test/a.txt", "sftp:// is not read: there are paths, http://, https:// and s3://"),
        ("ftp://news.test/a.html", "ftp:// is not read"),
        ("feed:ftp://reader:hush@news.test/rss", "ftp:// is not read"),
        ("gcs://news/a.txt", "gcs:// is not read"),
        ("http+x://news/a.txt", "http+x:// is not read"),
        ("rss:https://news.test/feed", "rss:https:// is not read"),
        ("gopher:news.test", "no such file, and gopher: is not read: there are paths, http://"),
        ("warc:https://reader:hush@news.test/a.warc.gz", "not over https://: download it first"),
        ("s3://a::file:///etc/passwd", "an address within an address (::) is not read"),
        ("s3://key:hush@news/a.txt", "a password does not belong into an s3:// address"),
    ],
)
def test_what_no_protocol_of_ours_reads_is_named_and_a_password_in_it_is_not(target: str, reason: str) -> None:
    (item,) = loaded(target)
    assert isinstance(item, Unread)
    assert (item.outcome, reason in item.reason) == ("rejected", True), item
    assert "hush" not in repr(item)


def test_a_file_whose_name_looks_like_an_address_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gopher:news.txt").write_text("Rain.")
    monkeypatch.chdir(tmp_path)
    (page,) = loaded("gopher:news.txt")
    assert isinstance(page, RawPage)


@pytest.mark.parametrize("locator", ["gcs://news/a.txt", "http+x://news/a.txt", "s3://a::file:///etc/passwd"])
def test_nothing_opens_other_protocols_and_chains(locator: str) -> None:
    with pytest.raises(CannotReadError, match="is not read"):
        open_binary(locator)


def test_a_file_url_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_text("Rain.")
    (page,) = loaded((tmp_path / "a b.txt").as_uri())
    assert isinstance(page, RawPage)
    assert page.provenance.source == "file:a b.txt"
