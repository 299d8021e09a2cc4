"""The lock file of the model folder: what was installed, from where, and the digests it had then."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.errors import ModelError, RecordError
from ingest.records import decode, encode

NAME = "models.lock.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One installed model: its digest over all files, and the SHA-256 of each download by its address."""

    digest: str
    version: str
    origin: str
    downloads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """The lock file: pins by ``engine/name/folder``, and every download's SHA-256 by address, kept after removal."""

    schema: int = 1
    models: Mapping[str, Pin] = field(default_factory=dict)
    downloads: Mapping[str, str] = field(default_factory=dict)


def load(folder: Path) -> Pins:
    """The lock file of a model folder; an empty one where there is none.

    Raises:
        ModelError: it cannot be read.
    """
    path = folder / NAME
    try:
        return decode(path.read_bytes(), Pins)
    except FileNotFoundError:
        return Pins()
    except (OSError, RecordError) as error:
        raise ModelError(
            f"the lock file {path} cannot be read: {error}", hint="move it away; digests are pinned anew"
        ) from error


def save(folder: Path, pins: Pins) -> None:
    """Write the lock file, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{NAME}.{os.getpid()}"
    draft.write_bytes(encode(pins) + b"\n")
    draft.replace(folder / NAME)


def added(pins: Pins, key: str, pin: Pin) -> Pins:
    """With a model pinned."""
    return replace(pins, models={**pins.models, key: pin}, downloads={**pins.downloads, **pin.downloads})


def removed(pins: Pins, key: str) -> Pins:
    """Without a model; the digests of its downloads stay, so that a changed file is noticed when it comes back."""
    return replace(pins, models={name: pin for name, pin in pins.models.items() if name != key})
