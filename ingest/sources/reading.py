"""A path of this machine in, its bytes out: never blocking, never more than the limit, every refusal a value."""

from __future__ import annotations

import errno
import os
import stat
from typing import IO

from ingest.article import Outcome, Ref, Unread
from ingest.redact import redacted
from ingest.shown import shown

READ_CHUNK = 1 << 20

_SPECIAL = (
    (stat.S_ISDIR, "a folder, not a file"),
    (stat.S_ISFIFO, "a named pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
    (stat.S_ISCHR, "a device, not a file"),
    (stat.S_ISBLK, "a device, not a file"),
)
_WORDS = {
    errno.ENOENT: "no such file or folder",
    errno.ENOTDIR: "no such file or folder (a part of the path is a file)",
    errno.EACCES: "not readable: permission denied",
    errno.EPERM: "not readable: permission denied",
    errno.ELOOP: "a link that leads in a circle",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ESTALE: "no longer there",
    errno.EISDIR: "a folder, not a file",
}


class CannotReadError(Exception):
    """A file gave no bytes; carries what `unread` needs. Stays inside the sources."""

    def __init__(self, reason: str, *, outcome: Outcome = Outcome.FAILED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome


def read_limited(path: str, max_bytes: int) -> bytes:
    """The bytes of a regular file of at most ``max_bytes``.

    Pipes, sockets and devices are refused before they are opened, and again on the open file, without waiting for a
    writer (``O_NONBLOCK``). A larger file is refused from its size, and again while it is read, should it grow.

    Raises:
        CannotReadError: with the reason, in words for the user.
    """
    handle = _open(path)
    try:
        _require_size(os.fstat(handle).st_size, max_bytes)
        return _read_all(handle, max_bytes)
    except OSError as error:
        raise CannotReadError(why(error)) from error
    finally:
        os.close(handle)


def open_regular(path: str) -> IO[bytes]:
    """A regular file, open for reading; the caller minds its size.

    Raises:
        CannotReadError: with the reason, in words for the user.
    """
    return os.fdopen(_open(path), "rb")


def _open(path: str) -> int:
    try:
        _require_regular(os.stat(path).st_mode)  # noqa: PTH116 - a path may hold bytes that are no text
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        broken = os.path.islink(path)  # noqa: PTH114
        raise CannotReadError("a broken link: its target is missing" if broken else "no longer there") from error
    except OSError as error:
        raise CannotReadError(why(error)) from error
    except ValueError as error:  # a NUL in the name
        raise CannotReadError("the name holds a NUL", outcome=Outcome.REJECTED) from error
    try:
        _require_regular(os.fstat(handle).st_mode)
    except BaseException:
        os.close(handle)
        raise
    return handle


def why(error: OSError) -> str:
    """An operating system error in words for the user, without the path."""
    return _WORDS.get(error.errno or 0) or (error.strerror or str(error)).lower()


def unread(ref: Ref, reason: str, outcome: Outcome = Outcome.FAILED) -> Unread:
    """The refusal of ``ref``; a later run tries again what failed or waits, never what was rejected."""
    return Unread(
        input_id=ref.input_id,
        kind=ref.kind,
        locator=shown(redacted(ref.locator), limit=4096),
        name=shown(redacted(ref.name)),
        reason=shown(reason),
        outcome=outcome,
        transient=outcome is not Outcome.REJECTED,
    )


def ending(path: str) -> str:
    """The ending of a file name in lower case, with its dot; empty where it has none."""
    return os.path.splitext(path)[1].lower()  # noqa: PTH122


def megabytes(count: int) -> str:
    """A size for people: ``200 MB``, ``1.5 MB``."""
    return f"{count / 1e6:,.0f} MB" if count >= 1e7 else f"{count / 1e6:,.1f} MB"


def _require_regular(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    what = next((words for test, words in _SPECIAL if test(mode)), "not a regular file")
    raise CannotReadError(what, outcome=Outcome.REJECTED)


def _require_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        reason = f"too large: {megabytes(size)}, the limit is {megabytes(max_bytes)} (max_bytes)"
        raise CannotReadError(reason, outcome=Outcome.REJECTED)


def _read_all(handle: int, max_bytes: int) -> bytes:
    parts, total = [], 0
    while part := os.read(handle, READ_CHUNK):
        total += len(part)
        _require_size(total, max_bytes)
        parts.append(part)
    return b"".join(parts)
