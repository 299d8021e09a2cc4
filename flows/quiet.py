"""An environment in, what Prefect must find in it when it is imported out: no telemetry, chatter or home folder.

Prefect reads its settings once, when it is imported; whoever imports it calls `prepare` first.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping, MutableMapping

HOME = "PREFECT_HOME"
LOOPBACK = "127.0.0.1,localhost"

ALWAYS = {
    "DO_NOT_TRACK": "1",  # the client's events, sent to Amplitude (prefect/_internal/analytics)
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",  # the server's heartbeat, and the client's second opt-out
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}

UNLESS_SET = {
    # What these libraries have to say is kept with the run it was said in.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,ingest,translate,trafilatura,htmldate,argostranslate,fsspec",
    # A batch on another thread, or a library at exit, may log outside of a flow run.
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    # The terminal is ours: progress, one line of error. Prefect's own log stands in its server.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
    # Twenty seconds are not enough for a throw-away server on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
}


def prepare(environment: MutableMapping[str, str]) -> None:
    """Complete this process's environment.

    Where ``PREFECT_HOME`` is not set, Prefect gets a folder of this process's own, removed at its end: what it would
    keep there (a throw-away server's history, profiles that name another server) is nothing that newsgloss needs.
    """
    environment.update(needed(environment))
    if not environment.get(HOME):
        environment[HOME] = tempfile.mkdtemp(prefix="newsgloss-prefect-")
        atexit.register(_remove, environment[HOME], os.getpid())


def needed(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables to set (pure); what a user has set stands, but for telemetry."""
    missing = {name: value for name, value in UNLESS_SET.items() if not environment.get(name)}
    proxied = any(environment.get(name) for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"))
    if proxied:  # a server on loopback is reached directly
        given = environment.get("no_proxy") or environment.get("NO_PROXY")
        direct = f"{given},{LOOPBACK}" if given else LOOPBACK
        missing |= {"no_proxy": direct, "NO_PROXY": direct}
    return {**ALWAYS, **missing}


def _remove(home: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked child leaves it to its parent
        shutil.rmtree(home, ignore_errors=True)
