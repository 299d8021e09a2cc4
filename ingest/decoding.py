"""Compressed chunks in, plain chunks out, never more of them than the limit."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

CHUNK = 1 << 16
RATIO_FROM = 2_000_000
"""Below this a high ratio is a page that repeats itself."""

GZIP, ZLIB, DEFLATE = 31, 15, -15
"""zlib's names (window bits) for the three shapes of its data."""


class TooLargeError(Exception):
    """The plain data passes the limit; what came before was within it."""


class DamagedError(Exception):
    """The data is not what its encoding says, or ends in the middle."""


def decompressed(
    chunks: Iterable[bytes], encoding: str, max_bytes: int, *, max_ratio: float | None = None
) -> Iterator[bytes]:
    """Plain chunks of ``gzip``, ``deflate``, ``br`` or ``zstd`` data (``identity``: as they are).

    No more than `CHUNK` bytes are ever unpacked ahead of the count. ``max_ratio`` knows a bomb by how much comes out
    of little, once that is more than `RATIO_FROM` bytes.

    Raises:
        TooLargeError: more than ``max_bytes`` come out, or more than ``max_ratio`` times what went in.
        DamagedError: the data is damaged, cut short, or in no known encoding.
    """
    taken = _Counted(chunks)
    total = 0
    for chunk in _decoder(encoding, taken):
        total += len(chunk)
        bomb = max_ratio is not None and total > max(RATIO_FROM, max_ratio * taken.total)
        if total > max_bytes or bomb:
            raise TooLargeError
        yield chunk


class _Counted:
    """Chunks, and how many bytes of them were taken."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.total = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> bytes:
        chunk = next(self._chunks)
        self.total += len(chunk)
        return chunk


def _decoder(encoding: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    match encoding.strip().lower():
        case "" | "identity":
            return iter(chunks)
        case "gzip" | "x-gzip":
            return _zlib(chunks, GZIP)
        case "deflate":
            return _deflate(chunks)
        case "br":
            return _arrow(chunks, "brotli")
        case "zstd":
            return _arrow(chunks, "zstd")
    raise DamagedError(f"an unknown compression ({encoding[:20]})")


def _deflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """HTTP's deflate is zlib data; some servers send it bare (RFC 9110, 8.4.1.2)."""
    parts = iter(chunks)
    first = next((chunk for chunk in parts if chunk), b"")
    bare = len(first) > 1 and ((first[0] & 0x0F) != 8 or int.from_bytes(first[:2], "big") % 31 != 0)
    return _zlib(_chain(first, parts), DEFLATE if bare else ZLIB)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _zlib(chunks: Iterable[bytes], shape: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(shape)
    started = False
    for chunk in chunks:
        data = chunk
        while data:
            if unpacker.eof:
                if shape != GZIP or not data.strip(b"\0"):
                    return  # padding after the end
                unpacker = zlib.decompressobj(shape)  # gzip members follow each other
            try:
                plain = unpacker.decompress(data, CHUNK)
            except zlib.error as error:
                raise DamagedError("damaged compressed data") from error
            started = True
            if plain:
                yield plain
            data = unpacker.unconsumed_tail or unpacker.unused_data
    if started and not unpacker.eof:
        yield unpacker.flush()
        raise DamagedError("the compressed data ends in the middle")


def _arrow(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """Brotli and zstd as Arrow unpacks them: it is here anyway, and reads in bounded steps."""
    import pyarrow as pa  # heavy, and only a few servers send these

    reader: Any = io.BufferedReader(as_file(chunks), CHUNK)
    try:
        with pa.CompressedInputStream(pa.PythonFile(reader, mode="r"), codec) as stream:
            while plain := stream.read(CHUNK):
                yield plain
    except OSError as error:
        raise DamagedError("damaged compressed data") from error


def as_file(chunks: Iterable[bytes]) -> io.RawIOBase:
    """Chunks as a file that can be read, once and forward."""
    return _Chunks(iter(chunks))


class _Chunks(io.RawIOBase):
    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = memoryview(chunk)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
