"""XML bytes in, elements out as they end, with nothing that XML could make us fetch, read or multiply (pure)."""

from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import etree


class BrokenXmlError(Exception):
    """The XML ends in the middle, or is none; what came before was good. Says where."""


def elements(payload: bytes, *names: str) -> Iterator[etree._Element]:
    """Each element of these local names as it ends; it is forgotten after its turn, so that memory stays flat.

    Entities are not expanded, no DTD is loaded, nothing is fetched.

    Raises:
        BrokenXmlError: with the place, after all that could be read.
    """
    source = etree.iterparse(
        io.BytesIO(payload),
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in source:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise BrokenXmlError(f"broken XML in line {error.lineno or 1}") from error


def text_of(element: etree._Element, name: str) -> str | None:
    """The text of the first child of this local name; None where there is none, or nothing in it."""
    found = element.find(f"{{*}}{name}")
    text = (found.text or "").strip() if found is not None else ""
    return text or None
