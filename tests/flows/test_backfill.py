"""A backfill runs each window once, and every input is accounted for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.command import newsgloss, tree
from tests.flows.server import Server
from tests.flows.test_sources import FLOODS, SCORE, TRAM, add, page
from tests.site import running

STORIES = {
    "before": (
        "2023-12-31",
        "The old town library lent its last book of the year to a boy of nine on Sunday evening.",
    ),
    "first": (
        "2024-01-01",
        "Fireworks over the river were cancelled because of high wind, the fire brigade announced.",
    ),
    "second": (
        "2024-01-01",
        "A bakery near the station gave away four hundred rolls that it could not sell in time.",
    ),
    "third": (
        "2024-01-02",
        "Engineers closed two lanes of the ring road bridge after finding cracks in a steel beam.",
    ),
    "fifth": ("2024-01-05", "The chess club of the valley won all its games against teams from three larger cities."),
    "after": (
        "2024-01-08",
        "Farmers expect a poor apple harvest, since frost came late and bees were few this spring.",
    ),
}
SPAN = ("--from", "2024-01-01", "--to", "2024-01-08")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Dated pages, one without a date, and one without a text."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, (day, text) in STORIES.items():
        write_page(folder / f"{name}.html", day, text)
    (folder / "undated.txt").write_text("A note of no day at all. Somebody left an umbrella in the reading room.\n")
    (folder / "empty.txt").touch()
    return folder


def write_page(path: Path, day: str, text: str) -> None:
    head = f'<title>{text[:30]}</title><meta property="article:published_time" content="{day}T08:00:00Z">'
    body = (
        f"<article><h1>{text[:30]}</h1><p>{text}</p><p>More about this is to follow, said the editor.</p></article>"
    )
    path.write_text(f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>")


def backfill(cwd: Path, *words: str | Path, server: str | None = None) -> dict[str, Any]:
    said = newsgloss("backfill", "--json", *words, "--output", "out", "articles", cwd=cwd, server=server)
    assert said.status == 0, said.err
    return dict(said.json)


def windows(result: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {window["name"]: (window["state"], window["inputs"]) for window in result["windows"]}


def adds_up(result: dict[str, Any]) -> bool:
    survey = result["survey"]
    parts = sum(survey["inside"].values()) + sum(survey["outside"].values()) + survey["unread"]
    return bool(survey["listed"] == parts and survey["unread"] == sum(result["unread"].values()))


def written(cwd: Path) -> set[str]:
    files = (cwd / "out/jsonl").rglob("*.jsonl")
    return {str(json.loads(line)["source"]) for file in files for line in file.read_text("utf-8").splitlines()}


def test_each_window_holds_its_days_and_the_rest_is_counted_as_outside(tmp_path: Path, articles: Path) -> None:
    result = backfill(tmp_path, *SPAN)
    assert windows(result) == {
        "2024-01-01": ("finished", 2),
        "2024-01-02": ("finished", 1),
        "2024-01-05": ("finished", 1),
    }
    assert result["survey"]["outside"] == {"before": 1, "after": 1, "undated": 1}
    assert result["unread"] == {"rejected": 1}
    assert result["survey"]["listed"] == 8
    assert adds_up(result)
    assert len(written(tmp_path)) == 4


def test_finished_windows_are_skipped_until_something_new_falls_into_them(tmp_path: Path, articles: Path) -> None:
    backfill(tmp_path, *SPAN)
    before = tree(tmp_path / "out")
    again = backfill(tmp_path, *SPAN)
    assert {state for state, _ in windows(again).values()} == {"skipped"}
    assert tree(tmp_path / "out") == before
    write_page(
        articles / "late.html", "2024-01-02", "A cat that was lost in March came home on a bus, to no surprise."
    )
    result = backfill(tmp_path, *SPAN)
    assert windows(result) == {
        "2024-01-01": ("skipped", 2),
        "2024-01-02": ("finished", 2),
        "2024-01-05": ("skipped", 1),
    }
    assert adds_up(result)


def test_a_longer_backfill_works_on_the_new_windows_only(tmp_path: Path, articles: Path) -> None:
    backfill(tmp_path, *SPAN)
    result = backfill(tmp_path, "--from", "2023-12-30", "--to", "2024-01-10")
    assert windows(result)["2023-12-31"] == ("finished", 1)
    assert windows(result)["2024-01-08"] == ("finished", 1)
    assert windows(result)["2024-01-05"] == ("skipped", 1)
    assert len(written(tmp_path)) == 6


def test_undated_inputs_are_taken_where_asked_for(tmp_path: Path, articles: Path) -> None:
    result = backfill(tmp_path, *SPAN, "--undated", "--window", "1m")
    assert windows(result) == {"2024-01-01": ("finished", 4), "undated": ("finished", 1)}
    assert result["survey"]["outside"]["undated"] == 0
    assert adds_up(result)


def test_the_time_zone_moves_the_windows(tmp_path: Path, articles: Path) -> None:
    result = backfill(tmp_path, *SPAN, "--timezone", "Pacific/Kiritimati")
    assert windows(result)["2024-01-01"] == ("finished", 2)
    west = backfill(tmp_path, *SPAN, "--timezone", "Pacific/Pago_Pago")
    assert windows(west)["2024-01-01"] == ("finished", 1)  # 08:00Z on the 2nd is still the 1st there
    assert adds_up(west)


def test_what_lies_outside_waits_and_a_run_on_its_source_does_it(tmp_path: Path, articles: Path) -> None:
    backfill(tmp_path, *SPAN)
    (tmp_path / "other.txt").write_text(
        "The other file has nothing to do with it at all. It is about a garden wall.\n"
    )
    newsgloss("run", "--quiet", "--output", "out", "other.txt", cwd=tmp_path)
    status = newsgloss("status", "--json", "--output", "out", cwd=tmp_path).json
    assert (status["written"], status["pending"], status["unsettled"]) == (5, 3, 0)
    assert newsgloss("run", "--quiet", "--output", "out", "articles", cwd=tmp_path).status == 0
    status = newsgloss("status", "--json", "--output", "out", cwd=tmp_path).json
    assert (status["written"], status["pending"], status["unsettled"]) == (8, 0, 0)


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2024-02-01", "--to", "2024-02-01"),
        ("--from", "2024-02-30", "--to", "2024-03-01"),
        ("--from", "2024-02-01", "--to", "2024-03-01", "--timezone", "Nowhere"),
        ("--from", "2024-02-01", "--to", "2024-03-01", "--window", "2y"),
    ],
)
def test_a_span_that_is_none_is_wrong_usage(tmp_path: Path, articles: Path, words: tuple[str, ...]) -> None:
    said = newsgloss("backfill", *words, "articles", cwd=tmp_path)
    assert (said.status, said.out) == (2, "")
    assert "Traceback" not in said.err


def test_a_dead_server_is_one_line(tmp_path: Path, articles: Path) -> None:
    said = newsgloss("backfill", *SPAN, "articles", cwd=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert (said.status, said.out, said.err.count("\n")) == (3, "", 1)


FAILING = """
import sys
from flows import catchup
from flows.cli import main
from ingest.errors import LedgerError

