"""Fetching, on a real loopback site: polite, patient, conditional, and hard to hurt."""

from __future__ import annotations

import gzip
import itertools
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.article import Fetched, Validators
from ingest.errors import FetchError, PostponedError
from ingest.fetch import ClientSettings, Limits
from ingest.fetcher import FetchSettings, PoliteFetcher, Timing
from ingest.politeness import Politeness
from ingest.retries import RetrySettings
from tests.site import Handler, Page, Site, certificate, resolve, running

NONE = Validators()
BODY = b"<p>Rain is expected in the south.</p>"
QUICK = FetchSettings(
    limits=Limits(deadline_s=5, connect_s=2, max_bytes=100_000, max_decompressed_bytes=1_000_000),
    politeness=Politeness(delay_s=0),
    retries=RetrySettings(attempts=3, backoff_s=0.01, max_wait_s=2),
)


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as made:
        yield made


def settings(site: Site, *hosts: str, **changes: object) -> FetchSettings:
    made = replace(QUICK, client=ClientSettings(allow_hosts=site.allow(*hosts)))
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def fetcher(site: Site) -> Iterator[PoliteFetcher]:
    with PoliteFetcher(settings(site, "news.test", "other.test"), resolve=resolve) as made:
        yield made


def refused(fetcher: PoliteFetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url, NONE)
    assert "\n" not in str(caught.value)
    return caught.value


# What a page gives


def test_a_page_comes_with_its_type_and_validators(site: Site, fetcher: PoliteFetcher) -> None:
    url = site.add("/a", Page(body=BODY, media_type="Text/HTML; Charset=EUC-KR", etag='"1"'))
    page = fetcher.fetch(url, NONE)
    assert (page.payload, page.media_type, page.charset, page.url, page.hops) == (
        BODY,
        "text/html",
        "euc-kr",
        url,
        (),
    )
    assert page.validators.etag == '"1"'


def test_the_user_agent_names_us_and_the_contact(site: Site) -> None:
    url = site.add("/a", BODY)
    with PoliteFetcher(settings(site, contact="desk@news.example"), resolve=resolve) as fetcher:
        fetcher.fetch(url, NONE)
    assert {request.headers["User-Agent"] for request in site.requests} == {"newsgloss/0.1.0 (+desk@news.example)"}


def test_a_connection_is_used_again(site: Site, fetcher: PoliteFetcher) -> None:
    peers: list[object] = []

    def route(handler: Handler) -> None:
        peers.append(handler.client_address)
        handler.answer(Page(body=BODY))

    for path in ("/a", "/b", "/c"):
        fetcher.fetch(site.add(path, route), NONE)
    assert len(set(peers)) == 1


def test_a_connection_that_the_server_closed_is_opened_anew(site: Site, fetcher: PoliteFetcher) -> None:
    def route(handler: Handler) -> None:
        handler.answer(Page(body=BODY))
        handler.close_connection = True  # without telling the client

    url = site.add("/a", route)
    for _ in range(3):
        assert fetcher.fetch(url, NONE).payload == BODY


# Conditional


def test_an_unchanged_page_costs_a_304(site: Site, fetcher: PoliteFetcher) -> None:
    url = site.add("/a", Page(body=BODY, etag='"1"'))
    first = fetcher.fetch(url, NONE)
    second = fetcher.fetch(url, first.validators)
    assert (second.modified, second.payload) == (False, b"")
    assert second.validators == first.validators
    assert site.requests[-1].headers["If-None-Match"] == '"1"'


def test_the_same_bytes_without_validators_are_not_modified(site: Site, fetcher: PoliteFetcher) -> None:
    url = site.add("/a", BODY)
    assert not fetcher.fetch(url, fetcher.fetch(url, NONE).validators).modified
    site.add("/a", b"<p>New.</p>")
    assert fetcher.fetch(url, Validators(payload_digest="sha256:0")).modified


