"""A request and a schedule in, runs of the job at its times out, for as long as the process lives."""

from __future__ import annotations

import hashlib
from typing import Any

from flows.parameters import to_parameters
from flows.run import connected, newsgloss  # prepares what Prefect reads when it is imported

from prefect import serve as prefect_serve  # isort: skip
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from flows.job import Request
from flows.watch import Watch
from ingest.errors import UsageError
from ingest.records import encode


def schedule(cron: str, timezone: str) -> Schedule:
    """The schedule of a cron expression.

    Raises:
        UsageError: it is none.
    """
    try:
        return Cron(cron, timezone=timezone)
    except ValueError as error:
        hint = 'minute, hour, day, month, weekday: "0 6 * * *" is every day at six'
        raise UsageError(f"--cron {cron!r}: no cron expression", hint=hint) from error


def serve(request: Request, times: Schedule, watch: Watch) -> None:
    """Run the job at its times until interrupted; one run at a time.

    The schedule is paused in the server when this ends, and taken up again by the next one on the same sources and
    output.

    Raises:
        ServerError: the server cannot be reached, or went away.
        UsageError: the request holds secrets.
    """
    parameters = to_parameters(request)
    name = deployment_name(parameters)
    with connected(watch):
        deployment = newsgloss.to_deployment(
            name, schedule=times, parameters=parameters, entrypoint_type=EntrypointType.MODULE_PATH
        )
        watch.say(f"serving newsgloss/{name} at {times.cron} ({times.timezone}); Ctrl-C ends it")
        prefect_serve(deployment, limit=1, print_starting_message=False)  # type: ignore[arg-type]


def deployment_name(parameters: dict[str, Any]) -> str:
    """A name that the same sources and output have in every process, and others have not."""
    places = (parameters["settings"]["output"], parameters["settings"]["state"], parameters["sources"])
    return "scheduled-" + hashlib.sha256(encode(places)).hexdigest()[:8]
