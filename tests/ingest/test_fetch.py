"""Fetching, on a real loopback site: what a page gives, when it is asked for again, and polite turns."""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.article import Fetched, Validators
from ingest.errors import PostponedError
from ingest.fetcher import PoliteFetcher, Timing
from tests.ingest.fetching import BODY, NONE, QUICK, refused, settings
from tests.site import Handler, Page, Site, resolve


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


def test_what_was_fetched_is_a_value(site: Site, fetcher: PoliteFetcher) -> None:
    page = fetcher.fetch(site.add("/a", BODY), NONE)
    assert isinstance(page, Fetched)
    with pytest.raises(AttributeError):
        page.payload = b""  # type: ignore[misc]


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
