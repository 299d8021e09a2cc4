"""The data scripts of a page -> the values that stand in them, and the objects that bear the page's headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from ingest.html import jsonld
from ingest.html.align import key
from ingest.html.view import weight

_MAX_DEPTH = 60
_MANY = 2000
"""So many places of a script are tried: more than pages have, and few enough to end in time."""
_LEAST = 12
"""How much a headline says, at least, that is known again."""

_START = re.compile(r"=\s*(?=[{\[])|^\s*(?=[{\[])|JSON\.parse\(\s*(?=[\"'])")
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.){80,})"')
_STRING_OR_NAME = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?<=[{,\s])[A-Za-z_$][\w$]*(?=\s*:)')
_HEADLINE = re.compile(r"head|title", re.IGNORECASE)


def values(script: str) -> Iterator[Any]:
    """The data in a script: JSON as a whole, or what is assigned to a variable, or else its long string literals.

    An object whose names stand without quotes (``{title: "..."}``) is read too, where the rest of it is JSON.
    """
    whole = jsonld.load(script)
    if whole is not None:
        yield whole
        return
    found = list(_assigned(script))
    yield from found
    if not found:
        yield from _assigned(_STRING_OR_NAME.sub(_quoted, script))
        yield [text for hit in _LITERAL.finditer(script) if (text := jsonld.load(f'"{hit.group(1)}"'))]


def _assigned(script: str) -> Iterator[Any]:
    for start in islice(_START.finditer(script), _MANY):
        value = jsonld.leading(script, start.end())
        if isinstance(value, str):
            value = jsonld.load(value)
        if isinstance(value, (dict, list)):
            yield value


def _quoted(hit: re.Match[str]) -> str:
    text = hit.group()
    return text if text.startswith('"') else f'"{text}"'


def bearers(value: Any, headlines: Iterable[str]) -> list[dict[str, Any]]:
    """The objects in a value that bear one of the headlines, in a field or one level below (``headlines.basic``)."""
    said = {said for headline in headlines if weight(said := key(headline)) >= _LEAST}
    return [node for node in _objects(value, 0) if said and not said.isdisjoint(_titles(node))]


def _titles(node: dict[str, Any]) -> Iterator[str]:
    for name, text in node.items():
        inner = text.values() if isinstance(text, dict) and _HEADLINE.search(name) else (text,)
        yield from (key(part) for part in inner if isinstance(part, str) and len(part) < 500)


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        if isinstance(part, (dict, list)):
            yield from _objects(part, depth + 1)
