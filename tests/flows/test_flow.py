"""The main job as a Prefect flow, against a real server."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.flows.command import SEEDS, Said, newsgloss, tree
from tests.flows.server import Server, run_script

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(900)]

MANY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """The same job run plain and as a flow, and what the server knew of it afterwards."""

    plain: Said
    flow: Said
    folder: Path
    run: dict[str, Any]
    tasks: list[dict[str, Any]]
    artifacts: dict[str, Any]


def article(random: Random) -> str:
    """An article of its own, though some are near enough to another to be its duplicate."""
    who = ("The harbour master", "A fisherman", "The mayor", "One captain", "The coast guard", "A young pilot")
    what = ("saw", "reported", "denied", "expected", "measured", "forgot", "praised", "repaired", "sold")
    which = ("three old ships", "a storm from the west", "the new lighthouse", "higher fees", "a broken crane")
    where = ("near the northern pier", "behind the fish market", "off the island", "at the old customs house")
    when = ("on Monday", "before sunrise", "last winter", "after the parade", "during the night shift", "at noon")
    parts = (who, what, which, where, when)
    sentences = [" ".join(random.choice(words) for words in parts) + "." for _ in range(12)]
    return f"Harbour report {random.randrange(10**6)}\n\n" + "\n\n".join(sentences) + "\n"


def write_articles(folder: Path) -> Path:
    """The seeds, a copy, an empty file, and more articles than make one batch."""
    shutil.copytree(SEEDS, folder, ignore=shutil.ignore_patterns("samples", "*.toml"))
    shutil.copyfile(min(folder.glob("*.txt")), folder / "copy.txt")
    (folder / "empty.txt").touch()
    for number in range(MANY):
        (folder / f"harbour-{number}.txt").write_text(article(Random(number)), "utf-8")
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles")


def recorded(server: Server, of_run: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks of a run, when the server has recorded their ends: it does so at its leisure, after the run's own."""
    deadline = time.monotonic() + 60
    while True:
        tasks = server.filter("task_runs", **of_run)
        last = any(task["name"].startswith("tables") for task in tasks)
        if last and all(task["state_type"] not in {"PENDING", "RUNNING"} for task in tasks):
            return tasks
        assert time.monotonic() < deadline, tasks
        time.sleep(0.2)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, the_server: Server) -> Both:
    the_server.alive()
    folder = tmp_path_factory.mktemp("both")
    write_articles(folder / "articles")
    words = ("run", "--json", "articles", "--output")
    plain, flow = (
        newsgloss(*words, output, cwd=folder, server=url, NEWSGLOSS_BATCH="10", NEWSGLOSS_UNIT="15")
        for output, url in (("plain", None), ("flow", the_server.url))
    )
    runs = the_server.filter("flow_runs", sort="START_TIME_DESC")
    ours = str(folder / "flow")  # a schedule of another test may run beside
    run = next(run for run in runs if run["parameters"].get("settings", {}).get("output") == ours)
    of_run = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    return Both(
        plain=plain,
        flow=flow,
        folder=folder,
        run=run,
        tasks=recorded(the_server, of_run),
        artifacts={artifact["key"]: artifact["data"] for artifact in the_server.filter("artifacts", **of_run)},
    )


def test_flow_and_plain_give_the_same_bytes_and_say_the_same(both: Both) -> None:
    assert (both.plain.status, both.flow.status) == (0, 0), both.flow.err
    plain, flow = ({**said.json, "output": ""} for said in (both.plain, both.flow))
    assert plain == flow
    assert plain["inputs"] == MANY + 4
    assert tree(both.folder / "plain") == tree(both.folder / "flow") != {}


