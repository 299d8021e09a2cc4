"""The repository itself: seeds as they were given, locks anyone can use, licences of everything that is installed."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from bench import licences

ROOT = Path(__file__).parent.parent

SEEDS = {
    "000_8896e72ec129ef4c.txt": "07c59d0800b01ea957cd721f6bcd713b4e797c57a26cfefc975839ecf5b6ea8e",
    "002_67c299fc4ad31bee.txt": "84b49ffbc7bdaf1a61090354df8ef9612c4f1949ac32bac1654e7dfb6e5bcf6d",
}


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_are_byte_for_byte_what_was_given(name: str) -> None:
    assert hashlib.sha256((ROOT / "seeds" / name).read_bytes()).hexdigest() == SEEDS[name]


def test_git_leaves_the_seeds_line_ends_alone() -> None:
    assert "seeds/*.txt -text" in (ROOT / ".gitattributes").read_text()


@pytest.mark.parametrize("name", ["run", "test"])
def test_a_lock_names_packages_versions_and_hashes_and_no_place(name: str) -> None:
    lines = (ROOT / "lock" / f"{name}.lock").read_text().splitlines()
    requirement = re.compile(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+( ; [^/@]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert lines
    assert [line for line in lines if not requirement.fullmatch(line) and not digest.fullmatch(line)] == []


def test_no_lock_brings_gigabytes_for_engines_we_do_not_use() -> None:
    assert not {"torch", "spacy", "stanza", "argostranslate"} & {*licences.locked("run"), *licences.locked("test")}


def test_what_runs_is_what_is_tested() -> None:
    versions = {name: _versions(name) for name in ("run", "test")}
    assert versions["run"].items() <= versions["test"].items()


def _versions(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for package, version in re.findall(
        r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / "lock" / f"{name}.lock").read_text(), re.MULTILINE
    ):
        found.setdefault(package, []).append(version)
    return found


def test_every_locked_package_has_its_licence_on_the_page() -> None:
    page = licences.PAGE.read_text()
    assert [name for name in licences.locked("test") if f"\n| {name} | " not in page] == []


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["demo"], *extras["postgres"], *extras["test"]]
    names = {re.split(r"[^A-Za-z0-9_.-]", each)[0].replace("_", "-").lower() for each in wanted}
    assert names <= set(licences.locked("test"))


def test_all_tools_are_set_up_in_pyproject_and_nowhere_else() -> None:
    others = (
        "setup.cfg",
        "setup.py",
        "pytest.ini",
        "mypy.ini",
        ".ruff.toml",
        "ruff.toml",
        "tox.ini",
        ".importlinter",
    )
    assert [name for name in others if (ROOT / name).exists()] == []
