"""Decoded HTML -> Article: the visible blocks numbered, the article's chosen, what the metadata says added."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lxml import etree
from lxml.html import HtmlElement

from ingest import repair
from ingest.article import EXTRACTOR, Article, Block, Edit, Flag, Kind, Name, RawPage, Stripped
from ingest.decode import Decoded
from ingest.errors import InputError
from ingest.html import align, edges, embedded, kinds, select, story
from ingest.html.head import Head
from ingest.html.metadata import Facts, read_metadata
from ingest.html.parse import parse
from ingest.html.view import Kept, View, size, view, weight
from ingest.html.visible import Visible, visible_blocks

Opinion = Callable[[HtmlElement, str | None], str]
"""Another extractor: a tree and its URL -> the text it takes for the article, a line a block."""

LONG_ENOUGH, SHORT = 1500, 700
"""How many characters a page may show for its linked data, and for its other data, to be asked for a longer text."""

WITHOUT_TEXT = (
    "script", "style", "svg", "link", "noscript", "template", "button", "select", "meta", "iframe", "source", "input",
    "video", "audio",
)  # fmt: skip
"""What is taken out of the tree before another extractor sees it: no article, but a third of the time it takes."""


def read_html(decoded: Decoded, page: RawPage, opinion: Opinion) -> Article:
    """The article of an HTML page.

    Raises:
        InputError: the text is no HTML, beyond the limits of `parse`, or shows nothing readable.
    """
    url = page.provenance.target_uri
    locator = url or page.provenance.source
    tree = parse(decoded.text, locator)
    visible = visible_blocks(tree)
    edits, flags = _repair(visible)
    seen = view(visible)
    facts, head = read_metadata(tree, visible, url, page.hints)
    _lighten(tree, seen)
    kept = _chosen(seen, opinion(tree, url), facts)
    hidden = _embedded(seen, kept, facts, head)
    told = story.Story()
    if hidden:
        kept = frozenset()
        told = story.story(head.data, facts.headlines)
        facts = story.completed(facts, told)
    if not kept and not hidden:
        reason = "shows no article" if visible else "shows nothing readable"
        raise InputError(locator, reason, hint="it may be an index page, or need a browser to be read")
    blocks, stripped, title_edits, title_flags = _divide(seen, kept, facts)
    added, left = _numbered(hidden, lead=_lead(blocks, hidden, told), after=len(visible))
    return Article(
        provenance=page.provenance,
        blocks=blocks + added,
        canonical_url=facts.canonical_url,
        authors=tuple(Name(original=name) for name in facts.authors),
        publisher=facts.publisher,
        published=facts.published,
        section=facts.section,
        tags=facts.tags,
        declared_lang=facts.lang,
        rights=facts.rights,
        stripped=stripped + left,
        edits=decoded.edits + edits + title_edits,
        flags=decoded.flags + flags + title_flags,
    )


def _lighten(tree: HtmlElement, page: View) -> None:
    """Take out of the tree what holds no article: menus and feet too, where they are small and without headline."""
    etree.strip_elements(tree, *WITHOUT_TEXT, with_tail=False)
    whole = 1 + sum(page.weights)
    for element in list(tree.iter("nav", "footer")):
        if (
            page.held.get(element, 0) < 0.4 * whole
            and element.find(".//h1") is None
            and element.getparent() is not None
        ):
            element.drop_tree()


def _chosen(page: View, said: str, facts: Facts) -> Kept:
    found = align.chosen(page.keys, said)
    return select.choose(page, frozenset(index for index, hit in enumerate(found) if hit), facts)


def _embedded(page: View, kept: Kept, facts: Facts, head: Head) -> list[embedded.Paragraph]:
    """The article's text from the page's data, where the page itself shows little or none of it."""
    shown = size(page, kept)
    if shown > LONG_ENOUGH:
        return []
    titles = {align.key(headline) for headline in facts.headlines}
    stated = [embedded.paragraphs(body) for body in facts.bodies if align.key(body) not in titles]
    if shown <= SHORT:
        stated.append(embedded.body(head.data, facts.headlines, facts.descriptions))
    found = max(stated, key=embedded.size, default=[])
    whole = "".join(page.keys)
    visible = sum(weight(part.text) for part in found if part.kept and align.key(part.text) in whole)
    return found if embedded.size(found) > max(embedded.FEW, 2 * shown, 3 * visible) else []


def _lead(blocks: Sequence[Block], found: Sequence[embedded.Paragraph], told: story.Story) -> str | None:
    """The standfirst that the page's data give, where the page shows none and the text does not begin with it."""
    shown = any(block.kind is Kind.DECK for block in blocks)
    first = next((part.text for part in found if part.kept), "")
    return None if shown or not told.lead or align.key(told.lead) in align.key(first) else told.lead