def test_a_task_is_a_batch_and_never_an_article(both: Both) -> None:
    assert {task["state_type"] for task in both.tasks} == {"COMPLETED"}
    counted = Counter(task["name"].rpartition("-")[0] for task in both.tasks)
    assert set(counted) == {"list", "load", "extract", "learn", "compare", "translate", "publish", "tables"}
    # Full batches, a last one, the one that finds nothing left, and the looks at what other runs hold.
    assert counted["load"] <= both.flow.json["inputs"] // 10 + 4
    assert counted["translate"] <= both.flow.json["inputs"] // 15 + 4


def test_the_accounting_of_a_flow_stands_in_its_artifacts(both: Both) -> None:
    assert f"| **sum** | **{both.flow.json['inputs']}** |" in both.artifacts["newsgloss-accounting"]
    rows = json.loads(both.artifacts["newsgloss-inputs"])
    assert Counter(row["outcome"] for row in rows) == Counter(item["outcome"] for item in both.flow.json["items"])


def test_parameters_are_plain_data_with_absolute_places(both: Both) -> None:
    assert both.run["parameters"]["sources"] == [str(both.folder / "articles")]
    assert both.run["parameters"]["settings"]["output"] == str(both.folder / "flow")


def test_prefect_says_nothing_on_the_terminal(both: Both) -> None:
    assert both.flow.err == both.plain.err
    assert both.flow.out.count("\n") == 1


def test_library_logs_and_remarks_reach_the_server(tmp_path: Path, server: Server) -> None:
    script = """
import logging, sys
from flows.run import flow
@flow
def speaking() -> None:
    logging.getLogger("trafilatura").warning("a library speaks")
speaking()
"""
    said = newsgloss(cwd=tmp_path, server=server.url, script=script)
    assert said.status == 0, said.err
    assert "a library speaks" in {line["message"] for line in server.filter("logs", sort="TIMESTAMP_DESC")}


RETRIED = """
import json, sys
import sqlalchemy as sa
from flows import run
from flows.pipeline import directly
from flows.settings import Settings
from flows.tools import opened
from ingest import leases
from ingest.errors import LedgerError, OutputError

run.batch = run.batch.with_options(retry_delay_seconds=[0.01, 0.01])
tries = {"locked": 0, "refused": 0, "defect": 0}

def failing(name, error, good_at):
    def step():
        tries[name] += 1
        if tries[name] < good_at:
            raise error
        return 7
    return step

@run.flow
def work(output: str) -> list:
    with opened(Settings(output=output)) as engine, leases.working(engine) as me:
        perform = run.as_tasks(engine, me)
        found = [perform("locked", failing("locked", LedgerError("the ledger is locked"), 3))]
        for name, error in (("refused", OutputError("no")), ("defect", KeyError("x"))):
            try:
                found.append(perform(name, failing(name, error, 99)))
            except Exception as raised:
                found.append(type(raised).__name__)
    return found

print(json.dumps([work(sys.argv[1]), tries]))
"""


def test_a_batch_that_fails_is_tried_again_unless_that_cannot_help(tmp_path: Path, server: Server) -> None:
    said = newsgloss(tmp_path / "out", cwd=tmp_path, server=server.url, script=RETRIED)
    assert said.status == 0, said.err
    assert said.json == [[7, "OutputError", "KeyError"], {"locked": 3, "refused": 1, "defect": 1}]


INTERRUPTED = """
import json, sys
from flows import pipeline, run
from flows.job import Request
from flows.settings import Settings
from flows.watch import Silent
from ingest.errors import LedgerError

run.batch = run.batch.with_options(retry_delay_seconds=[0.01, 0.01])
broken = {"load": 1, "extract": 1, "translate": 2, "publish": 1}
as_tasks = run.as_tasks

def faulty(engine, worker):
    perform = as_tasks(engine, worker)
    def half(name, step):
        def attempt():
            done = step() if broken.get(name, 0) == 0 else claim_and_fail(engine, worker, name)
            return done
        return perform(name, attempt)
    return half

def claim_and_fail(engine, worker, name):
    # What a step does that dies between its claim and its result.
    broken[name] -= 1
    from ingest.database import writing
    from ingest.tables import document, input_
    import sqlalchemy as sa
    with writing(engine, "claim") as connection:
        for table in (document, input_):
            connection.execute(sa.update(table).where(table.c.lease.is_(None)).values(lease=worker))
    raise LedgerError("the database went away")

run.as_tasks = faulty
result = run.run_flow(Request(settings=Settings(output=sys.argv[1], batch=10), sources=(sys.argv[2],)), Silent())
print(json.dumps([result.sums.unsettled, result.sums.inputs, broken]))
"""


