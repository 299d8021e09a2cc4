"""A locator that the user named in, an open binary file out: a path of this machine, or an object on ``s3://``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Any, cast
from urllib.parse import unquote, urlsplit

from ingest.article import Outcome
from ingest.decoding import CHUNK, DamagedError, TooLargeError, decompressed
from ingest.shown import shown
from ingest.sources.reading import CannotReadError, ending, megabytes, open_regular

REMOTE = frozenset({"s3"})
"""Protocols of fsspec that are opened. Chained URLs (``::``) never are, nor anything that fetched content names."""

COMPRESSED = {".gz": "gzip", ".zst": "zstd"}


def local_path(text: str) -> str:
    """``file://`` URLs as paths; anything else as it is."""
    return unquote(urlsplit(text).path) if text.startswith("file://") else text


def is_remote(text: str) -> bool:
    """Whether a locator has a protocol of its own (``s3://…``)."""
    return "://" in text


def open_binary(locator: str) -> IO[bytes]:
    """Open for reading, with seek.

    Raises:
        CannotReadError: it cannot be, and why.
    """
    return _open_remote(locator) if is_remote(locator) else open_regular(locator)


def read_binary(locator: str, max_bytes: int) -> bytes:
    """All bytes of a file of at most ``max_bytes``; ``.gz`` and ``.zst`` unpacked, within the same limit.

    Raises:
        CannotReadError: it cannot be read, is larger, or is damaged.
    """
    try:
        return b"".join(plain_chunks(locator, max_bytes))
    except TooLargeError as error:
        raise CannotReadError(
            f"too large: the limit is {megabytes(max_bytes)} (max_bytes)", outcome=Outcome.REJECTED
        ) from error
    except DamagedError as error:
        raise CannotReadError(str(error), outcome=Outcome.REJECTED) from error


def plain_chunks(locator: str, max_bytes: int) -> Iterator[bytes]:
    """The file in chunks, unpacked as its ending says.

    Raises:
        CannotReadError, TooLargeError, DamagedError: as they happen.
    """
    encoding = COMPRESSED.get(ending(locator), "identity")
    with open_binary(locator) as file:
        yield from decompressed(_chunks(file), encoding, max_bytes)


def list_remote(folder: str) -> list[str]:
    """The objects under a remote folder, in bytewise order of their keys.

    Raises:
        CannotReadError: it cannot be listed.
    """
    system, path = _remote(folder)
    protocol = folder.partition("://")[0]
    try:
        return sorted((f"{protocol}://{key}" for key in system.find(path)), key=os.fsencode)
    except Exception as error:
        raise CannotReadError(_remote_reason(error)) from error


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    try:
        while chunk := file.read(CHUNK):
            yield chunk
    except OSError as error:
        raise CannotReadError((error.strerror or str(error)).lower()) from error


def _open_remote(locator: str) -> IO[bytes]:
    system, path = _remote(locator)
    try:
        return cast("IO[bytes]", system.open(path, "rb"))
    except Exception as error:
        raise CannotReadError(_remote_reason(error)) from error


def why_unopened(locator: str) -> str | None:
    """Why a locator with a protocol of its own is not opened as a file; None where it may be."""
    protocol, _, path = locator.partition("://")
    if protocol.lower() in {"http", "https"}:
        return f"files are read from paths and s3://, not over {protocol.lower()}://: download it first"
    if protocol not in REMOTE:
        return f"{shown(protocol, 20)}:// is not read: there are paths, http://, https:// and s3://"
    if "::" in locator:
        return "an address within an address (::) is not read"
    if "@" in path.partition("/")[0]:
        return "a password does not belong into an s3:// address: AWS's own settings have a place for it"
    return None


def _remote(locator: str) -> tuple[Any, str]:
    protocol, _, path = locator.partition("://")
    if reason := why_unopened(locator):
        raise CannotReadError(reason, outcome=Outcome.REJECTED)
    import fsspec

    try:
        return fsspec.filesystem(protocol), path
    except ImportError as error:
        raise CannotReadError("needs the package s3fs: pip install 'newsgloss[s3]'") from error


def _remote_reason(error: Exception) -> str:
    """The store's own words; boto3 raises classes that it makes at run time, so that none can be named."""
    if isinstance(error, FileNotFoundError):
        return "no such object"
    if isinstance(error, PermissionError):
        return "not readable: permission denied"
    return f"the store refused: {shown(type(error).__name__)}: {shown(str(error), 120)}"
