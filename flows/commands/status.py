"""``newsgloss status``: a ledger in, what became of every input so far and what to do next out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from flows.commands.options import add_place, in_force
from ingest.counted import counted

if TYPE_CHECKING:
    from ingest.accounting import Account, Sums

SHOWN = 50


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("status", help="what became of every input so far", description=__doc__)
    add_place(command)
    command.add_argument("--json", action="store_true", help="print as JSON")
    chosen = command.add_mutually_exclusive_group()
    chosen.add_argument("--all", action="store_true", help=f"list all, not only the first {SHOWN}")
    chosen.add_argument(
        "--documents", action="store_true", help="list every document in place of that: id, outcome, input, file"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print counts by outcome, what is pending or failed and why, and the commands that bring them on."""
    from flows.matcher import outdated
    from flows.state import open_state
    from ingest import accounting
    from ingest.article import Outcome
    from ingest.database import reading
    from ingest.documents import older_than
    from ingest.ledger import EXTRACT_VERSION
    from ingest.records import encode

    waiting = (Outcome.FAILED, Outcome.PENDING, Outcome.REJECTED)
    settings = in_force(arguments).settings
    with open_state(settings) as engine, reading(engine, "cannot read the ledger") as connection:
        if arguments.documents:
            lines = [line for line in accounting.accounts(connection) if line.document]
        else:
            limit = None if arguments.all else SHOWN
            lines = list(accounting.accounts(connection, outcomes=waiting, limit=limit))
        sums = accounting.of_all(connection)
        older = older_than(connection, EXTRACT_VERSION)
        unlike = len(outdated(connection))
        unfinished = accounting.unfinished_runs(connection)
    if arguments.json:
        counts = {"inputs": sums.inputs, **{str(key): value for key, value in sums.outcomes.items()}}
        body = {**counts, "unsettled": sums.unsettled, "older": older, "outdated": unlike, "items": lines}
        sys.stdout.write(encode(body).decode() + "\n")
        return 0
    listed = _documents(lines) if arguments.documents else _waiting(lines, failed=sums.outcomes[Outcome.FAILED])
    out = [*_counts(sums), *_outdated(older, unlike)]
    out += [f"{run.label}: began {run.started_at}, not finished" for run in unfinished]
    sys.stdout.write("\n".join([*out, *listed]) + "\n")
    return 0


def _counts(sums: Sums) -> Iterator[str]:
    from ingest.article import Outcome

    outcomes = ", ".join(f"{sums.outcomes[outcome]} {outcome}" for outcome in Outcome)
    yield f"{counted(sums.inputs, 'input')}: {outcomes}"
    if sums.unsettled:
        yield f"still in work: {counted(sums.unsettled, 'input')}; run again to finish"


def _outdated(older: int, unlike: int) -> Iterator[str]:
    """What an older version made, and what it fingerprinted."""
    redo = "newsgloss run --reprocess extract redoes them"
    if older:
        yield f"made by an older version: {counted(older, 'document')}; {redo}"
    if unlike:
        documents = counted(unlike, "document")
        yield f"not compared with new ones, since an older version fingerprinted them: {documents}; {redo}"


def _documents(lines: Iterable[Account]) -> Iterator[str]:
    """The documents, and for each input what it is called."""
    from flows.console import one_line, what

    for line in lines:
        yield f"{line.document}\t{line.outcome or 'in work'}\t{one_line(line.name)}\t{one_line(what(line))}"


def _waiting(lines: Sequence[Account], *, failed: int) -> Iterator[str]:
    """What is failed, pending or rejected, and then what to do about it."""
    from flows.console import one_line

    for line in lines:
        yield f"{line.outcome}\t{one_line(line.name)}\t{one_line(line.reason or '')}"
    commands = sorted({line.command for line in lines if line.command})
    if failed:
        commands.append("newsgloss run SOURCE...  (what failed is tried again)")
    for command in commands:
        yield f"next: {command}"
