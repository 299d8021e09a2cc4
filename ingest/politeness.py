"""Requests to hosts in, turns out: gaps between requests to one host, few at a time, none to a host that is down."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How hosts are treated.

    Attributes:
        delay_s: seconds between two requests to one host; a longer Crawl-delay of the host wins.
        max_per_host: requests to one host at a time.
        max_delay_s: the longest turn to wait for; a host that asks for more is left for later runs …
        one_delay_s: … after one wait of up to so long in a run: its listing alone would take the only turn there is.
        breaker_failures: after so many failures in a row a host counts as down …
        breaker_s: … for so long; then one request finds out.
        remembered_hosts: hosts whose state is kept, the least recently used forgotten first: memory stays flat.
    """

    delay_s: float = 1.0
    max_per_host: int = 1
    max_delay_s: float = 120.0
    one_delay_s: float = 600.0
    breaker_failures: int = 5
    breaker_s: float = 300.0
    remembered_hosts: int = 10_000


@dataclass(slots=True)
class _Host:
    """What is known of one host; times on the limiter's clock."""

    running: int = 0
    waiting: int = 0
    next_start: float = 0.0
    gap_s: float = 0.0
    failures: int = 0
    closed_until: float = 0.0
    waited_long: bool = False


class NoTurnError(Exception):
    """The host gives no turn in this run; says why. ``hint`` is what the user can do, where it is the host's wish."""

    def __init__(self, reason: str, *, hint: str | None = None) -> None:
        super().__init__(reason)
        self.hint = hint


class Hosts:
    """Gives turns per host. Used by many threads at once.

    ``clock`` gives seconds (monotonic).
    """

    def __init__(self, settings: Politeness, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._changed = threading.Condition()
        self._stopped = False

    def ask_gap(self, place: str, gap_s: float | None) -> None:
        """Note the host's own wish for a gap (Crawl-delay)."""
        with self._changed:
            self._host(place).gap_s = gap_s or 0.0

    def pause(self, place: str, seconds: float) -> None:
        """Start nothing with this host for so long (Retry-After)."""
        with self._changed:
            host = self._host(place)
            host.next_start = max(host.next_start, self._clock() + seconds)

    def stop(self) -> None:
        """Give no more turns, and wake whoever waits for one."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def rest(self, seconds: float) -> None:
        """Sleep for so long, or until `stop`."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped, seconds)

    def ready_in(self, place: str) -> float | None:
        """Seconds until the host would give a turn; None while as many as allowed are running."""
        with self._changed:
            host = self._host(place)
            if host.running >= self._settings.max_per_host:
                return None
            return max(0.0, host.next_start - self._clock())

    @contextmanager
    def turn(self, place: str) -> Iterator[None]:
        """Wait for a turn, and hold it while the block runs.

        Raises:
            NoTurnError: the host is down, or asks for a longer wait than one run has.
        """
        self._begin(place)
        try:
            yield
        finally:
            with self._changed:
                host = self._host(place)
                host.running -= 1
                # Counted from the end as well: however long an answer took, the host sees the whole gap.
                host.next_start = max(host.next_start, self._clock() + self._gap(host))
                self._changed.notify_all()

    def report(self, place: str, *, answered: bool) -> None:
        """Note whether the host answered (any answer but a server error), for its circuit breaker."""
        with self._changed:
            host = self._host(place)
            if answered:
                host.failures, host.closed_until = 0, 0.0
                return
            host.failures += 1
            if host.failures >= self._settings.breaker_failures:
                host.closed_until = self._clock() + self._settings.breaker_s

    def _begin(self, place: str) -> None:
        with self._changed:
            host = self._host(place)
            host.waiting += 1
            try:
                while True:
                    if self._stopped:
                        raise NoTurnError("fetching was stopped")
                    now = self._clock()
                    self._require_up(host, now)
                    wait = max(0.0, host.next_start - now)
                    if host.running < self._settings.max_per_host and wait == 0:
                        break
                    self._require_soon(host, wait)
                    self._changed.wait(wait or None)
                host.running += 1
                host.next_start = self._clock() + self._gap(host)
                if host.closed_until:  # the one request that finds out
                    host.closed_until = self._clock() + self._settings.breaker_s
            finally:
                host.waiting -= 1

    def _gap(self, host: _Host) -> float:
        return max(self._settings.delay_s, host.gap_s)

    def _require_up(self, host: _Host, now: float) -> None:
        if host.closed_until > now:
            wait = host.closed_until - now
            raise NoTurnError(f"the host failed {host.failures} times in a row; not asked again for {wait:.0f} s")

    def _require_soon(self, host: _Host, wait: float) -> None:
        if wait <= self._settings.max_delay_s:
            return
        if not host.waited_long and wait <= min(host.gap_s, self._settings.one_delay_s):
            host.waited_long = True
        else:
            raise NoTurnError(
                f"the host asks for {wait:.0f} s before the next request",
                hint=f"later runs go on; [fetch] max_delay_s = {wait:.0f} waits for it",
            )

    def _host(self, place: str) -> _Host:
        host = self._hosts.get(place)
        if host is None:
            host = self._hosts[place] = _Host()
            self._forget(newest=place)
        self._hosts.move_to_end(place)
        return host

    def _forget(self, *, newest: str) -> None:
        """Drop the host unused for longest, if nothing of it still matters."""
        if len(self._hosts) <= self._settings.remembered_hosts:
            return
        now = self._clock()
        for place, host in self._hosts.items():
            idle = not host.running and not host.waiting
            if idle and host.next_start <= now and host.closed_until <= now and place != newest:
                del self._hosts[place]
                return
