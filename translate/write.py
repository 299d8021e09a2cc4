"""Bytes in, a file that is whole or not there out: temporary file, fsync, rename, fsync of the folder."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from ingest.errors import OutputError

TEMPORARY = ".newsgloss-*.tmp"
"""What a killed run may leave behind, in the folder it was writing to."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}
_HINTS = (
    (_FULL, "free some space and run again: what was finished is kept"),
    (_FORBIDDEN, "make the folder writable, or choose another with --output DIR"),
    ({errno.ENAMETOOLONG}, "choose an output folder with a shorter path, with --output DIR"),
    ({errno.ENOTDIR, errno.EISDIR, errno.EEXIST}, "something else stands there: move it away and run again"),
)


def write_atomic(path: Path, data: bytes) -> bool:
    """Make ``path`` hold ``data``; true if it had to be written, false if it held just that already.

    At any moment, killed or not, ``path`` holds its former bytes or the new ones, and the new ones outlast a power
    cut once this returns. Two writers at once do no harm: the last rename wins.

    Raises:
        OutputError: the disk is full, the folder cannot be written, the name is too long, a folder is in the way.
    """
    with _raising(path):
        if _holds(path, data):
            return False
        _make_folder(path.parent)
        while not _replaced(path, data):
            pass  # a cleaner took the temporary file between its making and its locking
        _sync_folder(path.parent)
    return True


def remove(path: Path) -> bool:
    """Take a file away for good; true if there was one.

    Raises:
        OutputError: the folder cannot be written.
    """
    with _raising(path):
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _sync_folder(path.parent)
    return True


def write_tables(
    root: Path, tables: Mapping[PurePosixPath, bytes], former: Iterable[PurePosixPath] = ()
) -> list[PurePosixPath]:
    """Write the table files of one date below ``root``, then remove ``former`` ones that are not among them.

    Returns what changed, in order. A run killed between the two leaves the former files, and its rerun removes them.

    Raises:
        OutputError: as `write_atomic` and `remove`.
    """
    written = [path for path in sorted(tables) if write_atomic(root / path, tables[path])]
    gone = [path for path in sorted(set(former) - set(tables)) if remove(root / path)]
    return written + gone


def clean_temporaries(root: Path) -> int:
    """Remove what killed runs left below ``root``; a file that a living run is writing is locked, and stays.

    Returns how many were removed.
    """
    return sum(_removed_if_dead(path) for path in sorted(root.rglob(TEMPORARY)))


def _holds(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data
    except (FileNotFoundError, PermissionError):
        return False


def _replaced(path: Path, data: bytes) -> bool:
    """One try; false if another process took the temporary file away before it was locked."""
    temporary = path.with_name(f".newsgloss-{os.getpid()}-{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with suppress(OSError):  # a file system without locks: then no cleaner can lock it either, and it stays
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        with os.fdopen(descriptor, "wb", closefd=False) as stream:
            stream.write(data)
        os.fsync(descriptor)
        if not temporary.exists():
            return False
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    finally:
        os.close(descriptor)
    return True


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each known to the one above before something is put into it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _removed_if_dead(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


@contextmanager
def _raising(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        number = error.errno or 0
        hint = next((hint for numbers, hint in _HINTS if number in numbers), None)
        reason = os.strerror(number).lower() if number else str(error)
        raise OutputError(f"cannot write {path}: {reason}", hint=hint) from error
