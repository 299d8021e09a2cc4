"""A command's parser in, the same with the options that several commands share out."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.settings import COMPUTE_TYPES, DEVICES, InForce, load


def add_place(command: argparse.ArgumentParser) -> None:
    """Where documents and state live."""
    command.add_argument("--output", metavar="DIR", help="folder that documents are written to (default: output)")
    command.add_argument(
        "--state", metavar="PLACE", help="state database: a path or postgresql://… (default: within the output)"
    )
    command.add_argument("--models", metavar="DIR", help="folder of translation models (default: user data folder)")


def add_report(command: argparse.ArgumentParser) -> None:
    """How the result is told."""
    command.add_argument("--json", action="store_true", help="print the result as JSON on standard output")
    command.add_argument("--quiet", action="store_true", help="no progress; errors only")


def add_fetch(command: argparse.ArgumentParser) -> None:
    """How pages are fetched; the ``[fetch]`` table of newsgloss.toml has all settings."""
    command.add_argument(
        "--allow-host",
        action="append",
        metavar="HOST[:PORT]",
        help="fetch from this host though its address is private",
    )
    command.add_argument(
        "--offline", action="store_true", help="fetch nothing: what would have to be is told as failed"
    )
    command.add_argument("--max-per-host", type=int, metavar="N", help="requests to one host at a time (default: 1)")
    command.add_argument(
        "--contact", metavar="ADDRESS", help="who runs this: an e-mail address or URL that sites see"
    )


def natural(text: str) -> int:
    """A number of things, 1 or more.

    Raises:
        argparse.ArgumentTypeError: the text is no such number.
    """
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def add_work(command: argparse.ArgumentParser) -> None:
    """How the job is done; `flows.commands.perform` reads these."""
    command.add_argument("--strict", action="store_true", help="exit 1 also when inputs are pending or rejected")
    command.add_argument(
        "--prefect",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="run as a Prefect flow (default: when PREFECT_API_URL is set)",
    )


def add_translation(command: argparse.ArgumentParser) -> None:
    """How texts are translated; docs/models.md has all settings."""
    command.add_argument("--detector", choices=["default", "langdetect", "py3langid"], help="language detector")
    command.add_argument(
        "--glossary", metavar="FILE", help="terms and their English: language, term, English, by tabs"
    )
    command.add_argument(
        "--verify",
        nargs="?",
        const=1.0,
        type=float,
        metavar="SHARE",
        help="ask a second engine about this share of the sentences (default: all), and store how far it agrees",
    )
    command.add_argument("--device", choices=DEVICES, help="what Argos packages run on (default: auto)")
    command.add_argument(
        "--compute-type",
        choices=COMPUTE_TYPES,
        metavar="TYPE",
        help="what Argos packages compute in: float32, int8, … (default: as the package is stored)",
    )


def in_force(arguments: argparse.Namespace) -> InForce:
    """The settings that hold for this command."""
    found = load(vars(arguments))
    if not (given := _fetch_options(arguments, found.settings.fetch)):
        return found
    settings = replace(found.settings, fetch={**found.settings.fetch, **given})
    return InForce(settings=settings, origins={**found.origins, "fetch": "option"})


def _fetch_options(arguments: argparse.Namespace, table: Mapping[str, Any]) -> dict[str, object]:
    given: dict[str, object] = {
        name: value for name in ("max_per_host", "contact") if (value := getattr(arguments, name, None)) is not None
    }
    if getattr(arguments, "offline", False):
        given["offline"] = True
    if hosts := getattr(arguments, "allow_host", None):
        given["allow_hosts"] = [*table.get("allow_hosts", ()), *hosts]
    return given
