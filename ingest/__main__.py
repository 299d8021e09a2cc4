"""``python -m ingest SOURCE...``: sources in, Articles as JSON Lines on standard output out.

What was not read stands on standard error, a line each, and the counts in a last line. Exit status: 0 all was read or
rejected for good; 1 some failed; 2 wrong usage; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice

from ingest.article import Article, NotModified, Outcome, RawPage, Source, Unread, Validators
from ingest.cleaning import Cleaner
from ingest.counted import counted
from ingest.errors import InputError, NewsglossError, UsageError
from ingest.shown import shown
from ingest.sources.recognise import NotedSource, Sources, SourceSettings

INTERRUPTED = 130

BATCH = 16
"""How many pages are held at a time; one may have as many megabytes."""


def main(argv: Sequence[str] | None = None) -> int:
    """Read the sources of the command line; never a traceback for what a user can cause."""
    try:
        arguments = _parser().parse_args(argv)
        with Sources.opened(_settings(arguments)) as sources:
            opened = [sources.open(text) for text in arguments.sources]
            return _articles(opened, sources.loaders(), _now())
    except NewsglossError as error:
        _say(f"ingest: {error}")
        return error.exit_status
    except KeyboardInterrupt:
        _say("ingest: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone; keep the interpreter from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Sources to clean Articles, one JSON a line."
    )
    parser.add_argument(
        "sources", nargs="+", metavar="SOURCE", help="a file, a folder, or any source of docs/sources.md"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        metavar="HOST[:PORT]",
        help="fetch from this host though its address is private",
    )
    parser.add_argument("--contact", metavar="ADDRESS", help="who runs this: an e-mail address or URL that sites see")
    return parser


def _settings(arguments: argparse.Namespace) -> SourceSettings:
    given = {"allow_hosts": arguments.allow_host, "contact": arguments.contact}
    return SourceSettings(fetch={name: value for name, value in given.items() if value is not None})


def _articles(sources: Iterable[NotedSource], loaders: Mapping[str, Source], now: str) -> int:
    from ingest.records import encode

    counts: Counter[str] = Counter()
    with Cleaner() as cleaner:
        for result in _results(sources, loaders, cleaner, now):
            if isinstance(result, Article):
                counts["read"] += 1
                sys.stdout.buffer.write(encode(result) + b"\n")
            else:
                counts[result.outcome.value] += 1
                _say(f"{result.outcome.value}: {result.kind}:{shown(result.name)}: {shown(result.reason)}")
    sys.stdout.buffer.flush()
    total = sum(counts.values())
    _say(
        f"ingest: {counted(total, 'input')}: "
        + ", ".join(f"{counts[name]} {name}" for name in ("read", "rejected", "failed"))
    )
    return int(counts["failed"] > 0)


def _results(
    sources: Iterable[NotedSource], loaders: Mapping[str, Source], cleaner: Cleaner, now: str
) -> Iterator[Article | Unread]:
    """What became of every input, in order; pages are read in batches, so that all workers have some."""
    for source in sources:
        items = _pages(source, loaders, now)
        while batch := list(islice(items, BATCH)):
            pages = [item for item in batch if isinstance(item, RawPage)]
            cleaned = iter(zip(pages, cleaner.clean(pages), strict=True))
            yield from (_result(*next(cleaned)) if isinstance(item, RawPage) else item for item in batch)
        if note := source.note():
            _say(f"ingest: {shown(note)}")


def _pages(source: NotedSource, loaders: Mapping[str, Source], now: str) -> Iterator[RawPage | Unread]:
    for item in source.discover():
        if isinstance(item, Unread):
            yield item
            continue
        page = loaders[item.kind].load(item, Validators(), now)
        if not isinstance(page, NotModified):  # nothing was known to compare with
            yield page


def _result(page: RawPage, made: Article | InputError) -> Article | Unread:
    if isinstance(made, Article):
        return made
    kind, _, name = page.provenance.source.partition(":")
    return Unread(
        input_id="",
        kind=kind,
        locator=page.provenance.target_uri or name,
        name=name,
        reason=made.reason,
        outcome=Outcome.FAILED if made.transient else Outcome.REJECTED,
        transient=made.transient,
    )


def _now() -> str:
    """The time of this run: SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch), else now."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"SOURCE_DATE_EPOCH: {given!r} is no number of seconds", hint="unset it, or give one"
        ) from error
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
