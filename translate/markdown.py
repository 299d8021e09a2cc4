"""A Document in, its Markdown page with YAML front matter out (and back: front matter and blocks).

The page: the title as ``#``; one emphasised line where the words are not the publisher's own (`translate.remarks`);
the deck as a quotation; headings as ``##``; items as a list; captions in their place after *Caption:*. A passage that
was not translated stands between *[Korean, not translated]* and *[end of Korean]*. Emphasis occurs for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ingest.article import Kind
from translate import escape, frontmatter
from translate.codes import name
from translate.document import Document
from translate.passages import Passage, Run, passages, untranslated
from translate.remarks import remark
from translate.schema import record

if TYPE_CHECKING:
    from markdown_it.token import Token

CAPTION = "*Caption:* "
_ONLY_IN_TABLES = frozenset({"text", "blocks", "segments", "metadata"})


def render(document: Document) -> bytes:
    """The page as UTF-8; the same document gives the same bytes."""
    parts = passages(document)
    said = remark(document)
    title = next((part for part in parts if part.kind is Kind.TITLE), None)
    deck = [part for part in parts if part.kind is Kind.DECK]
    rest = [part for part in parts if part is not title and part.kind is not Kind.DECK]
    pieces = (
        [f"# {escape.heading(_source(title.runs, breaks=False))}"] if title else [],
        [f"*{escape.inline(said, breaks=False)}*"] if said else [],
        [_quotation(deck)] if deck else [],
        _blocks(rest),
    )
    page = "\n\n".join(piece for group in pieces for piece in group)
    return f"{frontmatter.dump(front_matter(document))}\n{page}\n".encode()


def front_matter(document: Document) -> dict[str, Any]:
    """What stands above the page: the fields of the record but text and segments, without those that are empty.

    ``untranslated`` lists the parts that were left in their own language: part, index, language and characters.
    """
    full = record(document)
    front = {key: _compact(value) for key, value in full.items() if key not in _ONLY_IN_TABLES}
    front["untranslated"] = [
        {"part": segment.part.value, "index": segment.index, "lang": segment.lang, "characters": len(segment.text)}
        for segment in (one.segment for one in document.segments if untranslated(one))
    ]
    return {key: value for key, value in front.items() if value not in (None, [], {})}


def _compact(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _compact(item) for key, item in value.items() if item is not None}
    return [_compact(item) for item in value] if isinstance(value, list) else value


def _blocks(parts: Sequence[Passage]) -> Iterator[str]:
    for is_list, group in groupby(parts, key=lambda part: part.kind is Kind.ITEM):
        if is_list:
            yield "\n".join("- " + _block(part).replace("\n", "\n  ") for part in group)
        else:
            yield from map(_block, group)


def _block(part: Passage) -> str:
    if part.kind in {Kind.HEADING, Kind.TITLE}:
        return f"## {escape.heading(_source(part.runs, breaks=False))}"
    if part.kind is Kind.CAPTION:
        return CAPTION + escape.paragraph(_source(part.runs, breaks=False))
    return escape.paragraph(_source(part.runs, breaks=all(line.strip() for line in part.text.split("\n"))))


def _quotation(deck: Iterable[Passage]) -> str:
    return "\n>\n".join("> " + _block(part).replace("\n", "\n> ") for part in deck)


def _source(runs: Sequence[Run], *, breaks: bool) -> str:
    if len(runs) == 1 and runs[0].lang is None:
        return escape.inline(runs[0].text, breaks=breaks)
    pieces = []
    for place, run in enumerate(runs):
        text = escape.inline(run.text, breaks=False)
        if run.lang is None:
            pieces.append(text)
            continue
        lang = escape.inline(name(run.lang), breaks=False)
        pieces.append(f"{' ' if place else ''}*[{lang}, not translated]* {text}")
        if place < len(runs) - 1:
            pieces.append(f" *[end of {lang}]* ")
    return "".join(pieces)


def read(page: bytes) -> tuple[dict[str, Any], tuple[tuple[Kind, str], ...]]:
    """The front matter of a page that `render` wrote, and the kind and text of each of its blocks.

    Raises:
        RecordError: the page has no front matter that reads.
    """
    from markdown_it import MarkdownIt  # only who reads pages back needs a parser

    front, body = frontmatter.split(page.decode("utf-8"))
    tokens = MarkdownIt("commonmark").parse(body)
    return front, tuple(_read_blocks(tokens))


def _read_blocks(tokens: Sequence[Token]) -> Iterator[tuple[Kind, str]]:
    inside: list[str] = []
    for token in tokens:
        if token.nesting == 1:
            inside.append(f"{token.type}:{token.tag}")
        elif token.nesting == -1:
            inside.pop()
        elif token.type == "inline" and not _is_remark(token):
            yield _kind(inside, token), _text(token)


def _kind(inside: Sequence[str], token: Token) -> Kind:
    if "heading_open:h1" in inside:
        return Kind.TITLE
    if "heading_open:h2" in inside:
        return Kind.HEADING
    if "blockquote_open:blockquote" in inside:
        return Kind.DECK
    if "list_item_open:li" in inside:
        return Kind.ITEM
    return Kind.CAPTION if token.content.startswith(CAPTION) else Kind.PARAGRAPH


def _is_remark(token: Token) -> bool:
    children = [child for child in token.children or () if child.content or child.type != "text"]
    return bool(children) and children[0].type == "em_open" and children[-1].type == "em_close"


def _text(token: Token) -> str:
    """The words of a block: marks are taken out, with the one space on each side that came with them."""
    text, depth, after_mark = "", 0, False
    for child in token.children or ():
        if child.type == "em_open":
            depth, text = 1, text.removesuffix(" ")
        elif child.type == "em_close":
            depth, after_mark = 0, True
        elif depth == 0:
            piece = "\n" if child.type in {"hardbreak", "softbreak"} else child.content
            text += piece[1:] if after_mark and piece else piece
            after_mark = after_mark and not piece
    return text
