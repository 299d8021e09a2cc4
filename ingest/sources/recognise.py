"""What a user named in, the Source that reads it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from ingest.article import Source
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


def open_source(text: str, settings: SourceSettings | None = None) -> NotedSource:
    """The source that ``text`` names. Opens and reads nothing: what is wrong with it comes from `discover`."""
    settings = settings or SourceSettings()
    return Files(text, settings.files)
