"""sources.toml: what it says becomes values, what it should not say is one line that names the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import UsageError
from ingest.sources.columns import Columns
from ingest.sources.config import KINDS, Followed, fetch_settings, read_config

EXAMPLE = Path(__file__).parents[2] / "seeds" / "sources.toml"


def config(tmp_path: Path, text: str) -> tuple[Followed, ...]:
    (tmp_path / "sources.toml").write_text(text)
    return read_config(tmp_path / "sources.toml").sources


@pytest.mark.parametrize("host", ["", "*", "http://127.0.0.1:80/", "127.0.0.1/8", "a b", "a:b"])
def test_what_is_no_host_cannot_be_allowed(host: str) -> None:
    with pytest.raises(UsageError, match="is no HOST or HOST:PORT"):
        fetch_settings({"allow_hosts": ["127.0.0.1:8080", "[::1]:80", "intranet.example", host]})


def test_the_example_shows_every_kind_and_follows_nothing() -> None:
    example = read_config(EXAMPLE)
    assert {source.kind for source in example.sources} >= set(KINDS) - {"page"}
    assert example.enabled == ()
    assert fetch_settings(example.fetch).contact is None


def test_the_examples_commented_settings_are_settings(tmp_path: Path) -> None:
    text = EXAMPLE.read_text()
    for line in ("contact", "delay_s", "allow_hosts"):
        text = text.replace(f"# {line} =", f"{line} =")
    (tmp_path / "sources.toml").write_text(text)
    assert fetch_settings(read_config(tmp_path / "sources.toml").fetch).contact == "desk@news.example"


def test_a_source_is_a_value(tmp_path: Path) -> None:
    (source,) = config(tmp_path, '[[source]]\ntable = "a.parquet"\ncolumns = { text = "body" }\n')
    assert source == Followed(name="a.parquet", kind="table", target="a.parquet", columns=Columns(text="body"))
    assert source.text == "table:a.parquet#text=body"


def test_a_password_comes_from_the_environment_and_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "[[source]]\nfeed = 'https://reader:${FEED_WORD}@news.example/rss'\n"
    with pytest.raises(UsageError, match="line 2: the environment has no variable FEED_WORD"):
        config(tmp_path, text)
    monkeypatch.setenv("FEED_WORD", "hush")
    (source,) = config(tmp_path, text)
    assert source.text == "feed:https://reader:hush@news.example/rss"
    assert "hush" not in repr(source)
    assert source.name == "https://news.example/rss"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[[source]]\nfeed = 'https://a.example'\n[[source]]\n\nfeeed = 'x'\n", 5, "'feeed' is unknown"),
        ("[[source]]\nfeed = 'a'\nhome = 'b'\n", 3, "a source has both 'feed' and 'home'"),
        ("[[source]]\nfeed = 'a'\n[[source]]\nname = 'x'\n", 3, "a source says nowhere what it reads"),
        ("[[source]]\nfeed = 5\n", 2, "feed must be text, is 5"),
        ("[[source]]\nfeed = ''\n", 2, "feed must be text, is ''"),
        ("[[source]]\nfeed = 'a'\nenabled = 'no'\n", 3, "enabled must be true or false, is 'no'"),
        ("[[source]]\ntable = 'a'\ncolumns = { colour = 'a' }\n", 3, "columns: no meaning is called 'colour'"),
        ("[[source]]\ntable = 'a'\ncolumns = ['a']\n", 3, "columns must be a table of text"),
        ("\n[sources]\n", 2, "'sources' is unknown"),
        ("[source]\nfeed = 'a'\n", 1, "sources are written as [[source]]"),
    ],
)
def test_an_error_names_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    with pytest.raises(UsageError) as caught:
        config(tmp_path, text)
    assert f"sources.toml, line {line}: {what}" in str(caught.value)


def test_what_is_no_toml_says_where(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 2"):
        config(tmp_path, "[fetch]\n= 5\n")
    with pytest.raises(UsageError, match="no such file"):
        read_config(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\0")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_config(tmp_path / "binary.toml")


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"deadline": 5}, "no setting is called 'deadline'"),
        ({"deadline_s": "5"}, "Expected float, got str - at deadline_s"),
        ({"deadline_s": 0}, "deadline_s must be more than 0"),
        ({"max_per_host": -1}, "max_per_host must be more than 0"),
        ({"allow_hosts": "a"}, "Expected array, got str - at allow_hosts"),
        ({"contact": "me and\r\nX: y"}, "contact must be an e-mail address or URL"),
        ({"limits": {}}, "no setting is called 'limits'"),
    ],
)
def test_wrong_fetch_settings_are_one_line(table: dict[str, object], what: str) -> None:
    with pytest.raises(UsageError) as caught:
        fetch_settings(table)
    assert what in str(caught.value)


def test_fetch_settings_are_set_where_they_steer() -> None:
    made = fetch_settings(
        {"deadline_s": 5, "max_per_host": 2, "allow_hosts": ["a:1"], "attempts": 1, "max_redirects": 0, "delay_s": 0}
    )
    assert (made.limits.deadline_s, made.politeness.max_per_host, made.client.allow_hosts) == (5, 2, ("a:1",))
    assert (made.retries.attempts, made.max_redirects, made.politeness.delay_s) == (1, 0, 0)