def test_what_a_failed_try_had_claimed_is_done_by_the_next(tmp_path: Path, articles: Path, server: Server) -> None:
    newsgloss("run", "--quiet", "--no-prefect", "--output", "plain", articles, cwd=tmp_path)
    said = newsgloss(tmp_path / "out", articles, cwd=tmp_path, server=server.url, script=INTERRUPTED)
    assert said.status == 0, said.err
    assert said.json == [0, MANY + 4, {"load": 0, "extract": 0, "translate": 0, "publish": 0}]
    assert tree(tmp_path / "out") == tree(tmp_path / "plain")


def test_a_server_that_lost_its_database_loses_no_work(tmp_path: Path, articles: Path, server: Server) -> None:
    words = ("run", "--json", "--output", "out", articles)
    first = newsgloss(*words, cwd=tmp_path, server=server.url)
    before = tree(tmp_path / "out")
    server.forget()
    again = newsgloss(*words, cwd=tmp_path, server=server.url)
    assert (first.status, again.status, again.json["new"]) == (0, 0, 0), again.err
    assert {**again.json, "new": 0, "again": 0, "unchanged": 0} == {
        **first.json,
        "new": 0,
        "again": 0,
        "unchanged": 0,
    }
    assert tree(tmp_path / "out") == before


DYING = """
import os, signal, sys
from flows.cli import main
from flows.console import Console

class Killer(Console):
    def stage(self, name, total):
        if name == "translating":
            os.kill(int(sys.argv[1]), signal.SIGKILL)

import flows.console
flows.console.Console = Killer
sys.exit(main(["run", "--json", "--output", sys.argv[2], sys.argv[3]]))
"""


def test_a_server_that_dies_under_a_run_is_one_line_and_the_next_run_goes_on(
    tmp_path: Path, articles: Path, server: Server
) -> None:
    newsgloss("run", "--quiet", "--no-prefect", "--output", "plain", articles, cwd=tmp_path)
    impatient = {"PREFECT_API_URL": server.url, "PREFECT_CLIENT_MAX_RETRIES": "0"}
    said = run_script(DYING, server.pid, tmp_path / "out", articles, cwd=tmp_path, **impatient)
    assert said.returncode == 3
    assert said.stdout == ""
    assert said.stderr.count("\n") == 1
    assert "went away" in said.stderr
    assert newsgloss("run", "--quiet", "--no-prefect", "--output", "out", articles, cwd=tmp_path).status == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "plain")


def test_no_connection_leaves_this_machine(tmp_path: Path, server: Server) -> None:
    script = """
import sys
asked = set()
def note(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        asked.add(args[1][0])
    if event == "socket.getaddrinfo":
        asked.add(args[0])
sys.addaudithook(note)
import os
for name in ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "BUILDKITE"):
    os.environ.pop(name, None)
from flows.cli import main
assert main(["run", "--quiet", "--output", sys.argv[1], sys.argv[2]]) == 0
from prefect._internal.analytics.enabled import is_telemetry_enabled
assert not is_telemetry_enabled()
print(*sorted(map(str, asked)))
"""
    said = run_script(script, tmp_path / "out", SEEDS, cwd=tmp_path, PREFECT_API_URL=server.url)
    assert said.returncode == 0, said.stderr
    assert set(said.stdout.split()) <= {"127.0.0.1", "localhost", "::1"}
