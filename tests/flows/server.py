"""A real Prefect server on loopback, with a home of its own, as a process that tests may kill."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.flows.command import environment


class Server:
    """Started when it is made; ``forget`` kills it and starts it anew with nothing in its database."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self._home = home
        self._process = self._start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api"

    @property
    def pid(self) -> int:
        return self._process.pid

    def filter(self, what: str, **body: object) -> list[dict[str, Any]]:
        """All ``flow_runs``, ``task_runs``, ``logs``, ``artifacts`` ... that the server knows."""
        found = self.ask("POST", f"/{what}/filter", {"limit": 200, **body})
        assert isinstance(found, list)
        return found

    def ask(self, method: str, path: str, body: object = None) -> Any:
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            method=method,
        )
        for _ in range(60):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503:  # its database is busy for a moment: it asks to be asked again
                    raise
                time.sleep(0.5)
        raise AssertionError("the server is busy for half a minute")

    def forget(self) -> None:
        """As after a crash that took its database along."""
        self.kill()
        shutil.rmtree(self._home)
        self._process = self._start()

    def alive(self) -> None:
        """Start it again where a test has killed it; its database is as it was."""
        if self._process.poll() is not None:
            self._process = self._start()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        self._home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--no-ui"]
        quiet = {"PREFECT_HOME": str(self._home), "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        with (self._home / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--port", str(self._port)],
                env=environment(**quiet),
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._home,
            )
        self._wait(process)
        return process

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if process.poll() is not None:
                break
            try:
                self.ask("GET", "/health")
            except OSError:
                time.sleep(0.2)
            else:
                return
        process.kill()
        raise AssertionError((self._home / "server.log").read_text(errors="replace"))


def run_script(text: str, *words: object, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python text in a process of its own; a test's process never imports Prefect."""
    return subprocess.run(
        [sys.executable, "-c", text, *map(str, words)],
        cwd=cwd,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
