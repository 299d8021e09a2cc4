"""Labelled plain-text articles in, furniture lines left and body lines lost by `bench.adapters.strip` out.

``python -m bench.furniture [FOLDER...]`` (all of ``bench/labelled``): each ``FOLDER/LANG.txt`` holds articles parted
by ``====``; a line begins with ``+`` where it is of the article and with ``-`` where it is furniture. All of it is
written for this purpose.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from bench.adapters import strip
from ingest.boilerplate import Rules

LABELLED = Path(__file__).parent / "labelled"


def articles(file: Path) -> list[list[tuple[bool, str]]]:
    """The articles of a file: lines, each with whether it is furniture."""
    parts = file.read_text("utf-8").split("====\n")
    return [[(line[0] == "-", line[2:].strip()) for line in part.splitlines() if line.strip()] for part in parts]


def score(lines: list[tuple[bool, str]], rules: Rules | None = None) -> tuple[list[str], list[str]]:
    """The furniture left in an article, and the body lost from it; by other rules than those shipped, if any."""
    kept = Counter(strip("\n".join(text for _, text in lines), rules))
    left = [text for furniture, text in lines if furniture and kept[text]]
    return left, [text for furniture, text in lines if not furniture and not kept[text]]


def main(names: list[str]) -> None:
    folders = [Path(name) for name in names] or sorted(folder for folder in LABELLED.iterdir() if folder.is_dir())
    for folder in folders:
        total: Counter[str] = Counter()
        print(f"{folder.name}\nlang  furniture  left    body  lost")
        for file in sorted(folder.glob("*.txt")):
            found: Counter[str] = Counter()
            for lines in articles(file):
                left, lost = score(lines)
                found += Counter(furniture=sum(f for f, _ in lines), body=sum(not f for f, _ in lines))
                found += Counter(left=len(left), lost=len(lost))
                for text in left:
                    print(f"      left  {text}", file=sys.stderr)
                for text in lost:
                    print(f"      lost  {text}", file=sys.stderr)
            total += found
            print(f"{file.stem:5} {found['furniture']:9}  {found['left']:4}  {found['body']:6}  {found['lost']:4}")
        counts = f"{total['furniture']:9}  {total['left']:4}  {total['body']:6}  {total['lost']:4}"
        print(f"all   {counts}   left {total['left'] / max(total['furniture'], 1):.1%}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
