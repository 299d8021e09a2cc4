"""Text with URLs in, the same text without credentials and tokens out (pure)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*@")
_PARAMETER = re.compile(r"([?&;#])([^=&;#?\s]{1,80})=([^&;#\s]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Secrets:
    names: frozenset[str]
    doubtful: frozenset[str]
    harmless: re.Pattern[str]


def redacted(text: str) -> str:
    """Without the user and password of any URL in ``text``, and without parameters that are secrets."""
    if "://" not in text:
        return text
    plain = _USERINFO.sub("", text)
    return _tidy(_PARAMETER.sub(_drop_secret, plain)) if _PARAMETER.search(plain) else plain


def secrets_of(url: str) -> tuple[str, ...]:
    """The parameters that `redacted` takes out of a URL, as written, sorted; for comparing in memory only."""
    return tuple(sorted(_secret_parameters(url.partition("#")[0])))


def is_secret(name: str, value: str) -> bool:
    """Whether a query parameter is one that a token stands in (``ingest/secrets.toml``)."""
    known, plain = _secrets(), name.lower().replace("-", "_")
    return plain in known.names or (plain in known.doubtful and not known.harmless.fullmatch(unquote(value)))


def _drop_secret(match: re.Match[str]) -> str:
    if is_secret(match[2], match[3]):
        return f"{match[1]}\0"
    return f"{match[1]}{match[2]}={_PARAMETER.sub(_drop_secret, match[3])}"  # a value may be an address too


def _secret_parameters(text: str) -> Iterator[str]:
    for match in _PARAMETER.finditer(text):
        if is_secret(match[2], match[3]):
            yield match[0][1:]
        else:
            yield from _secret_parameters(match[3])


def _tidy(text: str) -> str:
    """Close the gaps that dropped parameters (marked NUL) leave behind."""
    closed = re.sub(r"([?#])\0(?:[&;]\0)*[&;]?|[&;]\0", lambda match: match[1] or "", text)
    return re.sub(r"[?#](?=[#\s]|$)", "", closed) if "\0" in text else text


@cache
def _secrets() -> _Secrets:
    data = tomllib.loads(files("ingest").joinpath("secrets.toml").read_text(encoding="utf-8"))
    return _Secrets(
        names=frozenset(data["names"]),
        doubtful=frozenset(data["doubtful"]["names"]),
        harmless=re.compile(data["doubtful"]["harmless"], re.DOTALL),
    )
