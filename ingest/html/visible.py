"""lxml tree -> the visible text blocks of the page, in document order: the input lines of an HTML page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml.html import HtmlElement

UNSEEN = frozenset({
    "script", "style", "noscript", "template", "head", "iframe", "svg", "math", "object", "embed", "canvas", "audio",
    "video", "map", "noembed", "noframes", "datalist",
})  # fmt: skip
"""Elements whose text no reader sees (or sees only where the page itself fails)."""

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "input", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "picture", "source",
})  # fmt: skip
"""Elements that go on in the line; every other element, known or not, begins and ends a block."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_SPACE = re.compile(r"\s+")


@dataclass(slots=True)
class Visible:
    """One visible text block.

    Attributes:
        line: its 1-based number on the page.
        text: its text, white space collapsed as a browser does.
        element: the innermost block element that holds it.
        linked: how many of its characters stand in links.
        strong: how many stand in bold.
    """

    line: int
    text: str
    element: HtmlElement
    linked: int = 0
    strong: int = 0


@dataclass(slots=True)
class _Walk:
    """The blocks found so far, and the pieces of the one that is open."""

    blocks: list[Visible] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    strong: int = 0

    def add(self, text: str, *, in_link: bool, in_strong: bool) -> None:
        self.pieces.append(text)
        if in_link:
            self.linked += len(text.strip())
        if in_strong:
            self.strong += len(text.strip())

    def close(self, element: HtmlElement) -> None:
        if not self.pieces:
            return
        text = _SPACE.sub(" ", "".join(self.pieces)).strip()
        if text:
            self.blocks.append(Visible(len(self.blocks) + 1, text, element, self.linked, self.strong))
        self.pieces.clear()
        self.linked = self.strong = 0


def visible_blocks(tree: HtmlElement) -> list[Visible]:
    """Every visible text block of the page, in document order.

    A block is the longest run of text that no block element (any element not in `INLINE`) begins, ends or interrupts,
    outside the elements of `UNSEEN`, with white space collapsed, and not empty. A ``<br>`` ends a block as well, but
    in a heading, and where the text goes on with a small letter. This is what "input line" means for a page.
    """
    walk = _Walk()
    stack = [_Step(tree, tree)]
    while stack:
        step = stack.pop()
        if step.leaving:
            _leave(walk, step, is_root=step.element is tree)
        elif step.element.tag == "br":
            _line_break(walk, step.element, step.block)
            _leave(walk, step, is_root=False)
        else:
            stack.extend(_enter(walk, step))
    walk.close(tree)
    return walk.blocks


class _Step(NamedTuple):
    """An element to enter or leave: its innermost block element, and whether it stands in a link or in bold."""

    element: HtmlElement
    block: HtmlElement
    in_link: bool = False
    in_strong: bool = False
    leaving: bool = False


def _enter(walk: _Walk, step: _Step) -> Iterator[_Step]:
    """Take the element's own text; what remains to do is to leave it and, before that, to enter its children."""
    element, block, in_link, in_strong, _ = step
    tag = element.tag
    if tag not in INLINE:
        walk.close(block)
    yield _Step(element, block, in_link, in_strong, leaving=True)
    if tag in UNSEEN or not isinstance(tag, str):
        return
    if tag not in INLINE:
        block = element
    in_link = in_link or tag == "a"
    in_strong = in_strong or tag in {"b", "strong"}
    if element.text:
        walk.add(element.text, in_link=in_link, in_strong=in_strong)
    for child in reversed(element):
        yield _Step(child, block, in_link, in_strong)


def _leave(walk: _Walk, step: _Step, *, is_root: bool) -> None:
    element = step.element
    if element.tag not in INLINE and element.tag != "br":
        walk.close(element)
    if element.tail and not is_root:
        walk.add(element.tail, in_link=step.in_link, in_strong=step.in_strong)


def _line_break(walk: _Walk, br: HtmlElement, block: HtmlElement) -> None:
    following = (br.tail or "").lstrip()
    if block.tag in HEADINGS or (following[:1].islower() and walk.pieces):
        walk.pieces.append(" ")
    else:
        walk.close(block)
