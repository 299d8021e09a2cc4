"""Decoded text -> the text with certain damage repaired as undoable edits, and flags where a repair is a guess."""

from __future__ import annotations

import html
import re

from ingest.article import Edit, Flag

Repaired = tuple[str, tuple[Edit, ...], tuple[Flag, ...]]

_NEWLINE = re.compile(r"\r\n|\r|\n")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Letters of scripts whose words stand without spaces take a question mark between them ("…吗?我…", "…까?라고").
_ALPHABETIC = "A-Za-z\u00aa-\u02af\u0370-\u058f\u0600-\u06ff\u1e00-\u1fff"
# A lost sign stands between letters, behind an abbreviation ("U.S.?China"), or between digits ("2?1").
_LOST = re.compile(
    rf"(?<=[{_ALPHABETIC}])\?(?=[{_ALPHABETIC}])|(?<=[{_ALPHABETIC}]\.)\?(?=[{_ALPHABETIC}])|(?<=\d)\?(?=\d)"
)
_LINK = re.compile(r"\S*(?:://|www\.|[/=&@#])\S*")
# The first bytes of UTF-8 sequences, read as Latin or Cyrillic letters, and a byte or sign that may follow them.
_MOJIBAKE_HINT = re.compile(
    "[\u00c2-\u00c5\u00ce-\u00d1\u00d8-\u00d9\u00e0-\u00ef\u00f0\u0420\u0421\u0432\u0413]"
    "[\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u0402-\u040f\u0452-\u045f\u0490\u0491\u2013-\u2122\u20ac]"
)
_SUSPECT = re.compile(f"[&\ufffd]|[^ ]\\?[^ ]|{_MOJIBAKE_HINT.pattern}")
_STEPS = (("latin-1", "utf-8"), ("sloppy-windows-1252", "utf-8"), ("sloppy-windows-1251", "utf-8"))


def newlines(text: str) -> tuple[str, tuple[Edit, ...]]:
    r"""``text`` with ``\n`` alone as newline.

    One edit with line 0 where all newlines were alike; else one for each other newline, with the line that it ends.
    """
    if "\r" not in text:
        return text, ()
    found = _NEWLINE.findall(text)
    kinds = set(found)
    plain = _NEWLINE.sub("\n", text)
    if len(kinds) == 1:
        return plain, (Edit(line=0, before=kinds.pop(), after="\n", rule="newlines"),)
    edits = (
        Edit(line=number, before=newline, after="\n", rule="newlines")
        for number, newline in enumerate(found, start=1)
        if newline != "\n"
    )
    return plain, tuple(edits)


def lines(text: str) -> Repaired:
    """Every line of ``text`` repaired with `line`."""
    kept: list[str] = []
    edits: list[Edit] = []
    flags: list[Flag] = []
    for number, before in enumerate(text.split("\n"), start=1):
        after, line_edits, line_flags = line(before, number)
        kept.append(after)
        edits += line_edits
        flags += line_flags
    return "\n".join(kept), tuple(edits), tuple(flags)


def line(text: str, number: int) -> Repaired:
    """One line (or block) with entities and certain mojibake repaired; an edit holds the whole line.

    Flags ``encoding-damage`` (a replacement character; a question mark inside a word) and ``mojibake`` (looks like
    text read in the wrong charset, but its repair is not certain) are guesses: they leave the text alone.
    """
    # most lines are plain, and told so ten times faster than by the pattern
    plain = text.isascii() and "&" not in text and "?" not in text
    if plain or not _SUSPECT.search(text):
        return text, (), ()
    edits: list[Edit] = []
    for rule, repaired in (("entities", _entities), ("mojibake", _mojibake)):
        after = repaired(text)
        if after != text:
            edits.append(Edit(line=number, before=text, after=after, rule=rule))
            text = after
    return text, tuple(edits), tuple(_damage(text, number))


def _entities(text: str) -> str:
    if "&" not in text:
        return text
    return _ENTITY.sub(_unescaped, text)


def _unescaped(hit: re.Match[str]) -> str:
    char = html.unescape(hit.group())
    readable = all(c.isprintable() or c == "\u00a0" for c in char) and "\ufffd" not in char
    return char.replace("\u00a0", " ") if readable else hit.group()


def _mojibake(text: str) -> str:
    """The line re-read as UTF-8, where the whole of it went through a wrong charset and comes back without a loss."""
    if not _MOJIBAKE_HINT.search(text):
        return text
    import ftfy
    from ftfy import badness

    if not badness.is_bad(text):
        return text
    for wrong, right in _STEPS:
        try:
            repaired = text.encode(wrong).decode(right)
            certain = repaired.encode(right).decode(wrong) == text and not badness.is_bad(repaired)
        except UnicodeError:
            continue
        if certain and "\ufffd" not in repaired and repaired == ftfy.fix_encoding(text):
            return repaired
    return text


def _damage(text: str, number: int) -> list[Flag]:
    flags = []
    if "\ufffd" in text:
        flags.append(Flag(name="encoding-damage", detail="\ufffd", line=number, start=text.index("\ufffd")))
    flags += [
        Flag(name="encoding-damage", detail="?", line=number, start=hit.start())
        for hit in _LOST.finditer(text)
        if not _missing_space(text, hit.start()) and not _in_link(text, hit.start())
    ]
    if _MOJIBAKE_HINT.search(text):
        from ftfy import badness

        bad = badness.BADNESS_RE.search(text)
        if bad:
            flags.append(Flag(name="mojibake", detail=bad.group(), line=number, start=bad.start()))
    return flags


def _missing_space(text: str, at: int) -> bool:
    """A small letter before and a capital after ("Really?Yes"): a space is missing there, not a letter."""
    return text[at - 1].islower() and text[at + 1].isupper()


def _in_link(text: str, at: int) -> bool:
    start = max(text.rfind(" ", 0, at), text.rfind("\t", 0, at)) + 1
    token = _LINK.match(text, start)
    return token is not None and token.end() > at
