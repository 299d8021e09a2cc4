"""``newsgloss learned``: a ledger in, the lines that sites repeat out, to look at, to export, or to undo."""

from __future__ import annotations

import argparse
import sys

from flows.commands.options import add_place, in_force
from ingest.counted import counted

NOTHING = "nothing is learned yet: a line is, from the third document of a site on that repeats it"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    command = commands.add_parser("learned", help="show the lines that sites repeat", description=__doc__)
    add_place(command)
    chosen = command.add_mutually_exclusive_group()
    chosen.add_argument("--toml", action="store_true", help="print them as a TOML proposal for a rule")
    chosen.add_argument("--ignore", nargs=2, metavar=("SITE", "LINE"), help="never learn this line of this site")
    chosen.add_argument("--json", action="store_true", help="print them as JSON")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was learned, or take a line out of it."""
    from flows.console import one_line
    from flows.state import open_state
    from ingest import sites
    from ingest.boilerplate.repeats import proposal
    from ingest.database import reading, writing
    from ingest.records import encode

    with open_state(in_force(arguments).settings) as engine:
        if arguments.ignore:
            site, line = arguments.ignore
            with writing(engine, "cannot take that down") as connection:
                sites.expect(connection, site, line)
                sites.ignore(connection, site, line)
            sys.stdout.write("the next run puts the line back where it stood\n")
            return 0
        with reading(engine, "cannot read the ledger") as connection:
            found = sites.everything(connection)
    if arguments.json:
        sys.stdout.write(
            encode([{"site": each.site, "lines": sorted(each.lines.values())} for each in found]).decode()
        )
        sys.stdout.write("\n")
    elif arguments.toml:
        sys.stdout.write("\n".join(proposal(each) for each in found) or f"# {NOTHING}\n")
    elif not found:
        sys.stdout.write(f"{NOTHING}\n")
    else:
        for each in found:
            listed = "".join(f"  {one_line(text)}\n" for text in sorted(each.lines.values()))
            sys.stdout.write(f"{each.site}: {counted(len(each.lines), 'line')}\n{listed}")
    return 0