def _numbered(
    found: Sequence[embedded.Paragraph], *, lead: str | None, after: int
) -> tuple[tuple[Block, ...], tuple[Stripped, ...]]:
    """Embedded paragraphs as blocks or as stripped; their numbers go on behind those of the visible blocks."""
    parts = [embedded.Paragraph(text=lead, kind=Kind.DECK), *found] if lead else found
    lines = list(enumerate(parts, start=after + 1))
    blocks = tuple(Block(kind=part.kind, text=part.text, line=line) for line, part in lines if part.kept)
    left = tuple(Stripped(rule=EXTRACTOR, text=part.text, line=line) for line, part in lines if not part.kept)
    return blocks, left


Divided = tuple[tuple[Block, ...], tuple[Stripped, ...], tuple[Edit, ...], tuple[Flag, ...]]


def _divide(page: View, kept: Kept, facts: Facts) -> Divided:
    """Every visible block as a block of the article or as stripped, and what was changed in the headline.

    A headline that the page does not show has line 0; where it shows another, a flag says which.
    """
    deck = edges.deck(page, kept, facts)
    place = edges.headline(page, kept, facts)
    title, edits, flags = _title(page, place, facts)
    blocks: list[Block] = []
    stripped: list[Stripped] = []
    for index, block in enumerate(page.blocks):
        if title and index == place and title.line:
            continue
        if index in deck:
            blocks.append(Block(kind=Kind.DECK, text=block.text, line=block.line))
        elif index in kept:
            blocks.append(Block(kind=kinds.kind(page, index), text=block.text, line=block.line))
        else:
            stripped.append(Stripped(rule=EXTRACTOR, text=block.text, line=block.line))
    return (*((title,) if title else ()), *blocks), tuple(stripped), edits, flags


def _title(page: View, place: int | None, facts: Facts) -> tuple[Block | None, tuple[Edit, ...], tuple[Flag, ...]]:
    """The headline as a block: as shown, or as shown without kicker and site name, or as the metadata give it."""
    shown = page.blocks[place] if place is not None else None
    said = align.key(facts.title or "")
    if not said:
        return (Block(kind=Kind.TITLE, text=shown.text, line=shown.line) if shown else None), (), ()
    title = facts.title or ""
    if shown is None or place is None:
        return Block(kind=Kind.TITLE, text=title, line=0), (), ()
    if page.keys[place] == said:
        return Block(kind=Kind.TITLE, text=shown.text, line=shown.line), (), ()
    if said in page.keys[place]:
        edit = Edit(line=shown.line, before=shown.text, after=title, rule="headline")
        return Block(kind=Kind.TITLE, text=title, line=shown.line), (edit,), ()
    flag = Flag(name="headline-differs", detail=shown.text, line=shown.line)
    return Block(kind=Kind.TITLE, text=title, line=0), (), (flag,)


def _repair(visible: list[Visible]) -> tuple[tuple[Edit, ...], tuple[Flag, ...]]:
    """Repair the blocks' texts in place; the edits and flags carry their line numbers."""
    edits: list[Edit] = []
    flags: list[Flag] = []
    for block in visible:
        block.text, block_edits, block_flags = repair.line(block.text, block.line)
        edits += block_edits
        flags += block_flags
    return tuple(edits), tuple(flags)
