"""A Document in, one HTML page out: source and English side by side, and in between what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import resources

from ingest.article import Block, Flag, Stripped
from translate.codes import name
from translate.document import Document, ModelRef, Part, Translated
from translate.elements import Html, element, link, page, together
from translate.passages import by_part, untranslated
from translate.remarks import remark

INDEX = "../index.html"


def style() -> str:
    """The style sheet that every page of the report carries within itself."""
    return resources.files("translate").joinpath("report.css").read_text("utf-8")


def label(document: Document) -> str:
    """What the report calls a document: its title, or that it has none, and its first words."""
    first = " ".join(document.text[:400].split()[:8])
    return document.title or f"Untitled: {first} …"


def render(document: Document) -> bytes:
    """The page as UTF-8; the same document gives the same bytes."""
    said = remark(document)
    return page(
        label(document),
        style(),
        element("nav", element("a", "All inputs", href=INDEX)),
        element("h1", label(document)),
        element("p", said, class_="remark") if said else together(),
        _facts(document),
        _flags(document),
        _duplicates(document),
        _blocks(document),
        _edits(document),
    )


def _facts(document: Document) -> Html:
    article = document.article
    publisher = document.publisher
    url = article.canonical_url or article.provenance.target_uri
    facts = {
        "Title in source": document.title_original,
        "Publisher": _named(publisher.original, publisher.latin, publisher.domain) if publisher else None,
        "Authors": ", ".join(_named(author.original, author.latin) for author in document.authors),
        "Date": f"{document.date} ({document.date_basis})",
        "Published": article.published,
        "Section": document.section,
        "Tags": ", ".join(document.tags),
        "Language of source": name(document.source_lang),
        "Address": link(url, url) if url else None,
        "Source": article.provenance.source,
        "Rights": article.rights,
        "Id": element("code", document.id),
        "Version": element("code", document.version),
    }
    rows = [
        element("tr", element("th", key, scope="row"), element("td", element("bdi", value)))
        for key, value in facts.items()
        if value
    ]
    return element("table", element("tbody", *rows), class_="facts")


def _named(original: str, *others: str | None) -> str:
    return " / ".join((original, *(other for other in others if other)))


def _all_flags(document: Document) -> list[Flag]:
    return list(dict.fromkeys((*document.article.flags, *document.flags)))


def _flags(document: Document) -> Html:
    rows = [(flag.name, _where(flag), flag.detail) for flag in _all_flags(document)]
    return _listing("Flags", ("Flag", "Line", "Detail"), rows)


def _where(flag: Flag) -> str:
    place = "" if flag.line is None else str(flag.line)
    return place if flag.start is None else f"{place}, character {flag.start + 1}"


def _duplicates(document: Document) -> Html:
    rows = [(one.id, one.source, one.kind, f"{one.score:.2f}") for one in document.duplicates]
    return _listing("Duplicates of this document", ("Id", "Source", "Kind", "Score"), rows)


def _edits(document: Document) -> Html:
    rows = [(str(one.line or "all"), repr(one.before), repr(one.after), one.rule) for one in document.article.edits]
    return _listing("Edits, each of which can be undone", ("Line", "Before", "After", "Rule"), rows)


def _listing(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    if not rows:
        return together()
    head = element("thead", element("tr", *(element("th", text, scope="col") for text in heads)))
    body = element("tbody", *(element("tr", *(element("td", text) for text in row)) for row in rows))
    return together(element("h2", title), element("table", head, body))


def _blocks(document: Document) -> Html:
    """All lines of the source in their order, whether they stand in the document or were stripped."""
    number = element("th", "Line", scope="col", class_="line")
    source = element("th", f"Source ({name(document.source_lang)})", scope="col")
    rows = [*_block_rows(document), *(_stripped_row(one) for one in document.article.stripped)]
    ordered = (row for _line, row in sorted(rows, key=lambda pair: pair[0]))
    head = element("tr", number, source, element("th", "English", scope="col"))
    return together(
        element("h2", "Line by line"),
        element("table", element("thead", head), element("tbody", *ordered), class_="blocks"),
    )


def _block_rows(document: Document) -> Iterator[tuple[int, Html]]:
    parts = by_part(document.segments)
    flags = _all_flags(document)
    for index, block in enumerate(document.article.blocks):
        part = parts.get((Part.BLOCK, index), ())
        source = _highlighted(block, [flag for flag in flags if flag.line == block.line])
        kind = element("span", block.kind.value, class_="kind")
        number = element("td", str(block.line), kind, class_="line")
        if all(one.text == one.segment.text and not untranslated(one) for one in part):
            cells = [element("td", source, class_=block.kind.value, colspan="2", dir="auto")]
        else:
            english = element("td", *(_run(one) for one in part), class_=block.kind.value, dir="auto")
            lang = next((one.segment.lang for one in part if one.model), document.source_lang)
            cells = [element("td", source, class_=block.kind.value, lang=lang, dir="auto"), english]
        yield block.line, element("tr", number, *cells)


def _highlighted(block: Block, flags: Sequence[Flag]) -> Html:
    """The source with each flagged place marked, where the flag quotes what stands there."""
    pieces, done = [], 0
    for flag in sorted(flags, key=lambda flag: flag.start or 0):
        start = flag.start
        if start is None or start < done or not flag.detail or not block.text.startswith(flag.detail, start):
            continue
        end = start + len(flag.detail)
        pieces += [together(block.text[done:start]), element("mark", block.text[start:end], title=flag.name)]
        done = end
    return together(*pieces, block.text[done:])


def _run(translated: Translated) -> Html:
    if untranslated(translated):
        lang = translated.segment.lang
        return element("span", translated.text, class_="left", lang=lang, title=f"{name(lang)}, not translated")
    if translated.model is None:
        return together(translated.text)
    return element("span", translated.text, title=_made_by(translated, translated.model))


def _made_by(translated: Translated, model: ModelRef) -> str:
    pivot = f" through {name(model.pivot)}" if model.pivot else ""
    score = f", score {translated.score:.2f}" if translated.score is not None else ""
    flags = f" ({', '.join(translated.flags)})" if translated.flags else ""
    return f"from {name(translated.segment.lang)}{pivot} by {model.engine} {model.name}{score}{flags}"


def _stripped_row(stripped: Stripped) -> tuple[int, Html]:
    number = element("td", str(stripped.line), element("span", "left out", class_="kind"), class_="line")
    what = element("td", element("span", stripped.rule, class_="rule"), element("bdi", stripped.text), colspan="2")
    return stripped.line, element("tr", number, what, class_="stripped")
