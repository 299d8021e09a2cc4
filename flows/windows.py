"""A span of days in, its windows out, and for each date the window it falls into (pure).

Windows follow the calendar of a time zone: days, weeks from Monday, months. Only the first and the last are cut by
the span, so that a longer span has the same windows inside.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from ingest.errors import UsageError


class Size(StrEnum):
    """How long a window is."""

    DAY = "1d"
    WEEK = "1w"
    MONTH = "1m"


class Outside(StrEnum):
    """Why an input belongs to no window."""

    BEFORE = "before"
    AFTER = "after"
    UNDATED = "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """[begin, end): both aware, in UTC. ``name`` is the first day, in the time zone of the plan."""

    name: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The windows of a span, in order and without gaps; dates without a zone are meant in ``zone``."""

    windows: tuple[Window, ...]
    zone: tzinfo


def plan(first: date, end: date, *, size: Size, zone: tzinfo) -> Plan:
    """The windows of [first, end).

    Raises:
        UsageError: there is no day in it.
    """
    if first >= end:
        raise UsageError(f"--from {first} --to {end}: no day lies between", hint="--to is the first day left out")
    starts = [first]
    while (following := _next(starts[-1], size)) < end:
        starts.append(following)
    ends = [*starts[1:], end]
    windows = [
        Window(name=begin.isoformat(), begin=_midnight(begin, zone), end=_midnight(close, zone))
        for begin, close in zip(starts, ends, strict=True)
    ]
    # Samoa had no 30 December 2011: a day may have no moment.
    return Plan(windows=tuple(window for window in windows if window.begin < window.end), zone=zone)


def place(stated: str | None, plan: Plan) -> Window | Outside:
    """The one window a date falls into.

    A date may be as vague as ``2024`` or ``2024-03``: it counts where all that it may mean lies in one window or
    outside of the span, and is undated where that cannot be told.
    """
    meant = span(stated, plan.zone) if stated else None
    if meant is None:
        return Outside.UNDATED
    earliest, latest = meant
    if latest < plan.windows[0].begin:
        return Outside.BEFORE
    if earliest >= plan.windows[-1].end:
        return Outside.AFTER
    found = bisect_right(plan.windows, earliest, key=lambda window: window.begin) - 1
    if found < 0 or latest >= plan.windows[found].end:
        return Outside.UNDATED
    return plan.windows[found]


def span(stated: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The first and last moment that a date (ISO 8601, as precise as its source) may mean; None if it is no date.

    A date without a time is a whole day of ``zone``; a time without an offset is a time of ``zone``.
    """
    try:
        if vague := re.fullmatch(r"(\d{4})(?:-(\d{2}))?", stated):
            year, month = int(vague[1]), vague[2] and int(vague[2])
            first = date(year, month or 1, 1)
            after = _next(first, Size.MONTH) if month else date(year + 1, 1, 1)
            return _midnight(first, zone), _midnight(after, zone) - _TICK
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", stated):
            day = date.fromisoformat(stated)
            return _midnight(day, zone), _midnight(day + _DAY, zone) - _TICK
        moment = datetime.fromisoformat(stated)
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        return aware.astimezone(UTC), aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


def _next(day: date, size: Size) -> date:
    match size:
        case Size.DAY:
            return day + _DAY
        case Size.WEEK:
            return day + timedelta(days=7 - day.weekday())
        case Size.MONTH:
            return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
