"""FLORES in a language and English in; BLEU and chrF of the project's `translate` beside the bare engine's out.

usage: python -m bench.translate_flores SOURCE.txt REFERENCE.txt [--lang pt] [--lines 1000]

The bare engine is one fxtranslate.Translator over the same model files, a sentence a call. About three minutes for a
thousand lines; needs the extra ``demo``, whose model it runs, and ``pip install sacrebleu`` to score.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from bench import adapters
from translate.registry import bundled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--lang", default="pt")
    parser.add_argument("--lines", type=int, default=1000)
    args = parser.parse_args()
    if find_spec("sacrebleu") is None or not bundled():
        raise SystemExit("this needs: pip install 'newsgloss[demo]' sacrebleu")
    source = args.source.read_text("utf-8").splitlines()[: args.lines]
    reference = args.reference.read_text("utf-8").splitlines()[: args.lines]
    adapters.translate(source[:20], args.lang)  # start the workers
    outputs = {}
    ways: dict[str, Callable[[], list[str]]] = {
        "ours": lambda: adapters.translate(source, args.lang),
        "bare": lambda: bare(source),
    }
    for way, work in ways.items():
        started = time.perf_counter()
        outputs[way] = work()
        print(
            json.dumps({"way": way, "s": round(time.perf_counter() - started, 1), **score(outputs[way], reference)})
        )
    same = sum(one == two for one, two in zip(outputs["ours"], outputs["bare"], strict=True))
    print(json.dumps({"sentences": len(source), "same": same}))


def bare(source: list[str]) -> list[str]:
    import fxtranslate

    from translate.engines.firefox import files_in

    files = files_in(next(folder for root in bundled() for folder in root.glob("pten-*")))
    vocabulary = files.source.read_bytes()
    shortlist = files.shortlist.read_bytes() if files.shortlist else None
    engine = fxtranslate.Translator(files.model.read_bytes(), vocabulary, vocabulary, shortlist)
    return [engine.translate(sentence) for sentence in source]


def score(output: list[str], reference: list[str]) -> dict[str, float]:
    import sacrebleu

    return {
        "bleu": round(sacrebleu.corpus_bleu(output, [reference]).score, 2),
        "chrf": round(sacrebleu.corpus_chrf(output, [reference]).score, 2),
    }


if __name__ == "__main__":
    main()
