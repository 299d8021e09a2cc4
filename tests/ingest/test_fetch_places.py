"""Where fetching goes on a real loopback site: redirects, addresses, proxies, certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.fetch import ClientSettings
from ingest.fetcher import PoliteFetcher
from ingest.retries import RetrySettings
from tests.ingest.fetching import BODY, NONE, QUICK, refused, settings
from tests.site import Page, Site, certificate, resolve, running


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


def test_a_redirect_from_https_to_http_is_refused(tmp_path: Path, site: Site) -> None:
    context, authority = certificate(tmp_path, "news.test")
    with running(context) as secure:
        client = ClientSettings(allow_hosts=(*secure.allow(), *site.allow()), ca_file=authority)
        url = secure.add("/a", Page(status=301, headers={"Location": site.add("/a", BODY)}))
        with PoliteFetcher(replace(QUICK, client=client), resolve=resolve) as fetcher:
            assert "redirects from https to http" in refused(fetcher, url).reason
    assert site.requests == []
