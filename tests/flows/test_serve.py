"""The job on a schedule, against a real server."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.flows.command import SEEDS, environment, interruptible, newsgloss, tree
from tests.flows.server import Server

NEVER = "0 6 1 1 *"
EVERY_TEN_SECONDS = "* * * * * */10"  # croniter takes seconds as a sixth field


def server_test(test: Callable[..., None]) -> Callable[..., None]:
    for mark in (pytest.mark.server, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(900)):
        test = mark(test)
    return test


@pytest.mark.parametrize(
    ("cron", "timezone", "said"),
    [
        ("every day", "UTC", "cron"),
        ("61 * * * *", "UTC", "cron"),
        ("0 6 * * *", "Mars/Olympus", "no such time zone"),
        ("0 6 * * *", "../etc/passwd", "no such time zone"),
    ],
)
def test_a_bad_time_is_wrong_usage(tmp_path: Path, cron: str, timezone: str, said: str) -> None:
    done = newsgloss("serve", "--cron", cron, "--timezone", timezone, SEEDS, cwd=tmp_path)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err


def test_without_a_server_it_says_how_to_start_one(tmp_path: Path) -> None:
    done = newsgloss("serve", "--cron", "0 6 * * *", SEEDS, cwd=tmp_path)
    assert (done.status, done.out, done.err.count("\n")) == (3, "", 1)
    assert "prefect server start" in done.err


@contextmanager
def serving(folder: Path, server: Server, cron: str, *sources: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A process that serves the sources, interrupted in the end: the server serves other tests too."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "serve", "--cron", cron, "--output", "out", *map(str, sources)],
        cwd=folder,
        env=environment(PREFECT_API_URL=server.url, PREFECT_RUNNER_POLL_FREQUENCY="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=interruptible,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # which pauses the schedule
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@server_test
def test_a_served_job_runs_when_asked_and_an_interrupt_ends_it_well(tmp_path: Path, server: Server) -> None:
    newsgloss("run", "--quiet", "--output", "plain", SEEDS, cwd=tmp_path)
    with serving(tmp_path, server, NEVER, SEEDS) as process:
        deployment = until(lambda: deployed(server, tmp_path / "out"))
        asked = server.ask(
            "POST", f"/deployments/{deployment['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}}
        )
        run = until(lambda: ended(server.ask("GET", f"/flow_runs/{asked['id']}")))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert run["state_type"] == "COMPLETED", err
    assert (process.returncode, out, err.count("\n")) == (0, "", 1)
    assert tree(tmp_path / "out") == tree(tmp_path / "plain")
    assert server.ask("GET", f"/deployments/{deployment['id']}")["paused"]


@server_test
@pytest.mark.skipif(
    version("sqlalchemy") >= "2.1", reason="Prefect 3.8's scheduler cannot insert its runs through SQLAlchemy 2.1"
)
def test_a_schedule_fires(tmp_path: Path, server: Server) -> None:
    with serving(tmp_path, server, EVERY_TEN_SECONDS, SEEDS):
        deployment = until(lambda: deployed(server, tmp_path / "out"))
        run = until(lambda: next((ended(run) for run in scheduled(server, deployment) if ended(run)), None))
    assert (run["state_type"], run["auto_scheduled"]) == ("COMPLETED", True)
    assert (tmp_path / "out/jsonl").is_dir()


def until(found: Callable[[], Any]) -> Any:
    """What is found within some minutes: a busy machine is not a failure."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        if (value := found()) is not None:
            return value
        time.sleep(0.5)
    raise AssertionError("not within four minutes")


def deployed(server: Server, out: Path) -> dict[str, Any] | None:
    every = server.filter("deployments")
    ours = [found for found in every if found["parameters"].get("settings", {}).get("output") == str(out)]
    return next((found for found in ours if not found["paused"]), None)


def scheduled(server: Server, deployment: dict[str, Any]) -> list[dict[str, Any]]:
    runs = server.filter("flow_runs", sort="START_TIME_ASC")
    return [run for run in runs if run["auto_scheduled"] and run["deployment_id"] == deployment["id"]]


def ended(run: dict[str, Any]) -> dict[str, Any] | None:
    return run if run["state_type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None
