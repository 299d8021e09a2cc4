"""The data scripts of a page -> the paragraphs of an article whose text stands only in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.article import Kind
from ingest.html.align import key
from ingest.html.head import clean
from ingest.html.scripts import bearers, values
from ingest.html.view import weight
from ingest.html.words import parts as name_parts
from ingest.html.words import words

MIN_BODY = 300
"""A text shorter than that, of which nothing says that it is the article's, is no body but a teaser's."""

FEW = 40
"""What the data call the article's body is one from here on: a sentence."""

BODIES = frozenset({
    "articlebody", "body", "bodyhtml", "bodytext", "blocks", "components", "content", "contentelements", "fulltext",
    "html", "maintext", "paragraphs", "storybody", "text",
})  # fmt: skip
"""How applications call the text of an object that bears a headline; case and punctuation aside."""

_TYPES = ("type", "kind", "_type", "nodeType", "__typename")
_BESIDE = ("caption", "text", "html", "content", "title", "label")
_LEAF = 60
_MAX_DEPTH = 60
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAK = re.compile(r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|section|figure|table|tr)\b[^>]*>|\n+", re.IGNORECASE)
_CUT = re.compile(r"<(figure|figcaption|script|style|table|aside)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[^<>]{1,2000}>")
_NOT_PROSE = re.compile(r"[{}<>=\\;_]|https?://|\w{60,}|function\s*\(")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff\u0e00-\u0e7f]")
_HEADING = re.compile(r"head|title|^h[1-6]$", re.IGNORECASE)
_OPENS = re.compile(r"<(?:(h[1-6])|(li)|(p|div)|(br))\b", re.IGNORECASE)

_Texts = list[tuple[str, bool]]
"""Texts or HTML fragments of one place, and of each whether it is part of the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph, subheading or item of an embedded text; not ``kept`` is what is no prose of the article's."""

    text: str
    kind: Kind = Kind.PARAGRAPH
    kept: bool = True


def paragraphs(text: str, *, kept: bool = True) -> list[Paragraph]:
    """A running text or HTML fragment as its paragraphs; figures, tables and asides in it are not kept."""
    found: list[Paragraph] = []
    at = 0
    for cut in _CUT.finditer(text):
        found += _lines(text[at : cut.start()], kept=kept)
        if cut.group(1).lower() not in {"script", "style"}:
            found += _lines(cut.group(), kept=False)
        at = cut.end()
    return found + _lines(text[at:], kept=kept)


def _lines(text: str, *, kept: bool) -> list[Paragraph]:
    lines = ((clean(_SURROGATE.sub("\ufffd", _MARKUP.sub("", piece))), kind) for piece, kind in _pieces(text))
    return [Paragraph(text=line, kind=kind, kept=kept) for line, kind in lines if key(line)]


def _pieces(text: str) -> Iterator[tuple[str, Kind]]:
    at, kind = 0, Kind.PARAGRAPH
    for tag in _BREAK.finditer(text):
        piece = text[at : tag.start()]
        yield piece, kind
        at = tag.end()
        kind = _after(tag.group(), kind, blank=not piece.strip())
    yield text[at:], kind


def _after(tag: str, kind: Kind, *, blank: bool) -> Kind:
    """The kind of what follows a tag or a line break."""
    opened = _OPENS.match(tag)
    if not tag.startswith("<") or (opened and (opened[4] or (opened[3] and blank))):
        return kind
    if opened and opened[1]:
        return Kind.HEADING
    return Kind.ITEM if opened and opened[2] else Kind.PARAGRAPH


def body(scripts: Iterable[str], headlines: Sequence[str], descriptions: Sequence[str]) -> list[Paragraph]:
    """The article's text in the page's data: the longest prose of one place that tells of what the headline says.

    Places are told apart by their path in the data, indexes left out; an article's paragraphs share one (Arc's
    ``content_elements[].content``, Next's ``props.pageProps.article.body``). What an object that bears the headline
    calls its body may be short, and need not repeat the headline's words. Empty where there is none.
    """
    topic = _topic([*headlines, *descriptions])
    best: list[Paragraph] = []
    for script in scripts:
        data = list(values(script))
        for texts in _places(data).values():
            found = _read(texts)
            if size(found) > max(MIN_BODY, size(best)) and _tells(found, topic):
                best = found
        for node in bearers(data, headlines):
            for texts in _stated(node):
                found = _read(texts)
                if size(found) > max(FEW, size(best)):
                    best = found
    return best


def _read(texts: _Texts) -> list[Paragraph]:
    return [paragraph for text, kept in texts for paragraph in paragraphs(text, kept=kept)]


def size(found: Sequence[Paragraph]) -> int:
    """How much the kept paragraphs say."""
    return sum(weight(paragraph.text) for paragraph in found if paragraph.kept)


