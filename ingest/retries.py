"""How often it was tried, and what the server asked for, in; how long to wait before the next try out (pure)."""

from __future__ import annotations

import email.utils
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySettings:
    """Tries of one request: ``attempts`` in all, waiting ``backoff_s`` doubled each time, at most ``max_wait_s``.

    A server that asks (Retry-After) for more than ``max_wait_s`` is asked again in a later run.
    """

    attempts: int = 3
    backoff_s: float = 1.0
    max_wait_s: float = 60.0


RETRIED_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


def wait_before(
    attempt: int, *, settings: RetrySettings, jitter: float, asked_s: float | None = None
) -> float | None:
    """Seconds to wait after try number ``attempt`` (from 1) failed; None to give up for this run.

    ``jitter`` is a random number from 0 to 1: the wait is between half and the whole of the backoff, so that many
    clients do not come back at once. What the server asked for is never undercut.
    """
    if attempt >= settings.attempts:
        return None
    backoff = settings.backoff_s * 2.0 ** (attempt - 1) * (0.5 + jitter / 2)
    wait = max(backoff, asked_s or 0.0)
    return None if (asked_s or 0.0) > settings.max_wait_s else min(wait, settings.max_wait_s)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (a number, or a date); None where it says nothing usable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 10**8))
    moment = http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def http_date(text: str | None) -> datetime | None:
    """The moment that an HTTP date names, in UTC; None where it is none."""
    try:
        moment = email.utils.parsedate_to_datetime(text or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
