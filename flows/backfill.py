"""A window in, its run as a flow run of its own in a Prefect server out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flows.run import Parameters, as_tasks, connected, keep  # prepares what Prefect reads when it is imported

from prefect import Flow, flow, get_run_logger  # isort: skip
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.flow_engine import run_flow

from flows.catchup import RunWindow, Turn, run_members
from flows.job import Request, Result
from flows.logged import Logged
from flows.parameters import to_parameters, to_request
from flows.watch import Silent, Watch
from ingest.errors import ServerError

NAME = "newsgloss-window"
DEPLOYMENT = "backfill"


def window_flow(watch: Watch) -> Flow[..., Result]:
    """The flow of one window; its inputs stand in the ledger under ``window``."""

    @flow(name=NAME, description="One window of a backfill.", persist_result=False)
    def newsgloss_window(settings: Parameters, sources: list[str], window: str) -> Result:
        request = to_request(settings, sources)
        result = run_members(request, window, Logged(watch, get_run_logger()), as_tasks)
        keep(result)
        return result

    return newsgloss_window


newsgloss_window = window_flow(Silent())


@contextmanager
def as_flows(request: Request, watch: Watch) -> Iterator[RunWindow]:
    """Windows are run as flows, within the block.

    A run's idempotency key is its window and attempt: however often it is asked for, there is one. It is done in this
    process, which holds the backfill's lease; nobody else serves the deployment.

    Raises:
        ServerError: the server cannot be reached, or went away.
    """
    parameters = to_parameters(request)
    with connected(watch):
        cast("RunnerDeployment", newsgloss_window.to_deployment(DEPLOYMENT)).apply()

        def run(_request: Request, turn: Turn, watch: Watch) -> Result:
            return _run(turn, parameters | {"window": turn.key}, watch)

        yield run


def _run(turn: Turn, parameters: dict[str, Any], watch: Watch) -> Result:
    scheduled = cast(
        "FlowRun",
        run_deployment(
            f"{NAME}/{DEPLOYMENT}",
            parameters=parameters,
            flow_run_name=f"{turn.name} attempt {turn.attempt}",
            timeout=0,
            idempotency_key=f"{turn.key}-{turn.attempt}",
            as_subflow=False,
        ),
    )
    result = run_flow(window_flow(watch), flow_run=scheduled, parameters=parameters)
    if not isinstance(result, Result):
        raise ServerError(
            f"window {turn.name}: the server did not let its run begin", hint="run the same command again"
        )
    return result
