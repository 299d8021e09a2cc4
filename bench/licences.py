"""The lock files in, the table of docs/licences.md out: ``python -m bench.licences``."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
BEGIN = "<!-- made by python -m bench.licences -->"

ELSEWHERE = {
    # Installed on other Python versions than the one that makes this page.
    "async-timeout": "Apache-2.0",
    "pendulum": "MIT",
    "tzdata": "Apache-2.0",
    "whenever": "MIT",
}


def locked(name: str) -> list[str]:
    """The packages of a lock file, sorted."""
    text = (ROOT / "lock" / f"{name}.lock").read_text()
    return sorted(set(re.findall(r"^([A-Za-z0-9_.-]+)==", text, flags=re.MULTILINE)))


def licence(package: str) -> str:
    """What the package's own metadata says."""
    try:
        found = dict(metadata.metadata(package).json)
    except metadata.PackageNotFoundError:
        return ELSEWHERE[package]
    if expression := found.get("license_expression"):
        return str(expression)
    classifiers = [
        str(each).rpartition(" :: ")[2] for each in found.get("classifier", ()) if each.startswith("License")
    ]
    named = [each for each in classifiers if each != "OSI Approved"]
    return ", ".join(named) or str(found.get("license", "not stated")).strip().splitlines()[0]


def main() -> None:
    """Write the table below the marker."""
    run = set(locked("run"))
    rows = [f"| {name} | {licence(name)} | {'run' if name in run else 'tests'} |" for name in locked("test")]
    head = PAGE.read_text().partition(BEGIN)[0]
    PAGE.write_text(head + "\n".join([BEGIN, "", "| package | licence | needed by |", "|---|---|---|", *rows, ""]))


if __name__ == "__main__":
    main()