def test_a_page_that_says_it_is_fresh_is_not_asked_for(site: Site) -> None:
    now = [datetime(2026, 5, 1, tzinfo=UTC)]
    with PoliteFetcher(settings(site), resolve=resolve, timing=Timing(now=lambda: now[0])) as fetcher:
        url = site.add("/a", Page(body=BODY, headers={"Cache-Control": "public, max-age=60"}))
        validators = fetcher.fetch(url, NONE).validators
        assert validators.fresh_until == "2026-05-01T00:01:00Z"
        assert not fetcher.fetch(url, validators).modified
        assert site.paths() == ["/a"]
        now[0] = now[0].replace(minute=2)
        fetcher.fetch(url, validators)
        assert site.paths() == ["/a", "/a"]


@pytest.mark.parametrize("etag", ['"a\x7fb"', '"' + "x" * 600 + '"', "é"])
def test_a_header_not_fit_to_be_sent_back_is_not_kept(site: Site, fetcher: PoliteFetcher, etag: str) -> None:
    url = site.add("/a", Page(body=BODY, headers={"ETag": etag}))
    assert fetcher.fetch(url, NONE).validators.etag is None


# Statuses and tries


@pytest.mark.parametrize(
    ("status", "is_refused", "transient"), [(404, True, False), (410, True, False), (403, False, False)]
)
def test_a_page_that_is_not_there_is_not_asked_for_again(
    site: Site, fetcher: PoliteFetcher, status: int, is_refused: bool, transient: bool
) -> None:
    error = refused(fetcher, site.add("/a", Page(status=status)))
    assert (error.refused, error.transient) == (is_refused, transient)
    assert error.reason.startswith(f"HTTP {status}: ")
    assert site.paths() == ["/a"]


def test_a_moody_server_is_tried_again(site: Site, fetcher: PoliteFetcher) -> None:
    moods = [Page(status=500), Page(status=503), Page(body=BODY)]
    url = site.add("/a", lambda handler: handler.answer(moods.pop(0)))
    assert fetcher.fetch(url, NONE).payload == BODY


def test_tries_end(site: Site, fetcher: PoliteFetcher) -> None:
    error = refused(fetcher, site.add("/a", Page(status=500)))
    assert error.reason == "HTTP 500: the server's error (3 tries)"
    assert error.transient
    assert len(site.paths()) == 3


def test_a_server_that_asks_to_wait_gets_what_it_asks_for(site: Site) -> None:
    waits: list[float] = []
    moods = [Page(status=429, headers={"Retry-After": "1"}), Page(body=BODY)]
    url = site.add("/a", lambda handler: handler.answer(moods.pop(0)))
    with PoliteFetcher(settings(site), resolve=resolve, timing=Timing(sleep=waits.append)) as fetcher:
        assert fetcher.fetch(url, NONE).payload == BODY
    assert waits == [1.0]
    first, second = [request for request in site.requests if request.path == "/a"]
    assert second.started - first.ended >= 0.9


def test_a_server_that_asks_for_an_hour_is_left_for_later(site: Site, fetcher: PoliteFetcher) -> None:
    error = refused(fetcher, site.add("/a", Page(status=503, headers={"Retry-After": "3600"})))
    assert "asks to wait 3600 s" in error.reason
    assert error.transient
    assert len(site.paths()) == 1


def test_a_host_that_is_down_is_not_asked_again_and_others_are(site: Site) -> None:
    site.fallback = lambda host, _: Page(status=500) if host == "news.test" else Page(body=BODY)
    site.add("/robots.txt", Page(status=404))
    polite = replace(QUICK.politeness, breaker_failures=4)
    with PoliteFetcher(settings(site, "news.test", "other.test", politeness=polite), resolve=resolve) as fetcher:
        for number in range(5):
            refused(fetcher, site.url(f"/{number}"))
        assert len(site.paths()) == 4
        assert "failed 4 times in a row" in refused(fetcher, site.url("/9")).reason
        assert fetcher.fetch(site.url("/a", "other.test"), NONE).payload == BODY


def test_a_body_cut_short_is_a_failure_not_a_page(site: Site, fetcher: PoliteFetcher) -> None:
    def route(handler: Handler) -> None:
        handler.answer(Page(body=b"half", headers={"Content-Length": "4000"}))
        handler.close_connection = True

    assert "the connection broke" in refused(fetcher, site.add("/a", route)).reason


