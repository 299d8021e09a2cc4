"""Saved pages, e-mails and PDFs: the article inside is read, and what holds none is one line."""

from __future__ import annotations

import base64
import io
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import NotModified, Outcome, RawPage, Ref, Unread, Validators
from ingest.limited import Bounds
from ingest.sources.containers import opened
from ingest.sources.files import Files, FileSettings
from ingest.sources.pdf import paragraphs_of
from ingest.sources.reading import CannotReadError
from ingest.sources.recognise import Sources
from ingest.sources.unpacker import Unpacker, unpacked

NOW = "2026-05-01T12:00:00Z"
PAGE = "<html><body><p>남부에 비가 온다.</p></body></html>"


def read(folder: Path, name: str, payload: bytes, validators: Validators | None = None) -> object:
    (folder / name).write_bytes(payload)
    source = Files(str(folder / name), FileSettings(), opened)
    (ref,) = source.discover()
    assert isinstance(ref, Ref)
    return source.load(ref, validators or Validators(), NOW)


def rejected(folder: Path, name: str, payload: bytes) -> str:
    result = read(folder, name, payload)
    assert isinstance(result, Unread)
    assert result.outcome is Outcome.REJECTED
    return result.reason


def saved_page() -> bytes:
    return (
        (
            b"From: <Saved by a browser>\r\nSnapshot-Content-Location: https://news.example/a?utm_source=x\r\n"
            b"Subject: =?utf-8?Q?=EB=B9=84?=\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
            b"--b\r\nContent-Type: text/html; charset=euc-kr\r\nContent-Transfer-Encoding: base64\r\n"
            b"Content-Location: https://news.example/a\r\n\r\n"
        )
        + base64.encodebytes(PAGE.encode("euc-kr"))
        + b"\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n"
    )


@pytest.mark.parametrize("name", ["a.mhtml", "a.MHT"])
def test_a_saved_page_is_its_html_with_its_address(tmp_path: Path, name: str) -> None:
    page = read(tmp_path, name, saved_page())
    assert isinstance(page, RawPage)
    assert page.payload.decode("euc-kr").strip() == PAGE
    assert (page.media_type, page.charset) == ("text/html", "euc-kr")
    assert page.provenance.target_uri == "https://news.example/a"
    assert page.hints.title == "비"
    assert read(tmp_path, name, saved_page(), page.validators) == NotModified(input_id=_id(tmp_path / name))


def _id(path: Path) -> str:
    (ref,) = Files(str(path), FileSettings()).discover()
    return ref.input_id


def test_an_email_is_its_html_part_with_subject_and_date(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "Rain in the south"
    message["Date"] = "Fri, 01 May 2026 10:00:00 +0900"
    message.set_content("Rain is expected.")
    message.add_alternative("<p>Rain is expected.</p>", subtype="html")
    message.add_attachment(b"<p>Not me</p>", maintype="text", subtype="html", filename="x.html")
    page = read(tmp_path, "a.eml", message.as_bytes())
    assert isinstance(page, RawPage)
    assert page.payload.strip() == b"<p>Rain is expected.</p>"
    assert (page.hints.title, page.hints.published) == ("Rain in the south", "2026-05-01T01:00:00Z")
    message = EmailMessage()
    message.set_content("비가 온다.")
    page = read(tmp_path, "b.eml", message.as_bytes())
    assert isinstance(page, RawPage)
    assert (page.payload.decode(), page.media_type) == ("비가 온다.\n", "text/plain")


@pytest.mark.parametrize(
    "payload", [b"Content-Type: image/png\n\nx", b"Subject: x\n\n", b"Content-Type: multipart/mixed\n\n"]
)
def test_a_message_without_text_is_one_line(tmp_path: Path, payload: bytes) -> None:
    assert rejected(tmp_path, "a.eml", payload) == "holds no text"


@given(st.binary(max_size=300) | st.builds(lambda cut: saved_page()[:cut], st.integers(0, 700)))
def test_no_message_makes_us_stumble(payload: bytes) -> None:
    for media_type in ("message/rfc822", "multipart/related"):
        try:
            held = opened(payload, media_type)
        except CannotReadError:
            continue
        assert held.payload.strip()


def pdf(*lines: str) -> bytes:
    """A PDF of one page, by hand."""
    text = "BT /F1 12 Tf 14 TL 72 720 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    fonts = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    return assembled(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources {fonts} >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Title (Rain report) >>",
        info="/Info 5 0 R",
    )


