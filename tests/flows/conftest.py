"""The one Prefect server that the tests of a session share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.server import Server


@pytest.fixture(scope="session")
def the_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("prefect") / "home")
    yield server
    server.kill()


@pytest.fixture
def server(the_server: Server) -> Server:
    """A Prefect server that is up, whatever the test before did to it."""
    the_server.alive()
    return the_server
