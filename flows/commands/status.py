"""``newsgloss status``: a ledger in, what became of every input so far and what to do next out."""

from __future__ import annotations

import argparse
import sys

from flows.commands.options import add_place, in_force
from ingest.counted import counted

SHOWN = 50


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("status", help="what became of every input so far", description=__doc__)
    add_place(command)
    command.add_argument("--json", action="store_true", help="print as JSON")
    command.add_argument("--all", action="store_true", help=f"list all, not only the first {SHOWN}")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print counts by outcome, what is pending or failed and why, and the commands that bring them on."""
    from flows.console import one_line
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
        sums = accounting.of_all(connection)
        lines = list(accounting.accounts(connection, outcomes=waiting, limit=None if arguments.all else SHOWN))
        older = older_than(connection, EXTRACT_VERSION)
        unlike = len(outdated(connection))
        unfinished = accounting.unfinished_runs(connection)
    if arguments.json:
        counts = {"inputs": sums.inputs, **{str(key): value for key, value in sums.outcomes.items()}}
        body = {**counts, "unsettled": sums.unsettled, "older": older, "outdated": unlike, "items": lines}
        sys.stdout.write(encode(body).decode() + "\n")
        return 0
    out = [
        f"{counted(sums.inputs, 'input')}: " + ", ".join(f"{sums.outcomes[outcome]} {outcome}" for outcome in Outcome)
    ]
    if sums.unsettled:
        out.append(f"still in work: {counted(sums.unsettled, 'input')}; run again to finish")
    if older:
        out.append(
            f"made by an older version: {counted(older, 'document')}; newsgloss run --reprocess extract redoes them"
        )
    if unlike:
        out.append(
            f"not compared with new ones, since an older version fingerprinted them: {counted(unlike, 'document')}; "
            "newsgloss run --reprocess extract redoes them"
        )
    out += [f"{run.label}: began {run.started_at}, not finished" for run in unfinished]
    out += [f"{line.outcome}\t{one_line(line.name)}\t{one_line(line.reason or '')}" for line in lines]
    commands = sorted({line.command for line in lines if line.command})
    if sums.outcomes[Outcome.FAILED]:
        commands.append("newsgloss run SOURCE...  (what failed is tried again)")
    out += [f"next: {command}" for command in commands]
    sys.stdout.write("\n".join(out) + "\n")
    return 0
