"""The fetcher's client in, the `Download` that model installs take out: streamed, resumed, redirects checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ingest.errors import FetchError
from ingest.fetch import Client, Limits
from ingest.fetcher import MOVED, address, redirected
from ingest.redact import redacted
from ingest.urls import Url
from translate.download import Part

ATTEMPT = Limits(deadline_s=60.0)
"""One connection's time; a large file takes several, each going on where the last one stopped."""

REDIRECTS = 5
CHUNK = 1 << 16

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class WebDownload:
    """Reads files over HTTP. Like all fetching: public addresses only, verified TLS, never from https to http."""

    def __init__(self, client: Client, limits: Limits = ATTEMPT) -> None:
        self._client = client
        self._limits = limits

    @contextmanager
    def open(self, url: str, start: int) -> Iterator[Part]:
        """Ask for ``url`` from byte ``start`` on.

        Raises:
            FetchError: no answer, a refused address, a status that is no file; also while chunks are read.
        """
        place = address(url)
        for _ in range(REDIRECTS + 1):
            headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={start}-"} if start else {})}
            with self._client.stream(place, headers, self._limits) as (response, _connection):
                if response.status == 416 and start:  # nothing from there on: what we have is of another file
                    start = 0
                elif response.status in MOVED and "location" in response.headers:
                    place = redirected(place, response.headers["location"])
                elif response.status in {200, 206}:
                    begins, total = _extent(response.status, response.headers)
                    yield Part(start=begins, total=total, chunks=response.stream(CHUNK, decode_content=False))
                    return
                else:
                    raise _refusal(place, response.status)
        raise FetchError(redacted(url), f"more than {REDIRECTS} redirects", refused=True)


def _extent(status: int, headers: Mapping[str, str]) -> tuple[int, int | None]:
    """Where the bytes begin, and how many the whole file has."""
    match = _RANGE.match(headers.get("content-range", ""))
    if status == 206 and match:
        return int(match[1]), int(match[2])
    length = headers.get("content-length", "")
    return 0, int(length) if length.isdigit() else None


def _refusal(url: Url, status: int) -> FetchError:
    transient = status == 429 or status >= 500
    reason = "no such file" if status in {404, 410} else f"the server answered with status {status}"
    return FetchError(redacted(str(url)), reason, transient=transient, refused=not transient)
