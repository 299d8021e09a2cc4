"""The flow where no server is set, or none answers."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from flows.quiet import needed
from tests.flows.command import SEEDS, environment, newsgloss, tree


def test_a_dead_server_is_one_line_and_nothing_is_run_instead(tmp_path: Path) -> None:
    with socket.socket() as nobody:  # bound, and nobody listens
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/api"
        said = newsgloss("run", "--json", "--output", "out", SEEDS, cwd=tmp_path, PREFECT_API_URL=url)
    assert (said.status, said.out) == (3, "")
    assert said.err.count("\n") == 1
    assert "no Prefect server answers" in said.err
    assert "--no-prefect" in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("url", ["nowhere", "ftp://127.0.0.1/api", "http://127.0.0.1:99999/api"])
def test_an_address_that_is_none_is_one_line(tmp_path: Path, url: str) -> None:
    said = newsgloss("run", "--json", "--output", "out", SEEDS, cwd=tmp_path, PREFECT_API_URL=url)
    assert (said.status, said.out, said.err.count("\n")) == (3, "", 1)


def test_a_server_of_another_kind_is_one_line(tmp_path: Path) -> None:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{other.server_port}/api"
        said = newsgloss("run", "--json", "--output", "out", SEEDS, cwd=tmp_path, PREFECT_API_URL=url)
        other.shutdown()
    assert (said.status, said.out, said.err.count("\n")) == (3, "", 1)


def test_no_prefect_wins_over_a_server_that_is_set(tmp_path: Path) -> None:
    said = newsgloss(
        "run",
        "--quiet",
        "--no-prefect",
        "--output",
        "out",
        SEEDS,
        cwd=tmp_path,
        PREFECT_API_URL="http://127.0.0.1:9/api",
    )
    assert said.status == 0


@pytest.mark.server
def test_without_a_server_a_throw_away_one_is_used_and_leaves_nothing_behind(tmp_path: Path) -> None:
    newsgloss("run", "--quiet", "--output", "plain", SEEDS, cwd=tmp_path)
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "flows", "--quiet", "--output", "out", str(SEEDS)],
        cwd=tmp_path,
        env=environment(HOME=str(tmp_path), TMPDIR=str(tmp_path / "tmp")),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert tree(tmp_path / "out") == tree(tmp_path / "plain")
    assert not (tmp_path / ".prefect").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_telemetry_stays_off_whatever_the_environment_says() -> None:
    given = {
        "DO_NOT_TRACK": "0",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "true",
        "PREFECT_INTERNAL_LOGGING_LEVEL": "DEBUG",
    }
    made = given | needed(given)
    assert made["DO_NOT_TRACK"] == "1"
    assert made["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert made["PREFECT_INTERNAL_LOGGING_LEVEL"] == "DEBUG"


def test_a_proxy_of_the_environment_is_not_asked_for_loopback() -> None:
    assert needed({"HTTP_PROXY": "http://proxy.example:3128", "NO_PROXY": "intern"})["NO_PROXY"] == (
        "intern,127.0.0.1,localhost"
    )
    assert "NO_PROXY" not in needed({})
