"""Articles as JSON Lines on standard input in, documents as the JSON Lines of ``document.schema.json`` out.

The account goes to standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, TextIO

from ingest import records
from ingest.article import Article, Outcome
from ingest.errors import NewsglossError, RecordError
from translate.batch import Desk, to_documents
from translate.detect import CHOICES, build_detector
from translate.document import Document, Pending, Rejected
from translate.jsonl import render
from translate.models import Installed
from translate.registry import places

BATCH = 64
"""Articles translated together: enough sentences to fill an engine's batches, few enough to see progress."""

INTERRUPTED = 130
"""The shell's exit status for Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the room alone. Exit status: 0, or 1 where a line or a document failed, 2 for a wrong command line."""
    parser = argparse.ArgumentParser(prog="python -m translate", description=__doc__)
    parser.add_argument("--detector", choices=CHOICES, default="default", help="who names languages")
    parser.add_argument("--models", type=Path, metavar="DIR", help="where models are installed")
    options = parser.parse_args(arguments)
    try:
        where = places(options.models, os.environ)
        with closing(Installed(where.folder, argos=where.argos)) as models:
            desk = Desk(detector=build_detector(options.detector), translators=models)
            counts = run(sys.stdin.buffer, sys.stdout.buffer, sys.stderr, desk=desk)
            sys.stderr.writelines(f"{note}\n" for note in models.notes)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at exit
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except NewsglossError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_status
    return 1 if counts[Outcome.FAILED] else 0


def run(lines: Iterable[bytes], output: BinaryIO, log: TextIO, *, desk: Desk) -> Counter[Outcome]:
    """Turn article lines into document lines; returns how many lines ended how, and says so in ``log``."""
    counts: Counter[Outcome] = Counter()
    for batch in _batches(lines, log, counts):
        for article, outcome in zip(batch, to_documents(batch, desk), strict=True):
            counts[_write(article, outcome, output, log)] += 1
        output.flush()
    said = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])
    log.write(f"{sum(counts.values())} articles: {said or 'none'}\n")
    return counts


def _batches(lines: Iterable[bytes], log: TextIO, counts: Counter[Outcome]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            batch.append(records.decode(line, Article))
        except RecordError as error:
            counts[Outcome.FAILED] += 1
            log.write(f"line {number}: {error}\n")
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(article: Article, outcome: Document | Pending | Rejected, output: BinaryIO, log: TextIO) -> Outcome:
    if isinstance(outcome, Document):
        output.write(render([outcome]))
        return Outcome.WRITTEN
    source = "".join(c if c.isprintable() else "\ufffd" for c in article.provenance.source)
    if isinstance(outcome, Pending):
        log.write(f"{source}: pending: {outcome.reason}; {outcome.command}\n")
        return Outcome.PENDING
    log.write(f"{source}: rejected: {outcome.reason}\n")
    return Outcome.REJECTED


if __name__ == "__main__":
    sys.exit(main())
