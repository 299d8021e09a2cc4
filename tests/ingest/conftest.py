"""A fetcher, and sources, on the loopback site of `tests.conftest`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingest.fetch import ClientSettings
from ingest.fetcher import PoliteFetcher
from ingest.sources.recognise import Sources
from tests.ingest import fetching
from tests.ingest.listings import PAGE, SETTINGS
from tests.site import Site, resolve


@pytest.fixture
def fetcher(site: Site) -> Iterator[PoliteFetcher]:
    with PoliteFetcher(fetching.settings(site, "news.test", "other.test"), resolve=resolve) as made:
        yield made


@pytest.fixture
def sources(site: Site) -> Iterator[Sources]:
    for path in ("/a", "/b"):
        site.add(path, PAGE)
    settings = replace(SETTINGS, client=ClientSettings(allow_hosts=site.allow("news.test", "other.test")))
    with PoliteFetcher(settings, resolve=resolve) as fetcher:
        yield Sources(fetcher=fetcher)
