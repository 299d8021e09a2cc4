"""Dates fall into exactly one window, or outside."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.windows import Outside, Plan, Size, Window, place, plan, span
from ingest.errors import UsageError

SEOUL = ZoneInfo("Asia/Seoul")
zones = st.sampled_from(
    ["UTC", "Asia/Seoul", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "America/New_York"]
)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2035, 12, 31))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    first = draw(days)
    length = draw(st.integers(min_value=1, max_value=400))
    size = draw(st.sampled_from(Size))
    return plan(first, first + timedelta(days=length), size=size, zone=ZoneInfo(draw(zones)))


def test_days_of_a_time_zone_begin_at_its_midnight() -> None:
    made = plan(date(2024, 3, 1), date(2024, 3, 3), size=Size.DAY, zone=SEOUL)
    assert [(w.name, w.begin) for w in made.windows] == [
        ("2024-03-01", datetime(2024, 2, 29, 15, tzinfo=UTC)),
        ("2024-03-02", datetime(2024, 3, 1, 15, tzinfo=UTC)),
    ]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    weeks = plan(date(2024, 5, 1), date(2024, 5, 15), size=Size.WEEK, zone=UTC)
    assert [window.name for window in weeks.windows] == ["2024-05-01", "2024-05-06", "2024-05-13"]
    months = plan(date(2024, 1, 31), date(2024, 3, 10), size=Size.MONTH, zone=UTC)
    assert [window.name for window in months.windows] == ["2024-01-31", "2024-02-01", "2024-03-01"]


def test_a_span_without_a_day_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no day lies between"):
        plan(date(2024, 3, 1), date(2024, 3, 1), size=Size.DAY, zone=UTC)


@given(plans())
def test_windows_follow_each_other_without_gap_or_overlap(made: Plan) -> None:
    for earlier, later in zip(made.windows, made.windows[1:], strict=False):
        assert earlier.begin < earlier.end == later.begin
    assert len({window.name for window in made.windows}) == len(made.windows)


@given(first=days, length=st.integers(1, 200), longer=st.integers(0, 90), size=st.sampled_from(Size))
def test_a_longer_span_keeps_the_windows_inside(first: date, length: int, longer: int, size: Size) -> None:
    more = timedelta(days=longer)
    end = first + timedelta(days=length)
    short = plan(first, end, size=size, zone=SEOUL)
    long = plan(first - more, end + more, size=size, zone=SEOUL)
    assert set(short.windows[1:-1]) <= set(long.windows)


@given(made=plans(), moment=st.datetimes(min_value=datetime(1989, 1, 1), max_value=datetime(2037, 1, 1)))  # noqa: DTZ001
def test_a_moment_falls_into_the_window_that_holds_it_and_no_other(made: Plan, moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    holding = [window for window in made.windows if window.begin <= aware < window.end]
    found = place(aware.isoformat(), made)
    if isinstance(found, Window):
        assert holding == [found]
    else:
        assert holding == []
        assert found is (Outside.BEFORE if aware < made.windows[0].begin else Outside.AFTER)


@given(made=plans(), day=days)
def test_a_day_falls_into_a_window_of_days_exactly_where_it_is_within_the_span(made: Plan, day: date) -> None:
    found = place(day.isoformat(), made)
    within = made.windows[0].begin <= datetime.combine(day, datetime.min.time(), made.zone) < made.windows[-1].end
    assert isinstance(found, Window) == within


@given(made=plans(), stated=st.text(max_size=12) | st.from_regex(r"\d{4}(-\d{2}){0,2}", fullmatch=True))
def test_any_text_as_a_date_gets_exactly_one_place(made: Plan, stated: str) -> None:
    assert place(stated, made) in {*made.windows, *Outside}


def test_a_vague_date_counts_only_where_all_that_it_may_mean_lies_together() -> None:
    months = plan(date(2024, 1, 1), date(2024, 7, 1), size=Size.MONTH, zone=UTC)
    assert place("2024-03", months) == months.windows[2]
    assert place("2024", months) is Outside.UNDATED
    assert place("2023", months) is Outside.BEFORE
    assert place("2024-07", months) is Outside.AFTER
    assert place("2024-03", plan(date(2024, 3, 1), date(2024, 4, 1), size=Size.DAY, zone=UTC)) is Outside.UNDATED


def test_what_is_no_date_is_undated() -> None:
    made = plan(date(2024, 1, 1), date(2024, 2, 1), size=Size.DAY, zone=UTC)
    for stated in (None, "", "yesterday", "2024-13", "2024-02-31", "9999-12-31", "9999"):
        assert place(stated, made) in {Outside.UNDATED, Outside.AFTER}
    assert place("2024-02-31", made) is Outside.UNDATED


def test_a_time_without_an_offset_is_a_time_of_the_zone() -> None:
    earliest, latest = span("2024-03-01T08:30:00", SEOUL) or (None, None)
    assert earliest == latest == datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
