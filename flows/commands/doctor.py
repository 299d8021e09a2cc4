"""``newsgloss doctor``: settings in, what works here, what is missing and the command that mends it out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flows.commands.options import add_place, in_force
from flows.settings import Settings
from ingest.counted import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; ``mend`` is what to do where it does not work, ``optional`` whether a run needs it."""

    what: str
    works: bool
    detail: str
    mend: str = ""
    optional: bool = False


USES = {
    "demo": "a Portuguese model that needs no download",
    "pdf": "articles in PDF",
    "postgres": "a ledger in PostgreSQL",
    "s3": "sources on s3://",
    "test": "newsgloss's own tests",
}
"""What each extra is for."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("doctor", help="say what works here and what is missing", description=__doc__)
    add_place(command)
    command.add_argument("--json", action="store_true", help="print as JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a finding and the settings in force; 0 where everything works, 3 where a run could not."""
    from flows.console import one_line
    from ingest.records import encode, plain

    found = in_force(arguments)
    findings = [finding for look in LOOKS for finding in look(found.settings)]
    values = {name: _without_secret(value) for name, value in plain(found.settings).items()}
    if arguments.json:
        settings = {name: {"value": values[name], "from": found.origins[name]} for name in values}
        sys.stdout.write(encode({"findings": findings, "settings": settings}).decode() + "\n")
    else:
        for finding in findings:
            mark = "ok  " if finding.works else ("-   " if finding.optional else "FAIL")
            mend = f"; {finding.mend}" if finding.mend and not finding.works else ""
            sys.stdout.write(f"{mark}  {finding.what}: {one_line(finding.detail)}{mend}\n")
        sys.stdout.write("settings in force:\n")
        for name, value in values.items():
            sys.stdout.write(f"      {name} = {value!r}  ({found.origins[name]})\n")
    return 0 if all(finding.works or finding.optional for finding in findings) else 3


def _python(_settings: Settings) -> Iterator[Finding]:
    from ingest import __version__

    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(what="newsgloss", works=sys.version_info >= (3, 11), detail=f"{__version__} on Python {version}")


def _output(settings: Settings) -> Iterator[Finding]:
    folder = settings.output_folder
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    works = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    detail = f"{folder} {'can' if works else 'cannot'} be written"
    yield Finding(what="output", works=works, detail=detail, mend="choose another with --output DIR")


def _state(settings: Settings) -> Iterator[Finding]:
    from flows.state import open_state
    from ingest import accounting
    from ingest.database import reading
    from ingest.errors import LedgerError, NewsglossError

    place = _without_secret(settings.state_place)
    try:
        with open_state(settings) as engine, reading(engine, "cannot read the ledger") as connection:
            detail = f"{place}: {counted(accounting.of_all(connection).inputs, 'input')}"
    except LedgerError as error:
        new = error.message.startswith("there is no ledger")
        detail = "none yet; the first run makes it" if new else error.message
        yield Finding(what="ledger", works=new, detail=detail, mend=error.hint or "")
    except NewsglossError as error:
        yield Finding(what="ledger", works=False, detail=error.message, mend=error.hint or "")
    else:
        yield Finding(what="ledger", works=True, detail=detail)


def _models(settings: Settings) -> Iterator[Finding]:
    from pathlib import Path

    from translate.models import Installed
    from translate.registry import places

    where = places(Path(settings.models) if settings.models else None, os.environ)
    installed = Installed(where.folder, argos=where.argos)
    names = [f"{model.source}->{model.target} ({model.engine} {model.name})" for model in installed.models]
    yield Finding(
        what="models",
        works=bool(names),
        detail=", ".join(names) or f"none in {where.folder}",
        mend="newsgloss models install LANG brings one",
        optional=True,
    )
    for broken in installed.broken:
        yield Finding(
            what="models",
            works=False,
            detail=f"{broken.folder}: {broken.reason}",
            mend="newsgloss models install brings it anew",
            optional=True,
        )


def _device(settings: Settings) -> Iterator[Finding]:
    from ctypes import CDLL

    import ctranslate2

    cards = ctranslate2.get_cuda_device_count()
    detail = f"{settings.device}; {cards or 'no'} NVIDIA card{'s' * (cards != 1)} that CTranslate2 can use"
    works, mend = settings.device != "cuda" or cards > 0, "device = 'auto' or 'cpu'"
    if cards and settings.device != "cpu":
        try:
            CDLL("libcublas.so.12")
        except OSError:
            works, detail = False, f"{detail}, but no libcublas.so.12"
            mend = "install cuBLAS 12 and put its folder into LD_LIBRARY_PATH, or device = 'cpu'"
    yield Finding(what="device", works=works, detail=detail, mend=mend, optional=settings.device != "cuda")


def _server(_settings: Settings) -> Iterator[Finding]:
    from flows.server import address, reach
    from ingest.errors import ServerError

    url = address(os.environ)
    if url is None:
        detail = "PREFECT_API_URL is not set: runs are plain"
        mend = "`prefect server start`, then set PREFECT_API_URL, for schedules"
        yield Finding(what="prefect", works=False, detail=detail, mend=mend, optional=True)
        return
    try:
        reach(url, hint="`prefect server start`, or unset PREFECT_API_URL")
    except ServerError as error:
        yield Finding(what="prefect", works=False, detail=error.message, mend=error.hint or "")
    else:
        yield Finding(what="prefect", works=True, detail=f"{_without_secret(url)} answers")


def _extras(_settings: Settings) -> Iterator[Finding]:
    from flows.extras import extras

    for extra in extras():
        detail = f"not installed: {', '.join(extra.missing)}" if extra.missing else "installed"
        mend = f"pip install 'newsgloss[{extra.name}]' for {USES.get(extra.name, 'what needs them')}"
        yield Finding(what=f"extra {extra.name}", works=not extra.missing, detail=detail, mend=mend, optional=True)


def _without_secret(value: Any) -> Any:
    """A value as it may be shown: a URL without its user and password."""
    if not isinstance(value, str) or "://" not in value:
        return value
    scheme, separator, rest = value.partition("://")
    return scheme + separator + rest.rpartition("@")[2]


LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    *(_python, _output, _state, _models, _device, _server, _extras),
)
