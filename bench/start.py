"""How long a command takes to start, beside importing the libraries under it: ``python -m bench.start``.

Each command is run in a process of its own, in turn with the others, so that a busy machine slows all alike. The
yardstick is ``import trafilatura, pyarrow.parquet``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROUNDS = 9
YARDSTICK = "import trafilatura, pyarrow.parquet"


def seconds(words: list[str]) -> float:
    """Wall-clock seconds of one process."""
    begin = time.perf_counter()
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    """Print a table: median seconds, and the ratio to the yardstick."""
    with tempfile.TemporaryDirectory() as folder:
        newsgloss = [sys.executable, "-m", "flows.cli"]
        warm = [*newsgloss, "run", "--quiet", "--output", f"{folder}/warm", "seeds/"]
        commands = {
            YARDSTICK: [sys.executable, "-c", YARDSTICK],
            "newsgloss --help": [*newsgloss, "--help"],
            "newsgloss run seeds/ (warm)": warm,
            "newsgloss status": [*newsgloss, "status", "--output", f"{folder}/warm"],
        }
        seconds(warm)
        rounds = [{name: seconds(words) for name, words in commands.items()} for _ in range(ROUNDS)]
        cold = [
            seconds([*newsgloss, "run", "--quiet", "--output", f"{folder}/cold-{number}", "seeds/"])
            for number in range(3)
        ]
    medians = {name: statistics.median(each[name] for each in rounds) for name in commands}
    medians["newsgloss run seeds/ (first)"] = statistics.median(cold)
    print("| command | seconds | ratio |\n|---|--:|--:|")
    for name, value in medians.items():
        print(f"| `{name}` | {value:.2f} | {value / medians[YARDSTICK]:.2f} |")


if __name__ == "__main__":
    main()
