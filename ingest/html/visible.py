"""lxml tree -> the visible text blocks of the page, in document order: the input lines of an HTML page."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.etree import iterwalk
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

BOLD = frozenset({"b", "strong"})


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


class _Walk:
    """The blocks found so far, and the pieces of the one that is open."""

    __slots__ = ("blocks", "holders", "in_link", "in_strong", "linked", "pieces", "strong")

    def __init__(self) -> None:
        self.blocks: list[Visible] = []
        self.pieces: list[str] = []
        self.holders: list[HtmlElement] = []
        self.in_link = self.in_strong = self.linked = self.strong = 0

    def enter(self, element: HtmlElement, tag: str) -> None:
        """A block element closes what was open before it; links and bold are counted, for they nest."""
        if tag not in INLINE:
            if self.pieces:
                self.close()
            self.holders.append(element)
        elif tag == "a":
            self.in_link += 1
        elif tag in BOLD:
            self.in_strong += 1

    def leave(self, tag: str) -> None:
        if tag not in INLINE:
            if self.pieces:
                self.close()
            self.holders.pop()
        elif tag == "a":
            self.in_link -= 1
        elif tag in BOLD:
            self.in_strong -= 1

    def add(self, text: str) -> None:
        self.pieces.append(text)
        if self.in_link:
            self.linked += len(text.strip())
        if self.in_strong:
            self.strong += len(text.strip())

    def close(self) -> None:
        """End the block that is open."""
        text = " ".join("".join(self.pieces).split())
        if text:
            self.blocks.append(Visible(len(self.blocks) + 1, text, self.holders[-1], self.linked, self.strong))
        self.pieces.clear()
        self.linked = self.strong = 0

    def line_break(self, br: HtmlElement) -> None:
        """A ``<br>`` ends the block, but in a heading, and where the text goes on with a small letter."""
        following = (br.tail or "").lstrip()
        if self.holders[-1].tag in HEADINGS or (following[:1].islower() and self.pieces):
            self.pieces.append(" ")
        elif self.pieces:
            self.close()


def visible_blocks(tree: HtmlElement) -> list[Visible]:
    """Every visible text block of the page, in document order.

    A block is the longest run of text that no block element (any element not in `INLINE`) begins, ends or interrupts,
    outside the elements of `UNSEEN`, with white space collapsed, and not empty. A ``<br>`` ends a block as well, but
    in a heading, and where the text goes on with a small letter. This is what "input line" means for a page.
    """
    walk = _Walk()
    steps = iterwalk(tree, events=("start", "end"))
    for event, element in steps:
        tag = element.tag
        if event == "start":
            if tag in UNSEEN:
                steps.skip_subtree()
                walk.enter(element, tag)
                continue
            if tag == "br":
                walk.line_break(element)
                continue
            walk.enter(element, tag)
            text = element.text
        else:
            if tag != "br":
                walk.leave(tag)
            text = element.tail if element is not tree else None
        if text:
            walk.add(text)
    return walk.blocks
