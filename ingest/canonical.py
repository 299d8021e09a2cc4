"""A URL in, the URL that all its tracked, accelerated and oddly spelt variants share out (pure, idempotent).

What is known of parameters, caches and endings is data with its own examples: ingest/canonical.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

from ingest.errors import InputError
from ingest.redact import redacted
from ingest.urls import Url, join, parse

SCRIPT = re.compile(r"\.(?:php|aspx?|jsp|do|cgi|html?|nhn|naver)$|/$", re.IGNORECASE)
"""Paths whose query says which page it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A page's own URL as its evidence says, and what spoke for it."""

    url: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rewrite:
    pattern: re.Pattern[str]
    becomes: str
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    exact: frozenset[str]
    wild: tuple[str, ...]
    caches: tuple[_Rewrite, ...]
    paths: tuple[_Rewrite, ...]
    labels: frozenset[str]
    wall: re.Pattern[str]


def canonical(text: str) -> str:
    """The canonical form of an absolute http(s) URL: what documents are identified by.

    Lower-case punycode host, no default port, no fragment (but ``#!``), no credentials and tokens, no tracking
    parameters, the rest of them sorted; AMP caches and endings undone; no slash at the end. Scheme, ``www.`` and
    mobile hosts stay: that two hosts show the same page is evidence (`weigh`), not spelling.

    Raises:
        InputError: it is no such URL.
    """
    url = parse(redacted(text))
    while True:  # each step shortens the URL or sorts it: this ends
        following = str(_step(url))
        if following == str(url):
            return following
        url = parse(following)


def target_of(requested: str, final: str) -> str:
    """The canonical URL of a page that was asked for as ``requested`` and came from ``final`` after redirects.

    A redirect to a home page, or to a wall (login, consent), shows no article: what was asked for keeps its name.
    """
    asked, came = parse(canonical(requested)), parse(canonical(final))
    home = came.path == "/" and not came.query and asked.path != "/"
    return str(asked) if home or is_wall(came) else str(came)


def weigh(target: str, declared: str | None, og_url: str | None = None) -> Weighed:
    """The page's own URL from what it says of itself: ``rel=canonical`` and ``og:url``, both possibly relative.

    A declared URL counts where it can be true: the same site (mobile, AMP and ``www`` hosts count as one), not the
    home page, and not without the query that tells this page from its neighbours. Two that agree outweigh one; else
    ``rel=canonical`` goes before ``og:url``; with neither it is ``target``.
    """
    own = parse(canonical(target))
    votes = [
        (name, url)
        for name, text in (("rel=canonical", declared), ("og:url", og_url))
        if text and (url := _believable(own, text)) is not None
    ]
    if not votes:
        return Weighed(url=str(own), evidence=("address",))
    best = votes[0][1]
    return Weighed(url=best, evidence=tuple(name for name, url in votes if url == best))


def stated(target: str | None, declared: str | None, og_url: str | None = None) -> str | None:
    """The URL that a page states for itself, as `weigh` finds it; None where it states none that can be true.

    A page without a ``target`` (a saved one) has nothing to weigh its word against: an absolute URL is taken, if it
    is no home page and no wall.
    """
    if target is not None:
        try:
            weighed = weigh(target, declared, og_url)
        except InputError:  # a target that is no web address
            return stated(None, declared, og_url)
        return None if weighed.evidence == ("address",) else weighed.url
    return next((url for text in (declared, og_url) if text and (url := _by_itself(text)) is not None), None)


def is_wall(url: Url) -> bool:
    """Whether a URL looks like a login, consent or payment page."""
    return bool(_rules().wall.search(f"{url.host}{url.path}"))


def same_site(one: Url, other: Url) -> bool:
    """Whether two hosts are dresses of one site (``m.``, ``amp.``, ``www.``), or one is a part of the other."""
    first, second = _bare_host(one.host), _bare_host(other.host)
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def same_dress(one: Url, other: Url) -> bool:
    """Whether two hosts differ in nothing but such a label."""
    return _bare_host(one.host) == _bare_host(other.host)


def _step(url: Url) -> Url:
    rules = _rules()
    text = str(url)
    for rule in rules.caches:
        if match := rule.pattern.match(text):
            return _reparsed(match.expand(rule.becomes), url)
    path = url.path.rstrip("/") or "/"
    for rule in rules.paths:
        if not (rule.bare and url.query):
            path = rule.pattern.sub(rule.becomes, path) or "/"
    return replace(
        url,
        path=path.rstrip("/") or "/",
        query=_kept_parameters(url.query),
        fragment=url.fragment if url.fragment.startswith("!") else "",
        authorization=None,
    )


def _reparsed(text: str, otherwise: Url) -> Url:
    try:
        return parse(redacted(text))
    except InputError:
        return replace(otherwise, query="", fragment="")


def _kept_parameters(query: str) -> str:
    kept = [part for part in query.split("&") if part and not _tracks(part)]
    return "&".join(sorted(kept))


def _tracks(part: str) -> bool:
    name, _, value = part.lower().partition("=")
    rules = _rules()
    if name in rules.exact or f"{name}={value}" in rules.exact:
        return True
    return any(fnmatchcase(name, pattern) for pattern in rules.wild)


def _believable(own: Url, text: str) -> str | None:
    try:
        declared = parse(canonical(str(join(own, text))))
    except InputError:
        return None
    if not same_site(own, declared) or is_wall(declared):
        return None
    if declared.path == "/" and not declared.query and (own.path != "/" or own.query):
        return None
    if own.query and not declared.query and declared.path == own.path and SCRIPT.search(own.path):
        return None
    return str(declared)


def _by_itself(text: str) -> str | None:
    try:
        url = parse(canonical(text))
    except InputError:
        return None
    return None if is_wall(url) or (url.path == "/" and not url.query) else str(url)


def _bare_host(host: str) -> str:
    """A host without its dress: ``en.m.news.example`` -> ``en.news.example``."""
    labels = host.split(".")
    kept = [label for place, label in enumerate(labels) if place >= len(labels) - 2 or label not in _rules().labels]
    return ".".join(kept)


@cache
def _rules() -> _Rules:
    data = tomllib.loads(files("ingest").joinpath("canonical.toml").read_text(encoding="utf-8"))
    names = [name.lower() for group in data["parameters"] for name in group["names"]]
    return _Rules(
        exact=frozenset(name for name in names if "*" not in name),
        wild=tuple(name for name in names if "*" in name),
        caches=_rewrites(data["caches"]),
        paths=_rewrites(data["paths"]),
        labels=frozenset(data["variants"]["labels"]),
        wall=re.compile(data["walls"]["pattern"]),
    )


def _rewrites(rows: Iterable[dict[str, object]]) -> tuple[_Rewrite, ...]:
    return tuple(
        _Rewrite(pattern=re.compile(str(row["pattern"])), becomes=str(row["becomes"]), bare=bool(row.get("bare")))
        for row in rows
    )
