"""A command's parser in, the same with the options that several commands share out."""

from __future__ import annotations

import argparse

from flows.settings import InForce, load


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


def in_force(arguments: argparse.Namespace) -> InForce:
    """The settings that hold for this command."""
    return load(vars(arguments))
