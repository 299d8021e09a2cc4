"""``newsgloss explain``: a file or URL in, each of its lines kept or stripped with the rule that took it out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flows.commands.options import add_fetch, add_place, in_force, natural

if TYPE_CHECKING:
    import sqlalchemy as sa
    from rich.text import Text

    from ingest.article import Article
    from ingest.boilerplate import Rules


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("explain", help="show what is kept of a page and why", description=__doc__)
    command.add_argument("what", metavar="FILE|URL", help="a page; a source of several gives the first ones")
    command.add_argument(
        "--first", type=natural, default=1, metavar="N", help="how many pages of a source (default: 1)"
    )
    add_place(command)
    add_fetch(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every line of the input once; 1 where a page could not be read."""
    from itertools import islice

    from rich.console import Console

    from flows import clock
    from flows.console import one_line
    from flows.state import state_if_any
    from flows.tools import LateExtractor, source_settings
    from ingest.article import Article, RawPage, Unread, Validators
    from ingest.sources.recognise import Sources

    console = Console(soft_wrap=True, highlight=False)
    settings = in_force(arguments).settings
    failed = 0
    with (
        state_if_any(settings) as engine,
        Sources.opened(source_settings(settings)) as sources,
        LateExtractor() as extractor,
    ):
        source = sources.open(arguments.what)
        for ref in islice(source.discover(), arguments.first):
            page = ref if isinstance(ref, Unread) else source.load(ref, Validators(), clock.now())
            made = extractor.clean([page])[0] if isinstance(page, RawPage) else page
            if isinstance(made, Article):
                made = without_repeats(made, extractor.rules, engine) if engine else made
                console.print(*lines(made), sep="\n")
                continue
            failed += 1
            console.print(one_line(f"{ref.name}: {getattr(made, 'reason', made)}"), style="red", markup=False)
    return int(failed > 0)


def without_repeats(article: Article, rules: Rules, engine: sa.Engine) -> Article:
    """The article as a run makes it that knows what this ledger has learned of the article's site."""
    from ingest import sites
    from ingest.boilerplate import site_of
    from ingest.boilerplate.repeats import strip_learned
    from ingest.database import reading

    site = site_of(article, rules)
    with reading(engine, "cannot read what was learned") as connection:
        known = sites.learned(connection, [site] if site else [])
    return strip_learned(article, known[site]) if site in known else article


def lines(article: Article) -> list[Text]:
    """Facts first, then every line in the order of the input, with its kind or the rule that took it."""
    from rich.text import Text

    from flows.console import one_line

    rows: list[tuple[int, str, str, str]] = [
        *((block.line, str(block.kind), block.text, "green") for block in article.blocks),
        *((gone.line, gone.rule, gone.text, "red") for gone in article.stripped),
    ]
    rows.sort(key=lambda row: row[0])
    width = max((len(row[1]) for row in rows), default=0)
    body = [
        Text.assemble(
            (f"{number:>5} ", "dim"),
            (f"{'+' if style == 'green' else '-'} {label:<{width}}  ", style),
            (one_line(text), "" if style == "green" else "dim"),
        )
        for number, label, text, style in rows
    ]
    return [*(Text(one_line(fact), style="cyan") for fact in facts(article)), *body]


def facts(article: Article) -> list[str]:
    """What was learned beside the text, a line each."""
    publisher, notice = article.publisher, article.notice
    named = {
        "publisher": " / ".join(filter(None, (publisher.original, publisher.latin, publisher.domain)))
        if publisher
        else "",
        "authors": ", ".join(name.original for name in article.authors),
        "published": article.published or "",
        "canonical URL": article.canonical_url or "",
        "section": article.section or "",
        "tags": ", ".join(article.tags),
        "rights": article.rights or "",
        "translated": f"by {notice.engine} from {notice.source_lang}" if notice else "",
        "flags": ", ".join(f"{flag.name} (line {flag.line})" if flag.line else flag.name for flag in article.flags),
    }
    edits = [f"edited: line {edit.line}, {edit.rule}: {edit.before!r} -> {edit.after!r}" for edit in article.edits]
    return [f"{name}: {value}" for name, value in named.items() if value] + edits
