"""The parts of fetching by themselves: turns and breakers on a clock by hand, waits between tries, unpacking."""

from __future__ import annotations

import gzip
import itertools
import time
import zlib
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.decoding import DamagedError, TooLargeError, decompressed
from ingest.politeness import Hosts, NoTurnError, Politeness
from ingest.retries import RetrySettings, retry_after, wait_before

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SETTINGS = RetrySettings(attempts=4, backoff_s=1.0, max_wait_s=30.0)


class Clock:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def hosts(clock: Clock, **changes: float) -> Hosts:
    return Hosts(Politeness(**{"delay_s": 10, "breaker_failures": 2, "breaker_s": 60, **changes}), clock)  # type: ignore[arg-type]


def test_a_host_gives_its_next_turn_after_the_gap_and_others_at_once() -> None:
    clock = Clock()
    polite = hosts(clock)
    with polite.turn("a"):
        assert polite.ready_in("a") is None
        assert polite.ready_in("b") == 0
        clock.now = 3
    assert polite.ready_in("a") == 10  # the whole gap, however long the answer took
    clock.now = 13
    assert polite.ready_in("a") == 0


def test_a_hosts_own_longer_gap_wins_and_its_shorter_one_does_not() -> None:
    for own, gap in ((25.0, 25.0), (1.0, 10.0), (None, 10.0)):
        polite = hosts(Clock())
        polite.ask_gap("a", own)
        with polite.turn("a"):
            pass
        assert polite.ready_in("a") == gap


def test_a_host_that_fails_in_a_row_is_left_alone_then_one_request_finds_out() -> None:
    clock = Clock()
    polite = hosts(clock, delay_s=0)
    polite.report("a", answered=False)
    polite.report("a", answered=True)
    for _ in range(2):
        polite.report("a", answered=False)
    with pytest.raises(NoTurnError, match="failed 2 times in a row; not asked again for 60 s"), polite.turn("a"):
        pass
    clock.now = 61
    with polite.turn("a"), pytest.raises(NoTurnError), polite.turn("a"):
        pass
    polite.report("a", answered=True)
    with polite.turn("a"):
        pass


@pytest.mark.parametrize(("wanted", "turns"), [(0.3, 2), (3.0, 1)])
def test_a_host_that_wants_long_gaps_is_waited_for_once_or_not_at_all(wanted: float, turns: int) -> None:
    polite = Hosts(Politeness(delay_s=0, max_delay_s=0.001, one_delay_s=1), time.monotonic)
    polite.ask_gap("a", wanted)
    for _ in range(turns):
        with polite.turn("a"):
            pass
    with pytest.raises(NoTurnError, match="before the next request") as refusal, polite.turn("a"):
        pass
    assert refusal.value.hint


def test_hosts_are_forgotten_but_never_one_that_still_matters() -> None:
    clock = Clock()
    polite = hosts(clock, remembered_hosts=3)
    polite.pause("busy", 10_000)
    with polite.turn("held"):
        for number in range(50):
            clock.now += 11
            with polite.turn(f"host{number}"):
                pass
            clock.now += 11
        assert len(polite._hosts) <= 4
        assert polite.ready_in("held") is None
    assert polite.ready_in("busy") == 10_000 - clock.now


# Waits


@given(st.integers(1, 3), st.floats(0, 1), st.floats(0, 30))
def test_a_wait_never_undercuts_what_was_asked_for(attempt: int, jitter: float, asked: float) -> None:
    wait = wait_before(attempt, settings=SETTINGS, jitter=jitter, asked_s=asked)
    assert wait is not None
    assert asked <= wait <= 30
    assert wait >= 2.0 ** (attempt - 1) / 2


def test_tries_end_and_long_wishes_are_left_for_later() -> None:
    assert wait_before(4, settings=SETTINGS, jitter=0) is None
    assert wait_before(1, settings=SETTINGS, jitter=0, asked_s=31) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 01 May 2026 12:01:00 GMT", 60.0),
        ("Fri, 01 May 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 1e8),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


# Unpacking


def packed(encoding: str, data: bytes) -> bytes:
    match encoding:
        case "gzip":
            return gzip.compress(data)
        case "deflate":
            return zlib.compress(data)
        case "identity":
            return data
    return pa.compress(data, {"br": "brotli", "zstd": "zstd"}[encoding], asbytes=True)  # type: ignore[no-any-return]


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[place : place + size] for place in range(0, len(data), size)]


@given(st.sampled_from(["gzip", "deflate", "br", "zstd", "identity"]), st.binary(max_size=5000), st.integers(1, 700))
def test_what_was_packed_is_unpacked_however_it_is_cut(encoding: str, data: bytes, size: int) -> None:
    assert b"".join(decompressed(pieces(packed(encoding, data), size), encoding, 5000)) == data


@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.binary(max_size=300))
def test_junk_is_damage_or_data_and_nothing_else(encoding: str, data: bytes) -> None:
    try:
        plain = b"".join(decompressed([data], encoding, 10_000))
    except (DamagedError, TooLargeError):
        return
    assert len(plain) <= 10_000


def test_gzip_members_follow_each_other_and_padding_is_none() -> None:
    data = gzip.compress(b"rain ") + gzip.compress(b"snow") + b"\0" * 20
    for size in (1, 7, 1000):
        assert b"".join(decompressed(pieces(data, size), "gzip", 100)) == b"rain snow"


def test_no_more_than_the_limit_is_ever_given() -> None:
    bomb = gzip.compress(bytes(10_000_000))
    given_out: list[int] = []
    with pytest.raises(TooLargeError):
        given_out.extend(map(len, decompressed([bomb], "gzip", 1_000_000)))
    assert 900_000 < sum(given_out) <= 1_000_000


def test_nothing_is_read_beyond_the_limit() -> None:
    taken = itertools.count()
    endless = (bytes([next(taken) % 256]) * 1000 for _ in itertools.repeat(None))
    with pytest.raises(TooLargeError):
        list(decompressed(endless, "identity", 5000))
    assert next(taken) == 6
