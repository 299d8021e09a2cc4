"""A Korean package of Argos, built once a session."""

from __future__ import annotations

import pytest

from tests.translate.packages import archive, build


@pytest.fixture(scope="session")
def korean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    from tests.translate.test_engine_argos import TEXT

    made = tmp_path_factory.mktemp("korean")
    return archive(build(made, TEXT), made / "ko.argosmodel").read_bytes()
