"""RawPage -> Article: the door of extraction, and the only file that knows trafilatura."""

from __future__ import annotations

import logging

from lxml.etree import LxmlError
from lxml.html import HtmlElement

from ingest.article import Article, RawPage
from ingest.decode import LINES_OF_PROSE, decode
from ingest.errors import InputError

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def extract(page: RawPage) -> Article:
    """The article of a page: every visible text block stands in ``blocks``, or in ``stripped`` with its rule.

    Raises:
        InputError: the payload is empty, too large, binary, no page at all, or holds nothing readable.
    """
    locator = page.provenance.target_uri or page.provenance.source
    decoded = decode(page)
    if page.media_type in HTML_TYPES:
        from ingest.html import article

        return article.read_html(decoded, page, trafilatura_text)
    if page.media_type in LINES_OF_PROSE:
        from ingest import plaintext

        return plaintext.read_text(decoded.text, page, decoded.edits, decoded.flags)
    raise InputError(locator, f"has the media type {page.media_type}, which is not read")


def trafilatura_text(tree: HtmlElement, url: str | None) -> str:
    """What trafilatura takes for the article: its text, a line a block; empty where it finds none.

    The tree is not changed.
    """
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs every page without an article
    try:
        document = bare_extraction(tree, url=url, include_comments=False)
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError, RecursionError, LxmlError):
        return ""  # it fails on pages that we can still read without its opinion
    text = getattr(document, "text", None)
    return text if isinstance(text, str) else ""
