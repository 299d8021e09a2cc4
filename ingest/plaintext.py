"""A plain text or Markdown page's text -> Article: every non-blank line a block."""

from __future__ import annotations

from ingest.article import Article, Block, Edit, Flag, Kind, RawPage


def read_text(text: str, page: RawPage, edits: tuple[Edit, ...], flags: tuple[Flag, ...]) -> Article:
    """The article of a plain text: each non-blank line is a paragraph with its 1-based line number."""
    blocks = tuple(
        Block(kind=Kind.PARAGRAPH, text=line.strip(), line=number)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    )
    return Article(provenance=page.provenance, blocks=blocks, edits=edits, flags=flags)
