"""What a user named in, the Source that reads it out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from ingest.article import NotModified, RawPage, Ref, Source, Unread, Validators
from ingest.errors import UsageError
from ingest.sources.files import Files, FileSettings

if TYPE_CHECKING:
    from ingest.article import Fetcher
    from ingest.sources.columns import Columns
    from ingest.sources.pages import Addresses
    from ingest.sources.reach import ListingSettings, Memory, Reach
    from ingest.sources.tables import TableLoader

WORDS = ("feed", "sitemap", "list", "opml", "home", "page", "warc", "table", "file", "follow")
"""``WORD:TARGET`` says what a target is, where its name does not. ``follow`` names many sources."""

_LISTING_URL = re.compile(
    r"(?i)\.(?:rss|atom|rdf|opml|xml)(?:\.gz)?(?:[?#]|$)|/(?:feeds?|rss|atom)(?:[/?#]|$)|/(?:news-?)?sitemap[^/]*(?:[?#]|$)"
)
_LISTING_FILE = re.compile(r"(?i)\.(?:rss|atom|rdf|opml|xml)(?:\.gz)?$|\.json$")
_LIST_FILE = re.compile(r"(?i)\.urls(?:\.gz)?$")
_WARC_FILE = re.compile(r"(?i)\.warc(?:\.gz)?$")


class NotedSource(Source, Protocol):
    """A Source that can say what its last `discover` passed over."""

    def note(self) -> str | None:
        """One line for people, or None where nothing was passed over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """The settings of every kind of source.

    ``fetch`` is a ``[fetch]`` table as it was written: it is read when the first source needs the network.
    """

    files: FileSettings = field(default_factory=FileSettings)
    fetch: Mapping[str, Any] = field(default_factory=dict)
    listings: ListingSettings | None = None


class Sources:
    """Opens sources, and knows who loads which kind of item; their fetcher is made when it is needed."""

    def __init__(
        self, settings: SourceSettings | None = None, *, fetcher: Fetcher | None = None, memory: Memory | None = None
    ) -> None:
        self._settings = settings or SourceSettings()
        self._fetcher = fetcher
        self._memory = memory
        self._addresses: Addresses | None = None
        self._columns: dict[str, Columns] = {}
        self._made: list[_Closes] = []

    @classmethod
    @contextmanager
    def opened(
        cls, settings: SourceSettings | None = None, *, fetcher: Fetcher | None = None, memory: Memory | None = None
    ) -> Iterator[Sources]:
        """The sources of one run, for the length of a block."""
        sources = cls(settings, fetcher=fetcher, memory=memory)
        try:
            yield sources
        finally:
            for made in sources._made:
                made.close()

    def open(self, text: str, columns: Columns | None = None) -> NotedSource:
        """The source that ``text`` names. Reads nothing yet: what is wrong with it comes from `discover`.

        ``columns`` says which columns of a table hold what.

        Raises:
            UsageError: the ``[fetch]`` settings or the columns are wrong.
        """
        word, target = _word(text)
        if word == "follow":
            raise UsageError(
                f"{target}: a list of sources cannot be read here", hint="newsgloss follow, or name its sources"
            )
        if word in {"feed", "sitemap", "list", "opml", "home", "page"}:
            return self._listing(target, word)
        if word == "warc" or (word is None and _WARC_FILE.search(target)):
            return self._warc(target)
        if word == "table" or (word is None and _is_table(target)):
            return self._table(target, columns)
        if target.lower().startswith(("http://", "https://")):
            return self._listing(target, "auto" if _LISTING_URL.search(target) else "page")
        return self._local(target, named=word == "file")

    def loaders(self) -> Mapping[str, Source]:
        """For each kind of item, the source that loads it, made when it is first asked."""
        return {
            "file": _Late(self._file_loader),
            "url": _Late(lambda: self._listing("", "page")),
            "warc": _Late(lambda: self._warc("")),
            "table": _Late(self._table_loader),
        }

    def _local(self, target: str, *, named: bool) -> NotedSource:
        from_store = "://" in target
        if not named and _LIST_FILE.search(target):
            return self._listing(target, "list")
        if not named and (_LISTING_FILE.search(target) or (not from_store and _holds_urls(target))):
            return self._listing(target, "auto")
        if from_store:
            from ingest.sources.remote import RemoteFiles

            return RemoteFiles(target, self._settings.files)
        return Files(target, self._settings.files)

    def _file_loader(self) -> Source:
        from ingest.sources.remote import RemoteFiles
        from ingest.sources.unpacker import Unpacker

        unpacker = Unpacker()
        self._made.append(unpacker)
        settings, unpack = self._settings.files, unpacker.unpack
        return _Either(Files("", settings, unpack), RemoteFiles("", settings, unpack))

    def _listing(self, target: str, kind: str) -> NotedSource:
        from ingest.sources.listing import Listing

        return Listing(_located(target), kind, self._reach())

    def _reach(self) -> Reach:
        from ingest.sources.pages import Addresses
        from ingest.sources.reach import Forgetful, ListingSettings, Reach

        if self._fetcher is None:
            from ingest.fetcher import PoliteFetcher
            from ingest.sources.config import fetch_settings

            made = PoliteFetcher(fetch_settings(self._settings.fetch))
            self._made.append(made)
            self._fetcher = made
        self._addresses = self._addresses or Addresses()
        return Reach(
            fetcher=self._fetcher,
            addresses=self._addresses,
            memory=self._memory or Forgetful(),
            settings=self._settings.listings or ListingSettings(),
        )

    def _warc(self, target: str) -> NotedSource:
        from ingest.sources.warc import Warc, WarcSettings

        made = Warc(_located(target), WarcSettings(max_bytes=self._settings.files.max_bytes))
        self._made.append(made)
        return made

    def _table(self, target: str, columns: Columns | None) -> NotedSource:
        from ingest.sources.columns import Columns, columns_in
        from ingest.sources.tables import Table, TableSettings

        locator, written = columns_in(target)
        locator = _located(locator)
        self._columns[locator] = columns or written or Columns()
        settings = TableSettings(max_bytes=self._settings.files.max_bytes, columns=self._columns[locator])
        return Table(locator, settings)

    def _table_loader(self) -> TableLoader:
        from ingest.sources.tables import TableLoader, TableSettings

        return TableLoader(TableSettings(max_bytes=self._settings.files.max_bytes), self._columns)


