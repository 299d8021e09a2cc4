"""The loopback site that fetching is measured on: pages on many host names, and what hostile servers do."""

from __future__ import annotations

import gzip
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

HOSTS = 50
BODY = b"<!doctype html><title>Rain</title>" + b"<p>Rain is expected in the south of the country.</p>\n" * 400
BOMB = 400_000_000


class Forgetful(list[Any]):
    """A record that stays empty: the site's own memory is not measured."""

    def append(self, _: object) -> None:
        """Forget it."""


def serve(port: Any, counts: Any, stop: Any) -> None:
    """The site's process: pages on every host, and the hostile paths."""
    from tests.site import Handler, Page, Site

    site = Site()
    page = Page(body=gzip.compress(BODY, mtime=0), headers={"Content-Encoding": "gzip"})
    running: dict[str, int] = {}

    def polite(handler: Handler) -> None:
        host = handler.headers["Host"]
        running[host] = running.get(host, 0) + 1
        counts[0] = max(counts[0], running[host])
        counts[1] += 1
        handler.answer(page)
        running[host] -= 1

    hostile = hostile_routes()
    site.fallback = lambda _host, path: hostile.get(path) or (Page(status=404) if path == "/robots.txt" else polite)
    site.requests = Forgetful()
    port.value = site.port
    stop.wait()


def hostile_routes() -> dict[str, Any]:
    import pyarrow as pa

    from tests.site import Handler, Page

    zeros = bytes(BOMB)
    packed = {"gzip": gzip.compress(zeros, 6), "zstd": pa.compress(zeros, "zstd", asbytes=True)}
    packed["br"] = pa.compress(zeros, "brotli", asbytes=True)
    del zeros

    def drip(start: bytes, piece: bytes) -> Callable[[Handler], None]:
        def route(handler: Handler) -> None:
            handler.wfile.write(start)
            while True:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(1)

        return route

    def endless(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 65536)

    ok = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    bombs = {f"/bomb-{name}": Page(body=data, headers={"Content-Encoding": name}) for name, data in packed.items()}
    return {
        **bombs,
        "/slow-body": drip(ok + b"Content-Length: 100000\r\n\r\n", b"x"),
        "/slow-header": drip(b"HTTP/1.1 200 OK\r\n", b"X"),
        "/endless": endless,
        "/loop": Page(status=302, headers={"Location": "/loop"}),
        "/to-metadata": Page(status=302, headers={"Location": "http://metadata.test/latest"}),
    }


@contextmanager
def site() -> Iterator[tuple[int, Any]]:
    """The site's port, and its counts: most requests of one host at a time, requests in all."""
    context = multiprocessing.get_context("spawn")
    port, counts, stop = context.Value("i", 0), context.Array("i", 2), context.Event()
    process = context.Process(target=serve, args=(port, counts, stop), daemon=True)
    process.start()
    while not port.value:
        time.sleep(0.05)
    try:
        yield port.value, counts
    finally:
        stop.set()
        process.terminate()
        process.join()


def every_name_is_the_loopback() -> None:
    """For the peers, who ask the system."""
    real = socket.getaddrinfo

    def patched(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".test") else host, port, *rest, **options)

    socket.getaddrinfo = patched


def addresses(port: int, count: int) -> list[str]:
    return [f"http://news{number % HOSTS}.test:{port}/story/{number}" for number in range(count)]
