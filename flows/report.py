"""Documents and what became of every input in, a static HTML report out: one page for all, one for each document.

Pure: nothing is written here. Below the folder it is put in, ``index.html`` links to ``documents/<id>.html``; no page
runs a script or loads anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from ingest.accounting import Account, Sums
from ingest.article import Outcome
from ingest.counted import counted
from translate import webpage
from translate.document import Document
from translate.elements import Html, element, page, together

FOLDER = "report"
"""Where the pages lie in an output, if nothing else is said."""

INDEX = PurePosixPath("index.html")

_MEANING = {
    Outcome.WRITTEN: "a document",
    Outcome.DUPLICATE: "tells what another document tells",
    Outcome.REJECTED: "will not become a document",
    Outcome.PENDING: "waits for something that can be installed, or for its host",
    Outcome.FAILED: "could not be done; the next run tries again",
}


def pages(
    sums: Sums, lines: Sequence[Account], documents: Iterable[Document]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Every page with its place, that of all inputs last: ``documents`` may be read one at a time."""
    titles: dict[str, str] = {}
    for document in documents:
        titles[document.id] = webpage.label(document)
        yield place(document.id), webpage.render(document)
    yield INDEX, index(sums, lines, titles)


def index(sums: Sums, lines: Sequence[Account], titles: Mapping[str, str]) -> bytes:
    """The page of all inputs; ``titles`` names the documents, by id, that have a page of their own."""
    said = f"{len(lines)} of {counted(sums.inputs, 'input')} listed here." if len(lines) < sums.inputs else None
    return page(
        "newsgloss report",
        webpage.style(),
        element("h1", "What became of every input"),
        _sums(sums),
        element("p", said, class_="soft") if said else together(),
        _inputs(lines, titles),
    )


def place(key: str) -> PurePosixPath:
    """Where a document's page lies."""
    return PurePosixPath("documents", f"{key}.html")


def _sums(sums: Sums) -> Html:
    known = (
        f"{counted(sums.inputs, 'input')}: {sums.new} new, {sums.again} worked on again, {sums.unchanged} unchanged"
    )
    rows = [
        element(
            "tr",
            element("th", outcome.value, scope="row", class_=outcome.value),
            element("td", str(sums.outcomes[outcome]), class_="number"),
            element("td", meaning, class_="soft"),
        )
        for outcome, meaning in _MEANING.items()
    ]
    return element("table", element("caption", known), element("tbody", *rows), class_="sums")


def _inputs(lines: Sequence[Account], titles: Mapping[str, str]) -> Html:
    heads = ("Input", "Outcome", "Document or reason")
    head = element("thead", element("tr", *(element("th", text, scope="col") for text in heads)))
    rows = [_input(line, titles) for line in lines]
    return together(element("h2", "Inputs"), element("table", head, element("tbody", *rows)))


def _input(line: Account, titles: Mapping[str, str]) -> Html:
    outcome = line.outcome.value if line.outcome else "in work"
    return element(
        "tr",
        element("td", element("bdi", line.name), " ", element("span", line.kind, class_="soft")),
        element("td", outcome, class_=outcome),
        element("td", _what(line, titles)),
    )


def _what(line: Account, titles: Mapping[str, str]) -> Html:
    if line.outcome is Outcome.WRITTEN and line.document:
        return _named(line.document, titles)
    if line.outcome is Outcome.DUPLICATE and line.of:
        score = "" if line.score is None else f" {line.score:.2f}"
        return together("of ", _named(line.of, titles), f" ({line.match or 'duplicate'}{score})")
    command = together(": ", element("code", line.command)) if line.command else None
    return together(line.reason, command)


def _named(key: str, titles: Mapping[str, str]) -> Html:
    """The document's title, linked to its page where it has one."""
    title = titles.get(key)
    return element("a", element("bdi", title), href=place(key).as_posix()) if title else element("code", key)
