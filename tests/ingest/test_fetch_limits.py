"""Fetching, hard to hurt, on a real loopback site: sizes, compression, deadlines and broken answers."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import FetchError
from ingest.fetch import ClientSettings, Limits
from ingest.fetcher import PoliteFetcher
from ingest.politeness import Politeness
from ingest.retries import RetrySettings
from tests.ingest.fetching import BODY, NONE, QUICK, drip, forever, refused, settings
from tests.site import Handler, Page, Site, certificate, resolve, running


def compressed(name: str, data: bytes) -> bytes:
    if name == "gzip":
        return gzip.compress(data, mtime=0)
    if name == "deflate":
        return zlib.compress(data)
    if name == "bare deflate":
        return zlib.compress(data)[2:-4]
    import pyarrow as pa

    return pa.compress(data, codec={"br": "brotli", "zstd": "zstd"}[name], asbytes=True)  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["gzip", "deflate", "bare deflate", "br", "zstd"])
def test_every_compression_is_unpacked(site: Site, fetcher: PoliteFetcher, name: str) -> None:
    text = b"<p>" + b"Rain. " * 20_000 + b"</p>"
    headers = {"Content-Encoding": name.removeprefix("bare ")}
    url = site.add("/a", Page(body=compressed(name, text), headers=headers))
    assert fetcher.fetch(url, NONE).payload == text


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_ends_at_the_limit(site: Site, fetcher: PoliteFetcher, name: str) -> None:
    bomb = compressed(name, bytes(50_000_000))
    error = refused(fetcher, site.add("/a", Page(body=bomb, headers={"Content-Encoding": name})))
    assert error.refused
    assert error.reason.startswith("larger than the limit")


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
def test_a_bomb_is_known_by_its_ratio_long_before_the_limit(site: Site, name: str) -> None:
    made = settings(site, limits=Limits(deadline_s=20))
    url = site.add("/a", Page(body=compressed(name, bytes(50_000_000)), headers={"Content-Encoding": name}))
    with PoliteFetcher(made, resolve=resolve) as fetcher:
        assert refused(fetcher, url).reason.startswith("larger than the limit")


def test_a_long_page_that_repeats_itself_is_no_bomb(site: Site) -> None:
    text = b"".join(b"<p>Rain in place %d.</p>" % number for number in range(300_000))
    with PoliteFetcher(settings(site, limits=Limits(deadline_s=20)), resolve=resolve) as fetcher:
        url = site.add("/a", Page(body=compressed("gzip", text), headers={"Content-Encoding": "gzip"}))
        assert fetcher.fetch(url, NONE).payload == text


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"no gzip"),
        ("gzip", gzip.compress(b"Rain." * 1000, mtime=0)[:20]),
        ("br", b"\xff" * 9),
        ("zstd", b"x" * 9),
    ],
)
def test_damaged_compression_is_a_failure(site: Site, fetcher: PoliteFetcher, encoding: str, body: bytes) -> None:
    error = refused(fetcher, site.add("/a", Page(body=body, headers={"Content-Encoding": encoding})))
    assert "compress" in error.reason


@pytest.mark.parametrize("encoding", ["gzip, gzip", "rot13"])
def test_an_odd_compression_is_a_failure(site: Site, fetcher: PoliteFetcher, encoding: str) -> None:
    error = refused(fetcher, site.add("/a", Page(body=BODY, headers={"Content-Encoding": encoding})))
    assert "compress" in error.reason


def test_a_body_over_the_limit_is_refused_from_its_declared_length(site: Site, fetcher: PoliteFetcher) -> None:
    error = refused(fetcher, site.add("/a", Page(body=b"x", headers={"Content-Length": "99999999999999999999"})))
    assert error.refused


def chunked(handler: Handler, chunks: Iterator[bytes], encoding: str = "identity") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Encoding", encoding)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for chunk in chunks:
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    handler.wfile.write(b"0\r\n\r\n")


def test_an_endless_body_ends_at_the_limit(site: Site, fetcher: PoliteFetcher) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 10_000

    assert refused(fetcher, site.add("/a", lambda handler: chunked(handler, endless()))).refused


@pytest.mark.parametrize(
    "pieces",
    [
        forever(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x"),
        forever(b"HTTP/1.1 200 OK\r\n", b"X"),
        forever(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["body", "one header", "many headers", "continue", "chunks"],
)
def test_a_slow_server_does_not_hold_us_past_the_deadline(site: Site, pieces: Callable[[], Iterator[bytes]]) -> None:
    made = settings(site, limits=replace(QUICK.limits, deadline_s=0.5), retries=RetrySettings(attempts=1))
    site.add("/robots.txt", Page(status=404))
    with PoliteFetcher(made, resolve=resolve) as fetcher:
        error = refused(fetcher, site.add("/a", drip(pieces)))
    assert error.reason.startswith("no complete answer within 0.5 s")
    assert error.transient


def test_a_server_that_never_answers_the_name_or_the_handshake_does_not_hold_us(site: Site) -> None:
    made = settings(site, limits=replace(QUICK.limits, deadline_s=0.3), retries=RetrySettings(attempts=1))
    answer = threading.Event()

    def never(_host: str, _port: int) -> list[str]:
        answer.wait(5)
        return ["127.0.0.1"]

    with PoliteFetcher(made, resolve=never) as fetcher:
        assert "within 0.3 s" in refused(fetcher, site.url("/a")).reason
    answer.set()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        allow = ClientSettings(allow_hosts=("tls.test",))
        with PoliteFetcher(replace(made, client=allow), resolve=resolve) as fetcher:
            assert "within 0.3 s" in refused(fetcher, f"https://tls.test:{silent.getsockname()[1]}/").reason


@pytest.mark.parametrize("what", ["body", "turn", "rest"])
def test_closing_ends_what_is_under_way(site: Site, what: str) -> None:
    site.add("/robots.txt", Page(status=404))
    site.add("/body", drip(forever(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x")))
    site.add("/turn", BODY)
    site.add("/rest", Page(status=503, headers={"Retry-After": "59"}))
    made = settings(
        site,
        limits=Limits(deadline_s=300),
        politeness=Politeness(delay_s=100 if what == "turn" else 0),
        retries=RetrySettings(attempts=3),
    )
    fetcher = PoliteFetcher(made, resolve=resolve)
    failures: list[FetchError] = []

    def fetch() -> None:
        try:
            fetcher.fetch(site.url(f"/{what}"), NONE)
        except FetchError as error:
            failures.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    while f"/{'robots.txt' if what == 'turn' else what}" not in [request.path for request in site.requests]:
        time.sleep(0.01)
    time.sleep(0.2)
    fetcher.close()
    thread.join(30)
    assert not thread.is_alive()
    assert len(failures) == 1


def test_headers_without_end_are_refused(site: Site, fetcher: PoliteFetcher) -> None:
    def many(handler: Handler) -> None:
        handler.send_response(200)
        for number in range(200):
            handler.send_header(f"X-{number}", "a")
        handler.end_headers()

    def long(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("X-Long", "a" * 100_000)
        handler.end_headers()

    for path, route in (("/many", many), ("/long", long)):
        assert refused(fetcher, site.add(path, route)).reason == "its headers are longer than the limit"


def test_what_speaks_no_http_is_one_line(site: Site, fetcher: PoliteFetcher) -> None:
    def reset(handler: Handler) -> None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
        handler.connection.close()

    def junk(handler: Handler) -> None:
        handler.wfile.write(b"\x00\x01 junk \xff\r\n\r\n")
        handler.close_connection = True

    for host, route in (("news.test", reset), ("other.test", junk)):
        assert refused(fetcher, site.add("/a", route, host)).reason.startswith("the connection broke")


def test_a_slow_body_over_tls_keeps_the_deadline(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "news.test")
    slow = forever(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x")
    with running(context) as site:
        site.add("/robots.txt", Page(status=404))
        made = replace(
            QUICK,
            client=ClientSettings(allow_hosts=site.allow(), ca_file=authority),
            limits=replace(QUICK.limits, deadline_s=0.6),
            retries=RetrySettings(attempts=1),
        )
        with PoliteFetcher(made, resolve=resolve) as fetcher:
            assert "within 0.6 s" in refused(fetcher, site.add("/a", drip(slow))).reason
