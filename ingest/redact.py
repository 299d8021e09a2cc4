"""Text with URLs in, the same text without credentials and tokens out (pure)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_USERINFO = re.compile(r"(?<=://)[^/?#\s@]*@")
_PARAMETER = re.compile(r"([?&;#])([^=&;#\s]{1,80})=([^&;#\s]*)")


def redacted(text: str) -> str:
    """Without the user and password of any URL in ``text``, and without parameters named like secrets."""
    if "://" not in text:
        return text
    plain = _USERINFO.sub("", text)
    return _tidy(_PARAMETER.sub(_drop_secret, plain)) if _PARAMETER.search(plain) else plain


def is_secret(name: str) -> bool:
    """Whether a query parameter's name is one that tokens stand under (``ingest/secrets.toml``)."""
    return name.lower().replace("-", "_") in _names()


def _drop_secret(match: re.Match[str]) -> str:
    return f"{match[1]}\0" if is_secret(match[2]) else match[0]


def _tidy(text: str) -> str:
    """Close the gaps that dropped parameters (marked NUL) leave behind."""
    closed = re.sub(r"([?#])\0(?:[&;]\0)*[&;]?|[&;]\0", lambda match: match[1] or "", text)
    return re.sub(r"[?#](?=[#\s]|$)", "", closed) if "\0" in text else text


@cache
def _names() -> frozenset[str]:
    data = tomllib.loads(files("ingest").joinpath("secrets.toml").read_text(encoding="utf-8"))
    return frozenset(data["names"])
