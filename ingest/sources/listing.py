"""A feed, sitemap, URL list, OPML file or home page in, the Refs of the pages it lists out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.article import NotModified, Outcome, RawPage, Ref, Unread, Validators, input_id
from ingest.counted import counted
from ingest.errors import FetchError, InputError
from ingest.redact import redacted
from ingest.sources.discovery import feeds_of, sitemaps_of
from ingest.sources.entries import Entry, refs, twin, url_ref
from ingest.sources.feeds import read_feed
from ingest.sources.lists import read_list
from ingest.sources.opening import is_remote, read_binary
from ingest.sources.opml import read_opml
from ingest.sources.pages import Pages, outcome_of
from ingest.sources.reach import Reach
from ingest.sources.reading import CannotReadError, unread
from ingest.sources.sitemaps import Child, outside, read_sitemap
from ingest.sources.sniff import Listed, head, listing_kind
from ingest.sources.xml import BrokenXmlError
from ingest.urls import Url, join, parse

HOME = "home"
PAGE = "page"
AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Got:
    payload: bytes
    base: Url | None
    name: str


@dataclass(slots=True)
class _Found:
    """What a sitemap held, once it is read: ``count`` of pages and further sitemaps."""

    count: int = 0
    children: list[Child] = field(default_factory=list)
    problem: str | None = None


def _no(what: str, got: _Got, problem: str | None = None) -> str:
    """``no sitemap: a feed``."""
    kind = listing_kind(got.payload)
    seen = f"a {kind}" if kind is not None and kind != what else problem
    return f"no {what}" + (f": {seen}" if seen else "")


class Listing:
    """One listing as a `Source`. ``kind`` is one of `Listed`, ``home``, ``page`` or ``auto`` (its content tells)."""

    def __init__(self, target: str, kind: str, reach: Reach) -> None:
        self._target = target
        self._kind = kind
        self._reach = reach
        self._pages = Pages(reach.fetcher, reach.addresses)
        self._notes: list[str] = []

    def discover(self) -> Iterator[Ref | Unread]:
        """The pages it lists, each once, in its order; then, where it is broken, what is."""
        self._notes.clear()
        if self._kind == PAGE:
            yield from self._page()
            return
        got = self._get(self._target)
        if isinstance(got, _Got):
            yield from self._read(got)
        elif got is not None:
            yield got

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Fetch one of the pages."""
        return self._pages.load(ref, validators, retrieved_at)

    def note(self) -> str | None:
        """What was remarkable about the listing itself."""
        return "; ".join(self._notes) or None

    def _read(self, got: _Got) -> Iterator[Ref | Unread]:
        kind = listing_kind(got.payload) if self._kind == AUTO else self._kind
        match kind:
            case Listed.FEED:
                yield from self._feed(got)
            case Listed.SITEMAP:
                yield from self._sitemap(got)
            case Listed.LIST:
                yield from self._list(got)
            case Listed.OPML:
                yield from self._opml(got)
            case "home":
                yield from self._home(got)
            case _ if got.base is not None:  # what was taken for a listing by its address is a page
                yield from self._page()
            case _:
                yield self._failed(got.name, "no feed, sitemap, OPML or list of URLs", refused=True)

    def _get(self, target: str) -> _Got | Unread | None:
        """A listing's bytes; None where they are those of the last run."""
        if not target.lower().startswith(("http://", "https://")):
            return self._get_file(target)
        try:
            url = parse(target)
            locator = redacted(str(url))
            fetched = self._reach.fetcher.fetch(target, self._reach.memory.recall(locator))
        except FetchError as error:
            return self._unread(error.locator, error.told, outcome_of(error))
        except InputError as error:
            return self._failed(error.locator, error.told, refused=True)
        self._reach.memory.remember(locator, fetched.validators)
        if not fetched.modified:
            self._notes.append(f"{locator} has not changed")
            return None
        return self._unpacked(_Got(payload=fetched.payload, base=parse(fetched.url), name=locator))

    def _get_file(self, path: str) -> _Got | Unread:
        name = path if is_remote(path) else path.rstrip("/").rpartition("/")[2]
        try:
            payload = read_binary(path, self._reach.settings.max_bytes)
        except CannotReadError as error:
            return self._failed(path, error.reason, refused=error.outcome is Outcome.REJECTED, name=name)
        return self._unpacked(_Got(payload=payload, base=None, name=name))

    def _unpacked(self, got: _Got) -> _Got | Unread:
        """A listing may be a gzip file, whatever its name and headers say."""
        if not got.payload.startswith(b"\x1f\x8b"):
            return got if got.payload.strip() else self._failed(got.name, "empty", refused=True)
        from ingest.decoding import DamagedError, TooLargeError, decompressed

        try:
            payload = b"".join(decompressed([got.payload], "gzip", self._reach.settings.max_bytes))
        except TooLargeError:
            return self._failed(got.name, "larger than the limit when unpacked", refused=True)
        except DamagedError as error:
            return self._failed(got.name, str(error))
        return _Got(payload=payload, base=got.base, name=got.name)

    def _feed(self, got: _Got) -> Iterator[Ref | Unread]:
        feed = read_feed(got.payload, str(got.base) if got.base else None)
        yield from self._refs(feed.entries, got)
        if feed.problem and feed.count:
            self._notes.append(f"{got.name}: {feed.problem}; {counted(feed.count, 'entry', 'entries')} read")
        elif not feed.count and listing_kind(got.payload) is not Listed.FEED:
            yield self._failed(got.name, _no("feed", got, feed.problem), refused=True)
        elif feed.problem and not feed.count:
            yield self._failed(got.name, feed.problem)

    def _sitemap(self, first: _Got) -> Iterator[Ref | Unread]:
        """A sitemap and those it leads to, breadth first; each is read once, and only addresses wait in memory."""
        return self._walk(first, {first.name}, deque())

    def _walk(self, first: _Got | None, known: set[str], waiting: deque[Url]) -> Iterator[Ref | Unread]:
        got: _Got | Unread | None = first
        while True:
            if isinstance(got, _Got):
                found = _Found()
                yield from self._refs(self._sitemap_entries(got, found), got)
                yield from self._wait_for(found.children, got, known, waiting)
                if not found.count and (found.problem or listing_kind(got.payload) is not Listed.SITEMAP):
                    yield self._failed(got.name, _no("sitemap", got, found.problem), refused=not found.problem)
            elif got is not None:
                yield got
            if not waiting:
                return
            got = self._get(str(waiting.popleft()))

    def _sitemap_entries(self, got: _Got, found: _Found) -> Iterator[Entry]:
        if listing_kind(got.payload) is Listed.LIST or not got.payload.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
            b"<"
        ):
            for entry in read_list(got.payload):
                found.count += 1
                yield entry
            return
        try:
            for item in read_sitemap(got.payload):
                found.count += 1
                if isinstance(item, Child):
                    found.children.append(item)
                else:
                    yield item
        except BrokenXmlError as error:
            found.problem = str(error)
            if found.count:
                self._notes.append(f"{got.name}: {error}; {counted(found.count, 'entry', 'entries')} read")

    def _wait_for(
        self, children: Iterable[Child], parent: _Got, known: set[str], waiting: deque[Url]
    ) -> Iterator[Unread]:
        """Put the sitemaps that an index names in line; those are told that cannot be read."""
        for child in self._within(children, parent):
            if len(known) > self._reach.settings.max_sitemaps:
                reason = f"leads to more than {self._reach.settings.max_sitemaps:,} sitemaps: the rest is not read"
                yield self._failed(parent.name, reason, refused=True)
                return
            try:
                url = join(parent.base, child.url) if parent.base else parse(child.url)
            except InputError as error:
                yield self._failed(error.locator, error.reason, refused=True)
                continue
            if str(url) not in known:
                known.add(str(url))
                waiting.append(url)

    def _within(self, children: Iterable[Child], parent: _Got) -> Iterator[Child]:
        span, passed = self._reach.settings.span, 0
        for child in children:
            if span is not None and outside(child, span):
                passed += 1
            else:
                yield child
        if passed:
            self._notes.append(f"{parent.name}: {counted(passed, 'sitemap')} of other days not read")

    def _list(self, got: _Got) -> Iterator[Ref | Unread]:
        if head(got.payload).lstrip().startswith("<"):
            yield self._failed(got.name, _no("list", got), refused=True)
        else:
            yield from self._refs(read_list(got.payload), got)

    def _opml(self, got: _Got) -> Iterator[Ref | Unread]:
        yield from self._feeds(read_opml(got.payload), got)
        if listing_kind(got.payload) is not Listed.OPML:
            yield self._failed(got.name, _no("opml", got), refused=True)

    def _feeds(self, entries: Iterable[Entry], got: _Got) -> Iterator[Ref | Unread]:
        """The pages of every feed that an OPML file or a home page names."""
        try:
            for item in self._refs(entries, got):
                if isinstance(item, Unread):
                    yield item
                    continue
                feed = self._get(self._reach.addresses.of(item.locator))
                if isinstance(feed, _Got):
                    yield from self._feed(feed)
                elif feed is not None:
                    yield feed
        except BrokenXmlError as error:
            self._notes.append(f"{got.name}: {error}; what stands before it was read")

    def _home(self, got: _Got) -> Iterator[Ref | Unread]:
        """The pages of its feeds; of its sitemaps where it names no feed, or where feeds do not reach back so far."""
        found = tuple(feeds_of(got.payload))
        yield from self._feeds(found, got)
        if found and self._reach.settings.span is None:
            return
        robots = self._robots(got)
        children = sitemaps_of(robots.payload) if robots else []
        if robots and children:
            known: set[str] = set()
            waiting: deque[Url] = deque()
            yield from self._wait_for(children, robots, known, waiting)
            yield from self._walk(None, known, waiting)
        elif not found:
            reason = "the page names no feed, and the site's robots.txt no sitemap"
            yield self._failed(got.name, reason, refused=True)

    def _robots(self, home: _Got) -> _Got | None:
        if home.base is None:
            return None
        url = join(home.base, "/robots.txt")
        try:
            return _Got(payload=self._reach.fetcher.fetch(str(url), Validators()).payload, base=url, name=str(url))
        except FetchError as error:
            if not error.refused:  # a site without robots.txt is nothing to tell of
                self._notes.append(f"{error.locator}: {error.reason}")
            return None

    def _page(self) -> Iterator[Ref | Unread]:
        """The target itself."""
        try:
            url = parse(self._target)
        except InputError as error:
            yield self._failed(error.locator, error.told, refused=True)
            return
        ref = url_ref(url)
        yield ref if self._reach.addresses.remember(ref, url) else twin(ref, "arguments", 1)

    def _refs(self, entries: Iterable[Entry], got: _Got) -> Iterator[Ref | Unread]:
        return refs(entries, got.base, self._reach.addresses.remember, got.name)

    def _failed(self, locator: str, reason: str, *, refused: bool = False, name: str | None = None) -> Unread:
        return self._unread(locator, reason, Outcome.REJECTED if refused else Outcome.FAILED, name)

    def _unread(self, locator: str, reason: str, outcome: Outcome, name: str | None = None) -> Unread:
        kind = self._kind if self._kind != AUTO else "listing"
        ref = Ref(input_id=input_id(kind, redacted(locator)), kind=kind, locator=locator, name=name or locator)
        return unread(ref, reason, outcome)
