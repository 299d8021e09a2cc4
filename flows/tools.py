"""Settings in, the tools of a run out: the one place where databases, models and folders are opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa

from flows.desk import LateDesk
from flows.matcher import IndexMatcher
from flows.pipeline import Tools
from flows.publisher import Folder
from flows.settings import Settings
from ingest import leases, ledger
from ingest.article import Article, RawPage, Source
from ingest.database import open_engine
from ingest.errors import InputError
from ingest.place import prepare
from ingest.sources.files import FileSettings
from ingest.sources.recognise import Sources, SourceSettings


@contextmanager
def open_tools(
    settings: Settings, sources: Sequence[str], *, label: str, at: str
) -> Iterator[tuple[Tools, list[Source]]]:
    """Everything a run works with, and its sources; closed again at the end of the block.

    Raises:
        JobError: the ledger or the output cannot be used.
    """
    with ExitStack() as stack:
        engine = stack.enter_context(opened(settings))
        worker = stack.enter_context(leases.working(engine))
        begun = ledger.start(engine, worker, label=label, at=at)
        world = stack.enter_context(Sources.opened(source_settings(settings)))
        opened_sources: list[Source] = [world.open(text) for text in sources]
        publisher = Folder(settings.output_folder)
        publisher.clean()
        desk = LateDesk(settings, engine)
        stack.callback(desk.close)
        tools = Tools(
            ledger=begun,
            loaders=world.loaders(),
            extract=extract_all,
            translate=desk.translate,
            available=desk.available,
            matcher=IndexMatcher(desk.language),
            publisher=publisher,
            batch=settings.batch,
            unit=settings.unit,
        )
        yield tools, opened_sources


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """The state database, ready for this output."""
    engine = open_engine(settings.state_place)
    try:
        prepare(engine, settings.output_folder)
        yield engine
    finally:
        engine.dispose()


def source_settings(settings: Settings) -> SourceSettings:
    """The part of the settings that sources need."""
    return SourceSettings(files=FileSettings(max_bytes=settings.max_bytes), fetch=settings.fetch)


def extract_all(pages: Sequence[RawPage]) -> list[Article | InputError]:
    """Pages to clean Articles: extraction, then the boilerplate rules."""
    from ingest.boilerplate import load_rules, strip
    from ingest.extract import extract

    rules = load_rules()

    def one(page: RawPage) -> Article | InputError:
        try:
            return strip(extract(page), rules)
        except InputError as error:
            return error

    return [one(page) for page in pages]
