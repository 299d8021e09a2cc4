"""``newsgloss models``: translation models, brought, listed, checked and taken away."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.options import add_place, in_force

if TYPE_CHECKING:
    from translate.download import Progress
    from translate.install import Shop
    from translate.registry import InstalledModel, Places

ENGINES = ("firefox", "argos")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its own commands."""
    command = subparsers.add_parser("models", help="install, list, check and remove translation models")
    actions = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    installing = _action(actions, "install", "download the best model for a language into English", install)
    installing.add_argument("langs", nargs="+", metavar="LANG", help="a language tag: ko, ja, zh, pt-br, …")
    installing.add_argument("--engine", choices=ENGINES, help="take this engine's model, whatever the scores say")
    installing.add_argument("--from", dest="mirror", metavar="URL", help="a mirror: URL/index.json, URL/records.json")
    installing.add_argument(
        "--allow-host", action="append", default=[], metavar="HOST:PORT", help="a private address that may be asked"
    )
    installing.add_argument("--quiet", action="store_true", help="no progress")
    _action(actions, "list", "what is installed, and what is broken", listing)
    verifying = _action(actions, "verify", "check files against the lock file, and translate a word", verify)
    verifying.add_argument("names", nargs="*", metavar="MODEL", help="as `list` names it (default: all)")
    removing = _action(actions, "remove", "delete a model", remove)
    removing.add_argument("names", nargs="+", metavar="MODEL", help="as `list` names it: firefox/pt-en, or pt-en")
    importing = _action(actions, "import", "install from a file or folder", importing_files)
    importing.add_argument("paths", nargs="+", type=Path, metavar="FILE", help=".argosmodel, zip, or model folder")


def install(arguments: argparse.Namespace) -> int:
    """Install a model for each language; the only command here that asks the network."""
    from ingest.article import UND
    from ingest.errors import UsageError
    from translate import codes
    from translate.install import find, installed
    from translate.install import install as bring

    langs = {word: codes.parse(word) for word in arguments.langs}
    unknown = [word for word, lang in langs.items() if lang == UND]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no language tag", hint="for example ko, ja, zh, pt-br")
    with _shop(arguments) as shop:
        for lang in langs.values():
            offer = find(lang, shop, arguments.engine)
            there = installed(offer, shop.places)
            model = there or bring(offer, shop)
            _say([f"{_name(model)} {model.version}: {'already installed' if there else 'installed'}"])
    return 0


def listing(arguments: argparse.Namespace) -> int:
    """Print a line a model, and one for each folder that holds none."""
    from translate import choice, codes
    from translate.registry import BrokenModel, InstalledModel, scan

    found = list(scan(_places(arguments)))
    for each in found:
        if isinstance(each, InstalledModel):
            scores = {offer.engine: offer.comet for offer in choice.offers().get(each.source, ())}
            score = scores.get(each.engine)
            published = f"COMET {score:.3f}" if score is not None and each.target == "en" else "no published score"
            where = "in a Python package" if each.bundled else str(each.folder)
            size = f"{each.size / 1e6:.0f} MB"
            _say([_name(each), codes.name(each.source), each.version or "-", size, published, where], "\t")
    _say(f"broken: {each.folder}: {each.reason}" for each in found if isinstance(each, BrokenModel))
    if not found:
        _say(["no models are installed; newsgloss models install LANG brings one"])
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Print a verdict a model; 1 where one is not what was installed, or does not load."""
    from ingest.errors import ModelError
    from translate.document import Options
    from translate.install import verify as compare
    from translate.models import Settings, load
    from translate.registry import BrokenModel, scan

    settings, places = in_force(arguments).settings, _places(arguments)
    wrong = [f"broken: {each.folder}: {each.reason}" for each in scan(places) if isinstance(each, BrokenModel)]
    for model in _named(arguments.names, places):
        problem = compare(model, places)
        if problem is None:
            try:
                engine = load(model, Settings(workers=1, device=settings.device))
                try:
                    engine.translate(["1 2 3"], Options(compute_type=settings.compute_type))
                finally:
                    engine.close()
            except ModelError as error:
                problem = error.message
        if problem is not None:
            wrong.append(f"broken: {_name(model)}: {problem}")
        else:
            _say([f"ok: {_name(model)} {model.version} {model.digest()}"])
    _say(wrong)
    return 1 if wrong else 0


def remove(arguments: argparse.Namespace) -> int:
    """Delete the named models."""
    from translate.install import remove as delete

    places = _places(arguments)
    for model in _named(arguments.names, places):
        delete(model, places)
        _say([f"{_name(model)}: removed"])
    return 0


def importing_files(arguments: argparse.Namespace) -> int:
    """Install each file or folder."""
    from translate.install import import_path

    for path in arguments.paths:
        model = import_path(path, _places(arguments))
        _say([f"{_name(model)} {model.version}: installed"])
    return 0


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, run: object
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    add_place(action)
    action.set_defaults(run=run)
    return action


def _places(arguments: argparse.Namespace) -> Places:
    from translate.registry import places

    chosen = in_force(arguments).settings.models
    return places(Path(chosen) if chosen else None, os.environ)


@contextmanager
def _shop(arguments: argparse.Namespace) -> Iterator[Shop]:
    from flows.downloads import WebDownload
    from ingest.fetch import Client, ClientSettings
    from translate.install import Shop, Sources, mirror

    client = Client(ClientSettings(allow_hosts=tuple(arguments.allow_host)))
    try:
        with _progress(quiet=arguments.quiet) as progress:
            yield Shop(
                places=_places(arguments),
                download=WebDownload(client),
                sources=mirror(arguments.mirror) if arguments.mirror else Sources(),
                progress=progress,
            )
    finally:
        client.close()


def _named(names: list[str], places: Places) -> list[InstalledModel]:
    """The installed models of these names; all where there are none.

    Raises:
        UsageError: no model has the name, or several have.
    """
    from ingest.errors import UsageError
    from translate.registry import InstalledModel, scan

    models = [each for each in scan(places) if isinstance(each, InstalledModel)]
    if not names:
        return models
    chosen = []
    for name in names:
        matching = [each for each in models if name in {_name(each), each.name, each.source}]
        if len(matching) != 1:
            known = ", ".join(_name(each) for each in (matching or models)) or "none is installed"
            raise UsageError(f"{len(matching)} models are called {name!r}", hint=f"choose of: {known}")
        chosen.append(matching[0])
    return chosen


def _name(model: InstalledModel) -> str:
    """How users name a model: engine and pair, and for Argos the version, as several may stand side by side."""
    return f"{model.engine}/{model.name}" + (f"@{model.version}" if model.engine == "argos" else "")


def _say(lines: Iterable[str], joint: str = "\n") -> None:
    from flows.console import one_line

    text = joint.join(one_line(line) for line in lines)
    if text:
        sys.stdout.write(text + "\n")


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar a file on a terminal, nothing elsewhere."""
    from translate.download import silent

    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Terminal(stderr=True)) as bars:
        tasks: dict[str, int] = {}

        def show(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = int(bars.add_task(name, total=total))
            bars.update(tasks[name], completed=done, total=total)  # type: ignore[arg-type]

        yield show
