"""The value between a file and its page: what a file holds."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.article import Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An article as it was found in a file; ``hints`` where the container says more than the file's name."""

    payload: bytes
    media_type: str
    charset: str | None = None
    target_uri: str | None = None
    hints: Hints | None = None
