"""A file or folder of articles in, its Refs and RawPages out.

What a folder walk takes, in which order, and what it passes over is documented in docs/sources.md.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ingest.article import NotModified, Outcome, Provenance, RawPage, Ref, Unread, Validators, digest, input_id
from ingest.sources.binary import why_binary
from ingest.sources.held import Held
from ingest.sources.reading import CannotReadError, ending, read_limited, unread, why

KIND = "file"

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".mhtml": "multipart/related",
    ".mht": "multipart/related",
    ".eml": "message/rfc822",
    ".pdf": "application/pdf",
}
"""Endings of article files, in lower case."""

HELD = frozenset({"multipart/related", "message/rfc822", "application/pdf"})
"""Types that hold an article inside; see `ingest.sources.containers`."""

CONFIG = "sources.toml"
"""Says what to follow: never an article, and not worth a remark."""

Unpack = Callable[[bytes, str], Held]
"""A container's bytes and media type in, the article it holds out; raises `CannotReadError`."""

OURS = frozenset({"readme.md", CONFIG})
"""Names that are about a folder, not articles in it: a walk passes them over; named by the user they are read."""

STATE_FOLDER = ".newsgloss"
"""A folder that holds this one is an output of newsgloss, and no source."""

SHOWN_ENDINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """Limits on files: ``max_bytes`` of one article file."""

    max_bytes: int = 32_000_000


class Files:
    """One file, or every article file under a folder, as a `Source`.

    A folder is walked in the bytewise order of the relative names. Links to files are read; a link to a folder is
    followed where it leads out of the folder, once.
    """

    def __init__(self, path: str, settings: FileSettings, unpack: Unpack | None = None) -> None:
        self._given = path
        self._unpack = unpack or unpacked
        self._root = os.path.abspath(path)  # noqa: PTH100 - links stay as the user named them
        self._settings = settings
        self._passed: Counter[str] = Counter()

    def discover(self) -> Iterator[Ref | Unread]:
        """List the article files; a source without any is one `Unread`."""
        self._passed.clear()
        if self._given and os.path.isdir(self._root):  # noqa: PTH112
            yield from self._folder()
        else:
            yield self._single()

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Read one file; `NotModified` where its bytes are those of the last retrieval."""
        try:
            payload = read_limited(ref.locator, self._settings.max_bytes)
        except CannotReadError as error:
            return unread(ref, error.reason, error.outcome)
        return page_of(ref, payload, validators, Taken(at=retrieved_at, unpack=self._unpack))

    def note(self) -> str | None:
        """What the last `discover` passed over, in one line: ``passed over 4: 3 .jpg, 1 hidden``."""
        if not self._passed:
            return None
        ranked = sorted(self._passed.items(), key=lambda item: (-item[1], item[0]))
        kinds = [f"{count} {what}" for what, count in ranked[:SHOWN_ENDINGS]]
        rest = sum(count for _, count in ranked[SHOWN_ENDINGS:])
        total = sum(self._passed.values())
        return f"passed over {total}: {', '.join(kinds)}" + (f", {rest} others" if rest else "")

    def _single(self) -> Ref | Unread:
        if not self._given:
            return unread(_ref(self._given, "(empty name)"), "an empty name", Outcome.REJECTED)
        ref = _ref(self._root, os.path.basename(self._root))  # noqa: PTH119
        if reason := _bad_name(self._root):
            return unread(ref, reason, Outcome.REJECTED)
        try:
            os.lstat(self._root)
        except OSError as error:
            return (
                unread(ref, why(error)) if (word := _word(self._given)) is None else _no_word(ref, self._given, word)
            )
        if ending(self._root) in MEDIA_TYPES:
            return ref
        return unread(ref, f"not a kind newsgloss reads ({', '.join(MEDIA_TYPES)})", Outcome.REJECTED)

    def _folder(self) -> Iterator[Ref | Unread]:
        root = _ref(self._root, os.path.basename(self._root) or self._root)  # noqa: PTH119
        if os.path.isdir(os.path.join(self._root, STATE_FOLDER)):  # noqa: PTH112, PTH118
            yield unread(root, "an output folder of newsgloss, not a source", Outcome.REJECTED)
            return
        empty = True
        for item in _walk(self._root, self._passed):
            empty = False
            yield item
        if empty:
            yield unread(root, f"holds no file that newsgloss reads ({', '.join(MEDIA_TYPES)})", Outcome.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How a file's bytes are taken: at what time (ISO 8601), and who opens containers."""

    at: str
    unpack: Unpack


def page_of(ref: Ref, payload: bytes, validators: Validators, taken: Taken) -> RawPage | NotModified | Unread:
    """The page that a file's bytes are; `NotModified` where they are those of the last retrieval."""
    if not payload:
        return unread(ref, "empty", Outcome.REJECTED)
    found = digest(payload)
    if found == validators.payload_digest:
        return NotModified(input_id=ref.input_id)
    try:
        held = _held(payload, MEDIA_TYPES[ending(ref.locator)], taken.unpack)
    except CannotReadError as error:
        return unread(ref, error.reason, error.outcome)
    return RawPage(
        provenance=Provenance(
            source=f"{ref.kind}:{ref.name}",
            target_uri=held.target_uri,
            retrieved_at=taken.at,
            payload_digest=digest(held.payload),
        ),
        payload=held.payload,
        media_type=held.media_type,
        charset=held.charset,
        hints=held.hints or ref.hints,
        validators=Validators(payload_digest=found),
    )


