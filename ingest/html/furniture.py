"""The kept blocks of a page -> the same without links elsewhere, teasers, and parts that are named as furniture."""

from __future__ import annotations

import re
from collections import Counter

from lxml.html import HtmlElement

from ingest.html.view import ENDS, Kept, View, home, is_prose, shape, size, usual
from ingest.html.visible import HEADINGS, INLINE
from ingest.html.words import words

ECHO, MOST_ECHOES = 400, 60
"""A quotation set apart that weighs more is no excerpt, and a page that sets more apart quotes for other reasons."""

_LABELLED_LINK = re.compile(r"^[^.!?。]{2,40}[:|：｜»→>]\s*\S")


def without(page: View, kept: Kept) -> Kept:
    """The article without furniture; a step that would take most of it rests on a premise that fails on this page.

    Empty where the page is nothing but links: it lists articles and holds none.
    """
    kept = _without_copies(page, kept)
    if len(kept) > 5 and size(page, _without_links(page, kept)) < 0.05 * size(page, kept):
        return frozenset()
    for step, left in (
        (_without_comments, 0.67), (_without_links, 0.35), (_without_cards, 0.67), (_without_named, 0.67),
        (_without_echoes, 0.67),
    ):  # fmt: skip
        after = step(page, kept)
        kept = after if size(page, after) > left * size(page, kept) else kept
    return _without_labels(page, kept)


def _without_copies(page: View, kept: Kept) -> Kept:
    """Without a block that holds the text of many others: pages carry a hidden copy of the article in one piece."""
    gone = set()
    for index in kept:
        whole = page.keys[index]
        if len(whole) < 1000:
            continue
        parts = [page.keys[other] for other in kept if other != index and len(page.keys[other]) >= 40]
        if sum(len(part) for part in parts if part in whole) > 0.6 * len(whole):
            gone.add(index)
    return kept - gone


def _without_comments(page: View, kept: Kept) -> Kept:
    """Without what follows a line such as "Comments (2)" below most of the text."""
    last, seen, whole = max(kept, default=0), 0, size(page, kept)
    for index in range(last):
        seen += page.weights[index] if index in kept else 0
        text = page.blocks[index].text
        if seen <= 0.6 * whole or len(text) > 60 or page.links(index) >= 0.5:
            continue
        if words().comments.fullmatch(text):
            return frozenset(other for other in kept if other < index)
    return kept


def _without_echoes(page: View, kept: Kept) -> Kept:
    """Without quotations set apart that say again what the text says, and whose words they are."""
    holders = {
        element
        for index in kept
        for element in page.chains[index][:3]
        if (element.tag in {"blockquote", "aside"} or page.named(element) & words().quote)
        and page.held[element] < ECHO
    }
    gone: set[int] = set()
    for holder in holders if len(holders) <= MOST_ECHOES else ():
        inside = {index for index in kept if holder in page.chains[index][:3]}
        said = [page.keys[index] for index in kept if index not in inside]
        echoes = {i for i in inside if len(page.keys[i]) > 15 and any(page.keys[i] in text for text in said)}
        rest = [page.blocks[index].text for index in inside - echoes]
        if echoes and all(len(text) <= 80 and not text.endswith(ENDS) for text in rest):
            gone |= inside
    return kept - gone


def _without_links(page: View, kept: Kept) -> Kept:
    """Without blocks that only point elsewhere: those that are a link as a whole, or a label and a link."""
    return frozenset(index for index in kept if not _points_elsewhere(page, index))


def _points_elsewhere(page: View, index: int) -> bool:
    text, links = page.blocks[index].text, page.links(index)
    labelled = len(text) <= 200 and links >= 0.4 and not text.endswith(".") and _LABELLED_LINK.match(text)
    return links >= 0.9 or bool(labelled)


def _without_cards(page: View, kept: Kept) -> Kept:
    """Without teasers of other articles: a small container, apart from the body, with a linked headline in it."""
    root = home(page, kept)
    linked = {
        element
        for index in range(len(page.blocks))
        if page.links(index) >= 0.9 and page.weights[index] >= 25
        for element in page.within(index, root)
    }
    cards = {element for element in linked if page.held[element] < 700 and element.tag not in INLINE}
    shapes = usual(page, kept)
    return frozenset(
        index
        for index in kept
        if cards.isdisjoint(page.within(index, root)) or (is_prose(page, index) and shape(page, index) in shapes)
    )


def _without_named(page: View, kept: Kept) -> Kept:
    """Without what stands, inside the article's container, in a part that is named as furniture."""
    root = home(page, kept)
    names = words().furniture | words().byline
    held: Counter[str] = Counter()
    named: dict[HtmlElement, str] = {}
    for index in kept:
        block = page.blocks[index]
        for element in page.within(index, root):
            if element is block.element and element.tag == "p" and page.weights[index] >= 150:
                continue  # a whole paragraph; pages mark those of paying readers "paywall", one by one
            if element.tag == "aside" or page.named(element) & names:
                named[element] = f"{element.tag}.{element.get('class')}"
                held[named[element]] += page.weights[index]
    # what holds much of the article is no furniture, whatever its name ("paywall" around all paragraphs)
    apart = {element for element, name in named.items() if held[name] < 0.2 * size(page, kept)}
    return frozenset(index for index in kept if apart.isdisjoint(page.within(index, root)))


def _without_labels(page: View, kept: Kept) -> Kept:
    """Without short lines that head nothing any more: what follows them was left out as links, or nothing follows."""
    order = sorted(kept)
    gone: set[int] = set()
    after: int | None = None
    for index in reversed(order):
        block = page.blocks[index]
        heading = block.element.tag in HEADINGS
        if heading or (page.weights[index] < 40 and not block.text.endswith(ENDS)):
            following = index + 1
            headless = following < len(page.blocks) and following not in kept and _points_elsewhere(page, following)
            if headless or (heading and after is None):
                gone.add(index)
                continue
        after = index
    return kept - gone