run_plain = catchup.run_plain

def failing(request, turn, watch):
    if turn.name == "2024-01-02":
        raise LedgerError("the disk is full")
    return run_plain(request, turn, watch)

catchup.run_plain = failing
sys.exit(main(sys.argv[1:]))
"""


def test_a_failed_window_is_run_again_and_the_finished_ones_are_not(tmp_path: Path, articles: Path) -> None:
    words = ("backfill", "--quiet", *SPAN, "--output", "out", "articles")
    said = newsgloss(*words, cwd=tmp_path, script=FAILING)
    assert (said.status, said.err.count("\n")) == (3, 1), said.err
    assert windows(backfill(tmp_path, *SPAN)) == {
        "2024-01-01": ("skipped", 2),
        "2024-01-02": ("finished", 1),
        "2024-01-05": ("finished", 1),
    }
    assert len(written(tmp_path)) == 4


def runs_of(server: Server, output: Path) -> list[dict[str, Any]]:
    """The windows of this output that the server knows; other tests' are there too."""
    runs = server.filter("flow_runs", deployments={"name": {"any_": ["backfill"]}})
    return [run for run in runs if run["parameters"]["settings"]["output"] == str(output)]


@pytest.mark.server
@pytest.mark.xdist_group("prefect")
@pytest.mark.timeout(900)
def test_the_dates_of_a_feed_and_a_sitemap_make_the_windows_in_the_server_too(tmp_path: Path, server: Server) -> None:
    """The pages say no date themselves: what the listings say is the window, and the date of the document."""
    with running() as site:
        days = {"floods": "2024-02-01", "tram": "2024-02-02", "score": "2024-02-01"}
        for name, title in (("floods", FLOODS), ("tram", TRAM), ("score", SCORE)):
            add(site, f"/{name}", page(title))
        items = "".join(
            f"<item><link>/{name}</link><pubDate>{days[name]}T09:00:00Z</pubDate></item>"
            for name in ("floods", "tram")
        )
        feed = add(site, "/feed.xml", f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
        news = (
            f"<url><loc>{site.url('/score', '127.0.0.1')}</loc><n:news><n:publication_date>{days['score']}"
            "</n:publication_date></n:news></url><url><loc>http://127.0.0.1/old</loc><lastmod>2023-01-01</lastmod></url>"
        )
        spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
        sitemap = add(site, "/news.xml", f"<urlset {spaces}>{news}</urlset>".encode())
        (tmp_path / "newsgloss.toml").write_text(f'[fetch]\ndelay_s = 0\nallow_hosts = ["127.0.0.1:{site.port}"]\n')
        words = ("backfill", "--json", "--from", "2024-02-01", "--to", "2024-02-04", "--output", "out", feed, sitemap)
        said = newsgloss(*words, cwd=tmp_path, server=server.url)
    assert said.status == 0, said.err
    assert windows(said.json) == {"2024-02-01": ("finished", 2), "2024-02-02": ("finished", 1)}
    assert said.json["survey"]["outside"]["before"] == 1
    assert sorted(run["name"] for run in runs_of(server, tmp_path / "out")) == [
        f"2024-02-0{day} attempt 1" for day in (1, 2)
    ]
    names = [path.name[:10] for path in (tmp_path / "out/documents").rglob("*.md")]
    assert sorted(names) == ["2024-02-01", "2024-02-01", "2024-02-02"]


@pytest.mark.server
@pytest.mark.xdist_group("prefect")
@pytest.mark.timeout(900)
def test_each_window_is_one_run_in_the_server_and_a_failed_one_gets_another(
    tmp_path: Path, articles: Path, server: Server
) -> None:
    first = backfill(tmp_path, *SPAN, server=server.url)
    assert {state for state, _ in windows(first).values()} == {"finished"}
    runs = runs_of(server, tmp_path / "out")
    assert sorted(run["name"] for run in runs) == [f"2024-01-0{day} attempt 1" for day in (1, 2, 5)]
    assert {run["state_type"] for run in runs} == {"COMPLETED"}
    assert backfill(tmp_path, *SPAN, server=server.url)["windows"] == [
        {**window, "state": "skipped"} for window in first["windows"]
    ]
    server.forget()
    assert {state for state, _ in windows(backfill(tmp_path, *SPAN, server=server.url)).values()} == {"skipped"}
    write_page(
        articles / "late.html", "2024-01-02", "A cat that was lost in March came home on a bus, to no surprise."
    )
    assert windows(backfill(tmp_path, *SPAN, server=server.url))["2024-01-02"] == ("finished", 2)
    (run,) = runs_of(server, tmp_path / "out")
    assert (run["name"], run["state_type"]) == ("2024-01-02 attempt 2", "COMPLETED")
    assert set(run["parameters"]) == {"settings", "sources", "window"}
