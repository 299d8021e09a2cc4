"""The store gives back what was put in, and never anything else."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ingest import store
from ingest.database import open_engine
from ingest.errors import LedgerError
from ingest.tables import blob, metadata


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    engine = open_engine(tmp_path / "state.sqlite")
    metadata.create_all(engine)
    return engine


@given(payloads=st.lists(st.binary(max_size=200), max_size=8))
def test_payloads_come_back_as_they_were(payloads: list[bytes]) -> None:
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        keys = store.put(connection, payloads)
        assert [store.get(connection, keys)[key] for key in keys] == payloads
    engine.dispose()


def test_a_payload_is_stored_once(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        first = store.put(connection, [b"same", b"same"])
        second = store.put(connection, [b"same"])
        assert connection.execute(sa.select(sa.func.count()).select_from(blob)).scalar_one() == 1
    assert first == second * 2


def test_damage_is_noticed_and_not_handed_on(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        (key,) = store.put(connection, [b"as it was"])
        connection.execute(sa.update(blob).values(data=b"not zlib"))
        with pytest.raises(LedgerError, match="damaged"):
            store.get(connection, [key])


def test_what_was_dropped_is_reported_as_lost(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        (key,) = store.put(connection, [b"gone"])
        store.drop(connection, [key])
        with pytest.raises(LedgerError, match="lost"):
            store.get(connection, [key])
