"""JSON-LD scripts -> the node that describes the page's article, and what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from ingest.html.head import clean
from ingest.html.words import words

_STORY = re.compile(r"article|posting|^(report|review|videoobject|newsitem|story|recipe|liveblog)", re.IGNORECASE)
_WRAPPER = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[|//\s*<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|(?://\s*)?\]\]>)?[\s;]*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_DEPTH = 40

Node = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone named as author; ``organisation`` where the data says it is none, ``shared`` for an account of many."""

    name: str
    organisation: bool = False
    shared: bool = False


def load(text: str) -> Any:
    """JSON as pages write it, with comments, trailing commas, raw newlines, bad escapes; None where it is none."""
    text = text.strip(" \t\r\n")
    if text[:1] not in {"{", "["} or text[-1:] not in {"}", "]"}:  # the pattern looks for its end at each character
        text = _WRAPPER.sub("", text)
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass
    for repaired in (text, _BAD_ESCAPE.sub("", _TRAILING_COMMA.sub(r"\1", text))):
        try:
            return json.loads(repaired, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def leading(text: str, at: int = 0) -> Any:
    """The JSON value that begins ``at`` a place of the text, whatever follows it; None where there is none."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, at)[0]
    except (ValueError, RecursionError):
        return None


def nodes(scripts: Iterable[str]) -> list[Node]:
    """Every object that the scripts hold at their top, in ``@graph`` or as main entity, in order."""
    return [node for script in scripts for node in _flat(load(script), 0)]


def _flat(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _flat(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for part in (value.get("@graph"), value.get("mainEntity"), value.get("mainEntityOfPage")):
            if isinstance(part, (list, dict)):
                yield from _flat(part, depth + 1)


def stories(found: Iterable[Node]) -> list[Node]:
    """The nodes that describe an article, the likeliest first: those of an article type with a headline."""
    told = [node for node in found if any(_STORY.search(kind) for kind in types(node))]
    told.sort(key=lambda node: (not node.get("headline"), any(kind == "VideoObject" for kind in types(node))))
    return told


def types(node: Node) -> list[str]:
    """The node's types, without namespace."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rsplit("/", 1)[-1] for kind in listed if isinstance(kind, str)]


def string(value: Any) -> str | None:
    """A value as one line of text: itself, the first of a list, or an object's name or value."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", clean(value)) or None
    if isinstance(value, list):
        return next((text for text in map(string, value) if text), None)
    if isinstance(value, dict):
        return string(value.get("@value") or value.get("name"))
    return None


def strings(value: Any) -> list[str]:
    """Every text in a value that may be a string, an object with a name, or a list of these."""
    listed = value if isinstance(value, list) else [value]
    return [text for text in map(string, listed) if text]


def people(node: Node, by_id: dict[str, Node]) -> list[Person]:
    """Whom the node names as authors; references by ``@id`` are followed."""
    found: list[Person] = []
    for key in ("author", "creator"):
        value = node.get(key)
        for part in value if isinstance(value, list) else [value]:
            found += _person(part, by_id)
        if found:
            break
    return list(dict.fromkeys(found))


def _person(part: Any, by_id: dict[str, Node]) -> list[Person]:
    if isinstance(part, list):
        return [person for inner in part for person in _person(inner, by_id)]
    if isinstance(part, str):
        return [Person(name=clean(part))] if part.strip() else []
    if not isinstance(part, dict):
        return []
    referred = by_id.get(str(part.get("@id")), {})
    named = part.get("name") or referred.get("name") or part.get("byline") or part.get("alternateName")
    kinds = types(part) or types(referred)
    account = str(part.get("url") or part.get("@id") or "").rstrip("/").rsplit("/", 1)[-1].lower()
    return [
        Person(name=name, organisation="Person" not in kinds and bool(kinds), shared=account in words().nobody)
        for name in strings(named)
    ]
