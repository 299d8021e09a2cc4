"""An archive from the network in, its files below a folder out: nothing beside it, nothing larger than allowed."""

from __future__ import annotations

import errno
import gzip
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from ingest.errors import ModelError

CHUNK = 1 << 20

DAMAGE = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, NotImplementedError, UnicodeDecodeError)
"""What the standard library raises over a damaged archive, or one packed as it cannot unpack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most that an archive may hold; real ones have up to 400 MB in 60 files."""

    bytes: int = 3_000_000_000
    files: int = 1_000
    depth: int = 8


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def unpack_zip(archive: Path, into: Path, caps: Caps | None = None) -> Path:
    """Unpack an archive of one folder; gives the folder.

    Raises:
        ModelError: it is no archive, is damaged, or holds what a model does not: links, absolute or climbing paths,
            more files or bytes than allowed.
    """
    limits = caps or Caps()
    with _reading(archive), zipfile.ZipFile(archive) as opened:
        entries = [entry for entry in opened.infolist() if not entry.is_dir()]
        if len(entries) > limits.files:
            raise ModelError(f"{archive.name} holds {len(entries)} files: no model does", hint="do not use it")
        paths = {_path(entry, limits): entry for entry in entries}
        top = {path.parts[0] for path in paths}
        if len(paths) != len(entries) or len(top) != 1 or any(len(path.parts) < 2 for path in paths):
            raise ModelError(f"{archive.name} does not hold one folder with each file once", hint="do not use it")
        left = limits.bytes
        for path, entry in paths.items():
            with opened.open(entry) as packed:
                left -= copy(packed, into / path, left)
    return into / top.pop()


def unpack_file(packed: Path, into: Path, packing: str, most: int) -> None:
    """Unpack a single compressed file, of at most ``most`` bytes inside; ``packing`` is ``zst``, ``gz`` or ``""``.

    Raises:
        ModelError: it is damaged, or larger inside than ``most``.
    """
    with _reading(packed), packed.open("rb") as file:
        if packing == "zst":
            import zstandard

            with zstandard.ZstdDecompressor(max_window_size=1 << 28).stream_reader(file) as unpacked:
                copy(unpacked, into, most)
        elif packing == "gz":
            with gzip.open(file) as unpacked:
                copy(unpacked, into, most)
        else:
            copy(file, into, most)


def copy(source: _Readable, to: Path, most: int) -> int:
    """Copy at most ``most`` bytes, whatever the archive's header says of them; how many there were.

    Raises:
        ModelError: there are more.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    done = 0
    with to.open("xb") as out:
        while chunk := source.read(CHUNK):
            done += len(chunk)
            if done > most:
                raise ModelError(f"{to.name} is larger than any model's", hint="do not use it")
            out.write(chunk)
    return done


def _path(entry: zipfile.ZipInfo, caps: Caps) -> PurePosixPath:
    path = PurePosixPath(entry.filename)
    parts = path.parts
    kind = stat.S_IFMT(entry.external_attr >> 16)
    odd = path.is_absolute() or ".." in parts or len(parts) > caps.depth or len(entry.filename) > 240
    odd = odd or any(":" in part or "\\" in part or not part.isprintable() for part in parts)
    if odd or kind not in (0, stat.S_IFREG) or entry.flag_bits & 0x1:
        raise ModelError(f"the archive holds what no model has: {entry.filename[:80]!r}", hint="do not use it")
    return path


@contextmanager
def _reading(archive: Path) -> Iterator[None]:
    import zstandard

    try:
        yield
    except (*DAMAGE, zstandard.ZstdError) as error:
        raise ModelError(
            f"{archive.name} is damaged, or no such archive: {error}", hint="download it again"
        ) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # zipfile seeks to wherever a damaged directory says
        raise ModelError(f"{archive.name} is damaged", hint="download it again") from error
