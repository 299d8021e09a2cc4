"""The kept blocks of a page and its facts -> headline, standfirst, and the body freed of what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.html import align, bylines
from ingest.html.metadata import Facts
from ingest.html.repeated import repeats
from ingest.html.view import ENDS, PROSE, Kept, View, size
from ingest.html.visible import HEADINGS
from ingest.html.words import words

_DIGITS = re.compile(r"\d")


def without(page: View, kept: Kept, facts: Facts) -> Kept:
    """Without title, byline and date lines before the first paragraph, and byline, date, biography at the end."""
    kept = _below_headline(page, kept)
    order = sorted(kept)
    gone: set[int] = set()
    names = [align.key(name) for name in facts.authors]
    for index in order:
        if _is_title(page, index, facts) or _is_label(page, index, names):
            gone.add(index)
        elif page.weights[index] >= PROSE:
            break
    for index in reversed(order[len(order) // 2 :]):
        if _is_label(page, index, names) or _is_about(page, index, names):
            gone.add(index)
        elif page.weights[index] >= PROSE:
            break
    return kept - gone


def _below_headline(page: View, kept: Kept) -> Kept:
    """Without the little that stands above the only h1: menus, polls, tickers."""
    heads = [index for index, block in enumerate(page.blocks) if block.element.tag == "h1"]
    below = frozenset(index for index in kept if len(heads) == 1 and index >= heads[0])
    return below if size(page, below) > 0.9 * size(page, kept) else kept


def _is_about(page: View, index: int, names: Sequence[str]) -> bool:
    """Whether a paragraph tells who the author is: it begins with the name."""
    return page.weights[index] <= 600 and any(len(name) >= 8 and page.keys[index].startswith(name) for name in names)


def _is_title(page: View, index: int, facts: Facts) -> bool:
    """Whether a block is one of the headlines, perhaps with a kicker, the section or the name of the site."""
    block = page.blocks[index]
    beside = (*facts.site, facts.section) if facts.section else facts.site
    return block.element.tag == "h1" or any(repeats(block.text, headline, beside) for headline in facts.headlines)


def _is_label(page: View, index: int, names: Sequence[str]) -> bool:
    """Whether a short block says only who wrote it, or when."""
    block = page.blocks[index]
    if len(block.text) > 120:
        return False
    rest = page.keys[index]
    for name in names:
        rest = rest.replace(name, "") if name else rest
    if len(rest) <= 12 and len(rest) < len(page.keys[index]):
        return True
    if len(block.text) <= 100 and bylines.says_by(block.text):
        return True
    digits = len(_DIGITS.findall(block.text))
    return digits >= 4 and digits > 0.3 * len(rest) and not block.text.endswith(ENDS)


def deck(page: View, kept: Kept, facts: Facts) -> Kept:
    """The standfirst: what stands between headline and body and is described, named or placed as one."""
    body = sorted(kept)
    first = next((index for index in body if page.weights[index] >= PROSE), body[0] if body else len(page.blocks) - 1)
    described = [align.key(text.rstrip("… .")) for text in facts.descriptions]
    found = {
        index
        for index in range(max(0, first - 40), first + 1)
        if _may_be_deck(page, index) and _is_described(page.keys[index], described)
    }
    if not kept:
        return frozenset(found)
    heads = _headline(page, facts, first)
    if not found and _is_named_deck(page, first, own=True) and len(body) > 2:
        found = {first}
    if not found and heads is not None:
        between = [index for index in range(heads + 1, first) if index not in kept and _may_be_deck(page, index)]
        found = {index for index in between if _is_named_deck(page, index)}
        found = found or {index for index in between[:1] if _is_beside(page, index, heads)}
    if not found and heads is not None and _is_right_below(page, heads + 1, facts) and len(body) > 2:
        found = {heads + 1}
    return frozenset(found)


def _is_right_below(page: View, index: int, facts: Facts) -> bool:
    """Whether a block right below the headline is set apart from the text, by its size or by a byline after it."""
    if index + 2 >= len(page.blocks) or page.weights[index] < 40 or not _may_be_deck(page, index):
        return False
    names = [align.key(name) for name in facts.authors]
    if _is_label(page, index, names):
        return False
    after = (index + 1, index + 2)
    credited = any(_is_label(page, i, names) or page.named(page.blocks[i].element) & words().byline for i in after)
    return page.blocks[index].element.tag in HEADINGS or credited


def _may_be_deck(page: View, index: int) -> bool:
    if page.weights[index] < 30 or page.links(index) > 0.5 or page.blocks[index].element.tag in {"h1", "button"}:
        return False
    if page.tags(index) & {"nav", "figure", "figcaption", "footer", "aside", "button", "li"}:
        return False
    return not any(page.named(element) & words().caption for element in page.chains[index][:3])


def _is_described(said: str, described: Sequence[str]) -> bool:
    return any(
        said == text
        or (len(said) > 40 and said in text)
        or (len(text) > 40 and text in said and len(said) < 2.5 * len(text))
        for text in described
    )


def _is_named_deck(page: View, index: int, *, own: bool = False) -> bool:
    """Whether a block's element (``own``), or the one around it, is named as a standfirst."""
    holders = page.chains[index][: 1 if own else 2]
    return page.weights[index] >= 40 and any(page.named(element) & words().deck for element in holders)


def _is_beside(page: View, index: int, headline: int) -> bool:
    """Whether a sentence stands in the same small part of the page as the headline."""
    text = page.blocks[index].text
    near = set(page.chains[headline][:3])
    return (
        page.weights[index] >= PROSE
        and text.endswith(ENDS)
        and any(element in near for element in page.chains[index][:4])
    )


def headline(page: View, kept: Kept, facts: Facts) -> int | None:
    """The index of the block that shows the headline: the one nearest above the body; None where none does."""
    first = min((index for index in kept if page.weights[index] >= PROSE), default=None)
    if first is not None:
        return _headline(page, facts, first)
    return next((index for index, block in enumerate(page.blocks) if block.element.tag == "h1"), None)


def _headline(page: View, facts: Facts, before: int) -> int | None:
    said = {align.key(headline) for headline in facts.headlines}
    return next(
        (i for i in range(before - 1, -1, -1) if page.keys[i] in said or page.blocks[i].element.tag == "h1"), None
    )
