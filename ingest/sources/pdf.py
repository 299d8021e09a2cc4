"""The bytes of a PDF in, its text layer as plain text out (pure)."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from ingest.article import Hints, Outcome
from ingest.shown import shown
from ingest.sources.held import Held
from ingest.sources.reading import CannotReadError

MAX_PDF_PAGES = 400
"""A newspaper has fewer; what is longer is a book, or a trap."""

MAX_TEXT = 20_000_000
"""Characters; a book has a twentieth of it."""


def read_pdf(payload: bytes) -> Held:
    """The text layer, lines put together to paragraphs.

    Raises:
        CannotReadError: there is none, or the file is broken.
    """
    try:
        import pypdf
    except ImportError as error:
        raise CannotReadError("needs the package pypdf: pip install 'newsgloss[pdf]'") from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what it repairs
    try:
        reader = pypdf.PdfReader(io.BytesIO(payload))
        _require_readable(reader)
        paragraphs = list(_paragraphs(reader))
        title = _line(getattr(reader.metadata, "title", None))
    except (CannotReadError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise _rejected(f"a broken PDF: {shown(str(error), 80)}") from error
    if not paragraphs:
        raise _rejected("a PDF without a text layer: a scan?")
    text = "\n\n".join(paragraphs) + "\n"
    return Held(
        payload=text.encode("utf-8", "replace"), media_type="text/plain", charset="utf-8", hints=Hints(title=title)
    )


def _paragraphs(reader: Any) -> Iterator[str]:
    size = 0
    for page in reader.pages:
        for paragraph in paragraphs_of(page.extract_text()):
            size += len(paragraph)
            if size > MAX_TEXT:
                raise _rejected(f"a PDF of more than {MAX_TEXT:,} characters")
            yield paragraph


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
