"""Documents in, JSON Lines out (and back): one record a line, sorted by id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ingest.errors import RecordError
from translate.document import Document
from translate.schema import Record, record

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Record)


def render(documents: Iterable[Document]) -> bytes:
    """One line of UTF-8 JSON a document, in the order of their ids: the bytes depend on the set alone."""
    rows = (record(document) for document in sorted(documents, key=lambda document: document.id))
    return b"".join(_line(row) + b"\n" for row in rows)


def read(data: bytes) -> list[dict[str, Any]]:
    """The records of a file that `render` wrote, each checked against the schema.

    Raises:
        RecordError: a line is no record of this schema; the line's number is in the message.
    """
    return [_checked(line, number) for number, line in enumerate(data.split(b"\n"), start=1) if line]


def _checked(line: bytes, number: int) -> dict[str, Any]:
    try:
        row: dict[str, Any] = msgspec.to_builtins(_decoder.decode(line))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"line {number}", str(error)) from error
    return row


def _line(row: dict[str, Any]) -> bytes:
    try:
        return _encoder.encode(row)
    except UnicodeEncodeError:
        return _encoder.encode(_encodable(row))


def _encodable(value: Any) -> Any:
    """``value`` with lone surrogates, which no UTF-8 file can hold, replaced by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    return {key: _encodable(item) for key, item in value.items()} if isinstance(value, dict) else value
