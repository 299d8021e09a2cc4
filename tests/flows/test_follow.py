"""``newsgloss follow``: what is new is fetched once, what failed is tried again, nothing is fetched twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from flows.followed import expanded
from flows.job import Request
from flows.parameters import to_parameters, to_request
from flows.settings import Settings
from ingest.errors import UsageError
from tests.flows.command import environment, interruptible, newsgloss, tree
from tests.flows.server import Server
from tests.flows.test_serve import NEVER, deployed, ended, server_test, serving, until
from tests.flows.test_sources import FLOODS, SCORE, TEXTS, TRAM, add, documents, page
from tests.site import Handler, Page, Site


@pytest.fixture
def place(tmp_path: Path, site: Site) -> Path:
    (tmp_path / "sources.toml").write_text(
        f"""[fetch]
contact = "desk@news.example"
allow_hosts = ["127.0.0.1:{site.port}"]
delay_s = 0
attempts = 1

[[source]]
feed = "{site.url("/feed", "127.0.0.1")}"

[[source]]
feed = "{site.url("/off", "127.0.0.1")}"
enabled = false

[[source]]
list = "pages.urls"
"""
    )
    (tmp_path / "pages.urls").write_text(site.url("/score", "127.0.0.1") + "\n")
    return tmp_path


def feed(site: Site, version: int, *items: str) -> None:
    rows = "".join(f"<item><link>/{name}</link></item>" for name in items)
    body = f"<rss version='2.0'><channel>{rows}</channel></rss>".encode()
    add(site, "/feed", Page(body=body, media_type="text/xml", etag=f'"{version}"'))


def test_following_fetches_what_is_new_and_nothing_twice(site: Site, place: Path) -> None:
    feed(site, 1, "floods", "moody", "gone")
    add(site, "/floods", page(FLOODS))
    add(site, "/score", page(SCORE))
    add(site, "/moody", Page(status=500))
    said = newsgloss("follow", cwd=place)
    assert said.status == 1, said.err
    assert len(documents(place)) == 2
    assert {request.headers["User-Agent"] for request in site.requests} == {"newsgloss/0.1.0 (+desk@news.example)"}

    site.requests.clear()
    add(site, "/moody", page(TRAM))
    said = newsgloss("follow", cwd=place)
    assert said.status == 0, said.err
    assert site.paths() == ["/feed", "/moody"]  # the feed is unchanged: what failed is tried again all the same
    assert site.requests[1].headers["If-None-Match"] == '"1"'
    assert "has not changed" in said.err
    assert "1 known already" in said.err
    assert len(documents(place)) == 3

    site.requests.clear()
    feed(site, 2, "floods", "moody", "gone", "new")
    said = newsgloss("follow", cwd=place)
    assert site.paths() == ["/feed", "/new"]
    assert "3 known already" in said.err


def test_a_listing_that_says_a_page_changed_brings_its_new_version_and_a_vanished_one_stays(
    site: Site, place: Path
) -> None:
    (place / "pages.urls").write_text("# none\n")

    def listed(version: int, updated: str) -> None:
        links = f"<entry><title>A</title><link href='/a'/><updated>{updated}</updated></entry>"
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{links}</feed>".encode()
        add(site, "/feed", Page(body=body, media_type="application/atom+xml", etag=f'"{version}"'))

    listed(1, "2025-12-01T00:00:00Z")
    add(site, "/a", Page(body=page(FLOODS), etag='"old"'))
    newsgloss("follow", cwd=place)
    listed(2, "2026-02-01T00:00:00Z")
    add(site, "/a", Page(body=page(TRAM), etag='"new"'))
    newsgloss("follow", cwd=place, SOURCE_DATE_EPOCH="1772323200")
    (file,) = documents(place)
    assert "Trams began to run" in Path(file).read_text()
    listed(3, "2026-04-01T00:00:00Z")
    add(site, "/a", Page(status=410))
    newsgloss("follow", cwd=place, SOURCE_DATE_EPOCH="1777593600")
    assert documents(place) == [file]
    shown = newsgloss("show", site.url("/a", "127.0.0.1"), cwd=place).out
    told = [line.split("\t")[1:3] for line in shown.splitlines() if "\trun " in line]
    assert told == [["run 1", "written"], ["run 2", "written"], ["run 3", "rejected"]]


def test_following_without_a_contact_is_refused_with_the_line_to_add(place: Path, site: Site) -> None:
    file = place / "sources.toml"
    file.write_text(file.read_text().replace("contact", "# contact"))
    said = newsgloss("follow", cwd=place)
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert 'contact = "you@your-domain.example"' in said.err
    assert site.requests == []


def test_a_job_names_the_file_and_not_what_it_says(place: Path) -> None:
    """What a server stores is the name; passwords in the file, and the sources, are read where the job runs."""
    file = place / "sources.toml"
    file.write_text(file.read_text().replace("http://127", "http://reader:hush@127"))
    request = Request(settings=Settings(output=str(place / "output")), sources=(f"follow:{file}",))
    parameters = to_parameters(request, {})
    assert "hush" not in repr(parameters)
    there = expanded(to_request(**parameters, environment={}))
    assert there.follow
    assert [source.partition(":")[0] for source in there.sources] == ["feed", "list"]
    assert there.settings.fetch["contact"] == "desk@news.example"
    assert expanded(there) == there


def test_a_file_that_follows_nothing_is_wrong_usage(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "seeds" / "sources.toml"
    settings = Settings(output=str(tmp_path), fetch={"contact": "desk@news.example"})
    for file, what in ((example, "none is enabled"), (tmp_path / "sources.toml", "no such file")):
        with pytest.raises(UsageError, match=what):
            expanded(Request(settings=settings, sources=(f"follow:{file}",)))


def test_a_host_that_wants_long_gaps_gives_a_page_a_run_and_the_others_wait_with_the_reason(
    site: Site, place: Path
) -> None:
    file = place / "sources.toml"
    file.write_text(file.read_text().replace("delay_s = 0", "delay_s = 0\nmax_delay_s = 0.2\none_delay_s = 30"))
    (place / "pages.urls").write_text("# none\n")
    add(site, "/robots.txt", Page(body=b"User-agent: *\nCrawl-delay: 2\n"))
    stories = {"floods": FLOODS, "tram": TRAM, "score": SCORE}
    feed(site, 1, *stories)
    for name, title in stories.items():
        add(site, f"/{name}", page(title))
    for done in (1, 2, 3):
        said = newsgloss("follow", "--json", cwd=place)
        assert said.status == 0, said.err
        waiting = [item["reason"] for item in said.json["items"] if item["outcome"] == "pending"]
        assert len(waiting) == 3 - done
        assert all("asks for 2 s before the next request (later runs go on" in reason for reason in waiting)
        assert len(documents(place)) == done
    assert sorted(site.paths()) == ["/feed"] * 3 + ["/floods", "/score", "/tram"]
    asked = [request for request in site.requests if request.path != "/robots.txt"]
    assert all(after.started - before.ended >= 2 for before, after in zip(asked[::2], asked[1::2], strict=True))


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_what_was_fetched_before_a_run_ended_is_not_fetched_again(
    site: Site, place: Path, end: signal.Signals
) -> None:
    """The third page is under way when the run is ended; two are taken down by then."""
    (place / "pages.urls").write_text("# none\n")
    reached, ended_ = threading.Event(), threading.Event()
    stories = {f"/story{number}": page(title) for number, title in enumerate(TEXTS)}

    def story(handler: Handler) -> None:
        if len([path for path in site.paths() if path in stories]) == 3 and not ended_.is_set():
            reached.set()
            ended_.wait(timeout=60)
        handler.answer(Page(body=stories[handler.path]))

    feed(site, 1, *(name.removeprefix("/") for name in stories))
    for name in stories:
        site.add(name, story, "127.0.0.1")
    command = [sys.executable, "-m", "flows.cli", "follow", "--quiet"]
    process = subprocess.Popen(command, cwd=place, env=environment(), preexec_fn=interruptible)
    assert reached.wait(timeout=60)
    process.send_signal(end)
    process.wait(timeout=60)
    ended_.set()
    said = newsgloss("follow", cwd=place)
    assert (said.status, len(documents(place))) == (0, 3), said.err
    counts = Counter(path for path in site.paths() if path in stories)
    assert sorted(counts.values()) == [1, 1, 2]


@pytest.fixture
def secret(place: Path) -> Path:
    """The sources, of which the feed wants a password that stands in the file alone."""
    file = place / "sources.toml"
    file.write_text(file.read_text().replace('feed = "http://127', 'feed = "http://reader:hush-hush@127', 1))
    return place


@server_test
def test_following_as_a_flow_gives_the_same_bytes_and_no_password_to_the_server(
    site: Site, secret: Path, server: Server
) -> None:
    feed(site, 1, "floods")
    add(site, "/floods", page(FLOODS))
    add(site, "/score", page(SCORE))
    plain = newsgloss("follow", "--no-prefect", "--output", "plain", cwd=secret, PREFECT_API_URL=server.url)
    flow = newsgloss("follow", "--output", "flow", cwd=secret, server=server.url)
    assert (plain.status, flow.status) == (0, 0), flow.err
    assert tree(secret / "flow") == tree(secret / "plain")
    assert len(documents(secret, "flow")) == 2
    runs = server.filter("flow_runs", sort="START_TIME_DESC")
    (run,) = [run for run in runs if run["parameters"].get("settings", {}).get("output") == str(secret / "flow")]
    assert (run["state_type"], run["parameters"]["sources"]) == ("COMPLETED", [f"follow:{secret}/sources.toml"])
    told = server.filter("logs", logs={"flow_run_id": {"any_": [run["id"]]}})
    assert told
    assert "hush-hush" not in repr((run, told, server.filter("artifacts")))
    (again,) = [request for request in site.requests if request.path == "/feed"][1:]
    assert again.headers["Authorization"].startswith("Basic ")


def outcome(server: Server, run: str) -> str | None:
    """The state that a flow run ended in, once it has."""
    found = ended(server.ask("GET", f"/flow_runs/{run}"))
    return str(found["state_type"]) if found else None


@server_test
def test_a_served_sources_toml_is_followed_run_after_run(site: Site, secret: Path, server: Server) -> None:
    feed(site, 1, "floods")
    add(site, "/floods", page(FLOODS))
    add(site, "/score", page(SCORE))
    with serving(secret, server, NEVER, "follow:sources.toml") as process:
        deployment = until(lambda: deployed(server, secret / "out"))["id"]
        path = f"/deployments/{deployment}/create_flow_run"
        states = []
        for version in (1, 2):
            if version == 2:
                feed(site, 2, "floods", "tram")
                add(site, "/tram", page(TRAM))
                site.requests.clear()
            made = server.ask("POST", path, {"state": {"type": "SCHEDULED"}})["id"]
            states.append(until(partial(outcome, server, made)))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (states, process.returncode, out) == (["COMPLETED"] * 2, 0, ""), err
    assert site.paths() == ["/feed", "/tram"]
    assert len(documents(secret, "out")) == 3
    assert "hush-hush" not in err + repr(server.ask("GET", f"/deployments/{deployment}"))


@pytest.mark.parametrize("word", ["follow:missing.toml", "follow:sources.toml"])
def test_serving_a_wrong_sources_toml_is_refused_at_once(place: Path, word: str) -> None:
    file = place / "sources.toml"
    file.write_text(file.read_text().replace("list =", "lsit ="))
    said = newsgloss("serve", "--cron", "0 6 * * *", word, cwd=place, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert word.removeprefix("follow:") in said.err
