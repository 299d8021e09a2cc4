"""What a user named in, the Source that reads it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from ingest.article import Source
from ingest.sources import files
from ingest.sources.files import Files, FileSettings


class NotedSource(Source, Protocol):
    """A Source that can say what its last `discover` passed over."""

    def note(self) -> str | None:
        """One line for people, or None where nothing was passed over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """The settings of every kind of source."""

    files: FileSettings = field(default_factory=FileSettings)


class Sources:
    """Opens sources, and knows for each kind who loads its items: what is shared between them lives here."""

    def __init__(self, settings: SourceSettings | None = None) -> None:
        self._settings = settings or SourceSettings()

    @classmethod
    @contextmanager
    def opened(cls, settings: SourceSettings | None = None) -> Iterator[Sources]:
        """The sources of one run, for the length of a block."""
        yield cls(settings)

    def open(self, text: str) -> NotedSource:
        """The source that ``text`` names. Reads nothing yet: what is wrong with it comes from `discover`."""
        return Files(text, self._settings.files)

    def loaders(self) -> Mapping[str, Source]:
        """For each kind of item, the source that loads it."""
        return {files.KIND: Files("", self._settings.files)}


def open_source(text: str, settings: SourceSettings | None = None) -> NotedSource:
    """One source by itself."""
    return Sources(settings).open(text)
