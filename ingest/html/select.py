"""A page's blocks, another extractor's opinion and the facts -> which blocks are the article's body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from ingest.html import align, edges, furniture
from ingest.html.metadata import Facts
from ingest.html.view import ENDS, PROSE, Kept, View, is_prose, shape, size, usual
from ingest.html.visible import HEADINGS
from ingest.html.words import words

LITTLE = 300
"""An opinion with less text than this is not trusted to have found the article."""

_WHOLE = 200
"""A stated body shorter than this may be a teaser: it is not asked which blocks are the article."""

_TAG = re.compile(r"<[^<>]{1,400}>")


def choose(page: View, opinion: Kept, facts: Facts) -> Kept:
    """The blocks of the article's body."""
    kept = _heeding_linked_data(page, opinion, facts.bodies)
    if size(page, kept) < LITTLE:
        kept = max(kept, _densest(page), key=lambda found: size(page, found))
    kept = furniture.without(page, _filled(page, kept))
    return edges.without(page, kept, facts)


def _densest(page: View) -> Kept:
    """The prose of the kind of container that holds most of it: a second opinion, where the first found little."""
    groups: dict[tuple[str, ...], set[int]] = {}
    for index in range(len(page.blocks)):
        if is_prose(page, index) and not page.tags(index) & {"nav", "footer", "aside", "form"}:
            groups.setdefault(shape(page, index)[1:], set()).add(index)
    return max(
        (frozenset(group) for group in groups.values()), key=lambda group: size(page, group), default=frozenset()
    )


def _heeding_linked_data(page: View, opinion: Kept, bodies: Sequence[str]) -> Kept:
    """Where the page's data holds the article's text, what stands in it is kept, and what follows it is not."""
    for body in bodies:
        if len(body) <= _WHOLE:
            break
        stated = _once(page, align.covered(page.keys, _TAG.sub(" ", body)), opinion)
        if size(page, stated) < max(0.7 * size(page, opinion), 0.6 * len(body)):
            continue
        return stated | {index for index in opinion if index <= max(stated)}
    return opinion


def _once(page: View, found: Sequence[int], opinion: Kept) -> Kept:
    """Of blocks that read the same, those in ``opinion``, else the first: pages hold a text twice, for two widths."""
    best: dict[str, int] = {}
    for index in found:
        if page.tags(index) & {"nav", "footer"}:
            continue
        said = page.keys[index]
        if said not in best or (index in opinion and best[said] not in opinion):
            best[said] = index
    return frozenset(best.values())


def _filled(page: View, kept: Kept) -> Kept:
    """With paragraphs and headings that were left out, though they are like what was kept, and stand among it."""
    shapes = usual(page, kept)
    places = Counter(place for index in kept for place in _places(page, index))
    holders = Counter(page.blocks[index].element for index in kept)
    known = {page.keys[index] for index in kept}
    first, last = min(kept, default=0), max(kept, default=0)
    body = {element for index in kept for element in page.chains[index]}
    added = set()
    for index in range(max(0, first - 3), len(page.blocks)):
        if index in kept or page.keys[index] in known or index > last + 12 or _is_apart(page, index, body):
            continue
        element = page.blocks[index].element
        beside = max((places[place] for place in _places(page, index)), default=0)
        among = element.tag == "p" and index > first and (beside > 2 or shape(page, index) in shapes)
        if (among and is_prose(page, index)) or (holders[element] > 2 and _is_sentence(page, index)):
            added.add(index)
            last = max(last, index)
        elif element.tag in HEADINGS and first < index < last and page.links(index) < 0.5 and beside:
            added.add(index)
    return kept | added


def _is_apart(page: View, index: int, body: set[HtmlElement]) -> bool:
    """Whether a block stands in a part named as furniture (comments, for one) that holds nothing of the article."""
    for element in page.chains[index]:
        if element in body:
            return False
        if element.tag == "p":
            continue  # pages mark the paragraphs of paying readers "paywall", one by one
        if element.tag == "aside" or page.named(element) & words().furniture:
            return True
    return False


def _is_sentence(page: View, index: int) -> bool:
    return page.weights[index] >= PROSE // 2 and page.links(index) < 0.4 and page.blocks[index].text.endswith(ENDS)


def _places(page: View, index: int) -> list[HtmlElement | str]:
    """Where a block stands: in which element, and in an element of which name."""
    if len(page.chains[index]) < 2:
        return []
    element = page.chains[index][1]
    name = element.get("class")
    return [element, f"{element.tag}.{name}"] if name else [element]
