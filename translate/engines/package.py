"""A folder with an installed Argos package in, what it says of itself and its files out.

The format (docs/decisions/argos-packages.md): ``metadata.json``, a CTranslate2 model in ``model/``, and
``sentencepiece.model`` or ``bpe.model``. We read these few lines ourselves: importing argostranslate's own reader
makes folders in the user's home.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An Argos package as its metadata describes it; ``prefix`` is a token that every translation starts with."""

    folder: Path
    source: str
    target: str
    version: str
    prefix: str = ""

    @property
    def model(self) -> Path:
        """The CTranslate2 model's folder."""
        return self.folder / "model"

    @property
    def pieces(self) -> Path | None:
        """The SentencePiece model, where the package has one."""
        path = self.folder / "sentencepiece.model"
        return path if path.exists() else None

    @property
    def merges(self) -> Path:
        """The BPE merges, in packages without SentencePiece."""
        return self.folder / "bpe.model"


def files_in(folder: Path) -> tuple[Path, ...]:
    """The files that decide how the package translates.

    Raises:
        ModelError: one is missing.
    """
    if not (folder / "model" / "model.bin").is_file():
        raise ModelError("it has no model/model.bin")
    tokens = next((path for name in ("sentencepiece.model", "bpe.model") if (path := folder / name).is_file()), None)
    if tokens is None:
        raise ModelError("it has neither sentencepiece.model nor bpe.model")
    return (
        tokens,
        folder / "metadata.json",
        *sorted(path for path in (folder / "model").iterdir() if path.is_file()),
    )


def read(folder: Path) -> Package:
    """The package in a folder.

    Raises:
        ModelError: the folder holds none.
    """
    try:
        metadata = json.loads((folder / "metadata.json").read_text("utf-8"))
        return Package(
            folder=folder,
            source=str(metadata["from_code"]),
            target=str(metadata["to_code"]),
            version=str(metadata.get("package_version", "")),
            prefix=str(metadata.get("target_prefix", "")),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder.name} is no Argos package: {error}", hint="newsgloss models verify") from error
