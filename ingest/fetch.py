"""One URL in, the server's reply out, within limits: the only module that speaks HTTP.

One request, no redirects, no second try: `ingest.fetcher` decides about those. The host name is resolved here, each
address is checked, and the socket is opened to the very address that was checked, so that a name cannot point
elsewhere in between (DNS rebinding). Why urllib3: docs/decisions/0006-http-client.md.
"""

from __future__ import annotations

import contextlib
import http.client
import math
import socket
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from ingest.addresses import allowed, why_refused
from ingest.decoding import CHUNK, DamagedError, TooLargeError, decompressed
from ingest.errors import FetchError
from ingest.fetch_errors import fetch_error
from ingest.redact import redacted
from ingest.sockets import Resolver, connected, resolved, seconds_left, set_deadline, system_addresses, tls_context
from ingest.urls import Url, parse

ACCEPT_ENCODING = "gzip, deflate"
"""What is asked for. Brotli and zstd are unpacked all the same: some servers send them unasked."""

TICK_S = 0.05
"""A socket's timeout may end this much before the clock says so."""

PIECE = 1 << 14
"""How much of a body is read at a time: small, so that little is unpacked before a bomb is known."""

DRAINED_BYTES = 65_536
"""How much of an unwanted body is read to keep its connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may cost.

    Attributes:
        deadline_s: from the first DNS question to the last byte; one byte a second does not extend it.
        connect_s: for one try to connect to one address.
        max_bytes: of the body as sent.
        max_decompressed_bytes: of the body unpacked.
        max_ratio: of unpacked to sent bytes, once there are 2 MB; pages reach 20, bombs 1,000 and more.
    """

    deadline_s: float = 30.0
    connect_s: float = 10.0
    max_bytes: int = 32_000_000
    max_decompressed_bytes: int = 64_000_000
    max_ratio: float = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """How the network is reached.

    Attributes:
        allow_hosts: ``HOST`` or ``HOST:PORT`` whose private addresses may be connected to.
        proxy: ``http://HOST:PORT``; the environment's proxies are ignored.
        ca_file: certificates (PEM) to trust beside the system's.
        idle_connections: connections kept open for the next request, over all hosts.
    """

    allow_hosts: tuple[str, ...] = ()
    proxy: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    idle_connections: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A server's answer; header names in lower case, the body unpacked (empty for redirects and errors)."""

    url: Url
    status: int
    headers: Mapping[str, str]
    payload: bytes
    address: str


