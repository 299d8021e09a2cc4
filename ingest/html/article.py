"""Decoded HTML -> Article: the visible blocks numbered, the article's chosen, what the metadata says added."""

from __future__ import annotations

from collections.abc import Callable

from lxml.html import HtmlElement

from ingest import repair
from ingest.article import Article, Block, Edit, Flag, Kind, RawPage, Stripped
from ingest.decode import Decoded
from ingest.errors import InputError
from ingest.html import align
from ingest.html.parse import parse
from ingest.html.visible import HEADINGS, Visible, visible_blocks

Opinion = Callable[[HtmlElement, str | None], str]
"""Another extractor: a tree and its URL -> the text it takes for the article, a line a block."""

EXTRACTOR = "extractor"
"""The rule of `Stripped` for what extraction left out."""


def read_html(decoded: Decoded, page: RawPage, opinion: Opinion) -> Article:
    """The article of an HTML page.

    Raises:
        InputError: the text is no HTML, beyond the limits of `parse`, or shows nothing readable.
    """
    url = page.provenance.target_uri
    locator = url or page.provenance.source
    tree = parse(decoded.text, locator)
    visible = visible_blocks(tree)
    edits, flags = _repair(visible)
    if not visible:
        raise InputError(locator, "shows nothing readable", hint="it may need a browser to be read")
    keys = [align.key(block.text) for block in visible]
    kept = align.chosen(keys, opinion(tree, url))
    if not any(kept):
        raise InputError(locator, "shows no article", hint="it may be an index page, or need a browser to be read")
    blocks = tuple(
        Block(kind=_kind(b), text=b.text, line=b.line) for b, keep in zip(visible, kept, strict=True) if keep
    )
    stripped = tuple(
        Stripped(rule=EXTRACTOR, text=b.text, line=b.line) for b, keep in zip(visible, kept, strict=True) if not keep
    )
    return Article(
        provenance=page.provenance,
        blocks=blocks,
        stripped=stripped,
        edits=decoded.edits + edits,
        flags=decoded.flags + flags,
    )


def _repair(visible: list[Visible]) -> tuple[tuple[Edit, ...], tuple[Flag, ...]]:
    """Repair the blocks' texts in place; the edits and flags carry their line numbers."""
    edits: list[Edit] = []
    flags: list[Flag] = []
    for block in visible:
        block.text, block_edits, block_flags = repair.line(block.text, block.line)
        edits += block_edits
        flags += block_flags
    return tuple(edits), tuple(flags)


def _kind(block: Visible) -> Kind:
    tags = [block.element.tag, *(parent.tag for parent in block.element.iterancestors())]
    if tags[0] == "h1":
        return Kind.TITLE
    if tags[0] in HEADINGS:
        return Kind.HEADING
    if "figcaption" in tags:
        return Kind.CAPTION
    if "li" in tags:
        return Kind.ITEM
    return Kind.PARAGRAPH
