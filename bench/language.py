"""A folder of sentences per language in, how often each detector names the language right out, and how fast.

``python -m bench.language FOLDER``: FOLDER is laid out as the evaluation folder of
mozilla/firefox-translations-models (``ko-en/flores-dev.ko``; English in ``ko-en/flores-dev.en``). Accuracy is strict:
one language is right.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.adapters import detect, detect_langdetect
from translate.codes import parse, primary

SEED = 11
SENTENCES, DOCUMENTS, SHORT = 100, 40, 40
NO_SPACES = frozenset({"ja", "zh", "th", "my"})

Predict = Callable[[Sequence[str]], list[str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    kind: str
    lang: str
    text: str


def plain_langdetect(texts: Sequence[str]) -> list[str | None]:
    """langdetect as its own page says to call it, seeded."""
    from langdetect import DetectorFactory, LangDetectException
    from langdetect import detect as ask

    DetectorFactory.seed = 0
    found: list[str | None] = []
    for text in texts:
        try:
            found.append(primary(parse(ask(text))))
        except LangDetectException:
            found.append(None)
    return found


DETECTORS: dict[str, Predict] = {
    "langdetect, seeded": plain_langdetect,
    "gate, langdetect": detect_langdetect,
    "gate, py3langid (default)": detect,
}


def sentences(folder: Path) -> dict[str, list[str]]:
    """The sentences of each language, by ISO 639-1 code."""
    found = {}
    for pair in sorted(folder.glob("*-en")):
        code = pair.name.removesuffix("-en")
        path = pair / f"flores-dev.{code}"
        if path.is_file():
            found[primary(parse(code))] = path.read_text("utf-8").splitlines()
    english = next(folder.glob("*-en/flores-dev.en"), None)
    if english:
        found["en"] = english.read_text("utf-8").splitlines()
    return found


def cases(found: dict[str, list[str]]) -> Iterator[Case]:
    """The test cases: drawn with a fixed seed."""
    draw = random.Random(SEED)
    for lang, texts in found.items():
        for text in draw.sample(texts, SENTENCES):
            yield Case(kind="sentences", lang=lang, text=text)
        for _ in range(DOCUMENTS):
            count = draw.randint(5, 8)
            start = draw.randrange(len(texts) - count)
            yield Case(kind="documents", lang=lang, text="\n".join(texts[start : start + count]))
        for text in draw.sample(texts, SHORT):
            yield Case(kind="four words", lang=lang, text=_first(text, 4, lang))
            yield Case(kind="capitals", lang=lang, text=text.upper())


def _first(text: str, words: int, lang: str) -> str:
    return "".join(text.split())[: 4 * words] if lang in NO_SPACES else " ".join(text.split()[:words])


def main(folder: Path) -> None:
    """Print one row a detector: accuracy by kind, speed on sentences beside plain langdetect's in the same run."""
    made = list(cases(sentences(folder)))
    kinds = list(dict.fromkeys(case.kind for case in made))
    print(f"{len({case.lang for case in made})} languages, {len(made)} texts")
    print("| |", " | ".join(kinds), "| speed |\n|" + "---|" * (len(kinds) + 2))
    base = 0.0
    for name, predict in DETECTORS.items():
        predict([case.text for case in made[::200]])  # load
        shares, speed = [], 0.0
        for kind in kinds:
            of_kind = [case for case in made if case.kind == kind]
            start = time.process_time()
            answers = predict([case.text for case in of_kind])
            spent = time.process_time() - start
            shares.append(sum(a == case.lang for a, case in zip(answers, of_kind, strict=True)) / len(of_kind))
            speed = len(of_kind) / spent if kind == "sentences" else speed
        base = base or speed
        print(f"| {name} |", " | ".join(f"{share:.3f}" for share in shares), f"| x{speed / base:.1f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
