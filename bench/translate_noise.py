"""How many sentences change when they are batched otherwise, by compute type, on a package of an Argos model's size.

usage: python -m bench.translate_noise SENTENCES.txt [--count 100] [--murmur 0.45] [--noise 0.2]
Twenty minutes of processor time for a hundred sentences, most of it float32.

The package (6+6 layers of 512, 32,000 tokens) copies its input through weights that were disturbed until some tokens
are close calls and rounding anywhere is felt everywhere, as in a real model. It is stored as int8, as Argos's are.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from ingest.article import Lang
from tests.translate.packages import Recipe, build
from translate.document import Failure, ModelRef, Options, Rendering
from translate.engines import argos

REF = ModelRef(engine="argos", name="bench", digest="", source_lang=Lang("und"))
LAYERS, HALF, VOCABULARY = 6, 256, 32_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--murmur", type=float, default=0.45)
    parser.add_argument("--noise", type=float, default=0.2)
    args = parser.parse_args()
    lines = args.sentences.read_text("utf-8").splitlines()[: args.count]
    recipe = Recipe(noise=args.noise, murmur=args.murmur, layers=args.layers, half=HALF, vocabulary=VOCABULARY)
    with tempfile.TemporaryDirectory() as home:
        folder = build(Path(home), lines, recipe)
        for compute_type in ("int8", "float32"):
            base = translated(folder, lines, compute_type, 1024)
            row = {
                "compute_type": compute_type,
                "sentences": len(lines),
                "copied": sum(one == two for one, two in zip(base, lines, strict=True)),
                "changed by the same batches": changed(base, translated(folder, lines, compute_type, 1024)),
                "by batches of 256": changed(base, translated(folder, lines, compute_type, 256)),
                "one by one": changed(base, translated(folder, lines, compute_type, 1)),
            }
            print(json.dumps(row), flush=True)


def translated(folder: Path, lines: list[str], compute_type: str, budget: int) -> list[str]:
    argos.BATCH_TOKENS = budget
    engine = argos.ArgosTranslator(folder, REF, hardware=argos.Hardware(device="cpu", workers=2))
    answers: list[Rendering | Failure] = engine.translate(lines, Options(compute_type=compute_type))
    engine.close()
    return [answer.text if isinstance(answer, Rendering) else "" for answer in answers]


def changed(one: list[str], other: list[str]) -> int:
    return sum(first != second for first, second in zip(one, other, strict=True))


if __name__ == "__main__":
    main()
