"""What a site repeats is counted in the database as `learn` counts it in memory, over any set of its documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import sites
from ingest.boilerplate.repeats import Learned, Sighting, key, learn
from ingest.database import open_engine
from ingest.tables import document, metadata

SITE = "harbour.example"
LINES = (
    "Write to the night desk",
    "WRITE to the  night desk",
    "Ärger im Hafen? Rufen Sie an",
    "등대 소식",
    "The ferry company has been owned by the islands since the great flood of the last century.",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        made = open_engine(tmp_path / "state.sqlite")
    else:
        made = open_engine(request.getfixturevalue("postgres_state"))
    metadata.create_all(made)
    yield made
    made.dispose()


def row(name: str, duplicate_of: str | None) -> dict[str, str | None]:
    known = {"input_id": name, "version": "v", "page": "{}", "site": SITE, "stage": "done"}
    return {"id": name, "duplicate_of": duplicate_of, **known}


def from_database(engine: sa.Engine, shown: list[Sighting], clusters: dict[str, str], ignored: list[str]) -> Learned:
    """What the database learns from these documents and those of another site; nothing stays in it."""
    by_document: dict[str, list[Sighting]] = {}
    for sighting in shown:
        by_document.setdefault(sighting.document, []).append(sighting)
    with engine.connect() as connection, connection.begin() as transaction:
        for name, of in clusters.items():
            connection.execute(sa.insert(document).values(**row(name, None if of == name else of)))
        sites.sight(connection, by_document)
        for text in ignored:
            sites.ignore(connection, SITE, text)
        found = sites.relearn(connection, SITE)
        transaction.rollback()
    return found.learned


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    shown=st.lists(st.lists(st.sampled_from(LINES), unique_by=key), min_size=1, max_size=9),
    groups=st.lists(st.integers(0, 8), min_size=9, max_size=9),
    ignored=st.lists(st.sampled_from(LINES), max_size=1),
)
def test_the_database_learns_what_memory_would(
    engine: sa.Engine, shown: list[list[str]], groups: list[int], ignored: list[str]
) -> None:
    ids = [f"d{number}" for number in range(len(shown))]
    clusters = {name: f"d{min(group, number)}" for number, (name, group) in enumerate(zip(ids, groups, strict=False))}
    seen = [
        Sighting(site=SITE, key=key(line), document=name, text=line)
        for name, lines in zip(ids, shown, strict=True)
        for line in lines
    ]
    if not seen:
        return
    assert from_database(engine, seen, clusters, ignored) == learn(SITE, seen, clusters, ignored=ignored)


def test_a_lesson_names_the_documents_that_it_concerns(engine: sa.Engine) -> None:
    line = LINES[0]
    seen = {
        f"d{number}": [Sighting(site=SITE, key=key(line), document=f"d{number}", text=line)] for number in range(3)
    }
    seen["d3"] = [Sighting(site=SITE, key=key(LINES[3]), document="d3", text=LINES[3])]
    with engine.begin() as connection:
        sites.sight(connection, seen)
        assert sites.relearn(connection, SITE).concerned == ("d0", "d1", "d2")
        assert sites.next_dirty(connection) == SITE
        assert sites.relearn(connection, SITE).concerned == ()
        assert sites.next_dirty(connection) is None
