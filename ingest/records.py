"""Frozen values in, canonical JSON out (and back, checked against the types)."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from ingest.errors import RecordError

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: object) -> bytes:
    """One line of UTF-8 JSON: fields in the order of their definition, mapping keys sorted, no newline.

    The same value gives the same bytes on every machine and Python version.
    """
    return _encoder.encode(value)


def decode(data: bytes | str, kind: type[T]) -> T:
    """The value that `encode` wrote.

    Raises:
        RecordError: the data is not JSON, or not of this kind.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(kind.__name__, str(error)) from error


def plain(value: object) -> Any:
    """The value as dicts, lists, strings and numbers: what a YAML or JSON library takes."""
    return msgspec.to_builtins(value)