def _stated(node: dict[str, Any]) -> Iterator[_Texts]:
    """What the fields of an object hold that are named as its body."""
    for name, value in node.items():
        if key(name) in BODIES:
            yield from _told(value, 0)


def _told(value: Any, depth: int) -> Iterator[_Texts]:
    if isinstance(value, str) and _is_prose(value, FEW):
        yield [(value, True)]
    if depth > _MAX_DEPTH or not isinstance(value, (dict, list)):
        return
    name = _text_field(value, 1) if isinstance(value, list) else None
    if isinstance(value, list) and (name or _is_all_text(value)):
        yield _typed_texts(value, name) if name else [(text, True) for text in value]
        return
    if isinstance(value, list):
        yield [text for part in value for texts in _told(part, depth + 1) for text in texts]
        return
    for part in value.values():
        yield from _told(part, depth + 1)


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
    whole = " ".join(paragraph.text for paragraph in found if paragraph.kept).casefold()
    return not topic or sum(word in whole for word in topic) >= 0.3 * len(topic)


def _places(data: Iterable[Any]) -> dict[str, _Texts]:
    """The prose of a script's data, by the path it stands at."""
    places: dict[str, _Texts] = {}
    for value in data:
        _gather(value, "", places, 0)
    return places


def _gather(value: Any, path: str, places: dict[str, _Texts], depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, part in value.items():
            _gather(part, f"{path}.{name}", places, depth + 1)
    elif isinstance(value, list):
        _gather_list(value, path, places, depth)
    elif isinstance(value, str) and len(value) >= _LEAF // 2 and _is_prose(value):
        places.setdefault(path, []).append((value, True))


def _gather_list(value: list[Any], path: str, places: dict[str, _Texts], depth: int) -> None:
    if path and _is_all_text(value):
        places.setdefault(f"{path}[]", []).extend((text, True) for text in value)
        return
    name = _text_field(value, 2)
    if name:
        places.setdefault(f"{path}[].{name}", []).extend(_typed_texts(value, name))
    for part in value:
        rest = {key: inner for key, inner in part.items() if key != name} if name and isinstance(part, dict) else part
        _gather(rest, f"{path}[]", places, depth + 1)


def _is_all_text(parts: list[Any]) -> bool:
    """Whether a list holds the paragraphs of one text: strings, most of what they say prose."""
    if not parts or not all(isinstance(part, str) for part in parts):
        return False
    return sum(len(part) for part in parts if _is_prose(part)) > sum(map(len, parts)) / 2


def _typed(parts: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    """The objects of a list with their types; all those without one are of one type."""
    return [
        (next((part[name] for name in _TYPES if isinstance(part.get(name), str)), ""), part)
        for part in parts
        if isinstance(part, dict)
    ]


def _text_field(parts: list[Any], least: int) -> str | None:
    """The field that holds the text, where a list is one of typed elements, most of an article's: paragraphs, ads.

    ``least`` is in how many elements it must hold prose.
    """
    counts = Counter(
        name
        for _, part in _typed(parts)
        for name, text in part.items()
        if isinstance(text, str) and name not in _TYPES and _is_prose(text)
    )
    name, many = counts.most_common(1)[0] if counts else ("", 0)
    return name if many >= least else None


def _typed_texts(parts: list[Any], name: str) -> _Texts:
    """The texts of typed elements in order: of the types that hold prose, of headings however short, and of lists.

    What other elements show (advertisements, captions, forms) is given as no part of the article.
    """
    typed = _typed(parts)
    prose = {kind for kind, part in typed if isinstance(part.get(name), str) and _is_prose(part[name])}
    prose = {kind for kind in prose if not name_parts(kind) & words().furniture}
    texts: _Texts = []
    for kind, part in typed:
        text = part.get(name)
        if isinstance(text, str) and _HEADING.search(kind):
            texts.append((f"<h2>{text}</h2>", True))
        elif isinstance(text, str) and kind in prose:
            texts.append((text, True))
        elif "list" in kind.lower() and isinstance(part.get("items"), list):
            items = [item.get(name) if isinstance(item, dict) else item for item in part["items"]]
            texts += [(f"<li>{item}</li>", True) for item in items if isinstance(item, str)]
        else:
            texts += [(shown, False) for shown in (_shown(part, name),) if shown]
    return texts


def _shown(part: dict[str, Any], name: str) -> str | None:
    """What an element that is no part of the text would have shown."""
    given = (part.get(field) for field in (name, *_BESIDE))
    return next((text for text in given if isinstance(text, str) and key(text) and not text.startswith("http")), None)


def _is_prose(text: str, least: int = _LEAF) -> bool:
    plain = _MARKUP.sub("", text)
    if len(plain) < (least // 2 if _WIDE.search(plain) else least):
        return False
    spaced = plain.count(" ") > len(plain) // 25 or _WIDE.search(plain) is not None
    return spaced and len(_NOT_PROSE.findall(plain)) <= len(plain) // 200
