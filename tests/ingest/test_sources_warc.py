"""WARC files: response records are pages, digests are checked, and a file cut in the middle gives what it holds."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.article import NotModified, Outcome, RawPage, Ref, Unread, Validators
from ingest.sources.warc import Warc, WarcSettings

NOW = "2026-05-01T12:00:00Z"
SETTINGS = WarcSettings(max_bytes=10_000)
PAGE = b"<p>Rain is expected in the south.</p>"


def record(path: str, body: bytes = PAGE, *, status: str = "200 OK", kind: str = "response", **http: str) -> bytes:
    headers = {
        "Content-Type": "text/html; charset=EUC-KR",
        **{key.replace("_", "-"): text for key, text in http.items()},
    }
    lines = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    block = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
    sums = [base64.b32encode(hashlib.sha1(data).digest()).decode() for data in (block, body)]
    return (
        (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://news.example{path}\r\n"
            f"WARC-Date: 2026-04-30T10:00:00Z\r\nWARC-Record-ID: <urn:uuid:{path}>\r\n"
            f"WARC-Block-Digest: sha1:{sums[0]}\r\nWARC-Payload-Digest: sha1:{sums[1]}\r\n"
            f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


def plain(records: list[bytes]) -> bytes:
    return b"".join(records)


def packed(records: list[bytes]) -> bytes:
    return b"".join(gzip.compress(data, mtime=0) for data in records)


def warc(
    tmp_path: Path, *records: bytes, pack: Callable[[list[bytes]], bytes] = plain, cut: int | None = None
) -> Warc:
    path = tmp_path / ("news.warc.gz" if pack is packed else "news.warc")
    path.write_bytes(pack(list(records))[:cut])
    return Warc(str(path), SETTINGS)


def loaded(source: Warc) -> list[RawPage | NotModified | Unread]:
    items = list(source.discover())
    results = [item if isinstance(item, Unread) else source.load(item, Validators(), NOW) for item in items]
    source.close()
    return results


def only(source: Warc) -> RawPage | NotModified | Unread:
    (result,) = loaded(source)
    return result


def reason(source: Warc) -> str:
    result = only(source)
    assert isinstance(result, Unread)
    assert result.outcome is Outcome.REJECTED
    return result.reason


@pytest.mark.parametrize("pack", [plain, packed])
def test_response_records_are_pages_with_their_own_address_and_time(
    tmp_path: Path, pack: Callable[[list[bytes]], bytes]
) -> None:
    records = [
        record("/a?utm_source=x"),
        record("/a", kind="request"),
        record("/b", b"\x89PNG", Content_Type="image/png"),
        record("/c", status="404 Not Found"),
        record("/d", b"<p>Snow.</p>"),
    ]
    source = warc(tmp_path, *records, pack=pack)
    items = list(source.discover())
    assert source.note() == "passed over 2: 1 HTTP 404, 1 image/png"
    assert [item.name.partition("#")[0] for item in items] == [f"news.warc{'.gz' if pack is packed else ''}"] * 2
    first, last = loaded(source)
    assert isinstance(first, RawPage)
    assert isinstance(last, RawPage)
    assert (first.payload, last.payload) == (PAGE, b"<p>Snow.</p>")
    assert (first.media_type, first.charset) == ("text/html", "euc-kr")
    assert first.provenance.target_uri == "http://news.example/a"
    assert first.provenance.retrieved_at == "2026-04-30T10:00:00Z"
    assert str(tmp_path) not in repr(first)


def test_records_are_loaded_in_any_order_and_unchanged_ones_are_known(tmp_path: Path) -> None:
    source = warc(tmp_path, record("/a"), record("/b", b"<p>Snow.</p>"), pack=packed)
    refs = [item for item in source.discover() if isinstance(item, Ref)]
    for ref, body in ((refs[1], b"<p>Snow.</p>"), (refs[0], PAGE), (refs[1], b"<p>Snow.</p>")):
        page = source.load(ref, Validators(), NOW)
        assert isinstance(page, RawPage)
        assert page.payload == body
        assert source.load(ref, page.validators, NOW) == NotModified(input_id=ref.input_id)
    source.close()


def test_chunks_and_compression_are_undone(tmp_path: Path) -> None:
    body = gzip.compress(PAGE, mtime=0)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:10], body[10:])) + b"0\r\n\r\n"
    source = warc(tmp_path, record("/a", chunks, Transfer_Encoding="chunked", Content_Encoding="gzip"))
    page = only(source)
    assert isinstance(page, RawPage)
    assert page.payload == PAGE


def test_a_page_stored_unpacked_under_its_old_headers_is_taken_as_it_is(tmp_path: Path) -> None:
    page = only(warc(tmp_path, record("/a", Transfer_Encoding="chunked", Content_Encoding="gzip")))
    assert isinstance(page, RawPage)
    assert page.payload == PAGE


def test_a_digest_that_does_not_match_is_rejected(tmp_path: Path) -> None:
    assert "does not match" in reason(warc(tmp_path, record("/a").replace(b"south", b"north")))


def test_a_digest_of_an_unknown_kind_says_nothing(tmp_path: Path) -> None:
    assert isinstance(only(warc(tmp_path, record("/a").replace(b"sha1:", b"blake9:"))), RawPage)


@pytest.mark.parametrize("pack", [plain, packed])
def test_a_file_cut_in_the_middle_gives_what_it_holds(tmp_path: Path, pack: Callable[[list[bytes]], bytes]) -> None:
    records = [record("/a"), record("/b"), record("/c")]
    whole = len(pack(records))
    for cut in range(whole // 3 + 50, whole - 5, 13):
        results = loaded(warc(tmp_path, *records, pack=pack, cut=cut))
        assert isinstance(results[0], RawPage)
        assert all("\n" not in result.reason for result in results if isinstance(result, Unread))


def test_a_cut_record_without_digests_is_not_taken_for_a_page(tmp_path: Path) -> None:
    bare = (
        record("/a", PAGE * 20)
        .replace(b"WARC-Block-Digest", b"X-Block")
        .replace(b"WARC-Payload-Digest", b"X-Payload")
    )
    assert reason(warc(tmp_path, bare, cut=-400)) == "the record is cut off"


def test_junk_between_records_ends_the_file_with_one_line(tmp_path: Path) -> None:
    results = loaded(warc(tmp_path, record("/a"), b"junk " * 100, record("/b")))
    assert isinstance(results[0], RawPage)
    assert isinstance(results[-1], Unread)
    assert results[-1].reason.startswith("broken after 1 page")


@pytest.mark.parametrize("content", [b"junk " * 100, b"\x1f\x8b junk", b"\x28\xb5\x2f\xfd junk"])
def test_what_is_no_warc_is_one_line(tmp_path: Path, content: bytes) -> None:
    assert reason(warc(tmp_path, content)).startswith("broken after 0 pages")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    (item,) = Warc(str(tmp_path / "none.warc"), SETTINGS).discover()
    assert isinstance(item, Unread)
    assert item.reason == "no longer there"


def test_large_records_and_bombs_are_refused(tmp_path: Path) -> None:
    assert reason(warc(tmp_path, record("/a", b"x" * 20_000))).startswith("too large")
    bomb = gzip.compress(bytes(5_000_000))
    assert reason(warc(tmp_path, record("/a", bomb, Content_Encoding="gzip"))).startswith("too large")


def test_an_empty_page_is_rejected(tmp_path: Path) -> None:
    assert reason(warc(tmp_path, record("/a", b""))) == "empty"


def test_revisits_are_no_pages(tmp_path: Path) -> None:
    (nothing,) = loaded(warc(tmp_path, record("/a", kind="revisit")))
    assert isinstance(nothing, Unread)
    assert (nothing.outcome, nothing.reason) == ("rejected", "holds no page")
    (nothing,) = loaded(warc(tmp_path, b""))
    assert isinstance(nothing, Unread)
    assert nothing.reason == "holds no page"
    (page,) = loaded(warc(tmp_path, record("/a", kind="revisit") + record("/a")))
    assert isinstance(page, RawPage)
