"""A URL as somebody wrote it in, the same URL in one normal spelling out (pure)."""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit

import idna

from ingest.errors import InputError
from ingest.shown import shown

MAX_URL = 4096
"""Characters of a URL; browsers and servers stop between 2,000 and 8,000."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_EDGE = "".join(map(chr, range(33)))
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PLAIN_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Url:
    """An absolute http(s) URL: host in lower case and punycode, port only where it is not the scheme's own.

    Path and query are percent-encoded ASCII, without dot segments; ``authorization`` is what the URL's user and
    password give as an HTTP header, and is in no text of the URL.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str
    authorization: str | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port: what credentials, robots rules and connections belong to."""
        return f"{self.scheme}://{self.place}"

    @property
    def place(self) -> str:
        """Host and port as an address bar shows them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def connect_port(self) -> int:
        """The port to connect to."""
        return self.port or DEFAULT_PORTS[self.scheme]

    @property
    def target(self) -> str:
        """Path and query: the second word of an HTTP request."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.origin}{self.target}" + (f"#{self.fragment}" if self.fragment else "")

    def __repr__(self) -> str:
        return f"Url({str(self)!r})"  # never the credentials


def parse(text: str) -> Url:
    """The normal spelling of an absolute http(s) URL; `str` of it parses to itself.

    Raises:
        InputError: it is no such URL; the message shows it without credentials.
    """
    if len(text) > MAX_URL:
        raise _bad(text, f"a URL of {len(text):,} characters; the limit is {MAX_URL:,}")
    cleaned = text.strip(_EDGE).translate({9: None, 10: None, 13: None})
    try:
        parts = urlsplit(cleaned)
        port = parts.port
        user, host = parts.username, parts.hostname
    except ValueError as error:
        raise _bad(text, "not a valid URL") from error
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise _bad(text, f"only http and https are fetched, not {shown(scheme, 20) or 'a relative address'}")
    if not host or "\\" in parts.netloc or port == 0:
        raise _bad(text, "not a valid URL")
    url = Url(
        scheme=scheme,
        host=_host(host, text),
        port=None if port == DEFAULT_PORTS[scheme] else port,
        path=_path(parts.path),
        query=_escaped(parts.query, "/?:@!$&'()*+,;=%[]"),
        fragment=_escaped(parts.fragment, "/?:@!$&'()*+,;=%[]"),
        authorization=_basic(user, parts.password),
    )
    if len(str(url)) > MAX_URL:
        raise _bad(text, f"a URL of {len(str(url)):,} characters; the limit is {MAX_URL:,}")
    return url


def join(base: Url, reference: str) -> Url:
    """The absolute URL that ``reference`` means on the page ``base``.

    Raises:
        InputError: it means none.
    """
    if len(reference) > MAX_URL:
        raise _bad(reference, f"a URL of {len(reference):,} characters; the limit is {MAX_URL:,}")
    try:
        joined = urljoin(str(base), reference.strip(_EDGE).translate({9: None, 10: None, 13: None}))
    except ValueError as error:
        raise _bad(reference, "not a valid URL") from error
    return parse(joined)


def _host(host: str, text: str) -> str:
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host).compressed
        except ValueError as error:
            raise _bad(text, "not a valid URL: a bad IPv6 address") from error
    name = host.rstrip(".").lower()
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError) as error:
            raise _bad(text, "not a valid URL: no such host name can exist") from error
    if not _PLAIN_HOST.fullmatch(name) or len(name) > 253 or not all(0 < len(part) < 64 for part in name.split(".")):
        raise _bad(text, "not a valid URL: no such host name can exist")
    return name


def _path(path: str) -> str:
    escaped = _escaped(path, "/:@!$&'()*+,;=%").removeprefix("/")
    kept: list[str] = []
    segments = escaped.split("/")
    for segment in segments:  # dot segments mean folders (RFC 3986, 5.2.4); empty ones some sites tell apart
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    quoted = quote(_BARE_PERCENT.sub("%25", text), safe=safe, errors="replace")
    return _PERCENT.sub(_normal_escape, quoted)


def _normal_escape(match: re.Match[str]) -> str:
    byte = int(match[1], 16)
    return chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"


def _basic(user: str | None, password: str | None) -> str | None:
    if user is None:
        return None
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password or "")
    return f"Basic {base64.b64encode(pair).decode('ascii')}"


def _bad(text: str, reason: str) -> InputError:
    hidden = re.sub(r"//.*@", "//", text[:200])  # more than the user and password rather than less
    return InputError(shown(hidden), reason, hint="give a full address such as https://news.example/page")
