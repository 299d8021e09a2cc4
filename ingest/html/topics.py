"""A page's links -> the section and the tags that it shows, for pages that declare none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote

from lxml.html import HtmlElement

from ingest.html.align import key
from ingest.html.view import weight
from ingest.html.words import parts, words

_BEYOND_PATH = re.compile("[?#]")

_LONGEST = 40
"""A longer link is a headline and neither section nor tag."""

_USUAL = 28
"""Sections and tags weigh no more in the mean."""

_NEAR = 3
"""How many links above the headline may be the section's."""

_MOST = 40
"""No article has more tags."""

_AROUND = 4
"""How many elements around a link may name what it is."""


@dataclass(slots=True)
class Link:
    """One short link."""

    text: str
    element: HtmlElement

    @property
    def path(self) -> tuple[str, ...]:
        """The segments of its path."""
        return segments(self.element.get("href"))


@dataclass(slots=True)
class Links:
    """The short links of a page.

    Attributes:
        every: all of them, in order.
        above: how many of them stand above the headline.
        named: the class and id words of the elements around them, found once.
    """

    every: list[Link] = field(default_factory=list)
    above: int = 0
    named: dict[HtmlElement, frozenset[str]] = field(default_factory=dict)

    def holders(self, link: Link, names: frozenset[str]) -> list[HtmlElement]:
        """The elements around a link that bear one of the names, innermost first."""
        found = []
        for above in islice(link.element.iterancestors(), _AROUND):
            named = self.named.get(above)
            if named is None:
                named = self.named[above] = parts(above.get("class") or "") | parts(above.get("id") or "")
            if named & names:
                found.append(above)
        return found

    def first_group(self, links: Sequence[Link], names: frozenset[str]) -> list[Link]:
        """The links of the first element so named that holds little beside them; of such elements the outermost."""
        groups: dict[HtmlElement, list[Link]] = {}
        order: list[HtmlElement] = []
        for link in links:
            holders = self.holders(link, names)
            order += reversed(holders)
            for holder in holders:
                groups.setdefault(holder, []).append(link)
        return next((groups[holder] for holder in dict.fromkeys(order) if _holds_just(holder, groups[holder])), [])


def links(tree: HtmlElement, headlines: Sequence[str]) -> Links:
    """The links of a page that are short enough for a section or a tag, and not the page's own headline."""
    said = {key(headline) for headline in headlines}
    found = Links()
    for element in tree.iter("a", "h1"):
        if element.tag == "h1":
            found.above = found.above or len(found.every)
            continue
        raw = "".join(element.itertext()) if len(element) else element.text or ""
        text = " ".join(raw.split())
        if text and len(text) <= _LONGEST and key(text) and key(text) not in said:
            found.every.append(Link(text=text, element=element))
    return found


def section_of(crumbs: Sequence[tuple[str, tuple[str, ...]]], own: Sequence[str]) -> str | None:
    """The section among breadcrumbs (text, path): not home; the one that leads furthest to ``own``, else the last."""
    known = [(text, path) for text, path in crumbs if path]
    return _leading(known, own) or (known[-1][0] if known else None)


def section(found: Links, url: str | None) -> str | None:
    """The section that a page shows.

    The breadcrumb whose path leads furthest to the page's own, else the last; without breadcrumbs the link marked as
    the article's category, the one above the headline that is named so, or the one whose path leads to the page.
    """
    own = segments(url)[:-1]
    crumbs = section_of([(link.text, link.path) for link in found.first_group(found.every, words().crumbs)], own)
    if crumbs:
        return crumbs
    marked = [link for link in found.every[found.above :] if _is_marked(link, "category")]
    near = [link for link in found.every[max(0, found.above - _NEAR) : found.above] if link.path]
    named = marked or found.first_group(near[::-1], words().section) or _led_to_section(found)
    return named[0].text if named else _leading([(link.text, link.path) for link in found.every], own)


def _led_to_section(found: Links) -> list[Link]:
    """The links around the headline whose paths say that they lead to a category."""
    around = found.every[max(0, found.above - _NEAR) : found.above + _NEAR]
    return [link for link in around if (words().section - words().tags) & set(link.path[:-1])]


def _leading(links: Sequence[tuple[str, tuple[str, ...]]], own: Sequence[str]) -> str | None:
    """The text of the first link whose path goes furthest along ``own``."""
    leading = [(text, path) for text, path in links if _leads(path, own)]
    return max(leading, key=lambda link: len(link[1]))[0] if leading else None


def _leads(path: tuple[str, ...], own: Sequence[str]) -> bool:
    """Whether a path is the beginning of another; "/de" leads to a language, and "/@mara" to a person."""
    return bool(path) and tuple(own[: len(path)]) == path and len(path[-1]) > 2 and path[-1][0] not in "@~"


def tags(found: Links) -> tuple[str, ...]:
    """The tags that a page shows below its headline: links marked, named or labelled as tags, or leading to tags."""
    below = found.every[found.above :]
    marked = [link for link in below if _is_marked(link, "tag") and not _is_marked(link, "category")]
    shown = marked or found.first_group(below, words().tags) or _told_as_tags(below)
    return tuple(dict.fromkeys(link.text.strip("#,; ") for link in shown))


def _is_marked(link: Link, name: str) -> bool:
    return name in (link.element.get("rel") or "").split()


def _told_as_tags(links: Sequence[Link]) -> list[Link]:
    """The first links side by side beside a word such as "Tags:", or two and more whose paths all lead to tags."""
    beside: dict[HtmlElement, list[Link]] = {}
    for link in links:
        above = link.element.getparent()
        if above is not None and above.tag == "li":
            above = above.getparent()
        if above is not None:
            beside.setdefault(above, []).append(link)
    for holder, group in beside.items():
        if len(group) > _MOST:
            continue
        rest = "".join(holder.itertext())
        for link in group:
            rest = rest.replace(link.text, "", 1)
        if words().tagged.fullmatch(rest.strip()):
            return group
        if len(group) > 1 and all(words().tags & set(link.path[:-1]) for link in group):
            return group
    return []


def _holds_just(holder: HtmlElement, links: Sequence[Link]) -> bool:
    """Whether an element holds hardly more than its links, and these are too short for headlines."""
    if len(links) > _MOST:
        return False
    whole = sum(len(text.strip()) for text in holder.itertext())
    inside = sum(len(link.text) for link in links)
    return whole - inside <= 2 * _LONGEST and sum(weight(link.text) for link in links) <= _USUAL * len(links)


def segments(url: str | None) -> tuple[str, ...]:
    """The segments of the path of a URL, or of a link from a site's root, in lower case; none of any other link."""
    address = _BEYOND_PATH.split(url or "", maxsplit=1)[0]
    _, slashes, rest = address.partition("//")
    if slashes:
        address = rest.partition("/")[2]
    elif not address.startswith("/"):
        return ()
    return tuple(part for part in unquote(address).lower().split("/") if part)
