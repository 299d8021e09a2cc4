"""A date as feeds, sitemaps and tables write it in, ISO 8601 no more precise than the source out (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def iso_date(text: str | None) -> str | None:
    """``2026``, ``2026-05``, ``2026-05-01``, or a moment in UTC (``2026-05-01T10:00:00Z``); None where it is no date.

    A time without a zone stays without one: it is not ours to guess.
    """
    told = (text or "").strip()
    if _ISO.fullmatch(told):
        return told if _possible(told) else None
    moment = _moment(told)
    if moment is None:
        return None
    if ":" not in told and "T" not in told[8:]:  # "20260501": a day
        return moment.strftime("%Y-%m-%d")
    return _in_utc(moment)


def _in_utc(moment: datetime) -> str | None:
    if moment.tzinfo is None:
        return moment.strftime("%Y-%m-%dT%H:%M:%S")
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)  # the form of e-mail and RSS
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _possible(text: str) -> bool:
    try:
        datetime.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True
