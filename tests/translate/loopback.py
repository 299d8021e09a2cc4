"""A server of models on this machine, which can also cut off, stall, corrupt and swell what it serves."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from ingest.errors import FetchError
from translate.download import Part


@dataclass
class Shelf:
    """What a server serves, and its moods by path."""

    files: dict[str, bytes] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)  # bytes after which each connection is closed
    moved: dict[str, str] = field(default_factory=dict)
    stalls: set[str] = field(default_factory=set)
    ranges: bool = True
    asked: list[tuple[str, int]] = field(default_factory=list)
    url: str = ""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server waits for its answers

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


@contextmanager
def serving() -> Iterator[Shelf]:
    shelf = Shelf()
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            start = int((re.findall(r"bytes=(\d+)-", self.headers.get("Range", "")) or ["0"])[0])
            shelf.asked.append((self.path, start))
            body = shelf.files.get(self.path)
            if self.path in shelf.moved:
                self.send_response(302)
                self.send_header("Location", shelf.moved[self.path])
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif body is None:
                self.send_error(404)
            else:
                self.answer(body, start if shelf.ranges else 0)

        def answer(self, body: bytes, start: int) -> None:
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            end = start + shelf.cut[self.path] if self.path in shelf.cut else len(body)
            self.wfile.write(body[start:end])
            if self.path in shelf.stalls:
                release.wait(30)
            if end < len(body):
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    shelf.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield shelf
    finally:
        release.set()
        server.shutdown()
        thread.join()
        server.server_close()


class PlainDownload:
    """A `Download` over http.client: no politeness, no redirects, only for these tests."""

    def __init__(self, timeout: float = 5.0) -> None:
        self._timeout = timeout

    @contextmanager
    def open(self, url: str, start: int) -> Iterator[Part]:
        split = urlsplit(url)
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=self._timeout)
        try:
            connection.request("GET", split.path, headers={"Range": f"bytes={start}-"} if start else {})
            with connection.getresponse() as response:
                if response.status not in {200, 206}:
                    raise FetchError(url, f"status {response.status}", transient=response.status >= 500)
                begins = start if response.status == 206 else 0
                length = response.headers.get("Content-Length")
                yield Part(start=begins, total=begins + int(length) if length else None, chunks=_chunks(response))
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(url, f"{type(error).__name__}: {error}", transient=True) from error
        finally:
            connection.close()


def _chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while chunk := response.read1(10_000):
        yield chunk