class Client:
    """Keeps connections and sends requests over them. Used by many threads at once."""

    def __init__(self, settings: ClientSettings, resolve: Resolver | None = None) -> None:
        self._settings = settings
        self._resolve = resolve or system_addresses
        self._proxy = parse(settings.proxy) if settings.proxy else None
        self._tls: ssl.SSLContext | None = None
        self._idle: OrderedDict[str, list[_Connection]] = OrderedDict()
        self._idle_count = 0
        self._busy: set[_Connection] = set()
        self._lock = threading.Lock()

    def get(self, url: Url, headers: Mapping[str, str], limits: Limits) -> Reply:
        """Send one GET and read the whole answer.

        Raises:
            FetchError: no answer, a refused address, or a body over the limits; ``transient`` where it may pass.
        """
        with self.stream(url, headers, limits) as (response, connection):
            payload = b""
            if response.status in {200, 203}:
                payload = b"".join(_body(response, limits))
            elif not _drained(response):
                connection.close()
            return Reply(
                url=url,
                status=response.status,
                headers={name.lower(): value for name, value in response.headers.items()},
                payload=payload,
                address=connection.address,
            )

    @contextlib.contextmanager
    def stream(
        self, url: Url, headers: Mapping[str, str], limits: Limits
    ) -> Iterator[tuple[BaseHTTPResponse, _Connection]]:
        """Send one GET; the block reads the body. The connection is kept if the body was read to its end.

        Raises:
            FetchError: as `get`; also for what goes wrong inside the block.
        """
        deadline = time.monotonic() + limits.deadline_s
        connection = None
        try:
            connection, response = self._request(url, headers, limits, deadline)
            with self._lock:
                self._busy.add(connection)
            yield response, connection
            if response.closed:  # read to its end
                self._keep(url.origin, connection)
        except TooLargeError as error:
            raise FetchError(redacted(str(url)), f"larger than the limit {_sizes(limits)}", refused=True) from error
        except DamagedError as error:
            raise FetchError(redacted(str(url)), str(error), transient=True) from error
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            raise fetch_error(url, error, limits.deadline_s, over=time.monotonic() >= deadline - TICK_S) from error
        finally:
            if connection is not None:
                with self._lock:
                    self._busy.discard(connection)
                connection.release()

    def close(self) -> None:
        """Close the connections that are kept, and break off the others."""
        with self._lock:
            for connection in self._busy:
                connection.abort()
            idle = [connection for kept in self._idle.values() for connection in kept]
            self._idle.clear()
            self._idle_count = 0
        for connection in idle:
            connection.close()

    def _request(
        self, url: Url, headers: Mapping[str, str], limits: Limits, deadline: float
    ) -> tuple[_Connection, BaseHTTPResponse]:
        kept = self._take(url.origin)
        if kept is not None:
            with contextlib.suppress(HTTPError, http.client.HTTPException, OSError):
                return kept, kept.ask(url, headers, deadline)
            kept.close()  # closed by the server meanwhile, or broken: a fresh one tells
        fresh = self._open(url, limits, deadline)
        try:
            return fresh, fresh.ask(url, headers, deadline)
        except BaseException:
            fresh.close()
            raise

    def _open(self, url: Url, limits: Limits, deadline: float) -> _Connection:
        addresses = self._permitted(url, deadline)
        tls = self._context() if url.scheme == "https" else None
        if self._proxy is None:
            return _Connection(url, addresses, tls, limits.connect_s, None)
        through = resolved(self._resolve, self._proxy.host, self._proxy.connect_port, deadline)
        return _Connection(url, through, tls, limits.connect_s, self._proxy)

    def _context(self) -> ssl.SSLContext:
        """Made at the first https request: reading the certificates takes time."""
        with self._lock:
            if self._tls is None:
                self._tls = tls_context(self._settings.ca_file)
            return self._tls

    def _permitted(self, url: Url, deadline: float) -> Sequence[str]:
        """The addresses of the URL's host that may be connected to."""
        addresses = resolved(self._resolve, url.host, url.connect_port, deadline)
        if allowed(url.host, url.connect_port, self._settings.allow_hosts):
            return addresses
        refusals = {address: why_refused(address) for address in addresses}
        permitted = [address for address, why in refusals.items() if why is None]
        if not permitted:
            why = next((why for why in refusals.values() if why), "no address")
            raise FetchError(
                redacted(str(url)),
                f"refused: {url.host} is {why}",
                refused=True,
                hint=f'allow it with --allow-host {url.place} or [fetch] allow_hosts = ["{url.place}"]',
            )
        return permitted

    def _take(self, origin: str) -> _Connection | None:
        with self._lock:
            kept = self._idle.get(origin)
            if not kept:
                return None
            connection = kept.pop()
            self._idle_count -= 1
            if not kept:
                del self._idle[origin]
        if connection.alive:
            return connection
        connection.close()
        return None

    def _keep(self, origin: str, connection: _Connection) -> None:
        """Keep a connection for its origin's next request; the one unused for longest makes room."""
        if not connection.alive:
            return
        connection.kept = True
        surplus = None
        with self._lock:
            self._idle.setdefault(origin, []).append(connection)
            self._idle.move_to_end(origin)
            self._idle_count += 1
            if self._idle_count > self._settings.idle_connections:
                oldest = next(iter(self._idle))
                surplus = self._idle[oldest].pop(0)
                self._idle_count -= 1
                if not self._idle[oldest]:
                    del self._idle[oldest]
        if surplus is not None:
            surplus.close()


