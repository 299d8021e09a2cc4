"""A table's columns and a row's values in, what the row says of an article out (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from ingest.article import Outcome
from ingest.errors import UsageError
from ingest.shown import shown
from ingest.sources.dates import iso_date
from ingest.sources.reading import CannotReadError

USUAL = {
    "text": ("text", "body", "content", "article", "maintext", "article_text", "full_text", "plain_text"),
    "html": ("html", "raw_html", "content_html"),
    "title": ("title", "headline"),
    "url": ("url", "link", "source_url", "target_uri", "uri"),
    "published": ("published", "date", "date_publish", "published_at", "publish_date", "pubdate", "created"),
    "authors": ("authors", "author", "byline"),
    "lang": ("lang", "language"),
}
"""Names that tables use, in order of preference; compared without regard to case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what; None: the usual names are tried."""

    text: str | None = None
    html: str | None = None
    title: str | None = None
    url: str | None = None
    published: str | None = None
    authors: str | None = None
    lang: str | None = None

    def names(self) -> tuple[str, ...]:
        """The columns that are read."""
        return tuple(dict.fromkeys(name for item in fields(self) if (name := getattr(self, item.name)) is not None))

    def resolved(self, present: Sequence[str]) -> Columns:
        """The same with the names that this table has.

        Raises:
            CannotReadError: a named column is not there, or none holds text.
        """
        lower = {name.lower(): name for name in reversed(present)}
        found: dict[str, str | None] = {}
        for item in fields(self):
            wanted = getattr(self, item.name)
            if wanted is not None and wanted not in present:
                raise CannotReadError(f"no column {wanted!r}; there are {_told(present)}", outcome=Outcome.REJECTED)
            usual = next((lower[name] for name in USUAL[item.name] if name in lower), None)
            found[item.name] = wanted or usual
        if found["text"] is None and found["html"] is None:
            reason = f"no column of text; there are {_told(present)}: say which with columns = {{ text = … }}"
            raise CannotReadError(reason, outcome=Outcome.REJECTED)
        return replace(self, **found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one row says."""

    text: str | None = None
    html: str | None = None
    title: str | None = None
    url: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    lang: str | None = None


def row_of(values: Mapping[str, Any], columns: Columns) -> Row:
    """A row's values by their meaning; a value of a wrong type says nothing."""

    def value(name: str | None) -> Any:
        return values.get(name) if name is not None else None

    lang = _text(value(columns.lang))
    return Row(
        text=_text(value(columns.text)),
        html=_text(value(columns.html)),
        title=_line(value(columns.title)),
        url=_line(value(columns.url)),
        published=_date(value(columns.published)),
        authors=_authors(value(columns.authors)),
        lang=lang.lower() if lang and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", lang) else None,
    )


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) and value else None


def _line(value: object) -> str | None:
    text = _text(value)
    return " ".join(text.split()) or None if text else None


def _date(value: object) -> str | None:
    if isinstance(value, datetime | date):
        return iso_date(value.isoformat())
    return iso_date(_text(value))


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(name for name in map(_line, value) if name)
    name = _line(value)
    return (name,) if name else ()


def _told(names: Sequence[str]) -> str:
    return shown(", ".join(names[:20]) + (", …" if len(names) > 20 else ""), 200)


def columns_in(target: str) -> tuple[str, Columns | None]:
    """``news.parquet#text=body,title=headline`` as the locator and its columns; no columns where none are named.

    Raises:
        UsageError: a name that is none of ours.
    """
    locator, mark, written = target.partition("#")
    if not mark or "=" not in written:
        return target, None
    pairs = dict(part.split("=", 1) for part in written.split(",") if "=" in part)
    return locator, columns_from(pairs, where=target)


def columns_from(pairs: Mapping[str, str], *, where: str) -> Columns:
    """Columns by our names for them.

    Raises:
        UsageError: a name that is none of ours.
    """
    known = [item.name for item in fields(Columns)]
    if unknown := sorted(set(pairs) - set(known)):
        raise UsageError(f"{shown(where)}: no meaning is called {unknown[0]!r}", hint=f"there are {', '.join(known)}")
    return Columns(**pairs)
