"""A site's robots.txt in, whether and how often its pages may be fetched out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ingest.errors import FetchError, PostponedError
from ingest.fetch import Reply
from ingest.urls import Url, join

AGENT = "newsgloss"
"""The name that robots.txt files may address."""

MAX_ROBOTS_BYTES = 512_000
"""What is read of a robots.txt; RFC 9309 asks for at least 500 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one site allows; ``parsed`` is None where it has no rules."""

    parsed: Any = None
    unreachable: str | None = None
    expires: float = 0.0

    def allows(self, url: Url) -> bool:
        """Whether this URL may be fetched."""
        return self.parsed is None or bool(self.parsed.can_fetch(str(url), AGENT))

    @property
    def crawl_delay_s(self) -> float | None:
        """Seconds that the site wants between two requests, from Crawl-delay or Request-rate."""
        if self.parsed is None:
            return None
        delay = self.parsed.crawl_delay(AGENT)
        rate = self.parsed.request_rate(AGENT)
        wishes = [float(delay)] if delay else []
        if rate is not None and rate.requests:
            wishes.append(rate.seconds / rate.requests)
        return max(wishes, default=None)


class Robots:
    """Remembers each origin's rules for a day (RFC 9309, 2.4), of ``remembered`` origins at most.

    ``get`` retrieves one robots.txt, following redirects; ``clock`` gives seconds (monotonic).
    """

    def __init__(
        self,
        get: Callable[[Url], Reply],
        clock: Callable[[], float],
        *,
        keep_s: float = 86_400,
        remembered: int = 2_000,
    ) -> None:
        self._get = get
        self._clock = clock
        self._keep_s = keep_s
        self._remembered = remembered
        self._rules: OrderedDict[str, Rules] = OrderedDict()
        self._lock = threading.Lock()
        self._asking = tuple(threading.Lock() for _ in range(64))

    def rules(self, url: Url) -> Rules:
        """The rules of the URL's origin: asked for once, however many threads want them.

        No robots.txt (any 4xx) allows everything; an unreachable one allows nothing for now (RFC 9309, 2.3.1).
        """
        origin = url.origin
        with self._asking[hash(origin) % len(self._asking)]:
            with self._lock:
                known = self._rules.get(origin)
            if known is None or known.expires <= self._clock():
                known = self._ask(url)
            with self._lock:
                self._rules[origin] = known
                self._rules.move_to_end(origin)
                while len(self._rules) > self._remembered:
                    self._rules.popitem(last=False)
            return known

    def _ask(self, url: Url) -> Rules:
        from protego import Protego

        try:
            reply = self._get(join(url, "/robots.txt"))
        except FetchError as error:
            if error.refused or isinstance(error, PostponedError):
                raise
            return Rules(unreachable=error.reason, expires=self._clock() + 60)
        expires = self._clock() + self._keep_s
        if 400 <= reply.status < 500:
            return Rules(expires=expires)
        if reply.status != 200:
            return Rules(unreachable=f"HTTP {reply.status}", expires=self._clock() + 60)
        text = reply.payload[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")
        return Rules(parsed=Protego.parse(text), expires=expires)
