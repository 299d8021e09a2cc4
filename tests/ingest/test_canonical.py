"""Canonical URLs: spelling and dress are undone, identity is kept, and doing it twice changes nothing."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.addresses import allowed, why_refused
from ingest.canonical import canonical, is_wall, same_dress, same_site, stated, target_of, weigh
from ingest.errors import InputError
from ingest.redact import is_secret, redacted
from ingest.urls import join, parse

RULES = tomllib.loads(files("ingest").joinpath("canonical.toml").read_text(encoding="utf-8"))
SECRETS = tomllib.loads(files("ingest").joinpath("secrets.toml").read_text(encoding="utf-8"))
ROWS = [*RULES["parameters"], *RULES["caches"], *RULES["paths"]]

words = st.text(st.sampled_from("abmz0-_.~%=&;+ü서/?#!:@"), max_size=12)
parts = st.sampled_from(
    ["amp", "index.html", "a.amp.html", "..", ".", "", "utm_source=x", "id=7", "token=s", "a=1", "c/s/news.example/b"]
)
urls = st.builds(
    lambda scheme, host, path, query, fragment: f"{scheme}://{host}/{'/'.join(path)}?{'&'.join(query)}#{fragment}",
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(
        ["news.example", "M.news.example:80", "뉴스.example", "x.cdn.ampproject.org", "u:p@news.example"]
    ),
    st.lists(words | parts, max_size=5),
    st.lists(words | parts, max_size=5),
    words,
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["why"]))
def test_each_rule_does_what_its_examples_say(row: dict[str, list[list[str]]]) -> None:
    assert row["matches"]
    for before, after in row["matches"]:
        assert canonical(before) == after
    for kept in row["keeps"]:
        assert canonical(kept) == kept  # type: ignore[arg-type,comparison-overlap]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("HTTPS://News.Example:443/A/", "https://news.example/A"),
        ("http://news.example", "http://news.example/"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/#!/a", "https://news.example/#!/a"),
        ("https://뉴스.example/기사?말=1", "https://xn--vg1b002a.example/%EA%B8%B0%EC%82%AC?%EB%A7%90=1"),
        ("https://news.example/%7eanna/%3f", "https://news.example/~anna/%3F"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("https://news.example/a?b=2&a=1&&", "https://news.example/a?a=1&b=2"),
        ("https://reader:s3cret@news.example/a?token=abc&id=1", "https://news.example/a?id=1"),
        (" https://news.example/a\n", "https://news.example/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://[2001:DB8:0::1]/a", "https://[2001:db8::1]/a"),
    ],
)
def test_spelling_is_made_one(before: str, after: str) -> None:
    assert canonical(before) == after


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a?id=1", "https://news.example/a?id=2"),
        ("https://news.example/a", "https://news.example/A"),
        ("https://news.example/a", "https://m.news.example/a"),
        ("https://news.example/a//b", "https://news.example/a/b"),
        ("https://news.example/index.php?id=1", "https://news.example/?id=2"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(urls)
@example("http://news.example/&?token=s&0")
def test_canonical_twice_is_canonical_once(text: str) -> None:
    try:
        once = canonical(text)
    except InputError:
        return
    assert canonical(once) == once
    assert str(parse(once)) == once
    assert once.isascii()


@given(st.text(max_size=60) | urls)
def test_parsing_gives_one_spelling_or_our_error(text: str) -> None:
    try:
        url = parse(text)
    except InputError:
        return
    assert str(parse(str(url))) == str(url)


@given(urls, words)
def test_what_a_page_links_to_parses_to_itself(base: str, reference: str) -> None:
    try:
        url = join(parse(base), reference)
    except InputError:
        return
    assert parse(str(url)) == url or url.authorization is not None


@pytest.mark.parametrize("example", SECRETS["example"], ids=lambda example: str(example["before"]))
def test_credentials_and_tokens_are_cut(example: dict[str, str]) -> None:
    assert redacted(example["before"]) == example["after"]


NESTED = (
    "to=https%3A%2F%2Fu%3Ahush%40b.example%2F%3Ftoken%3Dhush%26x%3D1",
    "to=%252Fa%253Ftoken%253Dhush",
    "to=https://u:hush@b.example/a?jwt=hush",
)


@given(
    st.lists(
        st.sampled_from(["a=1", "token=hush", "b", "Api-Key=hush", "sid=hush-0123456789ab", "c=%20", *NESTED]),
        max_size=6,
    ),
    words,
)
def test_no_secret_survives_and_redacting_twice_changes_nothing(query: list[str], fragment: str) -> None:
    text = f"https://u:hush@news.example/a?{'&'.join(query)}#{fragment}"
    once = redacted(text)
    assert "hush" not in once
    assert redacted(once) == once


@pytest.mark.parametrize("part", ["?a=", "?sid=", "a=%3F", "%25", "://", "://u:", "@"])
def test_no_address_however_long_or_deep_makes_us_stumble(part: str) -> None:
    redacted("https://news.example/?" + part * 5_000)


@pytest.mark.parametrize("password", ["hu@sh", "hush/x", "hush#x", "hush?x"])
def test_a_password_with_signs_that_should_be_escaped_is_shown_nowhere(password: str) -> None:
    text = f"https://reader:{password}@news.example/a"
    assert redacted(text) == "https://news.example/a"
    try:
        told = repr(parse(text))
    except InputError as error:
        told = repr((error.locator, str(error)))
    assert password[:2] not in told


def test_a_secret_is_known_by_its_whole_name() -> None:
    assert is_secret("API-Key", "1")
    assert not is_secret("design_token_name", "1")


@given(st.integers(0, 10**19 - 1), st.integers(0, 10**19 - 1), st.sampled_from(["sid", "session", "Session-ID"]))
def test_pages_that_a_site_numbers_under_a_doubtful_name_stay_apart(one: int, other: int, name: str) -> None:
    first, second = (canonical(f"https://news.example/view?{name}={number}") for number in (one, other))
    assert (first == second) is (one == other)


# Evidence


def test_variants_of_a_host_are_one_site() -> None:
    for one, other in RULES["variants"]["examples"]:
        assert same_dress(parse(one), parse(other))
    for one, other in RULES["variants"]["differ"]:
        assert not same_dress(parse(one), parse(other))
    assert same_site(parse("https://sport.news.example/"), parse("https://news.example/"))
    assert not same_site(parse("https://a.example/"), parse("https://b.example/"))


def test_walls_are_known_by_their_examples() -> None:
    assert all(is_wall(parse(url)) for url in RULES["walls"]["examples"])
    assert not any(is_wall(parse(url)) for url in RULES["walls"]["keeps"])


PAGE = "https://m.news.example/story/5?utm_source=feed"


@pytest.mark.parametrize(
    ("declared", "og_url", "url", "evidence"),
    [
        (None, None, "https://m.news.example/story/5", ("address",)),
        ("https://www.news.example/story/5", None, "https://www.news.example/story/5", ("rel=canonical",)),
        (
            "/story/5/rain",
            "/story/5/rain?fbclid=1",
            "https://m.news.example/story/5/rain",
            ("rel=canonical", "og:url"),
        ),
        ("https://www.news.example/", "/story/5/rain", "https://m.news.example/story/5/rain", ("og:url",)),
        ("https://agency.example/story/5", None, "https://m.news.example/story/5", ("address",)),
        ("https://news.example/login", None, "https://m.news.example/story/5", ("address",)),
        ("http://[broken", "", "https://m.news.example/story/5", ("address",)),
    ],
)
def test_a_declared_url_counts_where_it_can_be_true(
    declared: str | None, og_url: str | None, url: str, evidence: tuple[str, ...]
) -> None:
    weighed = weigh(PAGE, declared, og_url)
    assert (weighed.url, weighed.evidence) == (url, evidence)


def test_a_declared_url_without_the_query_that_names_the_page_is_not_believed() -> None:
    weighed = weigh("https://news.example/view.php?id=5", "https://news.example/view.php")
    assert weighed.url == "https://news.example/view.php?id=5"


@given(urls, st.none() | words | urls, st.none() | words | urls)
def test_weighing_its_own_result_changes_nothing(page: str, declared: str | None, og_url: str | None) -> None:
    try:
        weighed = weigh(page, declared, og_url)
    except InputError:
        return
    assert canonical(weighed.url) == weighed.url


@pytest.mark.parametrize(
    ("target", "declared", "og_url", "url"),
    [
        (PAGE, None, None, None),
        (PAGE, "https://agency.example/story/5", None, None),
        (PAGE, "https://www.news.example/story/5?utm_medium=x", None, "https://www.news.example/story/5"),
        (None, "https://u:hush@news.example/a?token=hush&fbclid=1", None, "https://news.example/a"),
        (None, "/a", "https://news.example/a", "https://news.example/a"),
        (None, "https://news.example/", "https://news.example/login", None),
        ("urn:story:5", "https://news.example/a", None, "https://news.example/a"),
    ],
)
def test_what_a_page_states_of_itself_is_weighed_where_there_is_an_address(
    target: str | None, declared: str | None, og_url: str | None, url: str | None
) -> None:
    assert stated(target, declared, og_url) == url


def test_a_redirect_names_the_page_unless_it_leads_to_no_article() -> None:
    asked = "https://short.example/x1?utm_source=a"
    assert target_of(asked, "https://news.example/story/5?utm_source=a") == "https://news.example/story/5"
    assert target_of(asked, "https://news.example/") == "https://short.example/x1"
    assert target_of(asked, "https://news.example/login?next=/story/5") == "https://short.example/x1"


# Addresses


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1", "a loopback address"),
        ("127.8.8.8", "a loopback address"),
        ("::1", "a loopback address"),
        ("0.0.0.0", "a private address"),
        ("10.1.2.3", "a private address"),
        ("172.16.0.1", "a private address"),
        ("192.168.0.1", "a private address"),
        ("100.64.0.1", "a private address"),
        ("169.254.169.254", "a link-local or metadata address"),
        ("168.63.129.16", "a cloud metadata address"),
        ("224.0.0.1", "a multicast address"),
        ("255.255.255.255", "a private address"),
        ("fe80::1%eth0", "a link-local address"),
        ("fd00:ec2::254", "a cloud metadata address"),
        ("fc00::1", "a private address"),
        ("ff02::1", "a multicast address"),
        ("::ffff:127.0.0.1", "a loopback address"),
        ("::ffff:10.0.0.1", "a private address"),
        ("::127.0.0.1", "a private address"),
        ("64:ff9b::7f00:1", "a loopback address"),
        ("64:ff9b::a9fe:a9fe", "a link-local or metadata address"),
        ("2002:7f00:1::", "a loopback address"),
        ("2001:db8::1", "a private address"),
        ("nonsense", "not an IP address"),
    ],
)
def test_addresses_that_are_not_the_public_internets_are_refused(address: str, why: str) -> None:
    assert why_refused(address) == why


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are_not(address: str) -> None:
    assert why_refused(address) is None


def test_a_host_is_allowed_by_name_with_or_without_its_port() -> None:
    assert allowed("127.0.0.1", 8080, ("127.0.0.1:8080",))
    assert allowed("news.test", 80, ("News.test",))
    assert allowed("::1", 80, ("[::1]:80",))
    assert not allowed("127.0.0.1", 8081, ("127.0.0.1:8080",))
    assert not allowed("evil-news.test", 80, ("news.test",))
