"""A page's bytes -> its text, whatever charset it is in or claims to be in, with its edits and flags."""

from __future__ import annotations

from dataclasses import dataclass

from ingest import alphabets, charsets, repair
from ingest.article import Edit, Flag, RawPage
from ingest.errors import InputError

MAX_BYTES = 16 * 1024 * 1024
"""The largest payload that is read: the longest real news pages are near 5 MB, most of it scripts."""

SURE = 0.02
"""Up to this oddness a declared charset is taken at its word (stray bytes occur on rightly declared pages)."""

ODD = 0.08
"""A reading of Latin letters may be so much odder than the least odd one: its letters and words decide."""

FEW = 80
"""Fewer characters of East Asian scripts than these can read well in the charset of another language too."""

LINES_OF_PROSE = frozenset({"text/plain", "text/markdown"})

_MAGIC = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM6", "a bitmap image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"OggS", "an audio file"),
    (b"ID3", "an audio file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"SQLite format 3\x00", "a database"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    r"""The text of a payload.

    Attributes:
        text: what the bytes say, without byte order mark, NUL or lone surrogate; the newlines of plain text are
            ``\n`` (those of HTML are white space like any other).
        charset: the Python codec that read it.
        edits: what was changed without loss; of a plain text also the certain repairs, line by line.
        flags: what looks damaged and was left alone.
    """

    text: str
    charset: str
    edits: tuple[Edit, ...] = ()
    flags: tuple[Flag, ...] = ()


def decode(page: RawPage) -> Decoded:
    """Read the page's bytes as text.

    A byte order mark is believed; then bytes that are UTF-8, all or all but a few, whatever is declared; then the
    declared charset where the text it gives reads well (so does Turkish as Latin-1: its letters and words overrule
    that); then the charset of the page's language, or a detector's, whichever reads best; among those of Latin
    letters, the one whose language's letters and words the text has. Where that decides little, the text is flagged
    ``charset-guessed``.
    Plain text is repaired line by line; the text of HTML is repaired block by block, after parsing.

    Raises:
        InputError: the payload is empty, too large, or no text.
    """
    payload = page.payload
    refuse(page)
    text, charset, edits, flags = _read(payload, page.charset)
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    # bytes that are UTF-8 by chance hold next to nothing else than ASCII
    if charset != "utf_8" and charsets.is_noise(text):
        raise InputError(_locator(page), "is not text in any known charset", hint="is it a binary file?")
    if charsets.control_share(text) > 0.05:
        raise InputError(_locator(page), "is not text: it is full of control characters", hint="is it a binary file?")
    if page.media_type in LINES_OF_PROSE:
        text, newline_edits = repair.newlines(text)
        text, line_edits, line_flags = repair.lines(text)
        edits += newline_edits + line_edits
        flags += line_flags
    return Decoded(text=text, charset=charset, edits=edits, flags=flags)


def _locator(page: RawPage) -> str:
    return page.provenance.target_uri or page.provenance.source


def refuse(page: RawPage) -> None:
    """Let pass what may be text, before anything costly is done with it.

    Raises:
        InputError: the payload is empty, too large, or plainly no text.
    """
    payload, locator = page.payload, _locator(page)
    if len(payload) > MAX_BYTES:
        size, limit = len(payload) / 1024**2, MAX_BYTES // 1024**2
        raise InputError(locator, f"is too large: {size:.0f} MB, the limit is {limit} MB")
    if not payload.strip(b" \t\r\n\f\0\xef\xbb\xbf"):
        raise InputError(locator, "is empty")
    for magic, what in _MAGIC:
        if payload.startswith(magic):
            raise InputError(locator, f"is {what}, not text")
    riff = payload[:4] == b"RIFF" or payload[4:8] == b"ftyp"
    if riff:
        raise InputError(locator, "is a media file, not text")
    nuls = payload.count(0)
    if nuls > len(payload) // 100 and not charsets.bom(payload) and not charsets.unmarked_utf16(payload):
        raise InputError(locator, "is not text: it holds NUL bytes", hint="is it a binary file?")


def _read(payload: bytes, header: str | None) -> tuple[str, str, tuple[Edit, ...], tuple[Flag, ...]]:
    marked = charsets.bom(payload)
    if marked:
        name, mark = marked
        text = payload[len(mark) :].decode(name, "replace")
        return text, name, (Edit(line=0, before="\ufeff", after="", rule="byte-order-mark"),), ()
    wide = charsets.unmarked_utf16(payload)
    if wide:
        return payload.decode(wide, "replace"), wide, (), ()
    if charsets.is_iso_2022_jp(payload):
        return payload.decode("iso2022_jp_2", "replace"), "iso2022_jp", (), ()
    try:
        return payload.decode("utf-8"), "utf_8", (), ()
    except UnicodeDecodeError:
        text, prose = payload.decode("utf-8", "replace"), charsets.prose(payload)
        declared = charsets.declared(payload, header)
        if charsets.is_mostly_utf8(text) or charsets.is_sparse_utf8(prose, declared="utf_8" in declared):
            return text, "utf_8", (), ()
        text, name, flags = _legacy(payload, prose, declared)
        return text, name, (), flags


def _legacy(payload: bytes, prose: bytes, declared: list[str]) -> tuple[str, str, tuple[Flag, ...]]:
    """Text and codec of bytes that are not valid UTF-8: the first that reads well, else the one that reads best.

    Which of several readings of Latin letters is right, their letters and words tell; a flag says where they do not.
    """
    tried: dict[str, float] = {}
    expected = charsets.by_language(payload)
    for name in (*declared, *expected):
        tried.setdefault(name, charsets.oddness(prose.decode(name, "replace")))
        if tried[name] <= SURE:
            right = alphabets.corrected(name, prose, expected)
            return payload.decode(right, "replace"), right, ()
    for name in ("utf_8", *charsets.detected(prose), "cp932", "euc_jp", *sorted(alphabets.covered())):
        tried.setdefault(name, charsets.oddness(prose.decode(name, "replace")))
    best, sure = min(tried, key=lambda name: tried[name]), True
    latin = {name: prose.decode(name, "replace") for name in alphabets.covered() if tried[name] <= tried[best] + ODD}
    if latin and (choice := alphabets.choose(latin, tried)) and (choice.certain or best in latin):
        best, sure = choice.charset, choice.sure
    text = payload.decode(best, "replace")
    sure = sure and not (charsets.is_wide(best) and charsets.foreign(text) < FEW)
    return text, best, () if sure else (Flag(name="charset-guessed", detail=best),)
