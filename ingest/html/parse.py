"""HTML text -> lxml tree, within bounds of depth, tags and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from ingest.errors import InputError

MAX_ATTRIBUTES = 10_000
"""A tag with more is refused: libxml2 needs time in the square of their number (72 s for 200,000, measured)."""

_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z!/?]")
_ONE_CLASS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""In lxml.html forms, labels and inputs have classes of their own, chosen by a call of Python for each element looked
at. Nobody here asks for them; without the call trafilatura takes a sixteenth less time over the tree."""


def parse(text: str, locator: str) -> html.HtmlElement:
    """The tree of a page, comments and processing instructions left out.

    Raises:
        InputError: the text is no HTML, or nested or decorated beyond what any real page is.
        MemoryError: the process may take no more memory.
    """
    if not _TAG.search(text):
        raise InputError(locator, "is not HTML: there is no tag in it", hint="name it .txt to read it as plain text")
    for tag in _long(text, 2 * MAX_ATTRIBUTES):
        if len(_QUOTED.sub("", tag.partition(">")[0]).split()) > MAX_ATTRIBUTES:
            raise InputError(locator, f"is not a readable page: a tag has more than {MAX_ATTRIBUTES:,} attributes")
    parser = html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
        huge_tree=True,
    )
    parser.set_element_class_lookup(_ONE_CLASS)
    declaration = _DECLARATION.match(text)
    try:
        tree = html.document_fromstring(_encoded(text[declaration.end() :] if declaration else text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise InputError(locator, f"is not readable HTML: {str(error)[:120]}") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise InputError(locator, "is not a readable page: its elements are nested too deeply")
    return tree


def _long(text: str, least: int) -> Iterator[str]:
    """The pieces between two ``<`` that are at least so long: found in long leaps, for most pieces are short."""
    start = 0
    while len(text) - start > least:
        following = text.rfind("<", start + 1, start + least)
        if following < 0:
            following = text.find("<", start + least)
            following = len(text) if following < 0 else following
            yield text[start:following].removeprefix("<")
        start = following


def _encoded(text: str) -> bytes:
    """The text in UTF-8, what XML cannot hold replaced: few pages hold it, and bytes show so in half the time."""
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate
        return _INVALID.sub("\ufffd", text).encode("utf-8")
    clean = len(encoded.translate(None, _CONTROLS)) == len(encoded) and "\ufffe" not in text and "\uffff" not in text
    return encoded if clean else _INVALID.sub("\ufffd", text).encode("utf-8")