# robots.txt and turns


def test_robots_rules_are_obeyed_and_asked_for_once(site: Site, fetcher: PoliteFetcher) -> None:
    site.add("/robots.txt", Page(body=b"User-agent: newsgloss\nDisallow: /private", media_type="text/plain"))
    site.add("/a", BODY)
    fetcher.fetch(site.url("/a"), NONE)
    error = refused(fetcher, site.url("/private/b"))
    assert error.refused
    assert error.reason == "the robots.txt of news.test disallows it"
    assert [request.path for request in site.requests] == ["/robots.txt", "/a"]


def test_a_robots_file_that_cannot_be_read_allows_nothing_for_now(site: Site, fetcher: PoliteFetcher) -> None:
    site.add("/robots.txt", Page(status=503))
    error = refused(fetcher, site.add("/a", BODY))
    assert error.transient
    assert error.reason.startswith("robots.txt cannot be read: HTTP 503")
    assert site.paths() == []


def test_the_robots_rules_of_a_redirects_target_count(site: Site, fetcher: PoliteFetcher) -> None:
    site.add("/robots.txt", Page(body=b"User-agent: *\nDisallow: /"), "other.test")
    target = site.add("/b", BODY, "other.test")
    url = site.add("/a", Page(status=302, headers={"Location": target}))
    assert refused(fetcher, url).reason == "the robots.txt of other.test disallows it"


