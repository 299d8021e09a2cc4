"""What went wrong with a request in, our error in words for the user out."""

from __future__ import annotations

import http.client
import socket
import ssl

from urllib3.exceptions import HTTPError

from ingest.errors import FetchError
from ingest.redact import redacted
from ingest.shown import shown
from ingest.urls import Url

_WORDS = (
    (ssl.SSLError, "no TLS connection"),
    (TimeoutError, "no connection in time"),
    (ConnectionRefusedError, "the connection was refused"),
)


def fetch_error(url: Url, error: Exception, deadline_s: float, *, over: bool) -> FetchError:
    """The client library's or system's error as ours; ``over`` says that the request's ``deadline_s`` has passed."""
    locator = redacted(str(url))
    if over:
        return FetchError(locator, f"no complete answer within {deadline_s:g} s (deadline_s)", transient=True)
    cause = _first_cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return FetchError(locator, f"its certificate is not valid: {shown(cause.verify_message, 100)}")
    if isinstance(cause, http.client.LineTooLong) or "got more than" in str(cause):
        return FetchError(locator, "its headers are longer than the limit", refused=True)
    if isinstance(cause, socket.gaierror):
        return FetchError(locator, f"the host {url.host} is not known", transient=cause.errno == socket.EAI_AGAIN)
    words = next((words for kind, words in _WORDS if isinstance(cause, kind)), None)
    return FetchError(locator, words or f"the connection broke ({type(cause).__name__})", transient=True)


def _first_cause(error: BaseException) -> BaseException:
    """The operating system's or TLS error inside the client library's."""
    seen = error
    while True:
        inner = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        following = inner or seen.__cause__ or (seen.__context__ if isinstance(seen, HTTPError) else None)
        if following is None or (isinstance(seen, OSError) and not isinstance(seen, HTTPError)):
            return seen
        seen = following
