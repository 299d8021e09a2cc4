"""Settings in, the tools of a run out: the one place where databases, models and folders are opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from flows.desk import LateDesk
from flows.matcher import IndexMatcher
from flows.pipeline import Cleaned, Tools
from flows.publisher import Folder
from flows.settings import Settings
from ingest import leases, ledger
from ingest.article import Article, Source
from ingest.cleaning import Cleaner
from ingest.database import open_engine
from ingest.errors import InputError
from ingest.followed import Kept, NewOnly, Unfinished
from ingest.place import prepare
from ingest.sources.files import FileSettings
from ingest.sources.recognise import Sources, SourceSettings

if TYPE_CHECKING:
    from ingest.sources.sitemaps import Span


@contextmanager
def open_tools(
    settings: Settings, sources: Sequence[str], *, label: str, at: str, follow: bool = False, span: Span | None = None
) -> Iterator[tuple[Tools, list[Source]]]:
    """Everything a run works with, and its sources; closed again at the end of the block.

    ``follow`` takes of the sources only what is new; of sitemaps only those are read that may hold pages of ``span``.

    Raises:
        JobError: the ledger or the output cannot be used.
    """
    with ExitStack() as stack:
        engine = stack.enter_context(opened(settings))
        worker = stack.enter_context(leases.working(engine))
        begun = ledger.start(engine, worker, label=label, at=at)
        memory = Kept(engine) if follow else None
        opener = stack.enter_context(Sources.opened(source_settings(settings, span), memory=memory))
        given: list[Source] = [opener.open(text) for text in sources]
        if memory is not None:
            given = [*(NewOnly(source, engine) for source in given), Unfinished(engine, memory)]
        publisher = Folder(settings.output_folder)
        publisher.clean()
        desk = LateDesk(settings, engine)
        stack.callback(desk.close)
        extractor = stack.enter_context(LateExtractor())
        tools = Tools(
            ledger=begun,
            loaders=opener.loaders(),
            extract=extractor.clean,
            sighted=extractor.sighted,
            translate=desk.translate,
            effort=desk.effort,
            available=desk.available,
            matcher=IndexMatcher(desk.language),
            publisher=publisher,
            batch=settings.batch,
            unit=settings.unit,
        )
        yield tools, given


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """The state database, ready for this output."""
    engine = open_engine(settings.state_place)
    try:
        prepare(engine, settings.output_folder)
        yield engine
    finally:
        engine.dispose()


def source_settings(settings: Settings, span: Span | None = None) -> SourceSettings:
    """The part of the settings that sources need."""
    listings = None
    if span is not None:
        from ingest.sources.reach import ListingSettings

        listings = ListingSettings(span=span)
    return SourceSettings(files=FileSettings(max_bytes=settings.max_bytes), fetch=settings.fetch, listings=listings)


class LateExtractor(Cleaner):
    """Cleans pages, and says what a site could learn from them."""

    def sighted(self, key: str, article: Article | InputError) -> Cleaned:
        """An Article beside what its site could learn from it."""
        from ingest.boilerplate import sightings, site_of

        if isinstance(article, InputError):
            return Cleaned(article=article)
        site = site_of(article, self.rules)
        return Cleaned(article=article, site=site, sightings=sightings(article, site, key) if site else ())
