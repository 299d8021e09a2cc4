"""``newsgloss follow``: a sources.toml in, documents of what is new out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from flows.commands.options import add_fetch, add_place, add_report, in_force

if TYPE_CHECKING:
    from pathlib import Path

    from flows.job import Request

DEFAULT_FILE = "sources.toml"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "follow", help="fetch what is new from the sources of sources.toml", description=__doc__
    )
    command.add_argument(
        "--sources", metavar="PATH", default=DEFAULT_FILE, help="what to follow (default: sources.toml; see seeds/)"
    )
    add_place(command)
    add_report(command)
    add_fetch(command)
    command.add_argument("--strict", action="store_true", help="exit 1 also when inputs are pending or rejected")
    command.add_argument("--detector", choices=["default", "langdetect", "py3langid"], help="language detector")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fetch what is new, and do the whole job on it; the exit status follows from the accounting."""
    from flows.console import Console
    from flows.job import run_plain

    request = request_of(arguments)
    with Console(quiet=arguments.quiet, json=arguments.json) as console:
        result = run_plain(request, console)
        console.result(result)
    return result.exit_status(strict=arguments.strict)


def request_of(arguments: argparse.Namespace) -> Request:
    """The job that following these sources is; settings of newsgloss.toml < sources.toml < options.

    Raises:
        UsageError: sources.toml is wrong, follows nothing, or names nobody whom a site could write to.
    """
    from dataclasses import replace
    from pathlib import Path

    from flows.job import Request
    from flows.settings import load
    from ingest.errors import UsageError
    from ingest.sources.config import read_config

    file = Path(arguments.sources)
    config = read_config(file)
    settings = in_force(arguments).settings
    stated = load(vars(arguments)).settings.fetch
    given = {name: value for name, value in settings.fetch.items() if stated.get(name) != value}
    fetch = {**stated, **config.fetch, **given}
    if not config.enabled:
        hint = "set enabled = true where you want it" if config.sources else "seeds/sources.toml is an example"
        raise UsageError(f"{file}: nothing to follow: {len(config.sources)} sources, none is enabled", hint=hint)
    if not fetch.get("contact"):
        raise UsageError(
            f"{file}: following needs somebody whom a site can write to",
            hint='add the line: contact = "you@your-domain.example", below [fetch]',
        )
    sources = tuple(_from_here(source.text, file.parent) for source in config.enabled)
    return Request(settings=replace(settings, fetch=fetch), sources=sources, follow=True)


def _from_here(text: str, folder: Path) -> str:
    """Paths in sources.toml are meant from where it lies."""
    word, _, target = text.partition(":")
    return text if "://" in target else f"{word}:{folder / target}"
