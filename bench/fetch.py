"""Fetching beside its peers, on a loopback site: ``python -m bench.fetch speed|flat|hostile``.

``speed``: 2,000 pages on 50 host names; ``flat``: memory over 100,000 pages; ``hostile``: what servers do to clients,
each case and client in a process of its own. The site runs in another process. Nothing but the loopback is contacted.

news-please is measured beside the others with ``--news-please PYTHON``: the interpreter of an environment of its own
that has it (``python3 -m venv np && np/bin/pip install news-please``).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.fetch_site import HOSTS, addresses, every_name_is_the_loopback, site

PAGES = 2_000
WORKERS = 32
CUT_S = 60.0
"""After so long a client counts as held."""


# The clients: addresses in, how many answered out


def ours(urls: Sequence[str]) -> int:
    with our_fetcher() as fetch:
        from urllib.parse import urlsplit

        from ingest.sources.gather import load_all

        return sum(load_all(urls, fetch, lambda url: urlsplit(url).netloc))


@contextmanager
def our_fetcher(**changes: Any) -> Iterator[Callable[[str], bool]]:
    from ingest.article import Validators
    from ingest.errors import FetchError
    from ingest.fetch import ClientSettings
    from ingest.fetcher import FetchSettings, PoliteFetcher
    from ingest.politeness import Politeness
    from ingest.retries import RetrySettings

    names = tuple(f"news{number}.test" for number in range(HOSTS))
    settings = FetchSettings(
        client=ClientSettings(allow_hosts=names),
        politeness=Politeness(**{"delay_s": 0.0, **changes}),
        retries=RetrySettings(attempts=1),
    )

    def resolve(host: str, _port: int) -> list[str]:
        return ["169.254.169.254"] if host.startswith("metadata") else ["127.0.0.1"]

    with PoliteFetcher(settings, resolve=resolve) as fetcher:

        def fetch(url: str) -> bool:
            try:
                return bool(fetcher.fetch(url, Validators()).payload)
            except FetchError as error:
                print(error.reason, file=sys.stderr)
                return False

        yield fetch


def theirs(urls: Sequence[str]) -> int:
    from trafilatura.downloads import buffered_downloads

    return sum(result is not None for _, result in buffered_downloads(list(urls), WORKERS, options=their_options()))


def their_options() -> Any:
    """trafilatura refuses private addresses by itself; here it has to reach the loopback."""
    from copy import deepcopy

    from trafilatura.settings import DEFAULT_CONFIG, Extractor

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["SSRF_PROTECTION"] = "off"
    return Extractor(config=config)


def plain_urllib3(urls: Sequence[str]) -> int:
    import urllib3

    pool = urllib3.PoolManager(num_pools=HOSTS, maxsize=4, retries=False)
    with ThreadPoolExecutor(WORKERS) as threads:
        return sum(threads.map(lambda url: pool.request("GET", url).status == 200, urls))


def plain_httpx(urls: Sequence[str]) -> int:
    import httpx

    with httpx.Client() as client, ThreadPoolExecutor(WORKERS) as threads:
        return sum(threads.map(lambda url: client.get(url).status_code == 200, urls))


def plain_aiohttp(urls: Sequence[str]) -> int:
    import asyncio

    import aiohttp

    async def all_of_them() -> int:
        connector = aiohttp.TCPConnector(limit=WORKERS, resolver=aiohttp.ThreadedResolver())
        async with aiohttp.ClientSession(connector=connector) as session:

            async def one_of_them(url: str) -> bool:
                async with session.get(url) as reply:
                    await reply.read()
                    return reply.status == 200

            return sum(await asyncio.gather(*map(one_of_them, urls)))

    return asyncio.run(all_of_them())


CLIENTS: dict[str, Callable[[Sequence[str]], int]] = {
    "newsgloss": ours,
    "trafilatura": theirs,
    "urllib3, 32 threads": plain_urllib3,
    "httpx, 32 threads": plain_httpx,
    "aiohttp, 32 at once": plain_aiohttp,
}


# The benches


def speed(news_please: str | None) -> None:
    every_name_is_the_loopback()
    with site() as (port, counts):
        urls = addresses(port, PAGES)
        for client in CLIENTS.values():
            client(urls[:HOSTS])  # imports, and the site's first threads
        rates: dict[str, list[float]] = {name: [] for name in CLIENTS}
        work: dict[str, list[float]] = {name: [] for name in CLIENTS}
        worst = {}
        for _ in range(3):
            for name, client in CLIENTS.items():
                counts[0] = 0
                started, busy = time.perf_counter(), time.process_time()
                answered = client(urls)
                rates[name].append(answered / (time.perf_counter() - started))
                work[name].append((time.process_time() - busy) / PAGES * 1000)
                worst[name] = f"{PAGES - answered} missing, up to {counts[0]} at a time to a host"
            if news_please:
                counts[0] = 0
                told = in_news_please(news_please, [urls[0], *urls], timeout=600)
                rates.setdefault("news-please", []).append(told["pages"] / told["seconds"])
                work.setdefault("news-please", []).append(told["busy"] / PAGES * 1000)
                missing = PAGES - told["pages"]
                worst["news-please"] = f"{missing} missing, up to {counts[0]} at a time to a host"
    best = max(rates["trafilatura"])
    for name, found in rates.items():
        rate = f"{max(found):6.0f} pages/s  x{max(found) / best:.2f}"
        print(f"{name:20} {rate}  {min(work[name]):.2f} ms CPU a page  {worst[name]}")


def flat(count: int) -> None:
    from urllib.parse import urlsplit

    from ingest.sources.gather import load_all

    with site() as (port, _), our_fetcher() as fetch:
        for begin in range(0, count, 2_000):
            urls = [f"http://news{n % HOSTS}.test:{port}/story/{n}" for n in range(begin, min(begin + 2_000, count))]
            assert sum(load_all(urls, fetch, lambda url: urlsplit(url).netloc)) == len(urls)
            if begin in {0, count // 10, count // 2} or begin + 2_000 >= count:
                print(f"{begin + len(urls):7,} pages  {now_mb():.0f} MB", flush=True)


def hostile(only: Sequence[str], news_please: str | None) -> None:
    cases = only or [
        "bomb-gzip",
        "bomb-br",
        "bomb-zstd",
        "slow-body",
        "slow-header",
        "endless",
        "loop",
        "to-metadata",
    ]
    with site() as (port, _):
        for case in cases:
            for client in ("newsgloss", "trafilatura", "urllib3"):
                print(f"{case:12} {client:12} {one_in_a_process(case, client, port)}", flush=True)
            if news_please:
                print(f"{case:12} {'news-please':12} {one_in_news_please(case, news_please, port)}", flush=True)


def one_in_a_process(case: str, client: str, port: int) -> str:
    command = [sys.executable, "-m", "bench.fetch", "one", case, client, str(port)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=CUT_S + 20, check=False)
    except subprocess.TimeoutExpired:
        return f"held for more than {CUT_S:.0f} s"
    if done.returncode:
        return f"ended with status {done.returncode}: {done.stderr.strip().splitlines()[-1][:100]}"
    told = json.loads(done.stdout)
    return f"{told['seconds']:6.1f} s {told['mb']:7.0f} MB  {told['what']}"


def one_in_news_please(case: str, python: str, port: int) -> str:
    host = f"http://news1.test:{port}"
    try:
        told = in_news_please(python, [f"{host}/story/1", f"{host}/{case}"], timeout=CUT_S + 20)
    except subprocess.TimeoutExpired:
        return f"held for more than {CUT_S:.0f} s"
    except subprocess.CalledProcessError as error:
        return f"ended with status {error.returncode}: {error.stderr.strip().splitlines()[-1][:100]}"
    what = f"a page of {told['characters']:,} characters" if told["pages"] else "nothing"
    return f"{told['seconds']:6.1f} s {told['mb']:7.0f} MB  {what}"


def in_news_please(python: str, urls: Sequence[str], *, timeout: float) -> dict[str, Any]:
    """What news-please makes of these addresses in its own interpreter; the first one only warms it up."""
    command = [python, str(Path(__file__).with_name("news_please_client.py"))]
    done = subprocess.run(command, input="\n".join(urls), capture_output=True, text=True, timeout=timeout, check=True)
    return dict(json.loads(done.stdout))


def one(case: str, client: str, port: int) -> None:
    """One client, one case, in this process: time, memory above what its imports took, and what came of it."""
    every_name_is_the_loopback()
    url = f"http://news1.test:{port}/{case}"
    resource.setrlimit(resource.RLIMIT_AS, (6_000_000_000, 6_000_000_000))
    run = {"newsgloss": _one_of_ours, "trafilatura": _one_of_theirs, "urllib3": _one_plain}[client]
    warm = f"http://news1.test:{port}/story/1"
    run(warm)
    before, started = peak_mb(), time.perf_counter()
    what = run(url)
    print(json.dumps({"seconds": time.perf_counter() - started, "mb": peak_mb() - before, "what": what}))


def _one_of_ours(url: str) -> str:
    import io
    from contextlib import redirect_stderr

    import pyarrow as pa  # noqa: F401 - so that its import is not counted as memory of a bomb

    said = io.StringIO()
    with our_fetcher() as fetch, redirect_stderr(said):
        return "a page" if fetch(url) else said.getvalue().strip()


def _one_of_theirs(url: str) -> str:
    from trafilatura import fetch_url

    page = fetch_url(url, options=their_options())
    return "nothing" if page is None else f"a page of {len(page):,} characters"


def _one_plain(url: str) -> str:
    import urllib3

    try:
        return f"a page of {len(urllib3.PoolManager().request('GET', url, timeout=30).data):,} bytes"
    except urllib3.exceptions.HTTPError as error:
        return type(error).__name__


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def now_mb() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fetch", description=__doc__)
    parser.add_argument("what", choices=["speed", "flat", "hostile", "one"])
    parser.add_argument("rest", nargs="*")
    parser.add_argument("--news-please", metavar="PYTHON", help="an interpreter that has news-please")
    arguments = parser.parse_intermixed_args()
    if arguments.what in {"speed", "hostile"} and not arguments.news_please:
        print("news-please is left out: --news-please PYTHON names an interpreter that has it")
    match arguments.what:
        case "speed":
            speed(arguments.news_please)
        case "flat":
            flat(int(arguments.rest[0]) if arguments.rest else 100_000)
        case "hostile":
            hostile(arguments.rest, arguments.news_please)
        case _:
            one(arguments.rest[0], arguments.rest[1], int(arguments.rest[2]))


if __name__ == "__main__":
    main()
