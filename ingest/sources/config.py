"""A sources.toml in, what to follow and how to fetch out: frozen values, and errors that name the line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ingest.errors import UsageError
from ingest.fetch import ClientSettings, Limits
from ingest.fetcher import FetchSettings
from ingest.politeness import Politeness
from ingest.redact import redacted
from ingest.retries import RetrySettings
from ingest.shown import shown
from ingest.sources.columns import Columns, columns_from

KINDS = ("feed", "sitemap", "home", "page", "list", "opml", "warc", "table", "file")
"""Keys of which each source has exactly one."""

OTHER_KEYS = ("name", "enabled", "columns")

_HOSTS = 'e.g. "127.0.0.1:8080" or "intranet.example"'

Settings = TypeVar("Settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One source to follow.

    Attributes:
        name: what the user calls it.
        kind: one of `KINDS`.
        target: the address or path; may hold secrets, and is not shown.
        enabled: whether it is followed.
        columns: for tables, which column says what.
    """

    name: str
    kind: str
    target: str = field(repr=False)
    enabled: bool = True
    columns: Columns | None = None

    @property
    def text(self) -> str:
        """The source as `ingest.sources.recognise.Sources.open` takes it."""
        told = {item.name: getattr(self.columns, item.name) for item in fields(Columns)} if self.columns else {}
        columns = ",".join(f"{name}={column}" for name, column in told.items() if column is not None)
        return f"{self.kind}:{self.target}" + (f"#{columns}" if columns else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a sources.toml says: the ``[fetch]`` table as it stands there, and the sources in its order."""

    fetch: Mapping[str, Any]
    sources: tuple[Followed, ...]

    @property
    def enabled(self) -> tuple[Followed, ...]:
        """The sources that are followed."""
        return tuple(source for source in self.sources if source.enabled)


def read_config(path: Path) -> Config:
    """Read a sources.toml.

    Raises:
        UsageError: it cannot be read, or says something it should not; with the line where that is.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        hint = "an example is seeds/sources.toml"
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}", hint=hint) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not TOML: {error}") from error
    file = _File(path=path, lines=tuple(text.splitlines()))
    if unknown := sorted(set(data) - {"fetch", "source"}):
        raise file.wrong(unknown[0], None, f"{unknown[0]!r} is unknown; there are [fetch] and [[source]]")
    rows = data.get("source", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise file.wrong("source", None, "sources are written as [[source]]")
    fetch = data.get("fetch", {})
    fetch_settings(fetch, where=f"{path}, [fetch]")
    return Config(fetch=fetch, sources=tuple(_source(row, number, file) for number, row in enumerate(rows)))


def fetch_settings(table: Mapping[str, Any], *, where: str = "[fetch]") -> FetchSettings:
    """The settings that a ``[fetch]`` table gives; what it leaves out is as by default.

    Raises:
        UsageError: an unknown name, or a value of a wrong type or out of range.
    """
    groups: dict[str, type[Any]] = {
        "limits": Limits,
        "client": ClientSettings,
        "politeness": Politeness,
        "retries": RetrySettings,
    }
    own = {item.name for item in fields(FetchSettings)} - set(groups)
    known = own.union(*({item.name for item in fields(kind)} for kind in groups.values()))
    if unknown := sorted(set(table) - known):
        raise UsageError(
            f"{where}: no setting is called {unknown[0]!r}", hint=f"there are {', '.join(sorted(known))}"
        )
    for name, value in table.items():
        if isinstance(value, int | float) and value < (
            0 if name in {"delay_s", "backoff_s", "max_redirects"} else 1e-9
        ):
            raise UsageError(f"{where}: {name} must be more than 0, is {value}")
    parts = {name: _group(table, kind, where) for name, kind in groups.items()}
    _require_hosts(table.get("allow_hosts", ()), where)
    contact = table.get("contact")
    if contact is not None and (not isinstance(contact, str) or not re.fullmatch(r"[\x21-\x7e]{3,200}", contact)):
        raise UsageError(f"{where}: contact must be an e-mail address or URL", hint='contact = "desk@news.example"')
    return _converted({**parts, **{name: table[name] for name in own & set(table)}}, FetchSettings, where)


def _require_hosts(hosts: Sequence[str], where: str) -> None:
    """Names of hosts, not addresses of pages or patterns: what is allowed is allowed by name."""
    for host in hosts:
        if not re.fullmatch(
            r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?::\d{1,5})?",
            host,
        ):
            raise UsageError(f"{where}: {shown(host, 60)!r} in allow_hosts is no HOST or HOST:PORT", hint=_HOSTS)


def _group(table: Mapping[str, Any], kind: type[Settings], where: str) -> Settings:
    names = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    return _converted({name: value for name, value in table.items() if name in names}, kind, where)


def _converted(values: Mapping[str, Any], kind: type[Settings], where: str) -> Settings:
    try:
        return msgspec.convert(values, kind, from_attributes=True)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {str(error).replace('`', '').replace('$.', '')}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: Path
    lines: tuple[str, ...]

    def wrong(self, key: str, source: int | None, what: str, hint: str | None = None) -> UsageError:
        """An error that names the line of ``key`` within the source of this number."""
        starts = [number for number, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*source\s*\]\]", line)]
        first = starts[source] if source is not None and source < len(starts) else 0
        last = starts[source + 1] if source is not None and source + 1 < len(starts) else len(self.lines)
        pattern = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}\b")
        found = next((number for number in range(first, last) if pattern.match(self.lines[number])), first)
        return UsageError(f"{self.path}, line {found + 1}: {what}", hint=hint)


def _source(row: Mapping[str, Any], number: int, file: _File) -> Followed:
    kinds = [kind for kind in KINDS if kind in row]
    if unknown := sorted(set(row) - set(KINDS) - set(OTHER_KEYS)):
        known = ", ".join((*KINDS, *OTHER_KEYS))
        raise file.wrong(unknown[0], number, f"{unknown[0]!r} is unknown", hint=f"a source has {known}")
    if len(kinds) != 1:
        told = f"has both {kinds[0]!r} and {kinds[1]!r}" if kinds else "says nowhere what it reads"
        raise file.wrong(
            kinds[1] if kinds else "source", number, f"a source {told}", hint=f"one of {', '.join(KINDS)}"
        )
    kind = kinds[0]
    for key, wanted, said in ((kind, str, "text"), ("name", str, "text"), ("enabled", bool, "true or false")):
        if key in row and (not isinstance(row[key], wanted) or row[key] == ""):
            raise file.wrong(key, number, f"{key} must be {said}, is {row[key]!r}")
    return Followed(
        name=row.get("name", redacted(row[kind])),
        kind=kind,
        target=_expanded(row[kind], kind, number, file),
        enabled=row.get("enabled", True),
        columns=_columns(row, number, file),
    )


def _expanded(target: str, kind: str, number: int, file: _File) -> str:
    """``${NAME}`` as the environment says: passwords and tokens need not stand in a file."""

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if found is None:
            raise file.wrong(kind, number, f"the environment has no variable {match[1]}", hint=f"export {match[1]}=…")
        return found

    return re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", value, target)


def _columns(row: Mapping[str, Any], number: int, file: _File) -> Columns | None:
    pairs = row.get("columns")
    if pairs is None:
        return None
    if not isinstance(pairs, dict) or not all(isinstance(value, str) for value in pairs.values()):
        raise file.wrong("columns", number, 'columns must be a table of text, e.g. { text = "body" }')
    try:
        return columns_from(pairs, where="columns")
    except UsageError as error:
        raise file.wrong("columns", number, error.message, hint=error.hint) from error
