"""A page's links -> the section and the tags that it shows, for pages that declare none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
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

_AROUND = 4
"""How many elements around a link may name what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """What a page shows of where it belongs and what it is about."""

    section: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One short link.

    Attributes:
        text: its text.
        path: the segments of its path.
        element: the link itself.
        around: the elements around it, innermost first, with the words of their classes and ids.
    """

    text: str
    path: tuple[str, ...]
    element: HtmlElement
    around: tuple[tuple[HtmlElement, frozenset[str]], ...]


def shown(tree: HtmlElement, url: str | None, headlines: Sequence[str]) -> Topics:
    """Section and tags by the links of the page.

    The section is the breadcrumb whose path leads furthest to the page's own, else the last; without breadcrumbs the
    link marked as the article's category, the one above the headline that is named so, or the one whose path leads to
    the page. Tags stand below the headline: links marked or named as tags, labelled so, or whose paths say so.
    """
    own = segments(url)[:-1]
    said = {key(headline) for headline in headlines}
    links: list[Link] = []
    known: dict[HtmlElement, frozenset[str]] = {}
    above = 0
    for element in tree.iter("a", "h1"):
        if element.tag == "h1":
            above = above or len(links)
            continue
        text = " ".join("".join(element.itertext()).split())
        if text and len(text) <= _LONGEST and key(text) and key(text) not in said:
            links.append(
                Link(text=text, path=segments(element.get("href")), element=element, around=_around(element, known))
            )
    return Topics(section=_section(links, above, own), tags=_tags(links[above:]))


def _around(
    element: HtmlElement, known: dict[HtmlElement, frozenset[str]]
) -> tuple[tuple[HtmlElement, frozenset[str]], ...]:
    found = []
    for above in islice(element.iterancestors(), _AROUND):
        named = known.get(above)
        if named is None:
            named = known[above] = parts(above.get("class") or "") | parts(above.get("id") or "")
        found.append((above, named))
    return tuple(found)


def section_of(crumbs: Sequence[tuple[str, tuple[str, ...]]], own: Sequence[str]) -> str | None:
    """The section among breadcrumbs (text, path): not home; the one that leads furthest to ``own``, else the last."""
    known = [(text, path) for text, path in crumbs if path]
    return _leading(known, own) or (known[-1][0] if known else None)


def _section(links: Sequence[Link], above: int, own: Sequence[str]) -> str | None:
    crumbs = section_of([(link.text, link.path) for link in _first_group(links, words().crumbs)], own)
    if crumbs:
        return crumbs
    marked = [link for link in links[above:] if _is_marked(link, "category")]
    near = [link for link in links[max(0, above - _NEAR) : above] if link.path]
    named = marked or _first_group(near[::-1], words().section)
    return named[0].text if named else _leading([(link.text, link.path) for link in links], own)


def _leading(links: Sequence[tuple[str, tuple[str, ...]]], own: Sequence[str]) -> str | None:
    """The text of the first link whose path goes furthest along ``own``."""
    leading = [(text, path) for text, path in links if _leads(path, own)]
    return max(leading, key=lambda link: len(link[1]))[0] if leading else None


def _leads(path: tuple[str, ...], own: Sequence[str]) -> bool:
    """Whether a path is the beginning of another; "/de" leads to a language, and "/@mara" to a person."""
    return bool(path) and tuple(own[: len(path)]) == path and len(path[-1]) > 2 and path[-1][0] not in "@~"


def _tags(links: Sequence[Link]) -> tuple[str, ...]:
    found = [link for link in links if _is_marked(link, "tag") and not _is_marked(link, "category")]
    found = found or _first_group(links, words().tags) or _told_as_tags(links)
    return tuple(dict.fromkeys(link.text.strip("#,; ") for link in found))


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
        rest = "".join(holder.itertext())
        for link in group:
            rest = rest.replace(link.text, "", 1)
        led = sum(bool(words().tags & set(link.path[:-1])) for link in group)
        if words().tagged.fullmatch(rest.strip()) or led == len(group) > 1:
            return group
    return []


def _first_group(links: Sequence[Link], names: frozenset[str]) -> list[Link]:
    """The links of the first element so named that holds little beside them; of such elements the outermost."""
    groups: dict[HtmlElement, list[Link]] = {}
    order: list[list[HtmlElement]] = []
    for link in links:
        holders = [holder for holder, named in link.around if named & names]
        order.append(holders[::-1])
        for holder in holders:
            groups.setdefault(holder, []).append(link)
    fitting = (
        groups[holder] for holders in order for holder in holders if _holds_little_else(holder, groups[holder])
    )
    return next(fitting, [])


def _holds_little_else(holder: HtmlElement, links: Sequence[Link]) -> bool:
    """Whether an element holds hardly more than its links, and these are too short for headlines."""
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
