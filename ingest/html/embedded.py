"""The data scripts of a page -> the paragraphs of an article whose text stands only in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.html import jsonld
from ingest.html.align import key
from ingest.html.head import clean
from ingest.html.view import weight

MIN_BODY = 300
"""A text shorter than that is no article's body but a teaser's."""

_LEAF = 60
_MAX_DEPTH = 60
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile(r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|section|figure|table|tr)\b[^>]*>|\n+", re.IGNORECASE)
_CUT = re.compile(r"<(figure|figcaption|script|style|table|aside)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[^<>]{1,2000}>")
_NOT_PROSE = re.compile(r"[{}<>=\\;_]|https?://|\w{60,}|function\s*\(")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\u0e00-\u0e7f]")
_JSON_START = re.compile(r"=\s*(?=[{\[])|^\s*(?=[{\[])|JSON\.parse\(\s*(?=[\"'])")
_HEADING = re.compile(r"head|title|^h[1-6]$", re.IGNORECASE)
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.){80,})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph or subheading of an embedded text."""

    text: str
    heading: bool = False


def paragraphs(text: str) -> list[Paragraph]:
    """A running text or HTML fragment as its paragraphs."""
    found = []
    for piece in _pieces(_CUT.sub("\n", text)):
        line = clean(_SURROGATE.sub("\ufffd", _MARKUP.sub("", piece.text)))
        if key(line):
            found.append(Paragraph(text=line, heading=piece.heading))
    return found


def _pieces(text: str) -> Iterator[Paragraph]:
    at, heading = 0, False
    for tag in _BREAK.finditer(text):
        yield Paragraph(text=text[at : tag.start()], heading=heading)
        at = tag.end()
        heading = bool(re.match(r"<h[1-6]", tag.group(), re.IGNORECASE))
    yield Paragraph(text=text[at:], heading=heading)


def body(scripts: Iterable[str], headlines: Sequence[str], descriptions: Sequence[str]) -> list[Paragraph]:
    """The article's text in the page's data: the longest prose of one place that tells of what the headline says.

    Places are told apart by their path in the data, indexes left out; an article's paragraphs share one (Arc's
    ``content_elements[].content``, Next's ``props.pageProps.article.body``). Empty where there is none.
    """
    topic = _topic([*headlines, *descriptions])
    best: list[Paragraph] = []
    for script in scripts:
        for texts in _places(script).values():
            found = [paragraph for text in texts for paragraph in paragraphs(text)]
            if _size(found) > max(MIN_BODY, _size(best)) and _tells(found, topic):
                best = found
    return best


def _size(found: Sequence[Paragraph]) -> int:
    return sum(weight(paragraph.text) for paragraph in found)


def _topic(texts: Sequence[str]) -> set[str]:
    """The longer words of headline and description, without the ends that languages inflect, or pairs of letters."""
    words: set[str] = set()
    for text in texts:
        for word in re.findall(r"\w{2,}", text.casefold()):
            if _WIDE.search(word):
                words.update(word[i : i + 2] for i in range(len(word) - 1))
            elif len(word) > 4:
                words.add(word[: max(4, 2 * len(word) // 3)])
    return words


def _tells(found: Sequence[Paragraph], topic: set[str]) -> bool:
    whole = " ".join(paragraph.text for paragraph in found).casefold()
    return not topic or sum(word in whole for word in topic) >= 0.3 * len(topic)


def _places(script: str) -> dict[str, list[str]]:
    """The prose of a script, by the path it stands at."""
    places: dict[str, list[str]] = {}
    for value in values(script):
        _gather(value, "", places, 0)
    return places


def values(script: str) -> Iterator[Any]:
    """The data in a script: JSON as a whole, or what is assigned to a variable, or else its long string literals."""
    whole = jsonld.load(script)
    if whole is not None:
        yield whole
        return
    found = False
    for start in _JSON_START.finditer(script):
        value = jsonld.leading(script[start.end() :])
        if isinstance(value, str):
            value = jsonld.load(value)
        if isinstance(value, (dict, list)):
            found = True
            yield value
    if not found:
        yield [text for hit in _LITERAL.finditer(script) if (text := jsonld.load(f'"{hit.group(1)}"'))]


def _gather(value: Any, path: str, places: dict[str, list[str]], depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, part in value.items():
            _gather(part, f"{path}.{name}", places, depth + 1)
    elif isinstance(value, list):
        name = _text_field(value)
        if name:
            places.setdefault(f"{path}[].{name}", []).extend(_typed_texts(value, name))
        for part in value:
            rest = (
                {key: inner for key, inner in part.items() if key != name}
                if name and isinstance(part, dict)
                else part
            )
            _gather(rest, f"{path}[]", places, depth + 1)
    elif isinstance(value, str) and len(value) >= _LEAF // 2 and _is_prose(value):
        places.setdefault(path, []).append(value)


def _text_field(parts: list[Any]) -> str | None:
    """The field that holds the text, where a list is one of typed elements, most of an article's: paragraphs, ads."""
    typed = [part for part in parts if isinstance(part, dict) and isinstance(part.get("type"), str)]
    counts = Counter(
        name for part in typed for name, text in part.items() if isinstance(text, str) and _is_prose(text)
    )
    name, many = counts.most_common(1)[0] if counts else ("", 0)
    return name if many > 1 else None


def _typed_texts(parts: list[Any], name: str) -> list[str]:
    """The texts of typed elements in order: of the types that hold prose, of headings however short, and of lists."""
    typed = [part for part in parts if isinstance(part, dict) and isinstance(part.get("type"), str)]
    prose = {part["type"] for part in typed if isinstance(part.get(name), str) and _is_prose(part[name])}
    texts: list[str] = []
    for part in typed:
        text, kind = part.get(name), part["type"]
        if isinstance(text, str) and _HEADING.search(kind):
            texts.append(f"<h2>{text}</h2>")
        elif isinstance(text, str) and kind in prose:
            texts.append(text)
        elif "list" in kind.lower() and isinstance(part.get("items"), list):
            items = [item.get(name) if isinstance(item, dict) else item for item in part["items"]]
            texts += [f"<li>{item}</li>" for item in items if isinstance(item, str)]
    return texts


def _is_prose(text: str) -> bool:
    plain = _MARKUP.sub("", text)
    if len(plain) < (_LEAF // 2 if _WIDE.search(plain) else _LEAF):
        return False
    spaced = plain.count(" ") > len(plain) // 25 or _WIDE.search(plain) is not None
    return spaced and len(_NOT_PROSE.findall(plain)) <= len(plain) // 200
