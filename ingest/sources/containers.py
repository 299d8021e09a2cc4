"""The bytes of a saved page (MHTML), an e-mail or a PDF in, the article they hold out (pure)."""

from __future__ import annotations

from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser

from ingest.article import Hints, Outcome
from ingest.canonical import canonical
from ingest.errors import InputError
from ingest.sources.dates import iso_date
from ingest.sources.held import Held
from ingest.sources.reading import CannotReadError


def opened(payload: bytes, media_type: str) -> Held:
    """The article in a container of this type.

    Raises:
        CannotReadError: it holds none, or is broken.
    """
    if media_type != "application/pdf":
        return _mail(payload)
    from ingest.sources.pdf import read_pdf

    return read_pdf(payload)


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


def _rejected(reason: str) -> CannotReadError:
    return CannotReadError(reason, outcome=Outcome.REJECTED)
