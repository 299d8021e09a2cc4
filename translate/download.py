"""A remote file in, the same file on disk out: resumed where it stopped, checked to the last byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from ingest.errors import FetchError, ModelError
from translate.catalog import RemoteFile

LARGEST = 2_000_000_000
"""Bytes that no model's download comes near: the largest Argos package has 320 MB."""

LARGEST_CATALOG = 32_000_000
"""The same for a list of models; Firefox's has 1 MB."""

TRIES = 3
"""Tries at an address that bring nothing; one that brings bytes does not count."""

Progress = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes that are there, and how many it will have, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An open answer: the bytes from ``start`` on, and the size of the whole file where the server says so.

    ``start`` is 0 where the server did not go on from where it was asked to.
    """

    start: int
    total: int | None
    chunks: Iterator[bytes]


class Download(Protocol):
    """The one way from this room to the network; made and passed in by who may use it."""

    def open(self, url: str, start: int) -> AbstractContextManager[Part]:
        """Ask for ``url`` from byte ``start`` on. Raises `ingest.errors.FetchError`, also while chunks are read."""
        ...


def silent(_name: str, _done: int, _total: int | None) -> None:
    """The progress of a download that nobody watches."""


def read(url: str, download: Download) -> bytes:
    """A short file, whole: an index.

    Raises:
        FetchError: it could not be read.
        ModelError: it is too long for what it should be.
    """
    with download.open(url, 0) as part:
        body = bytearray()
        for chunk in part.chunks:
            body += chunk
            if len(body) > LARGEST_CATALOG:
                raise ModelError(f"{url} is larger than {LARGEST_CATALOG:,} bytes: no list of models is")
        return bytes(body)


def obtain(file: RemoteFile, folder: Path, download: Download, progress: Progress = silent) -> Path:
    """The file in ``folder``, whole and with the SHA-256 that the source published for it.

    What was downloaded before stays in ``NAME.part`` and is gone on with. Each of the file's addresses is tried.

    Raises:
        FetchError: no address gave it.
        ModelError: what came is not what was published.
    """
    whole = folder / file.name
    part = folder / f"{file.name}.part"
    folder.mkdir(parents=True, exist_ok=True)
    if _is_whole(whole, file):
        return whole
    problem: FetchError | ModelError = ModelError(f"{file.name} has no address to download it from")
    for url in file.urls:
        try:
            _complete(url, file, part, Fetching(download=download, progress=progress))
            check(part, file.size, file.sha256, url)
        except FetchError as error:
            problem = error
        except ModelError as error:
            part.unlink(missing_ok=True)  # going on from wrong bytes can only end wrong
            problem = error
        else:
            part.replace(whole)
            return whole
    raise problem


def _is_whole(path: Path, file: RemoteFile) -> bool:
    """Whether an earlier run, killed after the download, left it behind."""
    try:
        check(path, file.size, file.sha256, file.name)
    except (FileNotFoundError, ModelError):
        return False
    return True


def check(path: Path, size: int | None, sha256: str | None, origin: str) -> str:
    """The file's SHA-256 in hex, if it has the size and digest that were published for it.

    Raises:
        ModelError: it has not.
    """
    found = path.stat().st_size
    if size is not None and found != size:
        raise ModelError(f"{origin} has {found:,} bytes where {size:,} were published", hint="try again later")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 is not None and digest != sha256.lower():
        raise ModelError(
            f"{origin} is not the file that was published: its SHA-256 is {digest}, not {sha256.lower()}",
            hint="do not use it; try again, or another source with --from",
        )
    return digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """How a file is fetched, and who is told."""

    download: Download
    progress: Progress


def _complete(url: str, file: RemoteFile, part: Path, fetching: Fetching) -> None:
    """Bring ``part`` to its full length, over as many connections as it takes."""
    tries = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        if file.size is not None and before == file.size:
            return
        try:
            if _append(url, file, part, fetching):
                return
        except FetchError as error:
            after = part.stat().st_size if part.exists() else 0
            tries = 0 if after > before else tries + 1
            if not error.transient or tries >= TRIES:
                raise


def _write(out: BinaryIO, chunk: bytes) -> None:
    try:
        out.write(chunk)
    except OSError as error:  # the disk's trouble, not the network's: another try cannot help
        raise ModelError(
            f"cannot write {out.name}: {error.strerror}", hint="free some space and try again"
        ) from error


def _append(url: str, file: RemoteFile, part: Path, fetching: Fetching) -> bool:
    """One connection's worth of bytes; whether the file is whole as far as the server says."""
    start = part.stat().st_size if part.exists() else 0
    with fetching.download.open(url, start) as answer, part.open("r+b" if start else "wb") as out:
        out.seek(answer.start)
        out.truncate()
        done, total = answer.start, file.size if file.size is not None else answer.total
        fetching.progress(file.name, done, total)
        for chunk in answer.chunks:
            done += len(chunk)
            if done > (file.size if file.size is not None else LARGEST):
                raise ModelError(f"{url} is longer than it may be", hint="do not use it")
            _write(out, chunk)
            fetching.progress(file.name, done, total)
        if total is not None and done < total:
            raise FetchError(url, f"the connection ended after {done:,} of {total:,} bytes", transient=True)
    return True
