"""Payload bytes in, the reason why they are no text out (or None)."""

from __future__ import annotations

SAMPLE_BYTES = 65_536
"""How much of a payload is looked at: a file that turns binary later than this is not worth reading twice."""

MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP file (or an office document)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"  # ESC: ISO-2022-JP is text


def why_binary(payload: bytes) -> str | None:
    """Say what a payload is when it is no text, e.g. ``a PNG picture``; None for anything that may be text.

    Text in UTF-16 is full of NUL bytes: it is known by its byte order mark, or by NULs standing in every other place.
    """
    for magic, what in MAGIC:
        if payload.startswith(magic):
            return what
    sample = payload[:SAMPLE_BYTES]
    if sample.startswith(BYTE_ORDER_MARKS) or _looks_like_utf16(sample):
        return None
    controls = len(sample) - len(sample.translate(None, delete=_CONTROL))
    # Random bytes hold 11 % control characters, text of any charset next to none.
    return "binary data" if controls > 0.02 * len(sample) else None


def _looks_like_utf16(sample: bytes) -> bool:
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    return max(even, odd) > 0.3 and min(even, odd) < 0.05
