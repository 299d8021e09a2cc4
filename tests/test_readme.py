"""The README's commands are real: they run in a copy of the repository, one after another, as a reader types them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
NEVER = {".venv", ".git", "output", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}

PAGE = """<!doctype html><html lang="en"><head><title>Ferry resumes | Harbour Post</title></head><body><article>
<h1>Ferry resumes after storm</h1><p>The ferry to the islands is running again after three days of storm.</p>
<p>The harbour office said that the morning boat had left on time with ninety passengers.</p></article></body></html>
"""


def commands() -> list[str]:
    """Every line of a ``console`` block that begins with ``$``."""
    blocks = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("the README's commands run in the environment that `make` sets up")
    if subprocess.run(["make", "--question", ".venv/.test"], cwd=ROOT, check=False, capture_output=True).returncode:
        pytest.skip("the environment is older than the locks: `make test` brings it up to date")
    folder = tmp_path_factory.mktemp("clone") / "newsgloss"
    shutil.copytree(ROOT, folder, ignore=lambda _, names: NEVER & set(names), copy_function=shutil.copy2)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "articles").mkdir()
    shutil.copy(ROOT / "seeds" / "002_67c299fc4ad31bee.txt", folder / "articles")
    (folder / "page.html").write_text(PAGE)
    return folder


def test_every_command_of_the_readme_does_what_it_says(clone: Path) -> None:
    assert len(commands()) >= 8
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSGLOSS_", "PREFECT_"))}
    for command in commands():
        if command == "make test":
            continue  # that is this run
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            cwd=clone,
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    made = [json.loads(line) for line in (clone / "documents.jsonl").read_text("utf-8").splitlines()]
    assert len(made) == 1


def test_what_the_readme_shows_of_a_document_is_what_comes_out(clone: Path) -> None:
    subprocess.run(["make", "run"], cwd=clone, check=True, capture_output=True)
    (shown,) = re.findall(r"```markdown\n(.*?)```", README, flags=re.DOTALL)
    made = next((clone / "output/documents").rglob("*generative-ai*.md")).read_text("utf-8")
    lines = [line.removesuffix(" …") for line in shown.splitlines() if not line.startswith(("added:", "date:"))]
    assert [line for line in lines if line not in made] == []
