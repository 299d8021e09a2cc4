"""What listings are read with: limits, the fetcher, the addresses behind locators, and what is kept between runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from ingest.article import Fetcher, Validators
from ingest.sources.pages import Addresses
from ingest.sources.sitemaps import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSettings:
    """Limits on listings.

    Attributes:
        max_bytes: of one feed, sitemap or list, unpacked. The sitemap protocol allows 50 MB.
        max_sitemaps: how many sitemaps one index leads to.
        span: of the sitemaps that an index names, those that can hold no page of these days are not read.
    """

    max_bytes: int = 52_000_000
    max_sitemaps: int = 2_000
    span: Span | None = None


class Memory(Protocol):
    """What is kept of a listing from one run to the next, to ask whether it has changed."""

    def recall(self, locator: str) -> Validators:
        """What the listing gave last time."""
        ...

    def remember(self, locator: str, validators: Validators) -> None:
        """Keep it, once what was listed is taken down."""
        ...


class Forgetful:
    """Keeps nothing: every listing is read whole."""

    def recall(self, locator: str) -> Validators:
        """Nothing."""
        return Validators()

    def remember(self, locator: str, validators: Validators) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What listings are read with."""

    fetcher: Fetcher
    addresses: Addresses
    memory: Memory = field(default_factory=Forgetful)
    settings: ListingSettings = field(default_factory=ListingSettings)
