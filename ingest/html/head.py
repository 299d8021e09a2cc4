"""lxml tree -> what the page declares about itself: meta tags, links, language, and its scripts of data."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

_SPACE = re.compile(r"\s+")
_DATA = 150
"""A script of less than this holds no text of an article."""
_SEPARATORS = re.compile(r"[._\-\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a page says of itself.

    Attributes:
        metas: contents of meta tags, by their name, property or itemprop in lower case with ``:`` as separator.
        title: the text of ``<title>``.
        canonical: ``<link rel=canonical>`` as it stands.
        lang: ``<html lang>`` as it stands.
        linked_data: the JSON-LD scripts, in order.
        data: other scripts that may hold the page's data, in order.
    """

    metas: dict[str, list[str]] = field(default_factory=dict)
    title: str | None = None
    canonical: str | None = None
    lang: str | None = None
    linked_data: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def first(self, *names: str) -> str | None:
        """The first content of the first of these meta names that has one."""
        return next((content for name in names for content in self.metas.get(name, ())), None)

    def all(self, *names: str) -> list[str]:
        """Every content of these meta names, in the order of the names, each once."""
        return list(dict.fromkeys(content for name in names for content in self.metas.get(name, ())))


def clean(text: str) -> str:
    """A metadata value as a line of text: entities that were escaped twice resolved, white space collapsed."""
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    return _SPACE.sub(" ", text.replace("\u200b", "").replace("\ufeff", "")).strip()


def read_head(tree: HtmlElement) -> Head:
    """Everything the page declares, gathered in one pass over the tree."""
    metas: dict[str, list[str]] = {}
    title = canonical = None
    linked: list[str] = []
    data: list[str] = []
    for element in tree.iter("meta", "title", "link", "script"):
        match element.tag:
            case "meta":
                _add_meta(metas, element)
            case "title":
                title = title or clean(element.text or "") or None
            case "link":
                if canonical is None and "canonical" in (element.get("rel") or "").lower().split():
                    canonical = (element.get("href") or "").strip() or None
            case _:
                _add_script(linked, data, element)
    return Head(
        metas=metas,
        title=title,
        canonical=canonical,
        lang=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang"),
        linked_data=tuple(linked),
        data=tuple(data),
    )


def _add_meta(metas: dict[str, list[str]], element: HtmlElement) -> None:
    name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
    content = clean(element.get("content") or "")
    if name and content:
        metas.setdefault(_SEPARATORS.sub(":", name.strip().lower()), []).append(content)


def _add_script(linked: list[str], data: list[str], element: HtmlElement) -> None:
    text = element.text
    if not text or len(text) < 20:
        return
    kind = (element.get("type") or "").lower()
    if "ld+json" in kind:
        linked.append(text)
    elif "json" in kind or len(text) > _DATA:
        data.append(text)
