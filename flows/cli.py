"""Words of the command line in, an exit status out.

Exit status: 0 every input is written, duplicate, rejected or pending; 1 some failed (``--strict``: or are pending or
rejected); 2 wrong usage; 3 the job could not be done; 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from ingest import __version__
from ingest.errors import NewsglossError

COMMANDS = {
    "run": "run the whole job on files, folders and other sources",
    "status": "what became of every input so far, and what to do next",
    "show": "show a document and its history",
    "forget": "take a document out of everything, for good",
    "doctor": "say what works here, what is missing, and how to mend it",
    "report": "write a static HTML report: every input, every document beside its source",
    "serve": "run the job on a schedule (needs a Prefect server)",
    "backfill": "run the job window by window over a span of days",
    "models": "install, list, check and remove translation models",
    "memory": "count, export and import the translation memory",
    "duplicates": "show a document's cluster of duplicates",
    "learned": "show, export or undo the lines that sites repeat",
    "explain": "show for one page each line kept or stripped, with its rule",
    "follow": "fetch what is new from the sources of sources.toml",
}
"""Each command is the module of its name in ``flows.commands``; only the one that is called is imported."""

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; never a traceback for what a user can cause."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments = parser(words).parse_args(words)
        return int(arguments.run(arguments))
    except NewsglossError as error:
        from flows.console import complain

        complain(error)
        return error.exit_status
    except KeyboardInterrupt:
        sys.stderr.write("newsgloss: interrupted; run the same command again to go on\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone; keep the interpreter from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser with the one command in full that the words name, and the others by name."""
    top = argparse.ArgumentParser(
        prog="newsgloss",
        description="Turns news in any language into clean English documents, on your own machine.",
        epilog="Each command has its own --help. Settings: newsgloss.toml < NEWSGLOSS_* variables < options.",
    )
    top.add_argument("--version", action="version", version=f"newsgloss {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    named = next((word for word in words if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        if name == named:
            importlib.import_module(f"flows.commands.{name}").add(commands)
        else:
            commands.add_parser(name, help=summary, add_help=False)
    return top


if __name__ == "__main__":
    sys.exit(main())
