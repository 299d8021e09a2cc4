"""A Document in, the places of its files under the output folder out; pure.

::

    documents/2025-01/2025-01-30-new-chip-law-takes-effect-k7mzq2ab.md
    jsonl/2025/2025-01-30.jsonl                   or 2025-01-30-k.jsonl, one a prefix, where a date is large
    parquet/date=2025-01-30/documents.parquet     or documents-k.parquet
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from pathlib import PurePosixPath

from ingest.errors import OutputError
from translate.document import Document

SLUG_LENGTH = 60
SLUG_WORDS = 8
TABLE_SIZE = 10_000
"""Documents in one table file, at most: some 100 MB of JSON, rewritten whole whenever a member changes."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[A-Za-z0-9]{8,64}")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc]")
_BETWEEN = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"}
)
"""What NFKD leaves whole, lower case."""


def markdown_path(document: Document) -> PurePosixPath:
    """Where a document's page goes at its first write; the ledger keeps it from then on.

    Raises:
        OutputError: its date or id is none.
    """
    date, key = _checked_date(document.date), _checked_id(document.id)
    return PurePosixPath("documents", date[:7], f"{date}-{slug(document.title or document.text)}-{key[:8]}.md")


def jsonl_path(date: str, prefix: str = "") -> PurePosixPath:
    """The JSON Lines file of a date (``YYYY-MM-DD``), or of its ids that begin with ``prefix``."""
    return PurePosixPath("jsonl", _checked_date(date)[:4], f"{date}{_tail(prefix)}.jsonl")


def parquet_path(date: str, prefix: str = "") -> PurePosixPath:
    """The Parquet file of a date (``YYYY-MM-DD``), or of its ids that begin with ``prefix``."""
    return PurePosixPath("parquet", f"date={_checked_date(date)}", f"documents{_tail(prefix)}.parquet")


def shards(ids: Iterable[str], size: int = TABLE_SIZE) -> dict[str, tuple[str, ...]]:
    """The ids of one date by prefix: ``{"": all}`` up to ``size``, else the shortest prefixes that keep below it.

    Pure in the set of ids: neither their order nor what was written before matters.
    """
    distinct = sorted(set(ids))
    longest = len(max(distinct, key=len, default=""))
    for length in count():
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for one in distinct:
            groups[one[:length]].append(one)
        if length >= longest or all(len(group) <= size for group in groups.values()):
            break
    return {prefix: tuple(group) for prefix, group in groups.items()}


def slug(text: str) -> str:
    """The first words of ``text`` as ``lower-case-ascii``; never empty, never longer than `SLUG_LENGTH`."""
    lower = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text[: 20 * SLUG_LENGTH])).lower().translate(_LETTERS)
    letters = "".join(char for char in lower if not unicodedata.combining(char))
    words = [word for word in _BETWEEN.split(letters) if word][:SLUG_WORDS]
    while len(words) > 1 and len("-".join(words)) > SLUG_LENGTH:
        words.pop()
    return "-".join(words)[:SLUG_LENGTH] or "untitled"


def _tail(prefix: str) -> str:
    return f"-{prefix}" if prefix else ""


def _checked_date(date: str) -> str:
    if not _DATE.fullmatch(date):
        raise OutputError(f"{date!r} is no date YYYY-MM-DD, so its documents have no place")
    return date


def _checked_id(key: str) -> str:
    if not _ID.fullmatch(key):
        raise OutputError(f"{key!r} is no document id, so the document has no place")
    return key