def test_crawl_delay_and_concurrency_are_kept_per_host_by_many_threads(site: Site) -> None:
    hosts = [f"news{number}.test" for number in range(4)]
    running_now: dict[str, int] = dict.fromkeys(hosts, 0)
    worst: list[int] = []

    def page(handler: Handler) -> None:
        host = handler.headers["Host"].partition(":")[0]
        running_now[host] += 1
        worst.append(running_now[host])
        time.sleep(0.02)
        running_now[host] -= 1
        handler.answer(Page(body=BODY))

    site.fallback = lambda _host, path: (
        Page(body=b"User-agent: *\nCrawl-delay: 0.1") if path == "/robots.txt" else page
    )
    with PoliteFetcher(settings(site, *hosts), resolve=resolve) as fetcher:
        threads = [
            threading.Thread(target=fetcher.fetch, args=(site.url(f"/{number}", host), NONE))
            for number in range(4)
            for host in hosts
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert max(worst) == 1
    spans = []
    for host in hosts:
        starts = sorted(r.started for r in site.requests if r.host == host and r.path != "/robots.txt")
        assert len(starts) == 4
        assert min(after - before for before, after in itertools.pairwise(starts)) >= 0.1
        spans.append((starts[0], starts[-1]))
    assert max(first for first, _ in spans) < min(last for _, last in spans)  # hosts wait beside each other


def test_a_host_that_wants_an_hour_between_requests_is_left_for_later(site: Site, fetcher: PoliteFetcher) -> None:
    site.add("/robots.txt", Page(body=b"User-agent: *\nCrawl-delay: 3600"))
    fetcher.fetch(site.add("/a", BODY), NONE)
    error = refused(fetcher, site.add("/b", BODY))
    assert isinstance(error, PostponedError)
    assert error.transient
    assert "asks for 3600 s before the next request (later runs go on; [fetch] max_delay_s = 3600 waits" in error.told


# Redirects


def test_redirects_are_followed_and_told(site: Site, fetcher: PoliteFetcher) -> None:
    last = site.add("/c", BODY, "other.test")
    middle = site.add("/b", Page(status=301, headers={"Location": last}))
    first = site.add("/a", Page(status=302, headers={"Location": "b"}))
    page = fetcher.fetch(first, NONE)
    assert (page.url, page.hops, page.payload) == (last, (first, middle), BODY)


def test_a_redirect_loop_ends(site: Site, fetcher: PoliteFetcher) -> None:
    url = site.add("/a", Page(status=302, headers={"Location": "/a"}))
    assert refused(fetcher, url).reason == "more than 5 redirects"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://news.test/", "http://[broken", "javascript:0"])
def test_a_redirect_to_no_web_page_is_refused(site: Site, fetcher: PoliteFetcher, location: str) -> None:
    error = refused(fetcher, site.add("/a", Page(status=302, headers={"Location": location})))
    assert error.refused
    assert error.reason.startswith("redirects to no usable URL")


def test_a_redirect_to_a_private_address_is_refused(site: Site, fetcher: PoliteFetcher) -> None:
    for target in (f"http://127.0.0.1:{site.port}/secret", "http://169.254.169.254/latest", "http://[::1]:1/"):
        host = target.split("/")[2]
        answers = {"127.0.0.1": ["127.0.0.1"], "169.254.169.254": ["169.254.169.254"], "::1": ["::1"]}

        def answer(name: str, port: int, answers: dict[str, list[str]] = answers) -> Sequence[str]:
            return answers.get(name) or resolve(name, port)

        with PoliteFetcher(settings(site), resolve=answer) as made:
            error = refused(made, site.add("/a", Page(status=302, headers={"Location": target})))
        assert error.refused, host
        assert error.reason.startswith("refused: ")
    assert "/secret" not in site.paths()


def test_credentials_go_to_their_own_origin_and_into_no_text(site: Site, fetcher: PoliteFetcher) -> None:
    target = site.add("/b", BODY, "other.test")
    site.add("/a", Page(status=302, headers={"Location": target}))
    page = fetcher.fetch(f"http://reader:s3cret@news.test:{site.port}/a", NONE)
    sent = {(r.host, r.path): r.headers.get("Authorization") for r in site.requests}
    assert sent["news.test", "/a"] == "Basic cmVhZGVyOnMzY3JldA=="
    assert sent["other.test", "/b"] is None
    assert sent["other.test", "/robots.txt"] is None
    assert "s3cret" not in repr(page)
    error = refused(fetcher, f"http://reader:s3cret@news.test:{site.port}/missing?token=abc123")
    assert "s3cret" not in f"{error} {error!r} {error.locator}"
    assert "abc123" not in f"{error} {error!r} {error.locator}"


def test_cookies_are_never_sent_back(site: Site, fetcher: PoliteFetcher) -> None:
    url = site.add("/a", Page(body=BODY, headers={"Set-Cookie": "id=1"}))
    fetcher.fetch(url, NONE)
    fetcher.fetch(url, NONE)
    assert all("Cookie" not in request.headers for request in site.requests)


# Addresses


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1"]
)
def test_a_name_that_resolves_to_a_private_address_is_refused(site: Site, address: str) -> None:
    with PoliteFetcher(QUICK, resolve=lambda _host, _port: [address]) as fetcher:
        error = refused(fetcher, "http://innocent.example/")
    assert error.refused
    assert error.reason.startswith("refused: innocent.example is ")
    assert "--allow-host innocent.example" in str(error)


def test_a_name_that_changes_its_address_between_question_and_connection_gains_nothing(site: Site) -> None:
    """DNS rebinding: the address that was checked is the address that is connected to."""
    answers = iter([["203.0.113.1"], ["127.0.0.1"], ["127.0.0.1"]])
    asked: list[list[str]] = []

    def rebinding(_host: str, _port: int) -> list[str]:
        asked.append(next(answers))
        return asked[-1]

    with PoliteFetcher(QUICK, resolve=rebinding) as fetcher:
        error = refused(fetcher, f"http://rebind.example:{site.port}/a")
    assert error.reason.startswith("refused: ")
    assert site.requests == []


def test_a_public_address_among_private_ones_is_the_only_one_tried(site: Site) -> None:
    allowed = replace(
        QUICK, limits=replace(QUICK.limits, connect_s=0.2, deadline_s=1), retries=RetrySettings(attempts=1)
    )
    with PoliteFetcher(allowed, resolve=lambda _h, _p: ["127.0.0.1", "::1"]) as fetcher:
        assert refused(fetcher, f"http://mixed.example:{site.port}/").refused
    assert site.requests == []