class _Connection:
    """One open connection to one origin: urllib3's, over a socket that keeps the deadline."""

    def __init__(
        self, url: Url, addresses: Sequence[str], tls: ssl.SSLContext | None, connect_s: float, proxy: Url | None
    ) -> None:
        peer = proxy or url
        self.address = ""
        self.kept = False
        self._absolute = proxy is not None and url.scheme == "http"
        self._proxy_headers = {"Proxy-Authorization": proxy.authorization} if proxy and proxy.authorization else {}
        kind = _Tls if url.scheme == "https" else _Plain
        options: dict[str, Any] = {"ssl_context": tls} if kind is _Tls else {}
        self._http = kind(peer.host, peer.connect_port, **options)
        self._http.opener = lambda deadline: self._opened(
            connected(addresses, peer.connect_port, connect_s=connect_s, deadline=deadline)
        )
        if proxy is not None and url.scheme == "https":
            self._http.set_tunnel(url.host, url.connect_port, headers=self._proxy_headers, scheme="http")

    @property
    def alive(self) -> bool:
        return bool(self._http.is_connected)

    def ask(self, url: Url, headers: Mapping[str, str], deadline: float) -> BaseHTTPResponse:
        """Send the request, and read the answer's status and headers."""
        self.kept = False
        self._http.deadline = deadline
        self._http.timeout = seconds_left(deadline)
        if not self.alive:
            self._http.connect()
        set_deadline(self._http.sock, deadline)
        target = f"{url.origin}{url.target}" if self._absolute else url.target
        sent = {"Host": url.place, "Accept-Encoding": ACCEPT_ENCODING, **headers}
        if self._absolute:
            sent |= self._proxy_headers
        self._http.request("GET", target, headers=sent, preload_content=False, decode_content=False)
        return self._http.getresponse()

    def release(self) -> None:
        """Close, unless the client keeps it."""
        if not self.kept:
            self.close()

    def abort(self) -> None:
        """Wake whoever reads from it."""
        if isinstance(sock := self._http.sock, socket.socket):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._http.close()

    def _opened(self, sock: socket.socket) -> socket.socket:
        self.address = str(sock.getpeername()[0])
        return sock


class _Plain(HTTPConnection):
    opener: Callable[[float], socket.socket]
    deadline: float = math.inf

    def _new_conn(self) -> socket.socket:
        return self.opener(self.deadline)


class _Tls(HTTPSConnection):
    opener: Callable[[float], socket.socket]
    deadline: float = math.inf

    def _new_conn(self) -> socket.socket:
        return self.opener(self.deadline)


def _body(response: BaseHTTPResponse, limits: Limits) -> Iterator[bytes]:
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared[:18]) > limits.max_bytes:
        raise TooLargeError
    encodings = [name for name in response.headers.get("content-encoding", "").split(",") if name.strip()]
    if len(encodings) > 1:
        raise DamagedError("compressed more than once")
    raw = decompressed(response.stream(PIECE, decode_content=False), "identity", limits.max_bytes)
    encoding = encodings[0] if encodings else "identity"
    return decompressed(raw, encoding, limits.max_decompressed_bytes, max_ratio=limits.max_ratio)


def _drained(response: BaseHTTPResponse) -> bool:
    """Whether a body that nobody wants was short enough to be read away."""
    read = 0
    for chunk in response.stream(CHUNK, decode_content=False):
        read += len(chunk)
        if read > DRAINED_BYTES:
            return False
    return True


def _sizes(limits: Limits) -> str:
    sizes = f"max_bytes {limits.max_bytes:,}, max_decompressed_bytes {limits.max_decompressed_bytes:,}"
    return f"({sizes}, max_ratio {limits.max_ratio:g})"
