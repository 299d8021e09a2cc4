"""Decoded plain text or Markdown in, an Article with one block for each non-blank line out."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.article import Article, Block, Edit, Flag, Hints, Kind, Name, RawPage
from ingest.boilerplate.lines import HEADLINE_WEIGHT, ends_sentence, is_prose, view, weight
from ingest.markdown import Marked, read_markdown

MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})

MAX_HEAD = 16
"""More lines than this before the first sentence are a list, not a headline with its deck."""

QUESTION_WEIGHT = 140
"""A first line of at most this weight that asks or exclaims may be a headline."""

_NEWLINE = re.compile(r"\r\n|\r|\n")
_ASKS = re.compile(r"[?!？！؟…]$")


def read_text(text: str, page: RawPage, edits: tuple[Edit, ...], flags: tuple[Flag, ...]) -> Article:
    """The article a plain-text payload holds.

    Each non-blank input line becomes one block with its line number, without the white space around it (an edit).
    Headline and deck are recognised by shape alone: short lines at the head that do not end as sentences do, before
    the first that does; which of these are a list and no deck is told when furniture is gone (`ingest.decks`). Of
    Markdown, headings, list items and front matter are read; what only marks is ``stripped``. What front matter or
    the source say beside the text fills what the text leaves open; a title from there is a block with line 0.

    Args:
        text: the decoded payload.
        page: where it came from.
        edits: what decoding changed.
        flags: what decoding found.
    """
    lines = _NEWLINE.split(text)
    marked = page.media_type.partition(";")[0].strip().lower() in MARKDOWN
    read = read_markdown(lines) if marked else _plain(lines)
    hints = _either(read.hints, page.hints)
    article = Article(
        provenance=page.provenance,
        blocks=read.blocks if any(block.kind is Kind.TITLE for block in read.blocks) else _headed(read, lines, hints),
        canonical_url=hints.canonical_url,
        authors=tuple(Name(original=author) for author in hints.authors),
        published=hints.published,
        section=read.section,
        tags=read.tags,
        declared_lang=hints.lang,
        stripped=read.stripped,
        edits=edits + read.edits,
        flags=flags,
    )
    return _titled(article, hints)


def _plain(lines: list[str]) -> Marked:
    filled = [(number, raw, raw.strip()) for number, raw in enumerate(lines, start=1) if raw.strip()]
    return Marked(
        blocks=tuple(Block(kind=Kind.PARAGRAPH, text=text, line=number) for number, _, text in filled),
        stripped=(),
        edits=tuple(
            Edit(line=number, before=raw, after=text, rule="white-space")
            for number, raw, text in filled
            if raw != text
        ),
    )


def _either(first: Hints, second: Hints) -> Hints:
    return Hints(
        title=first.title or second.title,
        authors=first.authors or second.authors,
        published=first.published or second.published,
        lang=first.lang or second.lang,
        canonical_url=first.canonical_url or second.canonical_url,
    )


def _titled(article: Article, hints: Hints) -> Article:
    """The article under the title that a hint gives, where its text has none."""
    if article.title is not None or not hints.title or not article.blocks:
        return article
    title = Block(kind=Kind.TITLE, text=hints.title, line=0)
    return replace(article, blocks=(title, *article.blocks))


def _headed(read: Marked, lines: list[str], hints: Hints) -> tuple[Block, ...]:
    """The blocks, those at the head that have the shape of headline and deck marked so."""
    kinds = _head(read.blocks, lines, hints)
    return tuple(replace(block, kind=kinds.get(block.line, block.kind)) for block in read.blocks)


def _head(blocks: tuple[Block, ...], lines: list[str], hints: Hints) -> dict[int, Kind]:
    """Which lines are headline and deck: numbers to kinds. Empty where the text opens with a sentence."""
    filled = [(block.line, view(block.text)) for block in blocks[: MAX_HEAD + 2]]
    head: list[int] = []
    for position, (number, seen) in enumerate(filled):
        if not (_headline(seen) or (position == 0 and _asks(filled, lines))):
            break
        head.append(number)
    if (
        len(head) > MAX_HEAD
        or len(head) == len(blocks)
        or any(block.kind is Kind.ITEM for block in blocks[: len(head)])
    ):
        return {}
    named = [number for number, seen in filled if number in head and hints.title and seen == view(hints.title)]
    return dict.fromkeys(head, Kind.DECK) | dict.fromkeys((named or head)[:1], Kind.TITLE)


def _headline(seen: str) -> bool:
    return weight(seen) <= HEADLINE_WEIGHT and not is_prose(seen) and not ends_sentence(seen)


def _asks(filled: list[tuple[int, str]], lines: list[str]) -> bool:
    """Whether the first line is a headline that asks: set off by a blank line, or far shorter than what follows."""
    (number, seen), following = filled[0], filled[1:2]
    if not following or weight(seen) > QUESTION_WEIGHT or not _ASKS.search(seen):
        return False
    return not lines[number].strip() or weight(following[0][1]) >= 2 * weight(seen)
