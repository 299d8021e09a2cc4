"""``newsgloss memory``: the translation memory of an output, counted, judged, written out as TMX, and read in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from flows.commands.options import add_place, in_force, natural
from ingest.counted import counted


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its own commands."""
    command = subparsers.add_parser("memory", help="count, judge, export and import the translation memory")
    actions = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _action(actions, "list", "how many sentences are remembered, by model", listing)
    judging = _action(actions, "verify", "how far a second engine agrees with what is remembered", verify)
    judging.add_argument(
        "--share", type=_share, default=1.0, metavar="SHARE", help="of a sample of this share, 0 to 1 (default: all)"
    )
    judging.add_argument(
        "--worst", type=natural, default=10, metavar="N", help="print the N least agreed upon (default: 10)"
    )
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


def verify(arguments: argparse.Namespace) -> int:
    """Print a line a model, and the sentences that a second engine agrees with least."""
    from contextlib import closing
    from dataclasses import replace

    from flows.console import one_line
    from flows.desk import LateDesk
    from flows.state import open_state
    from translate.review import review

    settings = in_force(arguments).settings
    with open_state(settings) as engine, closing(LateDesk(settings, engine)) as late:
        units = list(late.memory.units())  # what is remembered from here on is the second engine's
        found = list(review(units, replace(late.desk, verify=arguments.share)))
    for model in sorted({each.model for each in found}, key=lambda model: (model.engine, model.name, model.digest)):
        scores = [each.score for each in found if each.model == model]
        mean = sum(scores) / len(scores)
        sys.stdout.write(f"{model.engine}/{model.name}\t{len(scores)} sentences\tagreement {mean:.2f}\n")
    for each in sorted(found, key=lambda each: (each.score, each.unit.source))[: arguments.worst]:
        sys.stdout.write(f"{each.score:.2f}\t{one_line(each.unit.source)}\t{one_line(each.unit.rendering.text)}\n")
    if not found:
        sys.stdout.write("nothing could be judged: that takes two engines for a language; newsgloss models list\n")
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
        draft.unlink(missing_ok=True)
        raise OutputError(f"cannot write {arguments.file}: {error.strerror}") from error
    sys.stdout.write(f"{counted(written, 'sentence')} written, {left} left out that XML cannot hold\n")
    return 0


def importing(arguments: argparse.Namespace) -> int:
    """Remember what the file holds; what is remembered already stays."""
    from flows.tools import opened
    from translate import tmx
    from translate.memory import Memory

    with opened(in_force(arguments).settings) as engine:  # made where there is none: it may come before the first run
        count = Memory(engine).add(tmx.read(arguments.file))
    sys.stdout.write(f"{counted(count, 'sentence')} read\n")
    return 0


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share from 0 to 1")
    return share


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
