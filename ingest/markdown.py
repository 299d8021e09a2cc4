"""Lines of Markdown in, blocks without the marks out, with the edits that bring the marks back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ingest.article import Block, Edit, Hints, Kind, Lang, Stripped
from ingest.canonical import stated

MAX_INLINE = 20_000
"""A longer line keeps its inline marks: no hand writes such a line, and looking at it has a cost."""

_RULE = re.compile(r"\s{0,3}(?:-[ -]{2,80}|\*[ *]{2,80}|_[ _]{2,80})$")
_UNDERLINE = re.compile(r"\s{0,3}(?:={2,200}|-{2,200})\s*$")
_FENCE = re.compile(r"\s{0,3}(?:`{3}|~{3})")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
_QUOTE = re.compile(r"\s{0,3}(?:>\s?)+")
_IMAGE_LINE = re.compile(r"\s*!\[[^\]\n]{0,300}\]\([^)\s]{1,2000}(?:\s\"[^\"]{0,300}\")?\)\s*$")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{1,2000}(?:\s\"[^\"\n]{0,300}\")?\)")
_STRONG = re.compile(
    r"(\*\*|__)(?=\S)([^*_\n]{1,300}?\S)\1|(?<![\w*])(\*)(?=[^\s*])([^*\n]{0,300}?[^\s*])\*(?![\w*])"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What Markdown says: its blocks, the lines that only mark, and what its front matter tells."""

    blocks: tuple[Block, ...]
    stripped: tuple[Stripped, ...]
    edits: tuple[Edit, ...]
    hints: Hints = field(default_factory=Hints)
    section: str | None = None
    tags: tuple[str, ...] = ()


def read_markdown(lines: list[str]) -> Marked:
    """Headings, items and paragraphs, line by line; the first heading of the first level is the title.

    Front matter, rules and lines that hold nothing but an image are ``stripped``. Links and emphasis become their
    text. Fenced code is left as it stands.
    """
    end, data = _front_matter(lines)
    blocks: list[Block] = []
    edits: list[Edit] = []
    stripped = [
        Stripped(rule="markdown.front-matter", text=line, line=number)
        for number, line in enumerate(lines[:end], start=1)
        if line.strip()
    ]
    fenced = titled = False
    for number, raw in enumerate(lines[end:], start=end + 1):
        if not raw.strip():
            continue
        fence = _FENCE.match(raw) is not None
        fenced ^= fence
        if fence or (not fenced and _only_marks(raw, bool(blocks) and blocks[-1].line == number - 1)):
            stripped.append(Stripped(rule="markdown.mark", text=raw, line=number))
            continue
        level, kind, text = (0, Kind.PARAGRAPH, raw.strip()) if fenced else _line(raw, lines[number : number + 1])
        if level == 1 and not titled:
            kind, titled = Kind.TITLE, True
        blocks.append(Block(kind=kind, text=text, line=number))
        if text != raw:
            edits.append(Edit(line=number, before=raw, after=text, rule="markdown"))
    return Marked(blocks=tuple(blocks), stripped=tuple(stripped), edits=tuple(edits), **_told(data))


def _only_marks(raw: str, follows_text: bool) -> bool:  # noqa: FBT001
    marks = _RULE.match(raw) or _IMAGE_LINE.match(raw) or (follows_text and _UNDERLINE.match(raw))
    return marks is not None and marks is not False


def _line(raw: str, following: list[str]) -> tuple[int, Kind, str]:
    """A line's heading level (0: none), kind and text."""
    if heading := _HEADING.match(raw):
        return len(heading[1]), Kind.HEADING, _inline(heading[2]) or raw.strip()
    if following and _UNDERLINE.match(following[0]) and not _ITEM.match(raw):
        return (1 if "=" in following[0] else 2), Kind.HEADING, _inline(raw)
    if item := _ITEM.match(raw):
        return 0, Kind.ITEM, _inline(raw[item.end() :]) or raw.strip()
    return 0, Kind.PARAGRAPH, _inline(_QUOTE.sub("", raw, count=1)) or raw.strip()


def _inline(text: str) -> str:
    if len(text) > MAX_INLINE:
        return text.strip()
    plain = _LINK.sub(r"\1", text)
    plain = _STRONG.sub(lambda found: found[2] or found[4], plain)
    return _ESCAPE.sub(r"\1", plain).strip()


def _front_matter(lines: list[str]) -> tuple[int, dict[str, Any]]:
    """How many lines the YAML front matter takes, and what it says; (0, {}) where there is none that parses."""
    if not lines or lines[0].rstrip() != "---":
        return 0, {}
    end = next((number for number, line in enumerate(lines[1:200], start=1) if line.rstrip() in {"---", "..."}), 0)
    if not end:
        return 0, {}
    import yaml

    try:
        data = yaml.safe_load("\n".join(lines[1:end]))
    except (yaml.YAMLError, ValueError, RecursionError):
        return 0, {}
    return (end + 1, {str(key).lower(): value for key, value in data.items()}) if isinstance(data, dict) else (0, {})


def _told(data: dict[str, Any]) -> dict[str, Any]:
    """Front matter under the names that site generators use for these things."""
    lang = _text(data, "lang", "language")
    hints = Hints(
        title=_text(data, "title", "headline"),
        authors=_texts(data, "authors", "author", "byline"),
        published=_text(data, "date", "published", "pubdate"),
        lang=Lang(lang.replace("_", "-").lower()) if lang else None,
        canonical_url=stated(None, _text(data, "canonical_url", "canonical", "url", "source_url")),
    )
    return {"hints": hints, "section": _text(data, "section", "category"), "tags": _texts(data, "tags", "keywords")}


def _text(data: dict[str, Any], *keys: str) -> str | None:
    values = (data.get(key) for key in keys)
    found = next((value for value in values if value is not None and not isinstance(value, dict | list)), None)
    return (found.isoformat() if hasattr(found, "isoformat") else str(found).strip() or None) if found else None


def _texts(data: dict[str, Any], *keys: str) -> tuple[str, ...]:
    for key in keys:
        value = data.get(key)
        if isinstance(value, list):
            return tuple(str(item).strip() for item in value if isinstance(item, str | int) and str(item).strip())
        if isinstance(value, str) and value.strip():
            return tuple(part.strip() for part in re.split(r",|;", value) if part.strip())
    return ()
