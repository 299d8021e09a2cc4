"""Stored translations, sources and references in; how often each guard speaks, and how often it is right, out.

usage: python -m bench.translate_guards FOLDER [--langs ko,ja,zh,ar] [--weak argos] [--strong google]

FOLDER holds ``xx-en/flores-dev.xx``, ``xx-en/flores-dev.SYSTEM.en`` and ``ko-en/flores-dev.en``. Bad is a sentence
under chrF 30, or 20 chrF below the strong system. The second half of the lines is scored; what is set was set on the
first.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from translate.agreement import chrf
from translate.guards import check

NAMES = ("loop", "short", "long", "source_script", "copied", "dropped", "numbers", "marks", "invented")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--langs", default="ko,ja,zh,ar")
    parser.add_argument("--weak", default="argos")
    parser.add_argument("--strong", default="google")
    parser.add_argument("--half", choices=("first", "second"), default="second")
    args = parser.parse_args()
    part = slice(None, 500) if args.half == "first" else slice(500, None)
    references = lines(args.folder / "ko-en" / "flores-dev.en")[part]
    print("| lang | guard | flags % weak | P bad | R bad | P <30 | R <30 | flags % strong | chrF flagged / others |")
    print("|---|---|---|---|---|---|---|---|---|")
    for lang in args.langs.split(","):
        stem = args.folder / f"{lang}-en"
        sources = lines(stem / f"flores-dev.{lang}")[part]
        weak, strong = (lines(stem / f"flores-dev.{name}.en")[part] for name in (args.weak, args.strong))
        table(lang, sources, (weak, strong), references)


def table(
    lang: str, sources: Sequence[str], outputs: tuple[Sequence[str], Sequence[str]], references: Sequence[str]
) -> None:
    weak, strong = outputs
    quality = [chrf(one, ref) for one, ref in zip(weak, references, strict=True)]
    better = [chrf(one, ref) for one, ref in zip(strong, references, strict=True)]
    awful = [each < 0.3 for each in quality]
    bad = [each < 0.3 or other - each >= 0.2 for each, other in zip(quality, better, strict=True)]
    flags = [set(check(*pair)) for pair in zip(sources, weak, strict=True)]
    other = [set(check(*pair)) for pair in zip(sources, strong, strict=True)]
    for name in (*NAMES, "any"):
        hits = [bool(each) if name == "any" else name in each for each in flags]
        alarms = sum(bool(each) if name == "any" else name in each for each in other)
        if any(hits) or alarms:
            row = [lang, name, share(sum(hits), len(hits)), *precision(hits, bad), *precision(hits, awful)]
            row += [
                share(alarms, len(other)),
                f"{mean(quality, hits)} / {mean(quality, [not each for each in hits])}",
            ]
            print("| " + " | ".join(row) + " |")


def precision(hits: Sequence[bool], bad: Sequence[bool]) -> tuple[str, str]:
    right = sum(hit and wrong for hit, wrong in zip(hits, bad, strict=True))
    return share(right, sum(hits)), share(right, sum(bad))


def share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f}" if total else "-"


def mean(values: Sequence[float], chosen: Sequence[bool]) -> str:
    kept = [value for value, is_chosen in zip(values, chosen, strict=True) if is_chosen]
    return f"{100 * sum(kept) / len(kept):.0f}" if kept else "-"


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").rstrip("\n").split("\n")


if __name__ == "__main__":
    main()
