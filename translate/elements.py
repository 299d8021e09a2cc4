"""Names, attributes and texts in, HTML out in which no text from outside is ever markup."""

from __future__ import annotations

from html import escape
from typing import Final

from translate.visible import visible

VOID: Final = frozenset({"meta", "br", "link"})


class Html(str):
    """A string that is markup already. Made by `element` alone; any other string is text, and is escaped."""

    __slots__ = ()


def element(name: str, /, *children: str | None, **attributes: str | None) -> Html:
    """``<name attributes>children</name>``; None among children and attributes stands for nothing.

    An underscore ends an attribute name that is a Python word (``class_``), and stands for a hyphen within one.
    """
    given = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    opening = "".join(f' {key}="{_text(value)}"' for key, value in given)
    if name in VOID:
        return Html(f"<{name}{opening}>")
    inside = "".join(child if isinstance(child, Html) else _text(child) for child in children if child)
    return Html(f"<{name}{opening}>{inside}</{name}>")


def together(*children: str | None) -> Html:
    """Children without an element around them."""
    return Html("".join(child if isinstance(child, Html) else _text(child) for child in children if child))


def link(url: str | None, text: str) -> Html:
    """A link that tells the other side nothing; only text where the address is no web address."""
    if url is None or not url.lower().startswith(("http://", "https://")):
        return together(text)
    return element("a", text, href=url, rel="noreferrer noopener nofollow")


def page(title: str, style: str, *content: Html) -> bytes:
    """A whole page that runs no script and loads nothing: its policy says so to the browser as well."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", Html(style)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, element('body', *content), lang='en')}\n".encode()


def _text(text: str) -> str:
    return escape(visible(text))
