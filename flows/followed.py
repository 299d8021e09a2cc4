"""A request that names a sources.toml (``follow:PATH``) in, the request that follows what it lists out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.counted import counted
from ingest.errors import UsageError

if TYPE_CHECKING:
    from flows.job import Request
    from ingest.sources.config import Config

WORD = "follow:"


def expanded(request: Request) -> Request:
    """The same request with the sources of its sources.toml in place of the file's name; others are as they are.

    The file is read where the job runs, so that what it says of passwords never travels. Its ``[fetch]`` table goes
    behind newsgloss.toml and the options.

    Raises:
        UsageError: the file is wrong, follows nothing, or names nobody whom a site could write to.
    """
    if not any(text.startswith(WORD) for text in request.sources):
        return request
    from ingest.sources.config import read_config

    sources: list[str] = []
    fetch = dict(request.settings.fetch)
    for text in request.sources:
        if not text.startswith(WORD):
            sources.append(text)
            continue
        file = Path(text.removeprefix(WORD))
        config = read_config(file)
        fetch = {**config.fetch, **fetch}
        _require_contact(file, fetch)
        sources += _followed(file, config)
    return replace(request, settings=replace(request.settings, fetch=fetch), sources=tuple(sources), follow=True)


def _require_contact(file: Path, fetch: dict[str, object]) -> None:
    if not fetch.get("contact"):
        raise UsageError(
            f"{file}: following needs somebody whom a site can write to",
            hint='add the line: contact = "you@your-domain.example", below [fetch]',
        )


def _followed(file: Path, config: Config) -> list[str]:
    if not config.enabled:
        hint = "set enabled = true where you want it" if config.sources else "seeds/sources.toml is an example"
        raise UsageError(
            f"{file}: nothing to follow: {counted(len(config.sources), 'source')}, none is enabled", hint=hint
        )
    return [_from_here(source.text, file.parent) for source in config.enabled]


def _from_here(text: str, folder: Path) -> str:
    """Paths in sources.toml are meant from where it lies."""
    word, _, target = text.partition(":")
    return text if "://" in target else f"{word}:{folder / target}"