def unpacked(payload: bytes, media_type: str) -> Held:
    """The article in one container, by itself."""
    from ingest.sources import unpacker

    return unpacker.unpacked(payload, media_type)


def _held(payload: bytes, media_type: str, unpack: Unpack) -> Held:
    """The article in a file: the file itself, or what a container of that type holds."""
    if media_type in HELD:
        return unpack(payload, media_type)
    if what := why_binary(payload):
        raise CannotReadError(f"{what}, not text", outcome=Outcome.REJECTED)
    return Held(payload=payload, media_type=media_type)


def _walk(root: str, passed: Counter[str]) -> Iterator[Ref | Unread]:
    """The article files under ``root`` in the bytewise order of their relative names.

    A stack, not recursion: a folder may be nested deeper than Python's call stack.
    """
    seen = {_identity(os.stat(root))}  # noqa: PTH116
    real_root = os.path.realpath(root)
    stack = _entries(root, "")
    while stack:
        entry = stack.pop()
        if isinstance(entry, Unread):
            yield entry
        elif not entry.folder:
            yield from _file(entry, passed)
        elif _passed_folder(entry, passed):
            continue
        elif refusal := _refused_folder(entry, real_root, seen):
            yield refusal
        else:
            stack.extend(_entries(entry.path, entry.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    path: str
    name: str
    folder: bool
    link: bool


def _entries(path: str, name: str) -> list[_Entry | Unread]:
    """The entries of a folder in reverse order: the caller takes from the end."""
    try:
        with os.scandir(path) as found:
            entries = [
                _Entry(
                    path=item.path,
                    name=f"{name}/{item.name}" if name else item.name,
                    folder=os.path.isdir(item.path),  # noqa: PTH112 - item.is_dir() raises on a link in a circle
                    link=item.is_symlink(),
                )
                for item in found
            ]
    except OSError as error:
        return [unread(_ref(path, name or os.path.basename(path)), why(error))]  # noqa: PTH119
    # With its slash a folder sorts among the files as its members' whole names do.
    entries.sort(key=lambda entry: os.fsencode(entry.name + "/" * entry.folder), reverse=True)
    return [*entries]


def _file(entry: _Entry, passed: Counter[str]) -> Iterator[Ref | Unread]:
    base = os.path.basename(entry.name)  # noqa: PTH119
    if base.startswith("."):
        passed["hidden"] += 1
    elif base.lower() in OURS:
        if base.lower() != CONFIG:
            passed[base] += 1
    elif ending(base) not in MEDIA_TYPES:
        passed[ending(base) or "without ending"] += 1
    elif reason := _bad_name(entry.path):
        yield unread(_ref(entry.path, entry.name), reason, Outcome.REJECTED)
    else:
        yield _ref(entry.path, entry.name)


def _passed_folder(entry: _Entry, passed: Counter[str]) -> bool:
    if os.path.basename(entry.name).startswith("."):  # noqa: PTH119
        passed["hidden"] += 1
        return True
    if os.path.isdir(os.path.join(entry.path, STATE_FOLDER)):  # noqa: PTH112, PTH118
        passed["output folders"] += 1
        return True
    return False


def _refused_folder(entry: _Entry, real_root: str, seen: set[tuple[int, int]]) -> Unread | None:
    """Why a folder is not entered; else it is marked as seen."""
    ref = _ref(entry.path, entry.name)
    if reason := _bad_name(entry.path):
        return unread(ref, reason, Outcome.REJECTED)
    try:
        identity = _identity(os.stat(entry.path))  # noqa: PTH116
    except OSError as error:
        return unread(ref, why(error))
    if entry.link and _inside(os.path.realpath(entry.path), real_root):
        return unread(ref, "a link back to this source, or above it: nothing is read twice", Outcome.REJECTED)
    if identity in seen:
        return unread(ref, "a folder that was read already under another name", Outcome.REJECTED)
    seen.add(identity)
    return None


def _inside(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/") or root.startswith(path.rstrip("/") + "/")


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _bad_name(path: str) -> str | None:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return "the name is not valid UTF-8: rename it"
    return "the name holds a NUL" if "\0" in path else None


def _word(given: str) -> str | None:
    """``gopher`` of ``gopher:news.example``: it looks like one of our words, or like an address."""
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):", given)
    return match[1] if match else None


def _no_word(ref: Ref, given: str, word: str) -> Unread:
    known = "paths, http://, https://, s3://, and words such as feed: and sitemap:"
    return unread(
        replace(ref, name=given), f"no such file, and {word}: is not read: there are {known}", Outcome.REJECTED
    )


def _ref(path: str, name: str) -> Ref:
    return Ref(input_id=input_id(KIND, path), kind=KIND, locator=path, name=name)
