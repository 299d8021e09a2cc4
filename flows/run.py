"""A request in, the same job run as a Prefect flow out, each batch of a stage a task.

The ledger stays the only truth: a task claims its batch there, and a flow that is started again goes on where the
last one stopped, whatever the server remembers of it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from flows import pipeline, quiet
from flows.server import PATIENCE_S, URL, address

quiet.prepare(os.environ)  # before the first import of prefect, which reads it

import httpx  # noqa: E402
from prefect import Flow, flow, get_run_logger, task  # noqa: E402
from prefect.artifacts import create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.client.orchestration import get_client  # noqa: E402
from prefect.events.clients import PrefectEventsClient  # noqa: E402
from prefect.events.worker import EventsWorker  # noqa: E402
from prefect.settings import (  # noqa: E402
    PREFECT_API_KEY,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_SERVER_ALLOW_EPHEMERAL_MODE,
    temporary_settings,
)

from flows.artifacts import as_markdown, as_table  # noqa: E402
from flows.job import Request, Result, conclude, job  # noqa: E402
from flows.logged import Log, Logged  # noqa: E402
from flows.parameters import to_parameters, to_request  # noqa: E402
from flows.watch import Silent, Watch  # noqa: E402
from ingest.database import writing  # noqa: E402
from ingest.errors import JobError, OutputError, ServerError  # noqa: E402
from ingest.leases import lay_down  # noqa: E402

EVENT_TRIES = 3
"""How often the delivery of one event (the server's history of tasks) is tried again; the last wait is a second."""

RETRY_AFTER_S = [1.0, 5.0]
"""A locked database, a share that comes back: what two more tries do not mend is the run's failure."""

Parameters = dict[str, Any]


def run_flow(request: Request, watch: Watch) -> Result:
    """Run the job as a flow, on the server of ``PREFECT_API_URL`` or a throw-away one.

    Raises:
        ServerError: the server cannot be reached, or went away.
        UsageError: the request holds secrets, which a server would show.
    """
    parameters = to_parameters(request)
    with connected(watch):
        result: Result = job_flow(watch)(**parameters)
    return result


def job_flow(watch: Watch) -> Flow[..., Result]:
    """The flow of the main job; ``watch`` is told what its log is told."""

    @flow(name="newsgloss", description="News in, clean English documents out.", persist_result=False)
    def newsgloss(settings: Parameters, sources: list[str], reprocess: str | None = None) -> Result:
        request = to_request(settings, sources, reprocess)
        told = Logged(watch, _logger())
        with job(request, told) as (tools, opened):
            pipeline.run(tools, opened, told, perform=as_tasks(tools.ledger.engine, tools.ledger.worker))
            result = conclude(request, tools)
        keep(result)
        return result

    return newsgloss


newsgloss = job_flow(Silent())
"""The flow as a served deployment loads it."""


def as_tasks(engine: sa.Engine, worker: str) -> pipeline.Perform:
    """Performs each step as a task that is tried again; what a failed try had claimed is free for the next one."""

    def perform(name: str, step: pipeline.Step) -> int:
        def attempt() -> int:
            try:
                return step()
            except Exception:
                _lay_down(engine, worker)
                raise

        return batch.with_options(name=name)(attempt)

    return perform


@task(
    retries=len(RETRY_AFTER_S),
    retry_delay_seconds=RETRY_AFTER_S,
    retry_jitter_factor=0.5,
    retry_condition_fn=lambda _task, _run, state: worth_another_try(state.result(raise_on_failure=False)),
    cache_policy=NO_CACHE,
    persist_result=False,
)
def batch(step: pipeline.Step) -> int:
    """One batch of a stage; returns how many items it was, 0 where nothing was left."""
    return step()


def worth_another_try(error: object) -> bool:
    """Whether trying again may help: a database, a disk; not a defect of ours, nor an output that refuses us."""
    return isinstance(error, JobError | OSError) and not isinstance(error, OutputError)


def keep(result: Result) -> None:
    """The accounting as artifacts of the run."""
    create_markdown_artifact(
        as_markdown(result), key="newsgloss-accounting", description="What became of all inputs; the sums add up."
    )
    create_table_artifact(as_table(result), key="newsgloss-inputs", description="What became of each input.")


@contextmanager
def connected(watch: Watch) -> Iterator[None]:
    """Settings for the length of a flow, and a server that is there.

    Raises:
        ServerError: the server cannot be reached, or went away within the block.
    """
    url = address(os.environ)
    # The heartbeat's thread holds up a flow's end by a second; our leases have a heartbeat of their own.
    updates: dict[Any, Any] = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}
    if url:
        ask(url)
        if PREFECT_API_KEY.value() is None:
            # Each event of a run that cannot be delivered would hold up the end of the process by ten seconds.
            EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=EVENT_TRIES)
    else:
        watch.say("starting a throw-away Prefect server; it takes some seconds (newsgloss run needs none)")
        updates[PREFECT_SERVER_ALLOW_EPHEMERAL_MODE] = True
    # Where a server goes away, we say so; its log handler would say it again for every line, to the very end.
    logging.raiseExceptions = False
    with temporary_settings(updates):
        try:
            yield
        except httpx.HTTPError as error:
            raise ServerError(
                f"the Prefect server went away: {error}", hint="what was done is kept: run again to go on"
            ) from error
        except RuntimeError as error:
            if "ephemeral" not in str(error):
                raise
            raise ServerError("the throw-away Prefect server did not start", hint="run with --no-prefect") from error


def ask(url: str) -> None:
    """Ask the server whether it is there, and one we can talk to.

    Raises:
        ServerError: it is not.
    """
    hint = "start one: prefect server start; or run with --no-prefect"
    try:
        with get_client(httpx_settings={"timeout": PATIENCE_S}, sync_client=True) as client:
            trouble = client.api_healthcheck()
    except (RuntimeError, ValueError) as error:  # another version of the API; no URL
        raise ServerError(f"{URL}={url}: {error}", hint=hint) from error
    if trouble is not None:
        raise ServerError(f"no Prefect server answers at {url}: {trouble}", hint=hint) from trouble


def _logger() -> Log:
    return get_run_logger()


def _lay_down(engine: sa.Engine, worker: str) -> None:
    try:
        with writing(engine, "cannot lay down what was claimed") as connection:
            lay_down(connection, worker)
    except JobError:
        return  # the error that ended the try matters more, and the next one meets this one again
