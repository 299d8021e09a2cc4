"""Text with URLs in, the same text without credentials and tokens out (pure)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import quote, unquote

NESTED = 3
"""How often an address may stand escaped in another's parameter to be looked into."""

_USERINFO = re.compile(r"(?<=://)(?:[^/?#\s]*@|[^/?#\s@\[]*:(?!\d{0,5}(?:[/?#\s]|$))\S{0,256}@)")
"""User and password: what stands before the last ``@``, even where they hold a slash that should be escaped."""
_NAME = re.compile(r"[?&;#]([^=&;#?\s]{1,80})=")
_VALUE = re.compile(r"[^&;#\s]*")
_OWN_VALUE = re.compile(r"[^?&;#\s]*")
"""A value up to the parameters of an address that it is itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secrets:
    names: frozenset[str]
    doubtful: frozenset[str]
    harmless: re.Pattern[str]


def redacted(text: str) -> str:
    """Without the user and password of any URL in ``text``, and without parameters that are secrets."""
    if "://" not in text:
        return text
    return _cut(text, NESTED)


def secrets_of(url: str) -> tuple[str, ...]:
    """The parameters that `redacted` takes out of a URL, as written, sorted; for comparing in memory only."""
    return tuple(sorted(_secret_parameters(url.partition("#")[0], NESTED)))


def is_secret(name: str, value: str) -> bool:
    """Whether a query parameter is one that a token stands in (``ingest/secrets.toml``)."""
    known, plain = _secrets(), _plain(name)
    return plain in known.names or (plain in known.doubtful and not known.harmless.fullmatch(unquote(value)))


def _may_be_secret(name: str) -> bool:
    known, plain = _secrets(), _plain(name)
    return plain in known.names or plain in known.doubtful


def _plain(name: str) -> str:
    return unquote(name).lower().replace("-", "_")


def _cut(text: str, depth: int) -> str:
    """Cut secrets, also those of addresses that stand in parameters, escaped up to ``depth`` times or not."""
    plain = _USERINFO.sub("", text)
    parts, at = [], 0
    for begin, end, secret in _parameters(plain):
        parts += [plain[at:begin], "\0" if secret else _cut_value(plain[begin:end], depth)]
        at = end
    return _tidy("".join([*parts, plain[at:]]))


def _cut_value(value: str, depth: int) -> str:
    written = unquote(value)
    if not depth or written == value:
        return value
    clean = _cut_value(_cut(written, depth - 1), depth - 1)
    return value if clean == written else quote(clean, safe="")


def _secret_parameters(text: str, depth: int) -> Iterator[str]:
    for begin, end, secret in _parameters(text):
        if secret:
            yield text[begin:end]
        else:
            yield from _secrets_in(text[begin:end], depth)


def _secrets_in(value: str, depth: int) -> Iterator[str]:
    if depth and (written := unquote(value)) != value:
        yield from _USERINFO.findall(written)
        yield from _secret_parameters(written, depth - 1)
        yield from _secrets_in(written, depth - 1)


def _parameters(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where a secret parameter begins and ends, or the value of another one.

    Read from left to right, not by recursion: an address may stand in a parameter of an address, a thousand deep.
    """
    match = _NAME.search(text)
    while match:
        whole = _end(_VALUE, text, match.end()) if _may_be_secret(match[1]) else match.end()
        if is_secret(match[1], text[match.end() : whole]):
            end = whole
            yield match.start(1), end, True
        else:
            end = _end(_OWN_VALUE, text, match.end())
            yield match.end(), end, False
        match = _NAME.search(text, end)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _tidy(text: str) -> str:
    """Close the gaps that dropped parameters (marked NUL) leave behind."""
    if "\0" not in text:
        return text
    closed = re.sub(r"([?#])\0(?:[&;]\0)*[&;]?|[&;]\0", lambda match: match[1] or "", text)
    return re.sub(r"[?#](?=[#\s]|$)", "", closed)


@cache
def _secrets() -> _Secrets:
    data = tomllib.loads(files("ingest").joinpath("secrets.toml").read_text(encoding="utf-8"))
    return _Secrets(
        names=frozenset(data["names"]),
        doubtful=frozenset(data["doubtful"]["names"]),
        harmless=re.compile(data["doubtful"]["harmless"], re.DOTALL),
    )
