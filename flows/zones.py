"""The name of a time zone in, the zone out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from ingest.errors import UsageError


def zone(name: str) -> ZoneInfo:
    """The time zone of that name (IANA: ``Europe/Berlin``, ``UTC``).

    Raises:
        UsageError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:  # a folder, a path with dots, an unknown name
        raise UsageError(
            f"--timezone {name!r}: no such time zone", hint="as in Asia/Seoul, Europe/Berlin, UTC"
        ) from error
