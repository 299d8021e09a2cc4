"""The visible blocks of a page -> the same with what is needed to judge them: keys, containers, class words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from ingest.html.align import key
from ingest.html.visible import Visible
from ingest.html.words import parts

PROSE = 60
"""A block of this weight with few links is taken for prose."""

ENDS = (".", "!", "?", "。", "！", "？", "”", '"', "»", "“", "…")
"""What a sentence ends with."""

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")

Kept = frozenset[int]
"""Indexes of the blocks that are the article."""


@dataclass(slots=True)
class View:
    """The blocks of one page, by index.

    Attributes:
        blocks: the visible text blocks.
        keys: their letters and digits, in one case.
        weights: how much their texts say, see `weight`.
        chains: for each block, its element and that element's ancestors, innermost first, without body and html.
        held: how much each element holds, by weight.
        words: the class and id words of an element, found once.
    """

    blocks: Sequence[Visible]
    keys: list[str] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    chains: list[tuple[HtmlElement, ...]] = field(default_factory=list)
    held: dict[HtmlElement, int] = field(default_factory=dict)
    words: dict[HtmlElement, frozenset[str]] = field(default_factory=dict)

    def links(self, index: int) -> float:
        """The share of a block's text that stands in links."""
        block = self.blocks[index]
        return block.linked / len(block.text)

    def named(self, element: HtmlElement) -> frozenset[str]:
        """The words that an element's class and id consist of."""
        found = self.words.get(element)
        if found is None:
            found = parts(element.get("class") or "") | parts(element.get("id") or "")
            self.words[element] = found
        return found

    def within(self, index: int, home: HtmlElement | None) -> Iterable[HtmlElement]:
        """A block's element and its ancestors, up to and without ``home``."""
        for element in self.chains[index]:
            if element is home:
                return
            yield element

    def tags(self, index: int) -> set[str]:
        """The tags of a block's element and its ancestors."""
        return {element.tag for element in self.chains[index]}


def view(blocks: Sequence[Visible]) -> View:
    """The blocks with their keys and containers."""
    known: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
    chains = [_chain(block.element, known) for block in blocks]
    weights = [weight(block.text) for block in blocks]
    held: Counter[HtmlElement] = Counter()
    for chain, size_of in zip(chains, weights, strict=True):
        for element in chain:
            held[element] += size_of
    return View(blocks=blocks, keys=[key(b.text) for b in blocks], weights=weights, chains=chains, held=held)


def weight(text: str) -> int:
    """The length of a text, letters of scripts that need fewer of them (Han, kana, Hangul) counted twice."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _chain(element: HtmlElement, known: dict[HtmlElement, tuple[HtmlElement, ...]]) -> tuple[HtmlElement, ...]:
    found = known.get(element)
    if found is None:
        above = element.getparent()
        outside = above is None or element.tag in {"body", "html"}
        found = () if outside else (element, *_chain(above, known))
        known[element] = found
    return found


def home(page: View, kept: Kept, share: float = 0.8) -> HtmlElement | None:
    """The innermost element that holds at least ``share`` of the kept text; None where only the body does."""
    weights: dict[HtmlElement, int] = {}
    total = 0
    for index in kept:
        size = page.weights[index]
        total += size
        for element in page.chains[index]:
            weights[element] = weights.get(element, 0) + size
    enough = [element for element, size in weights.items() if size >= share * total]
    return max(enough, key=_depth, default=None)


def _depth(element: HtmlElement) -> int:
    return sum(1 for _ in element.iterancestors())


def size(page: View, kept: Kept) -> int:
    """How much the blocks say: the sum of their weights."""
    return sum(page.weights[index] for index in kept)


def is_prose(page: View, index: int) -> bool:
    """Whether a block is a piece of running text: long enough, and not mostly links."""
    length = page.weights[index]
    return length >= PROSE and page.links(index) < (0.4 if length < 150 else 0.7)


def shape(page: View, index: int) -> tuple[str, ...]:
    """What a block looks like in the tree: its tag and class, and those of the element around it."""
    return tuple(f"{element.tag}.{element.get('class') or ''}" for element in page.chains[index][:2])


def usual(page: View, kept: Kept) -> set[tuple[str, ...]]:
    """The shapes that hold a good part of the kept text: those of the article's paragraphs."""
    shapes: Counter[tuple[str, ...]] = Counter()
    for index in kept:
        shapes[shape(page, index)] += page.weights[index]
    return {shape for shape, chars in shapes.items() if chars > 0.15 * sum(shapes.values())}
