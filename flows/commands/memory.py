"""``newsgloss memory``: the translation memory of an output, counted, written out as TMX, and read in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from flows.commands.options import add_place, in_force
from ingest.counted import counted


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its own commands."""
    command = subparsers.add_parser("memory", help="count, export and import the translation memory")
    actions = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _action(actions, "list", "how many sentences are remembered, by model", listing)
    writing = _action(actions, "export", "write the memory as TMX, for other translation tools", export)
    writing.add_argument("file", type=Path, help="the file to write")
    reading = _action(actions, "import", "read a TMX file; its translations answer before any model", importing)
    reading.add_argument("file", type=Path, help="the file to read")


def listing(arguments: argparse.Namespace) -> int:
    """Print a line a model."""
    from collections import Counter

    from flows.state import open_state
    from translate.memory import Memory

    with open_state(in_force(arguments).settings) as engine:
        counts = Counter((unit.model.engine, unit.model.name, unit.model.digest) for unit in Memory(engine).units())
    for (engine_name, name, digest), count in sorted(counts.items()):
        sys.stdout.write(f"{count}\t{engine_name}/{name}\t{digest}\n")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write the file, whole or not at all."""
    from flows.state import open_state
    from ingest.errors import OutputError
    from translate import tmx
    from translate.memory import Memory

    draft = arguments.file.with_name(f".{arguments.file.name}.new")
    try:
        with open_state(in_force(arguments).settings) as engine:
            written, left = tmx.write(Memory(engine).units(), draft)
        draft.replace(arguments.file)
    except OSError as error:
        raise OutputError(f"cannot write {arguments.file}: {error.strerror}") from error
    sys.stdout.write(f"{counted(written, 'sentence')} written, {left} left out that XML cannot hold\n")
    return 0


def importing(arguments: argparse.Namespace) -> int:
    """Remember what the file holds; what is remembered already stays."""
    from flows.state import open_state
    from translate import tmx
    from translate.memory import Memory

    with open_state(in_force(arguments).settings) as engine:
        count = Memory(engine).add(tmx.read(arguments.file))
    sys.stdout.write(f"{counted(count, 'sentence')} read\n")
    return 0


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    add_place(action)
    action.set_defaults(run=run)
    return action
