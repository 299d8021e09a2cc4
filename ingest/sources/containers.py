"""The bytes of a saved page (MHTML), an e-mail or a PDF in, the article they hold out (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from ingest.article import Hints, Outcome
from ingest.canonical import canonical
from ingest.errors import InputError
from ingest.shown import shown
from ingest.sources.dates import iso_date
from ingest.sources.held import Held
from ingest.sources.reading import CannotReadError

MAX_PDF_PAGES = 400
"""A newspaper has fewer; what is longer is a book, or a trap."""


def opened(payload: bytes, media_type: str) -> Held:
    """The article in a container of this type.

    Raises:
        CannotReadError: it holds none, or is broken.
    """
    return _pdf(payload) if media_type == "application/pdf" else _mail(payload)


def _mail(payload: bytes) -> Held:
    """The HTML part, else the plain one. A saved page says its address, an e-mail its subject and date."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(payload)
        part = _body(message)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise _rejected(f"a broken message ({type(error).__name__})") from error
    if part is None:
        raise _rejected("holds no text")
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes) or not body.strip():
        raise _rejected("holds no text")
    return Held(
        payload=body,
        media_type=part.get_content_type(),
        charset=part.get_content_charset(),
        target_uri=_address(message, part),
        hints=Hints(title=_header(message, "Subject"), published=iso_date(_header(message, "Date"))),
    )


def _body(message: EmailMessage) -> EmailMessage | None:
    parts = [part for part in message.walk() if not part.is_multipart() and part.get_filename() is None]
    for wanted in ("text/html", "text/plain"):
        for part in parts:
            if part.get_content_type() == wanted:
                return part
    return None


def _address(message: EmailMessage, part: EmailMessage) -> str | None:
    for told in (
        message.get("Snapshot-Content-Location"),
        part.get("Content-Location"),
        message.get("Content-Location"),
    ):
        try:
            if told:
                return canonical(str(told))
        except InputError:
            continue
    return None


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        told = message.get(name)
    except (MessageError, ValueError, TypeError, AttributeError, IndexError):
        return None  # a header that Python's own parser trips over says nothing
    return " ".join(str(told).split()) or None if told else None


def _pdf(payload: bytes) -> Held:
    """The text layer, lines put together to paragraphs."""
    try:
        import pypdf
    except ImportError as error:
        raise CannotReadError("needs the package pypdf: pip install 'newsgloss[pdf]'") from error
    import io
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what it repairs
    try:
        reader = pypdf.PdfReader(io.BytesIO(payload))
        _require_readable(reader)
        paragraphs = [line for page in reader.pages for line in paragraphs_of(page.extract_text())]
        title = _line(getattr(reader.metadata, "title", None))
    except CannotReadError:
        raise
    except Exception as error:
        raise _rejected(f"a broken PDF: {shown(str(error), 80)}") from error
    if not paragraphs:
        raise _rejected("a PDF without a text layer: a scan?")
    text = "\n\n".join(paragraphs) + "\n"
    return Held(
        payload=text.encode("utf-8", "replace"), media_type="text/plain", charset="utf-8", hints=Hints(title=title)
    )


def _require_readable(reader: Any) -> None:
    if reader.is_encrypted:
        raise _rejected("an encrypted PDF")
    if len(reader.pages) > MAX_PDF_PAGES:
        raise _rejected(f"a PDF of {len(reader.pages)} pages; the limit is {MAX_PDF_PAGES}")


def paragraphs_of(text: str) -> Iterator[str]:
    """The lines of a page put together: a line goes on where it is about as wide as the widest and ends no sentence.

    A hyphen at a line's end stays, and the next line follows it: whether it belongs to the word is a guess.
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    widest = max(map(len, lines), default=0)
    paragraph = ""
    for line in lines:
        if not line:
            if paragraph:
                yield paragraph
            paragraph = ""
            continue
        paragraph = _joined(paragraph, line)
        if len(line) < 0.75 * widest or (len(line) < 0.9 * widest and re.search(r"[.!?。！？”\"]$", line)):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _joined(before: str, line: str) -> str:
    if not before or before.endswith("-") or re.search(r"[぀-ヿ㐀-鿿。、，！？]$", before):
        return before + line
    return f"{before} {line}"


def _line(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _rejected(reason: str) -> CannotReadError:
    return CannotReadError(reason, outcome=Outcome.REJECTED)
