"""Settings in, the tools of a run out: the one place where databases, models and folders are opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

import sqlalchemy as sa

from flows.pipeline import Tools
from flows.publisher import Folder
from flows.settings import Settings
from ingest import leases, ledger
from ingest.article import Source
from ingest.database import open_engine
from ingest.place import prepare
from ingest.sources.recognise import open_source


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
        opened_sources = [open_source(text, source_settings(settings)) for text in sources]
        publisher = Folder(settings.output_folder)
        publisher.clean()
        desk = stack.enter_context(LateDesk(settings, engine))
        tools = Tools(
            ledger=begun,
            loaders=loaders(opened_sources, settings),
            extract=partial(extract_all),
            translate=desk.translate,
            available=desk.available,
            matcher=IndexMatcher(),
            publisher=publisher,
            batch=settings.batch,
            unit=settings.unit,
        )
        yield tools, list(opened_sources)


@contextmanager
def opened(settings: Settings) -> Iterator[sa.Engine]:
    """The state database, ready for this output."""
    engine = open_engine(settings.state_place)
    try:
        prepare(engine, settings.output_folder)
        yield engine
    finally:
        engine.dispose()
