"""Sentences in; wall and CPU seconds of Argos's own API, of ours and of one giant call over the same package out.

Each measures itself in a process of its own, after a warm-up, on the same sentences in the same paragraphs with the
same beam; of several rounds the best counts. Where no package is named, one of an Argos model's size is built that
copies its input (6+6 layers of 512, 32,000 tokens, int8). Argos's own API needs a MiniSBD model in the package, as it
would download one otherwise; without ``--minisbd`` or a package that has one, it is left out.

usage: python -m bench.translate_argos SENTENCES.txt [--minisbd ko.onnx] [--package ko.argosmodel] [--articles 12]
A few minutes on two idle cores; the last line says what docs/performance.md aims at.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

PER_PARAGRAPH = 3
PER_ARTICLE = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--package", type=Path, help="an .argosmodel")
    parser.add_argument("--minisbd", type=Path, help="a MiniSBD .onnx to put into the package")
    parser.add_argument("--lang", default="ko", help="of the package that is built")
    parser.add_argument("--articles", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3, help="of all ways but Argos's own, which has one")
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--ways", default="argos,ours,giant,giant-1x2")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        folder = next(Path(os.environ["ARGOS_PACKAGES_DIR"]).iterdir())
        print(json.dumps(WAYS[args.way](folder, articles(args.sentences, args.articles), args.beam)))
        return
    with tempfile.TemporaryDirectory() as home:
        folder = prepared(args, Path(home) / "packages")
        ways = args.ways.split(",")
        if "argos" in ways and not list(folder.glob("minisbd/*.onnx")):
            print("argos: left out, the package has no MiniSBD model (--minisbd FILE)", file=sys.stderr)
            ways.remove("argos")
        report(best(ways, args, Path(home)))


def prepared(args: argparse.Namespace, packages: Path) -> Path:
    """The package's folder, unpacked or built."""
    packages.mkdir()
    if args.package:
        with zipfile.ZipFile(args.package) as file:
            file.extractall(packages)
        folder = next(packages.iterdir())
    else:
        from tests.translate.packages import Recipe, build

        print("building a package of an Argos model's size", file=sys.stderr)
        size = Recipe(source=args.lang, layers=6, half=256, vocabulary=32_000, murmur=1e-6)
        folder = build(packages, args.sentences.read_text("utf-8").splitlines(), size)
    if args.minisbd:
        (folder / "minisbd").mkdir(exist_ok=True)
        shutil.copy(args.minisbd, folder / "minisbd" / args.minisbd.name)
    return folder


def best(ways: list[str], args: argparse.Namespace, home: Path) -> dict[str, dict[str, Any]]:
    """Each way's best round; the rounds in turn, so that what else the machine does weighs on all."""
    found: dict[str, dict[str, Any]] = {}
    for number in range(args.rounds):
        for way in ways:
            if number == 0 or way != "argos":
                print(f"round {number + 1}: {way}", file=sys.stderr)
                each = measure(way, args, home)
                found[way] = min(each, found.get(way, each), key=lambda one: float(one["wall"]))
    return found


def articles(path: Path, count: int) -> list[list[list[str]]]:
    """Articles of paragraphs of sentences, out of consecutive lines; the lines begin again when they end."""
    lines = path.read_text("utf-8").splitlines()
    wanted = [lines[index % len(lines)] for index in range(count * PER_ARTICLE)]
    paragraphs = [wanted[at : at + PER_PARAGRAPH] for at in range(0, len(wanted), PER_PARAGRAPH)]
    size = PER_ARTICLE // PER_PARAGRAPH
    return [paragraphs[at : at + size] for at in range(0, len(paragraphs), size)]


def measure(way: str, args: argparse.Namespace, home: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.translate_argos", str(args.sentences)]
    command += ["--articles", str(args.articles), "--beam", str(args.beam), "--way", way]
    folders = {"HOME": home, "XDG_DATA_HOME": home / "d", "XDG_CONFIG_HOME": home / "c", "XDG_CACHE_HOME": home / "h"}
    env = {**os.environ, **{name: str(path) for name, path in folders.items()}}
    env["ARGOS_PACKAGES_DIR"] = str(home / "packages")
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(found: dict[str, dict[str, Any]]) -> None:
    base = found.get("argos")
    for way, each in found.items():
        if base:
            each |= {"x_wall": round(base["wall"] / each["wall"], 2), "x_cpu": round(base["cpu"] / each["cpu"], 2)}
        print(json.dumps({"way": way, **each}))
    if {"ours", "giant"} <= found.keys():
        giants = [each for way, each in found.items() if way.startswith("giant")]
        rate = min(each["wall"] for each in giants) / found["ours"]["wall"]
        work = min(each["cpu"] for each in giants) / found["ours"]["cpu"]
        print(json.dumps({"ours to the better giant call": {"rate": round(rate, 2), "by CPU": round(work, 2)}}))


def timed(sentences: int, work: Callable[[], object]) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"wall": round(wall, 3), "cpu": round(cpu, 3), "per_s": round(sentences / wall, 1)}


def argos(folder: Path, texts: list[list[list[str]]], beam: int) -> dict[str, Any]:
    os.environ["ARGOS_BEAM_SIZE"] = str(beam)
    import argostranslate.translate as peer  # noqa: TID251  what we measure against

    source = json.loads((folder / "metadata.json").read_text("utf-8"))["from_code"]
    joined = ["\n".join(" ".join(paragraph) for paragraph in article) for article in texts]
    peer.translate("a b.", source, "en")
    return timed(
        sum(len(paragraph) for article in texts for paragraph in article),
        lambda: [peer.translate(text, source, "en") for text in joined],
    )


def ours(folder: Path, texts: list[list[list[str]]], beam: int) -> dict[str, Any]:
    from ingest.article import Lang
    from translate.document import ModelRef, Options, Rendering
    from translate.engines.argos import ArgosTranslator

    ref = ModelRef(engine="argos", name="bench", digest="", source_lang=Lang("und"))
    translator = ArgosTranslator(folder, ref)
    translator.translate(["a b."], Options(beam=beam))
    flat = [sentence for article in texts for paragraph in article for sentence in paragraph]
    answers: list[Any] = []
    found = timed(len(flat), lambda: answers.extend(translator.translate(flat, Options(beam=beam))))
    same = sum(
        isinstance(one, Rendering) and one.text.split() == two.split() for one, two in zip(answers, flat, strict=True)
    )
    translator.close()
    return {**found, "copied": round(same / len(flat), 3)}


def giant(folder: Path, texts: list[list[list[str]]], beam: int, *, inter: int = 2) -> dict[str, Any]:
    import ctranslate2

    from translate.engines.pieces import SentencePieces

    pieces = SentencePieces(folder / "sentencepiece.model")
    tokens = [pieces.encode(s) for article in texts for paragraph in article for s in paragraph]
    engine = ctranslate2.Translator(str(folder / "model"), inter_threads=inter, intra_threads=2 // inter)
    engine.translate_batch(tokens[:2], beam_size=beam)
    options = {"beam_size": beam, "batch_type": "tokens", "replace_unknowns": True, "length_penalty": 0.2}
    size = 1024 if inter == 2 else 0
    return timed(len(tokens), lambda: engine.translate_batch(tokens, max_batch_size=size, **options))


WAYS: dict[str, Callable[..., dict[str, Any]]] = {
    "argos": argos,
    "ours": ours,
    "giant": giant,
    "giant-1x2": lambda folder, texts, beam: giant(folder, texts, beam, inter=1),
}

if __name__ == "__main__":
    main()
