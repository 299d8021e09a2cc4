"""The environment in, the time of this run out: SOURCE_DATE_EPOCH where it is set, else now."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from ingest.errors import UsageError

VARIABLE = "SOURCE_DATE_EPOCH"
"""https://reproducible-builds.org/specs/source-date-epoch/: seconds since 1970 that stand for "now"."""


def now(environment: Mapping[str, str] | None = None) -> str:
    """The time as ISO 8601 in UTC, whole seconds.

    Raises:
        UsageError: the variable is set and is no number of seconds.
    """
    given = (os.environ if environment is None else environment).get(VARIABLE)
    try:
        moment = datetime.now(UTC) if not given else datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"{VARIABLE}: {given!r} is no number of seconds", hint="unset it, or give one") from error
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
