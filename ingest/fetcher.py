"""A URL in, what it gave out: politely (robots.txt, turns per host), patiently (tries, redirects), conditionally."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

import ingest
from ingest.article import Fetched, Validators, digest
from ingest.errors import FetchError, InputError, PostponedError
from ingest.fetch import Client, ClientSettings, Limits, Reply
from ingest.politeness import Hosts, NoTurnError, Politeness
from ingest.redact import redacted
from ingest.retries import RETRIED_STATUS, RetrySettings, http_date, retry_after, wait_before
from ingest.robots import AGENT, MAX_ROBOTS_BYTES, Robots
from ingest.shown import shown
from ingest.sockets import Resolver
from ingest.urls import Url, join, parse

MOVED = frozenset({301, 302, 303, 307, 308})
"""The statuses of a redirect."""

GONE = frozenset({404, 410})
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/feed+json;q=0.9,*/*;q=0.5"
MAX_FRESH = timedelta(hours=24)
"""The longest that a server's word (max-age, Expires) spares it our question."""

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?\s*([^\s;\"',]+)")

_WORDS = {
    401: "the site wants a login",
    402: "the site wants payment",
    403: "the site refuses",
    404: "no such page",
    410: "the page is gone",
    429: "the site says we ask too often",
    451: "withheld for legal reasons",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """All that steers fetching.

    ``contact`` (a URL or e-mail address) goes into the User-Agent; ``offline`` refuses every request.
    """

    contact: str | None = None
    limits: Limits = field(default_factory=Limits)
    client: ClientSettings = field(default_factory=ClientSettings)
    politeness: Politeness = field(default_factory=Politeness)
    retries: RetrySettings = field(default_factory=RetrySettings)
    max_redirects: int = 5
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The clocks and the dice, as arguments; without a ``sleep`` of its own, rests end when fetching is stopped."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    jitter: Callable[[], float] = random.random


class PoliteFetcher:
    """The `Fetcher` of newsgloss. Used by many threads at once; close it after use."""

    def __init__(
        self, settings: FetchSettings | None = None, *, resolve: Resolver | None = None, timing: Timing | None = None
    ) -> None:
        self._settings = settings or FetchSettings()
        self._timing = timing or Timing()
        self.hosts = Hosts(self._settings.politeness, self._timing.monotonic)
        self._client = Client(self._settings.client, resolve)
        self._robots = Robots(self._get_robots, self._timing.monotonic)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; requests under way end as failures, and those that wait for a turn get none."""
        self.hosts.stop()
        self._client.close()

    def fetch(self, url: str, validators: Validators) -> Fetched:
        """Retrieve ``url``; with validators, conditionally. Credentials in it go to its own origin only.

        Raises:
            FetchError: it could not be, may not be, or is not there; ``refused`` where trying again cannot help.
        """
        start = address(url)
        if self._settings.offline:
            raise FetchError(redacted(str(start)), "offline: nothing is fetched", transient=True)
        if _still_fresh(validators, self._timing.now()):
            return _unmodified(start, validators, ())
        headers = {"Accept": ACCEPT, **_conditions(validators)}
        reply, hops = self._follow(start, headers, self._settings.limits, obey=True)
        if reply.status == 304:
            return _unmodified(reply.url, _validators(reply, validators, self._timing.now()), hops)
        if reply.status not in {200, 203}:
            raise _status_error(reply)
        media_type, charset = content_type(reply.headers.get("content-type", ""))
        found = replace(_validators(reply, Validators(), self._timing.now()), payload_digest=digest(reply.payload))
        return Fetched(
            url=redacted(str(reply.url)),
            payload=reply.payload,
            media_type=media_type,
            charset=charset,
            validators=found,
            hops=hops,
            modified=found.payload_digest != validators.payload_digest,
        )

    def _follow(
        self, start: Url, headers: Mapping[str, str], limits: Limits, *, obey: bool
    ) -> tuple[Reply, tuple[str, ...]]:
        """The reply at the end of the redirects, and the URLs that led there."""
        url = start
        hops: tuple[str, ...] = ()
        while True:
            secret = (
                {"Authorization": start.authorization} if start.authorization and url.origin == start.origin else {}
            )
            try:
                if obey:
                    self._obey_robots(url)
                reply = self._try(url, {**headers, **secret, "User-Agent": self._agent}, limits)
            except FetchError as error:
                if hops and error.refused:  # where a site sends us is not the user's to allow
                    error.hint = None
                raise
            if reply.status not in MOVED or "location" not in reply.headers:
                return reply, hops
            hops = (*hops, redacted(str(url)))
            if len(hops) > self._settings.max_redirects:
                raise FetchError(
                    redacted(str(start)), f"more than {self._settings.max_redirects} redirects", refused=True
                )
            url = redirected(url, reply.headers["location"])

    def _obey_robots(self, url: Url) -> None:
        rules = self._robots.rules(url)
        if rules.unreachable is not None:
            raise FetchError(redacted(str(url)), f"robots.txt cannot be read: {rules.unreachable}", transient=True)
        if not rules.allows(url):
            raise FetchError(redacted(str(url)), f"the robots.txt of {url.host} disallows it", refused=True)
        self.hosts.ask_gap(url.place, rules.crawl_delay_s)

    def _get_robots(self, url: Url) -> Reply:
        limits = replace(
            self._settings.limits, max_bytes=MAX_ROBOTS_BYTES * 4, max_decompressed_bytes=MAX_ROBOTS_BYTES * 4
        )
        return self._follow(url, {"Accept": "text/plain"}, limits, obey=False)[0]

    def _try(self, url: Url, headers: Mapping[str, str], limits: Limits) -> Reply:
        """One request, with further tries while the host is moody."""
        attempt = 0
        while True:
            attempt += 1
            outcome = self._once(url, headers, limits)
            if isinstance(outcome, Reply) and outcome.status not in RETRIED_STATUS:
                return outcome
            asked = None
            if isinstance(outcome, Reply):
                asked = retry_after(outcome.headers.get("retry-after"), self._timing.now())
                self.hosts.pause(url.place, min(asked or 0.0, 86_400))
            elif not outcome.transient:
                raise outcome
            wait = wait_before(attempt, settings=self._settings.retries, jitter=self._timing.jitter(), asked_s=asked)
            if wait is None:
                raise _gave_up(url, outcome, attempt, asked)
            (self._timing.sleep or self.hosts.rest)(wait)

    def _once(self, url: Url, headers: Mapping[str, str], limits: Limits) -> Reply | FetchError:
        try:
            with self.hosts.turn(url.place):
                reply = self._client.get(url, headers, limits)
        except NoTurnError as error:
            kind = PostponedError if error.hint else FetchError
            raise kind(redacted(str(url)), str(error), transient=True, hint=error.hint) from error
        except FetchError as error:
            if error.transient:
                self.hosts.report(url.place, answered=False)
            return error
        self.hosts.report(url.place, answered=reply.status < 500)
        return reply

    @property
    def _agent(self) -> str:
        contact = self._settings.contact
        return f"{AGENT}/{ingest.__version__}" + (f" (+{contact})" if contact else "")


def content_type(header: str) -> tuple[str, str | None]:
    """Media type and charset of a Content-Type header, in lower case; else ``application/octet-stream``."""
    told = header[:1000].lower()
    media_type = told.partition(";")[0].strip()
    charset = _CHARSET.search(told)
    return media_type if "/" in media_type else "application/octet-stream", charset[1] if charset else None


def address(url: str) -> Url:
    """A URL to fetch.

    Raises:
        FetchError: it is none; refused.
    """
    try:
        return parse(url)
    except InputError as error:
        raise FetchError(error.locator, error.reason, refused=True, hint=error.hint) from error


def redirected(url: Url, location: str) -> Url:
    """Where a redirect leads; credentials in it are the redirecting site's, and not taken along.

    Raises:
        FetchError: to no usable URL, or out of TLS; refused.
    """
    try:
        target = join(url, location)
    except InputError as error:
        raise FetchError(redacted(str(url)), f"redirects to no usable URL: {error.reason}", refused=True) from error
    if url.scheme == "https" and target.scheme == "http":
        raise FetchError(redacted(str(url)), f"redirects from https to http ({target.host})", refused=True)
    return replace(target, authorization=None)


def _conditions(validators: Validators) -> dict[str, str]:
    headers = {}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _validators(reply: Reply, before: Validators, now: datetime) -> Validators:
    return Validators(
        etag=_header(reply, "etag") or before.etag,
        last_modified=_header(reply, "last-modified") or before.last_modified,
        fresh_until=_fresh_until(reply, now),
        payload_digest=before.payload_digest,
    )


def _header(reply: Reply, name: str) -> str | None:
    """A header fit to be sent back: short, one line, ASCII."""
    value = reply.headers.get(name, "").strip()
    return value if value and len(value) <= 512 and value.isascii() and value.isprintable() else None


def _fresh_until(reply: Reply, now: datetime) -> str | None:
    directives = dict(
        part.strip().lower().partition("=")[::2] for part in reply.headers.get("cache-control", "").split(",")
    )
    if directives.keys() & {"no-cache", "no-store"}:
        return None
    age = directives.get("max-age", "").strip('"')
    expires = http_date(reply.headers.get("expires"))
    if age.isascii() and age.isdigit():
        until = now + min(timedelta(seconds=int(age[:9])), MAX_FRESH)
    elif expires is not None:
        until = min(expires, now + MAX_FRESH)
    else:
        return None
    return until.strftime("%Y-%m-%dT%H:%M:%SZ") if until > now else None


def _still_fresh(validators: Validators, now: datetime) -> bool:
    return validators.fresh_until is not None and validators.fresh_until > now.strftime("%Y-%m-%dT%H:%M:%SZ")


def _unmodified(url: Url, validators: Validators, hops: tuple[str, ...]) -> Fetched:
    return Fetched(
        url=redacted(str(url)),
        payload=b"",
        media_type="",
        charset=None,
        validators=validators,
        hops=hops,
        modified=False,
    )


def _status_error(reply: Reply) -> FetchError:
    words = _WORDS.get(reply.status, "the server's error" if reply.status >= 500 else "not what was asked for")
    return FetchError(
        redacted(str(reply.url)),
        f"HTTP {reply.status}: {words}",
        transient=reply.status in RETRIED_STATUS,
        refused=reply.status in GONE,
    )


def _gave_up(url: Url, outcome: Reply | FetchError, attempts: int, asked: float | None) -> FetchError:
    error = _status_error(outcome) if isinstance(outcome, Reply) else outcome
    tries = f"{attempts} tries" if attempts > 1 else "1 try"
    later = f", asks to wait {asked:.0f} s" if asked else ""
    return FetchError(redacted(str(url)), f"{shown(error.reason)} ({tries}{later})", transient=True)
