"""The address of a Prefect server in, proof that something answers there out; knows nothing of Prefect itself."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from ingest.errors import ServerError

URL = "PREFECT_API_URL"
PATIENCE_S = 3.0
"""How long a server may take to answer."""

START = "start one: prefect server start --host 127.0.0.1; then set PREFECT_API_URL=http://127.0.0.1:4200/api"


def address(environment: Mapping[str, str]) -> str | None:
    """The server that the environment names, if any."""
    return environment.get(URL) or None


def reach(url: str, *, hint: str) -> None:
    """Connect to the server, and no more: importing Prefect only to find nobody there would take seconds.

    Raises:
        ServerError: the address is none, or nothing listens there.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        with socket.create_connection((parts.hostname or "", port), timeout=PATIENCE_S):
            return
    except (ValueError, KeyError) as error:
        raise ServerError(f"{URL}={url} is no address of a server", hint=hint) from error
    except OSError as error:
        reason = "timeout" if isinstance(error, TimeoutError) else (error.strerror or str(error))
        raise ServerError(f"no Prefect server answers at {url}: {reason}", hint=hint) from error
