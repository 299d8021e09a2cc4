"""The visible blocks of a page -> the lines in which it shows whom it names as author."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from lxml.html import HtmlElement

from ingest.html import bylines
from ingest.html.align import key
from ingest.html.view import PROSE, weight
from ingest.html.visible import HEADINGS, Visible
from ingest.html.words import parts, words

_CUT = re.compile(r"\s*[|/·•—–]\s*|\s+-\s+|,\s+|\s*(?=\d)")
_PIECES = re.compile(r"\s*[|·•—–]\s*")
_NAMES = re.compile(r"\s*[/,&]\s*")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_PICTURE = frozenset({"figure", "figcaption", "picture"})
_COMMENT = frozenset({"comment", "comments"})
_LONGEST = 160
_ABOVE, _BELOW = 3, 30
"""How many blocks before and after the headline a byline may stand."""


def marked(visible: Sequence[Visible], own: Sequence[str] = ()) -> list[str]:
    """The first line near the headline that markup names as byline, and those like it that follow closely.

    What stands further on belongs to other articles. The site's ``own`` names before the authors' are passed over.
    """
    found: list[str] = []
    last, like = 0, ("", "")
    for index, block in enumerate(_near_headline(visible)):
        if found and index - last > 2:
            break
        shape = (block.element.tag, block.element.get("class") or "")
        text = _marked(block, own) if not found or shape == like else None
        if text and bylines.is_full(text):
            found.append(text)
            last, like = index, shape
    return found


def elsewhere(visible: Sequence[Visible]) -> Iterator[list[str]]:
    """The other bylines, by trust: the first two near the headline that say "by", and the only one of the whole page.

    (The first may name the site.) Where several differ, they belong to several articles.
    """
    yield from ([text] for text in islice(filter(None, map(_said, _near_headline(visible))), 2))
    said = {text for block in visible if (text := _said(block, alone=True))}
    yield sorted(said) if len(said) == 1 else []
    named = {text for block in visible if (text := _marked(block)) and bylines.is_full(text)}
    yield sorted(named) if len(named) == 1 else []


def beside_date(visible: Sequence[Visible]) -> list[str]:
    """The first line below the headline that is only a full name: in a line with a date, or next to one."""
    near = _above_text(visible)
    dated = [len(block.text) <= 60 and _YEAR.search(block.text) is not None for block in near]
    for index, block in enumerate(near):
        text = block.text
        if len(text) <= 60 and any(sign.isdigit() for sign in text):
            text = _pieces(block)[0]
        elif not any(dated[max(0, index - 1) : index + 2]):
            continue
        found = [piece for piece in _PIECES.split(text) if bylines.is_bare_name(piece.strip())]
        if found:
            return [found[0].strip()]
    return []


def above_text(visible: Sequence[Visible]) -> list[str]:
    """The paragraph of nothing but full names that stands right above the first prose, beside it in one element."""
    near = _near_headline(visible, above=0)
    for block, after in pairwise(near):
        if block.element.tag != "p" or after.element.tag != "p" or block.linked or weight(after.text) < PROSE:
            continue
        beside = block.element.getparent()
        if beside is after.element.getparent() and not parts(beside.get("class") or "") & words().furniture:
            names = [name.strip() for name in _NAMES.split(block.text)]
            return [block.text] if all(bylines.is_bare_name(name) for name in names) else []
    return []


def signed(visible: Sequence[Visible]) -> list[str]:
    """The one line that signs the text below it: a bare name, in bold or set to the right, after prose beside it."""
    found = [
        block.text
        for above, block in pairwise(visible)
        if len(block.text) <= 40
        and _signs(block)
        and bylines.is_bare_name(block.text)
        and weight(above.text) >= PROSE
        and _around(above.element) & _around(block.element)
    ]
    return found if len(found) == 1 else []


def _signs(block: Visible) -> bool:
    to_the_right = f"{block.element.get('align')} {block.element.get('style')}".replace(" ", "").lower()
    return block.strong >= len(block.text.replace(" ", "")) or "right" in to_the_right


def _around(element: HtmlElement) -> set[HtmlElement]:
    return {element, *islice(element.iterancestors(), 1)}


def names_near(visible: Sequence[Visible], names: Sequence[str]) -> bool:
    """Whether a line near the headline holds one of the names."""
    near = [key(block.text) for block in _above_text(visible)]
    return any(said in text for said in map(key, names) if said for text in near)


def _near_headline(visible: Sequence[Visible], above: int = _ABOVE) -> Sequence[Visible]:
    start = next((index for index, block in enumerate(visible) if block.element.tag == "h1"), 0)
    return visible[max(0, start - above) : start + _BELOW]


def _above_text(visible: Sequence[Visible]) -> Sequence[Visible]:
    """The blocks below the headline, up to the second that may be prose: the first may be the standfirst."""
    near = _near_headline(visible, above=0)
    prose = [
        index
        for index, block in enumerate(near)
        if weight(block.text) >= PROSE and not block.linked and block.element.tag not in HEADINGS
    ]
    return near[: prose[1]] if len(prose) > 1 else near


def _said(block: Visible, *, alone: bool = False) -> str | None:
    """What of a line names authors after a word such as "by": all of it, or up to a date, dash or comma.

    Where the line goes on with a date, one word is enough ("Von dpa 30.04.2026"), unless it must stand ``alone``.
    """
    if len(block.text) > _LONGEST or not words().before.match(block.text):
        return None
    text = _first_names(block)
    if len(text) <= 100 and bylines.says_by(text):
        return text
    begin = _CUT.split(text, maxsplit=1)[0]
    goes_on = begin != text and len(begin.split()) <= 6 and any(sign.isdigit() for sign in text)
    return begin if goes_on and bylines.says_by(begin, full=alone) else None


def _marked(block: Visible, own: Sequence[str] = ()) -> str | None:
    """What of a block its markup calls the author: the links or spans in it, or the first names of the whole."""
    if len(block.text) > _LONGEST or _is_picture_s(block):
        return None
    inside = [
        " ".join("".join(inner.itertext()).split())
        for inner in block.element.iter("a", "span")
        if inner.get("rel") == "author" or inner.get("itemprop") == "author"
    ]
    if inside:
        # a line break inside ends the block: what follows is a role or an office
        said = key(block.text)
        whole = [text for text in inside if key(text) in said]
        cut = block.text if any(said in key(text) for text in inside) else None
        return ", ".join(dict.fromkeys(whole)) or cut
    return _first_names(block, own) if _is_byline(block) else None


def _first_names(block: Visible, own: Sequence[str] = ()) -> str:
    """A byline up to where its names end: "Mara Ostrow" of the pieces "Mara Ostrow", "Harbour News Reporter"."""
    pieces = [
        piece for piece in _pieces(block) if not own or bylines.unite([piece], own) or not bylines.is_full(piece)
    ]
    named = [index for index, piece in enumerate(pieces) if bylines.is_full(piece)]
    if not named:
        return block.text
    taken = pieces[: named[0] + 1]
    for piece in pieces[named[0] + 1 :]:
        if not (bylines.is_joiner(piece) or bylines.is_joiner(taken[-1]) or taken[-1].rstrip().endswith(",")):
            break
        taken.append(piece)
    return " ".join(taken)


def _pieces(block: Visible) -> list[str]:
    """The pieces of text that a block consists of; inline elements may stand side by side without white space."""
    pieces = [" ".join(text.split()) for text in block.element.itertext()]
    pieces = [piece for piece in pieces if piece]
    return pieces if key("".join(pieces)) == key(block.text) else [block.text]


def _is_picture_s(block: Visible) -> bool:
    """Whether a block belongs to a picture: its author took the picture."""
    around = [block.element, *islice(block.element.iterancestors(), 2)]
    named = words().caption | words().picture
    return any(above.tag in _PICTURE or parts(above.get("class") or "") & named for above in around)


def _is_byline(block: Visible) -> bool:
    for holder in (block.element, block.element.getparent()):
        if holder is None:
            continue
        if holder.get("itemprop") == "author" or holder.get("rel") == "author":
            return True
        named = parts(holder.get("class") or "")
        if named & words().byline:
            return not named & _COMMENT
    return False
