"""Settings: defaults < newsgloss.toml < environment < options."""

from pathlib import Path

import pytest

from flows.settings import load
from ingest.errors import UsageError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "newsgloss.toml"


def environment(file: Path, **variables: str) -> dict[str, str]:
    return {"NEWSGLOSS_CONFIG": str(file), **variables}


def test_defaults_hold_where_nothing_is_said() -> None:
    found = load({}, {})
    assert found.settings.output == "output"
    assert found.origins["output"] == "default"


def test_the_file_beats_defaults_the_environment_beats_the_file_and_options_beat_both(file: Path) -> None:
    file.write_text('output = "a"\nstate = "b"\nbatch = 7\n')
    found = load({"output": "option"}, environment(file, NEWSGLOSS_OUTPUT="variable", NEWSGLOSS_STATE="variable"))
    assert (found.settings.output, found.settings.state, found.settings.batch) == ("option", "variable", 7)
    assert found.origins["output"] == "option"
    assert found.origins["state"] == "NEWSGLOSS_STATE"
    assert found.origins["batch"] == str(file)


def test_a_number_in_the_environment_is_read_as_a_number() -> None:
    assert load({}, {"NEWSGLOSS_BATCH": "12"}).settings.batch == 12


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ouput = 'x'", "ouput"),
        ("batch = 'many'", "batch"),
        ("batch = 0", "batch"),
        ("output = ", "not TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(file: Path, text: str, named: str) -> None:
    file.write_text(text)
    with pytest.raises(UsageError, match=named):
        load({}, environment(file))


def test_a_settings_file_that_is_named_must_be_there(file: Path) -> None:
    with pytest.raises(UsageError, match="no such settings file"):
        load({}, environment(file))
