"""Flow parameters are plain data that hold no secret, and give the request back."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.job import Request
from flows.parameters import to_parameters, to_request
from flows.settings import Settings
from ingest.errors import UsageError

SECRET = "postgresql://ann:s3cret@db.example/news"


def request(*sources: str, **settings: object) -> Request:
    return Request(settings=Settings(**settings), sources=sources)  # type: ignore[arg-type]


def test_places_are_absolute_wherever_the_flow_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    made = to_parameters(request("articles", "https://news.example/feed.xml", output="out", state="s.sqlite"), {})
    assert made["sources"] == [str(tmp_path / "articles"), "https://news.example/feed.xml"]
    assert made["settings"]["output"] == str(tmp_path / "out")
    assert made["settings"]["state"] == str(tmp_path / "s.sqlite")


def test_parameters_give_the_request_back() -> None:
    given = Request(
        settings=Settings(output="/out", batch=7, fetch={"max_redirects": 3}), sources=("/a",), reprocess="extract"
    )
    assert to_request(**to_parameters(given, {}), environment={}) == given


def test_the_password_of_a_state_stays_in_the_environment() -> None:
    environment = {"NEWSGLOSS_STATE": SECRET}
    made = to_parameters(request("/a", state=SECRET), environment)
    assert "s3cret" not in str(made)
    assert to_request(**made, environment=environment).settings.state == SECRET


def test_a_password_that_only_an_option_holds_is_refused() -> None:
    with pytest.raises(UsageError, match="NEWSGLOSS_STATE"):
        to_parameters(request("/a", state=SECRET), {})


@pytest.mark.parametrize("source", ["https://ann:s3cret@news.example/feed", "https://news.example/feed?token=s3cret"])
def test_a_source_with_a_secret_is_refused_without_showing_it(source: str) -> None:
    with pytest.raises(UsageError) as raised:
        to_parameters(request(source), {})
    assert "s3cret" not in str(raised.value)


def test_a_secret_in_the_fetch_settings_is_refused() -> None:
    with pytest.raises(UsageError, match="password"):
        to_parameters(request("/a", fetch={"proxy": "http://ann:s3cret@proxy.example"}), {})


def test_parameters_that_are_none_of_ours_are_refused() -> None:
    with pytest.raises(UsageError):
        to_request({"batch": "many"}, ["/a"], environment={})
    with pytest.raises(UsageError):
        to_request({"state": SECRET}, ["/a"], environment={})
