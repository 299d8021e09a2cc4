"""Settings in, the state database of an output that exists out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from flows.settings import Settings
from ingest.database import open_engine, reading
from ingest.errors import LedgerError
from ingest.place import prepare
from ingest.tables import meta


@contextmanager
def state_if_any(settings: Settings) -> Iterator[sa.Engine | None]:
    """The ledger of the output, or None where no run has made one; makes none.

    Raises:
        LedgerError: it cannot be used.
    """
    place = settings.state_place
    if "://" not in place and not Path(place).exists():
        yield None
        return
    engine = open_engine(place)
    try:
        with reading(engine, "cannot look for a ledger") as connection:
            begun = sa.inspect(connection).has_table(meta.name)
        if begun:
            prepare(engine, settings.output_folder)
        yield engine if begun else None
    finally:
        engine.dispose()


@contextmanager
def open_state(settings: Settings) -> Iterator[sa.Engine]:
    """The ledger of the output, opened and closed.

    Raises:
        LedgerError: there is none yet, or it cannot be used.
    """
    place = settings.state_place
    if "://" not in place and not Path(place).exists():
        raise LedgerError(f"there is no ledger at {place}", hint="newsgloss run SOURCE... makes one")
    engine = open_engine(place)
    try:
        prepare(engine, settings.output_folder)
        yield engine
    finally:
        engine.dispose()