def test_an_allowed_host_allows_no_other_port(site: Site) -> None:
    with (
        running() as other,
        PoliteFetcher(settings(site), resolve=resolve) as fetcher,
    ):
        assert refused(fetcher, other.add("/a", BODY)).refused
        assert other.requests == []


@pytest.mark.parametrize("url", ["ftp://news.test/a", "file:///etc/passwd", "news.test/a", "http://" + "a" * 5000])
def test_what_is_no_web_address_is_refused(fetcher: PoliteFetcher, url: str) -> None:
    assert refused(fetcher, url).refused


def test_the_environments_proxy_is_ignored(
    site: Site, fetcher: PoliteFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetcher.fetch(site.add("/a", BODY), NONE).payload == BODY


def test_a_configured_proxy_is_used_after_the_name_was_checked(site: Site) -> None:
    site.fallback = lambda _host, path: Page(status=404) if path.endswith("robots.txt") else Page(body=BODY)
    made = replace(QUICK, client=ClientSettings(proxy=f"http://127.0.0.1:{site.port}"))

    def answers(host: str, _port: int) -> list[str]:
        return {"news.example": ["192.0.43.8"], "inside.example": ["10.0.0.1"]}.get(host, ["127.0.0.1"])

    with PoliteFetcher(made, resolve=answers) as fetcher:
        assert fetcher.fetch("http://news.example/a", NONE).payload == BODY
        assert refused(fetcher, "http://inside.example/a").refused
    assert [request.path for request in site.requests] == ["http://news.example/robots.txt", "http://news.example/a"]


def test_offline_nothing_is_asked_for(site: Site) -> None:
    asked: list[str] = []

    def answers(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with PoliteFetcher(settings(site, offline=True), resolve=answers) as fetcher:
        error = refused(fetcher, site.add("/a", BODY))
    assert (error.reason, error.transient) == ("offline: nothing is fetched", True)
    assert (asked, site.requests) == ([], [])


# Sizes and time


def chunked(handler: Handler, chunks: Iterator[bytes], encoding: str = "identity") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Encoding", encoding)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for chunk in chunks:
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
    handler.wfile.write(b"0\r\n\r\n")


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


def test_an_endless_body_ends_at_the_limit(site: Site, fetcher: PoliteFetcher) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 10_000

    assert refused(fetcher, site.add("/a", lambda handler: chunked(handler, endless()))).refused


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


# TLS


def test_a_certificate_we_trust_is_accepted_and_any_other_is_not(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "news.test")
    with running(context) as site:
        site.add("/a", BODY)
        client = ClientSettings(allow_hosts=site.allow("news.test", "wrong.test"), ca_file=authority)
        with PoliteFetcher(replace(QUICK, client=client), resolve=resolve) as fetcher:
            assert fetcher.fetch(site.url("/a"), NONE).payload == BODY
            assert "certificate is not valid" in refused(fetcher, site.url("/a", "wrong.test")).reason
        with PoliteFetcher(replace(QUICK, client=replace(client, ca_file=None)), resolve=resolve) as fetcher:
            assert "certificate is not valid" in refused(fetcher, site.url("/a")).reason


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


def test_a_redirect_from_https_to_http_is_refused(tmp_path: Path, site: Site) -> None:
    context, authority = certificate(tmp_path, "news.test")
    with running(context) as secure:
        client = ClientSettings(allow_hosts=(*secure.allow(), *site.allow()), ca_file=authority)
        url = secure.add("/a", Page(status=301, headers={"Location": site.add("/a", BODY)}))
        with PoliteFetcher(replace(QUICK, client=client), resolve=resolve) as fetcher:
            assert "redirects from https to http" in refused(fetcher, url).reason
    assert site.requests == []


def test_what_was_fetched_is_a_value(site: Site, fetcher: PoliteFetcher) -> None:
    page = fetcher.fetch(site.add("/a", BODY), NONE)
    assert isinstance(page, Fetched)
    with pytest.raises(AttributeError):
        page.payload = b""  # type: ignore[misc]
