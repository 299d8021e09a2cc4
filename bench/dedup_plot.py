"""Lines of `bench.dedup_scale grow` in, docs/dedup-growth.svg out: ``python -m bench.dedup_plot FILE...``."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "docs" / "dedup-growth.svg"
PANELS = (
    ("inserted_per_second_of_cpu", "documents put per second of processor time"),
    ("added_per_second_of_cpu", "documents added per second of processor time"),
    ("look_up_ms_of_cpu", "milliseconds of processor time a look-up"),
    ("bytes_per_document", "bytes a document"),
)
COLOURS = {"sqlite": "#1f6feb", "postgres": "#d1480f"}
WIDTH, HEIGHT, MARGIN = 270, 200, 40


def panel(rows: list[dict[str, float | str]], name: str, title: str, left: int) -> str:
    """One measure over the number of documents, a line an engine."""
    top = max(float(row[name]) for row in rows) * 1.1
    made = [f'<text x="{left}" y="16" font-size="11">{title}</text>']
    for engine, colour in COLOURS.items():
        points = [
            (
                left + (math.log10(float(row["documents"])) - 4) / 2 * (WIDTH - 20),
                HEIGHT - float(row[name]) / top * (HEIGHT - MARGIN),
                row,
            )
            for row in rows
            if row["engine"] == engine
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        made.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        made += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
            f'<text x="{x:.1f}" y="{y - 6:.1f}" font-size="9" text-anchor="middle">{row[name]:g}</text>'
            for x, y, row in points
        ]
    for exponent, label in ((4, "10k"), (5, "100k"), (6, "1M")):
        x = left + (exponent - 4) / 2 * (WIDTH - 20)
        made.append(f'<text x="{x:.1f}" y="{HEIGHT + 16}" font-size="10" text-anchor="middle">{label}</text>')
    made.append(f'<line x1="{left}" y1="{HEIGHT}" x2="{left + WIDTH - 20}" y2="{HEIGHT}" stroke="#888"/>')
    return "\n".join(made)


def main() -> None:
    """Draw the panels side by side."""
    lines = [line for name in sys.argv[1:] for line in Path(name).read_text("utf-8").splitlines()]
    rows = [row for row in map(json.loads, lines) if "engine" in row]
    panels = [panel(rows, name, title, MARGIN + i * (WIDTH + 20)) for i, (name, title) in enumerate(PANELS)]
    legend = "".join(
        f'<text x="{MARGIN + i * 80}" y="{HEIGHT + 36}" font-size="11" fill="{colour}">{engine}</text>'
        for i, (engine, colour) in enumerate(COLOURS.items())
    )
    size = f'width="{len(PANELS) * (WIDTH + 20) + MARGIN}" height="{HEIGHT + 45}"'
    body = "\n".join((*panels, legend))
    TARGET.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
