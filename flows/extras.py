"""The package's own metadata in, its optional extras and what of them is not installed here out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

PROJECT = Path(__file__).parent.parent / "pyproject.toml"
"""What the metadata is made from: read where newsgloss runs from its source, uninstalled."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"""\bextra\s*==\s*["']([A-Za-z0-9._-]+)["']""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """An extra by its name, and those of its packages that are not installed, by theirs."""

    name: str
    missing: tuple[str, ...]


def extras() -> list[Extra]:
    """All extras there are, by name."""
    return [
        Extra(name=name, missing=tuple(package for package in packages if not _installed(package)))
        for name, packages in sorted(_declared().items())
    ]


def _declared() -> Mapping[str, Sequence[str]]:
    """The packages of each extra."""
    try:
        requirements = metadata.requires("newsgloss") or ()
    except metadata.PackageNotFoundError:
        project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
        return {name: [_name(each) for each in wanted] for name, wanted in project["optional-dependencies"].items()}
    found: dict[str, list[str]] = {}
    for requirement in requirements:
        if marked := _EXTRA.search(requirement):
            found.setdefault(marked[1], []).append(_name(requirement))
    return found


def _name(requirement: str) -> str:
    """The package that a requirement asks for: ``moto[s3]>=5.1`` is of ``moto``."""
    found = _NAME.match(requirement)
    return found[0] if found else requirement


def _installed(package: str) -> bool:
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True
