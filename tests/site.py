"""A news site on the loopback with as many host names as a test likes; it keeps a record of every request.

A route is a `Page`, or a function that speaks to the client itself, which is how the site can be slow or hostile.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

ADDRESS = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a path answers."""

    body: bytes = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None


@dataclass(slots=True, kw_only=True)
class Request:
    """One request, on record from its arrival; times in monotonic seconds.

    It ends when its answer begins to go out: whoever sends may be put to sleep before it can look at the clock again.
    """

    host: str
    path: str
    headers: dict[str, str]
    started: float
    ended: float = 0.0


Route = Page | Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's routes."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: Server

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        request = Request(host=host, path=self.path, headers=dict(self.headers), started=time.monotonic())
        self.server.site.note(request)
        self._asked = request
        route = self.server.site.route(host, self.path)
        try:
            if isinstance(route, Page):
                self.answer(route)
            else:
                route(self)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError, TimeoutError):
            self.close_connection = True
        finally:
            request.ended = request.ended or time.monotonic()

    def answer(self, page: Page) -> None:
        self._asked.ended = time.monotonic()
        if page.etag is not None and self.headers.get("If-None-Match") == page.etag:
            page = Page(status=304, headers=page.headers, etag=page.etag)
        self.send_response(page.status)
        self.send_header("Content-Type", page.media_type)
        if page.etag is not None:
            self.send_header("ETag", page.etag)
        for name, value in page.headers.items():
            self.send_header(name, value)
        if page.status != 304 and "Content-Length" not in page.headers:
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if page.status != 304:
            self.wfile.write(page.body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the site keeps its own record."""


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: Site, context: ssl.SSLContext | None) -> None:
        self.site = site
        self.context = context
        super().__init__((ADDRESS, 0), Handler)

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        with contextlib.suppress(OSError):  # a client that goes away
            if self.context is None:
                Handler(request, client_address, self)
                return
            with self.context.wrap_socket(request, server_side=True) as secure:
                Handler(secure, client_address, self)

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no error of the site."""


class Site:
    """Routes in, answers out."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.routes: dict[tuple[str, str], Route] = {}
        self.fallback: Callable[[str, str], Route] = lambda _host, _path: Page(status=404)
        self.requests: list[Request] = []
        self.scheme = "http" if context is None else "https"
        self._lock = threading.Lock()
        self._server = Server(self, context)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def add(self, path: str, route: Route | bytes, host: str = "news.test") -> str:
        """Serve ``route`` under ``path`` of ``host``; its URL."""
        self.routes[host, path] = Page(body=route) if isinstance(route, bytes) else route
        return self.url(path, host)

    def url(self, path: str, host: str = "news.test") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def allow(self, *hosts: str) -> tuple[str, ...]:
        """The entries of ``allow_hosts`` for these names (``news.test`` where none is given)."""
        return tuple(f"{host}:{self.port}" for host in hosts or ("news.test",))

    def route(self, host: str, path: str) -> Route:
        return self.routes.get((host, path)) or self.fallback(host, path)

    def note(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)

    def paths(self) -> list[str]:
        """The paths that were asked for, robots.txt left out."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def resolve(_host: str, _port: int) -> Sequence[str]:
    """Every name is the loopback."""
    return [ADDRESS]


@contextlib.contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site for the length of a block."""
    site = Site(context)
    try:
        yield site
    finally:
        site.close()


def certificate(folder: Path, *names: str) -> tuple[ssl.SSLContext, str]:
    """A server's TLS context for these names, and the file of the authority that vouches for it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "newsgloss test")])
    now = dt.datetime.now(dt.UTC)
    alternatives = [x509.DNSName(name) for name in names if not name[0].isdigit()]
    addresses = [x509.IPAddress(ipaddress.ip_address(name)) for name in names if name[0].isdigit()]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([*alternatives, *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority, secret = folder / "ca.pem", folder / "key.pem"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, secret)
    return context, str(authority)