class _Closes(Protocol):
    def close(self) -> None: ...


class _Late:
    """A loader that is made when the first item comes."""

    def __init__(self, make: _Makes) -> None:
        self._make = make
        self._made: Source | None = None

    def discover(self) -> Iterator[Ref | Unread]:
        return iter(())

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        if self._made is None:
            self._made = self._make()
        return self._made.load(ref, validators, retrieved_at)


class _Makes(Protocol):
    def __call__(self) -> Source: ...


@dataclass(frozen=True, slots=True)
class _Either:
    """Local files and objects on a store are one kind."""

    local: Source
    remote: Source

    def discover(self) -> Iterator[Ref | Unread]:
        return iter(())

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        loader = self.remote if "://" in ref.locator else self.local
        return loader.load(ref, validators, retrieved_at)


def open_source(text: str, settings: SourceSettings | None = None) -> NotedSource:
    """One source by itself."""
    return Sources(settings).open(text)


def portable(text: str) -> str:
    """The same source as another process may open it, wherever that runs: local paths absolute, under their word."""
    word, target = _word(text)
    locator, mark, columns = target.partition("#") if word == "table" or _is_table(target) else (target, "", "")
    return (f"{word}:" if word else "") + _located(locator) + mark + columns


def _word(text: str) -> tuple[str | None, str]:
    """``feed:https://…`` as its word and target."""
    word, colon, rest = text.partition(":")
    known = word if colon and word in WORDS and not (word == "file" and rest.startswith("//")) else None
    target = rest if known else text
    if target.startswith("file://"):
        from ingest.sources.opening import local_path

        target = local_path(target)
    return known, target


def _located(target: str) -> str:
    """Local files by their absolute path, so that they have one identity; "" (no target) stays."""
    if not target or "://" in target or target.lower().startswith(("http:", "https:")):
        return target
    return os.path.abspath(target)  # noqa: PTH100 - links stay as the user named them


def _is_table(target: str) -> bool:
    from ingest.sources.rows import is_table

    return is_table(target.partition("#")[0])


def _holds_urls(path: str) -> bool:
    """Whether a text file is a list of URLs: only its beginning is read."""
    if not path.lower().endswith((".txt", ".lst")):
        return False
    from ingest.sources.reading import CannotReadError, open_regular
    from ingest.sources.sniff import HEAD_BYTES, Listed, listing_kind

    try:
        with open_regular(path) as file:
            return listing_kind(file.read(HEAD_BYTES)) is Listed.LIST
    except (CannotReadError, OSError):
        return False
