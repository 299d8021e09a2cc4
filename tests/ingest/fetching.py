"""What the tests of fetching share: quick settings, refusals, and answers that never end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ingest.article import Validators
from ingest.errors import FetchError
from ingest.fetch import ClientSettings, Limits
from ingest.fetcher import FetchSettings, PoliteFetcher
from ingest.politeness import Politeness
from ingest.retries import RetrySettings
from tests.site import Handler, Site

NONE = Validators()
BODY = b"<p>Rain is expected in the south.</p>"
QUICK = FetchSettings(
    limits=Limits(deadline_s=5, connect_s=2, max_bytes=100_000, max_decompressed_bytes=1_000_000),
    politeness=Politeness(delay_s=0),
    retries=RetrySettings(attempts=3, backoff_s=0.01, max_wait_s=2),
)


def settings(site: Site, *hosts: str, **changes: object) -> FetchSettings:
    made = replace(QUICK, client=ClientSettings(allow_hosts=site.allow(*hosts)))
    return replace(made, **changes)  # type: ignore[arg-type]


def refused(fetcher: PoliteFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url, NONE)
    assert "\n" not in str(caught.value)
    return caught.value


def drip(pieces: Callable[[], Iterator[bytes]]) -> Callable[[Handler], None]:
    """One piece each tenth of a second, for ever."""

    def route(handler: Handler) -> None:
        handler.close_connection = True
        for piece in pieces():
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.1)

    return route


def forever(start: bytes, then: bytes) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        yield start
        for _ in range(100):
            yield then

    return pieces
