"""Remembered sentences in, a TMX 1.4 file out, and back: what other translation tools read and write.

Our own units carry their key in a ``prop`` and come back exactly; others become translations that a user gave, which
answer before any model (`memory.given`). Format: https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.article import UND
from ingest.errors import InputError, RecordError
from ingest.records import decode, encode
from translate import codes, masks
from translate.document import ModelRef, Options, Rendering
from translate.memory import Unit, given

KEY = "x-newsgloss"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODES = frozenset({"bpt", "ept", "ph", "it", "ut"})
"""Elements whose text is another format's markup, not language."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """What a unit's key was made of, beside its source text; and what the English alone does not say."""

    model: ModelRef
    options: Options
    rendering: Rendering


def write(units: Iterable[Unit], path: Path) -> tuple[int, int]:
    """Write a TMX file; how many units it holds, and how many were left out as XML cannot hold their characters."""
    written = left = 0
    with path.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as out:
        out.write_declaration()
        with out.element("tmx", version="1.4"):
            out.write(_header())
            with out.element("body"):
                for unit in units:
                    if _NOT_XML.search(unit.source) or _NOT_XML.search(unit.rendering.text):
                        left += 1
                        continue
                    out.write(_unit(unit), pretty_print=True)
                    written += 1
    return written, left


def read(path: Path) -> Iterator[Unit]:
    """The units of a TMX file; one without an English side and another is passed over.

    Raises:
        InputError: the file is no XML, or cannot be read.
    """
    # No entities, no network, and libxml2's own limits on depth and size: a TMX comes from anywhere.
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        parser = etree.iterparse(path, events=("end",), tag="{*}tu", **options)
        for _, element in parser:
            yield from _read_unit(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        if etree.QName(parser.root).localname != "tmx":
            raise InputError(path.name, f"is no TMX: it is <{etree.QName(parser.root).localname}>")
    except etree.XMLSyntaxError as error:
        raise InputError(path.name, f"is no TMX: {error.msg}") from error
    except OSError as error:
        raise InputError(path.name, str(error.strerror or error)) from error


def _header() -> Any:
    return etree.Element(
        "header",
        {
            "creationtool": "newsgloss",
            "creationtoolversion": "1",
            "segtype": "sentence",
            "o-tmf": "newsgloss",
            "adminlang": "en",
            "srclang": "*all*",
            "datatype": "plaintext",
        },
    )


def _unit(unit: Unit) -> Any:
    element = etree.Element("tu")
    key = _Key(model=unit.model, options=unit.options, rendering=unit.rendering)
    etree.SubElement(element, "prop", type=KEY).text = encode(key).decode()
    for lang, text in ((unit.model.source_lang, unit.source), ("en", unit.rendering.text)):
        variant = etree.SubElement(element, "tuv", {_LANG: lang})
        etree.SubElement(variant, "seg").text = text
    return element


def _read_unit(element: Any) -> Iterator[Unit]:
    sides: dict[str, str] = {}
    for variant in element.iterfind("{*}tuv"):
        segment = variant.find("{*}seg")
        lang = codes.parse(variant.get(_LANG) or variant.get("lang"))
        if segment is not None and lang != UND:
            sides.setdefault(lang, _text(segment))
    english = next((text for lang, text in sides.items() if codes.primary(codes.parse(lang)) == "en"), None)
    others = [(codes.parse(lang), text) for lang, text in sides.items() if codes.primary(codes.parse(lang)) != "en"]
    if not english or not others:
        return
    lang, source = others[0]
    known = _key(element)
    if known is not None:
        yield Unit(model=known.model, options=known.options, source=source, rendering=known.rendering)
    elif source.strip() and english.strip():
        source, english = _masked(source.strip(), english.strip())
        yield Unit(model=given(lang), options=Options(), source=source, rendering=Rendering(text=english))


def _masked(source: str, english: str) -> tuple[str, str]:
    """Both with marks for addresses, as sentences are looked up; as they are where the English lacks an address."""
    masked, hidden = masks.mask(source)
    for number, each in enumerate(hidden, start=1):
        if each not in english:
            return source, english
        english = english.replace(each, f"[{number}]", 1)
    return masked, english


def _text(element: Any) -> str:
    """The text of a segment without other formats' markup."""
    inner = (each for each in element if isinstance(each.tag, str))
    parts = [("" if etree.QName(each).localname in _CODES else _text(each)) + (each.tail or "") for each in inner]
    return (element.text or "") + "".join(parts)


def _key(element: Any) -> _Key | None:
    """Our own key, if the unit was written by us and its English is as we wrote it: an edited one is a user's."""
    prop = next((each.text for each in element.iterfind("{*}prop") if each.get("type") == KEY), None)
    try:
        key = decode(prop, _Key) if prop else None
    except RecordError:
        return None
    texts = {_text(segment) for segment in element.iterfind("{*}tuv/{*}seg")}
    return key if key is not None and key.rendering.text in texts else None
