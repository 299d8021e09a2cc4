"""A settings file, the environment and options in, one frozen Settings out, each value with where it came from."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import msgspec

from ingest.errors import UsageError

FILE = "newsgloss.toml"
PREFIX = "NEWSGLOSS_"
ENGINES = ("firefox", "argos")
DEVICES = ("auto", "cpu", "cuda")
COMPUTE_TYPES = (
    *("auto", "int8", "int8_float32", "int8_float16", "int8_bfloat16"),
    *("int16", "float16", "bfloat16", "float32"),
)
TABLES = frozenset({"fetch", "engines"})
"""Settings that only a file can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set, by the name it has in ``newsgloss.toml``; ``NEWSGLOSS_<NAME>`` in the environment.

    Attributes:
        output: the folder that documents are written to.
        state: path of the state database, or a ``postgresql://`` URL; by default within the output folder.
        models: the folder that translation models live in; by default the user's data folder.
        engines: an engine by language (``{pt = "argos"}``), before the one with the better published score.
        device: what Argos packages run on: ``auto``, ``cpu`` or ``cuda``.
        compute_type: what Argos packages compute in: ``auto`` (as the package is stored), ``float32``, …
        glossary: a file of terms and their English; see docs/models.md.
        verify: the share of sentences, 0 to 1, for which a second engine is asked how far it agrees.
        detector: ``default``, ``langdetect`` or ``py3langid``.
        batch: how many inputs are loaded, or documents extracted, as one task.
        unit: how many documents are translated as one work unit.
        max_bytes: inputs above this size are rejected unread.
        fetch: the ``[fetch]`` table; see docs/sources.md.
    """

    output: str = "output"
    state: str | None = None
    models: str | None = None
    engines: dict[str, str] = field(default_factory=dict)
    device: str = "auto"
    compute_type: str = "auto"
    glossary: str | None = None
    verify: float = 0.0
    detector: str = "default"
    batch: int = 200
    unit: int = 64
    max_bytes: int = 100_000_000
    fetch: dict[str, Any] = field(default_factory=dict)

    @property
    def output_folder(self) -> Path:
        """The output folder, absolute."""
        return Path(self.output).absolute()

    @property
    def state_place(self) -> str:
        """Where the state database is: a path or a URL."""
        return self.state or str(self.output_folder / ".newsgloss" / "state.sqlite")


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The settings in force, and for each where it came from (``default``, the file, the variable, ``option``)."""

    settings: Settings
    origins: Mapping[str, str]


def load(options: Mapping[str, object], environment: Mapping[str, str] | None = None) -> InForce:
    """Settings: defaults < ``newsgloss.toml`` < environment < options (None where not given).

    Raises:
        UsageError: an unknown name, or a value of the wrong kind, naming where it stands.
    """
    env = os.environ if environment is None else environment
    names = [item.name for item in fields(Settings)]
    values: dict[str, object] = {}
    origins = dict.fromkeys(names, "default")
    file = Path(env.get(PREFIX + "CONFIG", FILE))
    stray = sorted(name for name in env if name.startswith(PREFIX) and name not in _variables(names))
    if stray:
        raise UsageError(f"{stray[0]}: no setting is called so", hint=f"there are {', '.join(_variables(names))}")
    for name, value in _from_file(file, names, required=PREFIX + "CONFIG" in env).items():
        values[name], origins[name] = value, str(file)
    for name in names:
        variable = PREFIX + name.upper()
        if variable in env and name not in TABLES:
            values[name], origins[name] = env[variable], variable
        if options.get(name) is not None:
            values[name], origins[name] = options[name], "option"
    return InForce(settings=_checked(values, origins), origins=origins)


def _variables(names: Sequence[str]) -> list[str]:
    return [PREFIX + name.upper() for name in names if name != "fetch"] + [PREFIX + "CONFIG", PREFIX + "TEST_PG"]


def _from_file(file: Path, names: list[str], *, required: bool) -> dict[str, object]:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        if required:
            raise UsageError(f"{file}: no such settings file", hint=f"unset {PREFIX}CONFIG or name another") from None
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not TOML: {error}") from error
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    unknown = sorted(set(table) - set(names))
    if unknown:
        raise UsageError(f"{file}: no setting is called {unknown[0]!r}", hint=f"there are {', '.join(names)}")
    return table


def _checked(values: Mapping[str, object], origins: Mapping[str, str]) -> Settings:
    try:
        settings = msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        name = str(error).rpartition("$.")[2].strip("`")
        raise UsageError(f"{name} ({origins.get(name, 'settings')}): {error}") from error
    if not settings.output:
        raise UsageError(f"output ({origins['output']}): an empty name", hint="name a folder")
    for name in ("batch", "unit", "max_bytes"):
        if getattr(settings, name) < 1:
            raise UsageError(f"{name} ({origins[name]}): must be at least 1, is {getattr(settings, name)}")
    for name, value, known in (
        ("device", settings.device, DEVICES),
        ("compute_type", settings.compute_type, COMPUTE_TYPES),
        *(("engines", engine, ENGINES) for engine in settings.engines.values()),
    ):
        if value not in known:
            raise UsageError(f"{name} ({origins[name]}): there is no {value!r}", hint=f"there are {', '.join(known)}")
    if not 0 <= settings.verify <= 1:
        raise UsageError(f"verify ({origins['verify']}): must be from 0 to 1, is {settings.verify}")
    return settings
