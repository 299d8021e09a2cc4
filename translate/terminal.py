"""A Document in, the lines that show it in a terminal out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.article import Kind
from translate.document import Document
from translate.passages import Passage, passages
from translate.remarks import remark
from translate.visible import terminal_safe

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {Kind.TITLE: "bold", Kind.DECK: "italic", Kind.HEADING: "bold", Kind.CAPTION: "dim"}


def show(document: Document) -> list[Text]:
    """The document for ``rich.print``, one paragraph an element: whose it is, what it says, what was left out.

    Every text from outside is made `terminal_safe`, and none is read as rich's markup.
    """
    from rich.text import Text  # only who prints needs rich

    said = remark(document)
    parts = passages(document)
    head = [
        Text(f"{document.id}  {document.date} ({document.date_basis})", style="dim"),
        Text(_about(document), style="dim"),
    ]
    remarks = [Text(said, style="yellow")] if said else []
    body = [_passage(part) for part in parts]
    tail = [Text(line, style="dim") for line in _notes(document)]
    return [*head, *remarks, *body, *tail]


def _about(document: Document) -> str:
    article = document.article
    publisher = document.publisher
    facts = (
        ", ".join(author.latin or author.original for author in document.authors),
        (publisher.latin or publisher.original) if publisher else "",
        article.canonical_url or article.provenance.target_uri or article.provenance.source,
    )
    return terminal_safe(" · ".join(fact for fact in facts if fact))


def _passage(part: Passage) -> Text:
    from rich.text import Text

    text = Text("• " if part.kind is Kind.ITEM else "", style=_STYLES.get(part.kind, ""))
    for run in part.runs:
        text.append(f"[{run.lang}] " if run.lang else "", style="yellow")
        text.append(terminal_safe(run.text))
    return text


def _notes(document: Document) -> list[str]:
    flags = dict.fromkeys((*document.article.flags, *document.flags))
    return [
        *(terminal_safe(f"flag: {flag.name} {flag.detail}".rstrip()) for flag in flags),
        *(
            terminal_safe(f"duplicate: {one.id} ({one.kind} {one.score:.2f}) {one.source}")
            for one in document.duplicates
        ),
        *(terminal_safe(f"left out by {one.rule}: {one.text}") for one in document.article.stripped),
    ]
