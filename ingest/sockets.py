"""A checked address and a deadline in, a socket whose every read keeps that deadline out."""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

Resolver = Callable[[str, int], Sequence[str]]
"""A host name and port in, the addresses (text) out; raises OSError."""


class DeadlineSocket(socket.socket):
    """A socket whose reads end at a deadline, however little each of them brings."""

    deadline: float = math.inf

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """As the parent's, within the time that is left."""
        self.settimeout(seconds_left(self.deadline))
        return super().recv_into(*args, **kwargs)


class DeadlineTlsSocket(ssl.SSLSocket):
    """The same over TLS."""

    deadline: float = math.inf

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """As the parent's, within the time that is left."""
        self.settimeout(seconds_left(self.deadline))
        return super().recv_into(*args, **kwargs)


def connected(addresses: Sequence[str], port: int, *, connect_s: float, deadline: float) -> DeadlineSocket:
    """A socket to the first address that answers; each gets ``connect_s`` of the time that is left.

    Raises:
        OSError: none answered.
    """
    problem: OSError = OSError("no address")
    for address in addresses:
        opened = DeadlineSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            opened.settimeout(min(connect_s, seconds_left(deadline)))
            opened.connect((address, port))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            opened.close()
            problem = error
            continue
        opened.deadline = deadline
        opened.settimeout(seconds_left(deadline))  # the TLS handshake keeps within it as a whole
        return opened
    raise problem


def system_addresses(host: str, port: int) -> list[str]:
    """The addresses that the operating system knows for a host, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolved(resolve: Resolver, host: str, port: int, deadline: float) -> Sequence[str]:
    """The addresses of a host.

    Asked for in a thread that may be left behind: the system's own question knows no deadline.

    Raises:
        OSError: the host is not known, or the deadline passed.
    """
    answer: list[Sequence[str] | Exception] = []

    def ask() -> None:
        try:
            answer.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    asker = threading.Thread(target=ask, daemon=True, name="resolve")
    asker.start()
    asker.join(seconds_left(deadline))
    if not answer:
        raise TimeoutError("no answer to the question for the host's address")
    if isinstance(answer[0], Exception):
        raise answer[0]
    return answer[0]


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Verified TLS: the system's certificates, certifi's, and the user's own."""
    import certifi  # beside the system's store, which some Pythons on macOS lack

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    context.sslsocket_class = DeadlineTlsSocket
    return context


def set_deadline(sock: object, deadline: float) -> None:
    """Let the reads of an open socket end at ``deadline`` (monotonic seconds)."""
    if isinstance(sock, DeadlineSocket | DeadlineTlsSocket):
        sock.deadline = deadline


def seconds_left(deadline: float) -> float:
    """Seconds until ``deadline``.

    Raises:
        TimeoutError: it is over.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("deadline")
    return min(left, 1e6)
