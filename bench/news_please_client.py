"""Addresses of a loopback site on stdin, what news-please's own download makes of them out, as JSON.

``bench.fetch`` runs this file with an interpreter that has news-please (and nothing of ours); the first address is
fetched before the clock and the memory are read.
"""

from __future__ import annotations

import importlib
import json
import logging
import resource
import socket
import sys
import time
from typing import Any

THREADS = 32
"""news-please starts a thread for each address it is given at once; it is given as many as the peers have."""


def main() -> None:
    """Fetch, and print seconds, processor seconds, megabytes above the start, pages, and characters of the last."""
    logging.disable(logging.CRITICAL)
    real = socket.getaddrinfo

    def loopback(host: Any, port: Any, *rest: Any, **options: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".test") else host, port, *rest, **options)

    socket.getaddrinfo = loopback
    crawler = importlib.import_module("newsplease.crawler.simple_crawler").SimpleCrawler
    urls = sys.stdin.read().split()
    crawler.fetch_url(urls[0])
    resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, 6_000_000_000))
    before, busy, started = peak_mb(), time.process_time(), time.perf_counter()
    pages: list[str | None] = []
    for begin in range(1, len(urls), THREADS):
        pages += crawler.fetch_urls(urls[begin : begin + THREADS]).values()
    told = {
        "seconds": time.perf_counter() - started,
        "busy": time.process_time() - busy,
        "mb": peak_mb() - before,
        "pages": sum(page is not None for page in pages),
        "characters": len(pages[-1] or "") if pages else 0,
    }
    print(json.dumps(told))


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
