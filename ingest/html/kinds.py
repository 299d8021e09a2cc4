"""A kept block of a page -> the part it plays in the article: heading, caption, item or paragraph."""

from __future__ import annotations

from ingest.article import Kind
from ingest.html.view import View
from ingest.html.visible import HEADINGS
from ingest.html.words import words


def kind(page: View, index: int) -> Kind:
    """The part a kept block plays."""
    tags = [element.tag for element in page.chains[index]]
    if page.blocks[index].element.tag in HEADINGS:
        return Kind.HEADING
    if _is_caption(page, index, tags):
        return Kind.CAPTION
    if _is_item(page, index):
        return Kind.ITEM
    return Kind.PARAGRAPH


def _is_item(page: View, index: int) -> bool:
    """Whether a block is an item of a list, and not a paragraph on a page that is laid out as one."""
    inner = next((element for element in page.chains[index][:3] if element.tag == "li"), None)
    return inner is not None and page.held[inner] < 700


def _is_caption(page: View, index: int, tags: list[str]) -> bool:
    """Whether a block belongs to a picture: by markup, by name, or alone with one in a small container."""
    if "figcaption" in tags or "figure" in tags[:3]:
        return True
    if any(page.named(element) & words().caption for element in page.chains[index][:2]):
        return True
    if page.weights[index] > 250:
        return False
    for element in page.chains[index][1:4]:
        if page.held[element] - page.weights[index] > 80:
            return False
        if element.find(".//img") is not None:
            return True
    return False