def assembled(*objects: str, info: str = "") -> bytes:
    """The objects, numbered from 1, as a file."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R {info} >>\nstartxref\n{start}\n%%EOF\n"
    out.write(f"xref\n0 {size}\n0000000000 65535 f \n{rows}{trailer}".encode())
    return out.getvalue()


def test_the_text_layer_of_a_pdf_is_read_as_paragraphs(tmp_path: Path) -> None:
    page = read(tmp_path, "a.pdf", pdf("Rain is expected in the south of the", "country on Friday."))
    assert isinstance(page, RawPage)
    assert page.payload == b"Rain is expected in the south of the country on Friday.\n"
    assert (page.media_type, page.hints.title) == ("text/plain", "Rain report")


def test_a_pdf_without_text_or_broken_is_one_line(tmp_path: Path) -> None:
    assert rejected(tmp_path, "a.pdf", pdf()) == "a PDF without a text layer: a scan?"
    assert rejected(tmp_path, "b.pdf", b"%PDF-1.4 junk").startswith("a broken PDF")


def bomb(words: int) -> bytes:
    """A PDF of some kilobytes that holds so many words on one page."""
    packed = zlib.compress(b"BT /F1 12 Tf " + b"(Rain) Tj " * words + b"ET", 9).decode("latin-1")
    fonts = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    return assembled(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources {fonts} >>",
        f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n{packed}\nendstream",
    )


def test_a_pdf_that_takes_for_ever_costs_itself_alone() -> None:
    """Four million words out of a hundred kilobytes."""
    unpacker = Unpacker(Bounds(seconds=1, patience=30.0, memory=2 * 1024**3))
    try:
        with pytest.raises(CannotReadError, match="takes more than 1 s to read") as caught:
            unpacker.unpack(bomb(4_000_000), "application/pdf")
        assert caught.value.outcome is Outcome.REJECTED
        assert unpacker.unpack(pdf("Rain."), "application/pdf").payload == b"Rain.\n"
    finally:
        unpacker.close()


def test_a_pdf_that_takes_too_much_memory_costs_itself_alone() -> None:
    unpacker = Unpacker(Bounds(seconds=60, patience=3.0, memory=200 * 1024**2))
    try:
        with pytest.raises(CannotReadError, match="needs more than 200 MB of memory") as caught:
            unpacker.unpack(bomb(1_000_000), "application/pdf")
        assert caught.value.outcome is Outcome.REJECTED
        assert unpacker.unpack(pdf("Rain."), "application/pdf").payload == b"Rain.\n"
    finally:
        unpacker.close()


def test_containers_are_read_in_a_worker_however_they_are_reached(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("Rain."))
    with Sources.opened() as sources:
        (ref,) = sources.open(str(tmp_path / "a.pdf")).discover()
        assert isinstance(ref, Ref)
        page = sources.loaders()["file"].load(ref, Validators(), NOW)
    assert isinstance(page, RawPage)
    assert page.payload == b"Rain.\n" == unpacked(pdf("Rain."), "application/pdf").payload
    with pytest.raises(CannotReadError, match="a broken PDF"):
        unpacked(b"%PDF-1.4 junk", "application/pdf")


def test_lines_are_put_together_where_they_go_on() -> None:
    text = "Rain is expected in the south of\nthe country on Friday and Satur-\nday.\n"
    text += "Snow will fall in the north for\nthe first time."
    assert list(paragraphs_of(text)) == [
        "Rain is expected in the south of the country on Friday and Satur-day.",
        "Snow will fall in the north for the first time.",
    ]
    assert list(paragraphs_of("南部で雨が降る見込みで、\n週末まで続く。\n\n雪")) == [
        "南部で雨が降る見込みで、週末まで続く。",
        "雪",
    ]


@given(st.text(st.sampled_from("ab .-\n。"), max_size=200))
def test_no_letter_of_a_page_is_lost(text: str) -> None:
    assert "".join("".join(paragraphs_of(text)).split()) == "".join(text.split())
