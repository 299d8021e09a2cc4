"""Labelled articles in, the weights of `ingest.boilerplate.line_model` out.

``python -m bench.line_model`` learns from ``bench/labelled`` and writes ``ingest/boilerplate/furniture.tsv``; the
same articles and rules give the same file. ``python -m bench.line_model BATCH...`` learns from all other batches,
writes nothing, and says how much furniture of these would be left, and how much of the articles lost.

L2-regularised logistic regression, fitted by accelerated gradient descent (Nesterov, Soviet Math. Dokl. 27, 1983).
Each article counts five times: with what the rules know of it, with a third of that forgotten (in a text by somebody
new they know less), and with two, one and none of its lines of furniture. The lines that rules show as examples are
learned from too.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.furniture import LABELLED, articles, score
from ingest.article import Kind
from ingest.boilerplate import lines
from ingest.boilerplate.judge import Judge
from ingest.boilerplate.line_model import UNIT, LineModel
from ingest.boilerplate.rules import Rules, Where, load_rules
from ingest.boilerplate.signs import Line, places, read_line, signs

FILE = Path("ingest/boilerplate/furniture.tsv")
SEEN = 2
"""A sign must stand in so many lines to have a weight."""
PENALTY = 1.0
ROUNDS = 400
SMALLEST = 4
"""Weights nearer to nothing, in hundredths, are left out."""
Labelled = list[tuple[bool, str]]
"""The lines of an article, each with whether it is furniture."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A line: its signs, and whether it is furniture."""

    signs: tuple[str, ...]
    furniture: bool


def examples(article: Labelled, rules: Rules, *, forgotten: int = 0) -> list[Example]:
    """The lines of one article; every ``forgotten``-th line that rules know is taken for unknown."""
    read, known, writers = _known(article, rules)
    if forgotten:
        known = [taken and _draw(one.text) % forgotten > 0 for taken, one in zip(known, read, strict=True)]
    return [
        Example((*signs(one), *place.signs), furniture)
        for one, place, (furniture, _) in zip(read, places(read, known, writers), article, strict=True)
    ]


def thinned(article: Labelled, few: int) -> Labelled:
    """The article with so many lines of its furniture."""
    left = sorted((text for furniture, text in article[1:] if furniture), key=_draw)[:few]
    return [(furniture, text) for furniture, text in article if not furniture or text in left]


def shown(rules: Rules) -> Iterator[Labelled]:
    """The lines that rules show, in every place where they may stand: what they take, and what they must not."""
    bodies = [[line for line in article if not line[0]] for article in batches(["first"])]
    bodies = [body[:4] for body in bodies if len(body) > 3]
    for rule in rules.rules:
        for line in rule.matches:
            body = bodies[_draw(line) % len(bodies)]
            if rule.where in {Where.HEAD, Where.EDGE, Where.ANYWHERE}:
                yield [body[0], (True, line), *body[1:]]
            if rule.where in {Where.TAIL, Where.EDGE, Where.ANYWHERE}:
                yield [*body, (True, line)]
            if rule.where is Where.ANYWHERE:
                yield [*body[:2], (True, line), *body[2:]]
    for line in sorted({line for rule in rules.rules for line in rule.keeps} | set(rules.keeps)):
        body = bodies[_draw(line) % len(bodies)]
        yield [body[0], (False, line), *body[1:]]
        yield [*body[:2], (False, line), *body[2:]]
        yield [*body, (False, line)]
        yield [*body, (True, "© 2025 Halden Post"), (False, line), (True, "All rights reserved.")]


def _known(article: Labelled, rules: Rules) -> tuple[list[Line], list[bool], frozenset[str]]:
    """The lines of an article, which of them rules know, and the names in its bylines."""
    texts = [lines.view(text) for _, text in article]
    judge = Judge(texts, rules, [Kind.TITLE if not i else Kind.PARAGRAPH for i in range(len(texts))])
    found = judge.verdicts()
    return [read_line(text) for text in texts], [i in found for i in range(len(texts))], judge.writers


def _draw(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big")


def batches(names: Iterable[str]) -> Iterator[Labelled]:
    """The articles of these batches."""
    for name in names:
        for file in sorted((LABELLED / name).glob("*.txt")):
            yield from articles(file)


def learn(names: Iterable[str], rules: Rules) -> LineModel:
    """The model of these batches."""
    made: list[Example] = []
    for article in batches(names):
        made += examples(article, rules)
        made += examples(article, rules, forgotten=3)
        for few in (0, 1, 2):
            made += examples(thinned(article, few), rules)
    for article in shown(rules):
        made += examples(article, rules)
    counts = Counter(sign for one in made for sign in set(one.signs))
    kept = sorted(sign for sign, count in counts.items() if count >= 4 * SEEN)
    number = {sign: i for i, sign in enumerate(kept)}
    rows = [[number[sign] for sign in one.signs if sign in number] for one in made]
    weights = fit(rows, np.array([one.furniture for one in made], dtype=np.float64), len(kept))
    whole = np.rint(weights * UNIT).astype(int).tolist()
    return LineModel(
        weights={sign: whole[i] for sign, i in number.items() if abs(whole[i]) >= SMALLEST}, bias=whole[-1]
    )


def fit(rows: Sequence[Sequence[int]], labels: Floats, width: int) -> Floats:
    """Weights of the signs, and the bias last, that make the labels likely."""
    columns = np.concatenate([np.array([*row, width], dtype=np.int64) for row in rows])
    of = np.repeat(np.arange(len(rows)), [len(row) + 1 for row in rows])
    sizes = np.bincount(of, minlength=len(rows)).astype(np.float64)
    step = 1 / (0.25 * np.bincount(columns, weights=sizes[of], minlength=width + 1) + PENALTY)  # bounds the curvature
    weights = np.zeros(width + 1)
    former = weights
    for i in range(ROUNDS):
        ahead = weights + i / (i + 3) * (weights - former)
        sums = np.bincount(of, weights=ahead[columns], minlength=len(rows))
        wrong = 1 / (1 + np.exp(-sums)) - labels
        gradient = np.bincount(columns, weights=wrong[of], minlength=width + 1) + PENALTY * ahead
        former, weights = weights, ahead - step * gradient
    return weights


def report(names: Sequence[str], rules: Rules) -> None:
    """How a model without these batches does on them."""
    others = sorted(folder.name for folder in LABELLED.iterdir() if folder.name not in names)
    model = learn(others, rules)
    print(f"{len(model.weights)} signs")
    taught = replace(rules, model=model)
    for name in names:
        scored = [(article, *score(article, taught)) for article in batches([name])]
        furniture = sum(taken for article, *_ in scored for taken, _ in article)
        body = sum(len(article) for article, *_ in scored) - furniture
        left, lost = sum(len(row) for _, row, _ in scored), sum(len(row) for _, _, row in scored)
        print(
            f"{name:10}  {furniture:5} furniture, left {left / furniture:6.1%}   {body:5} body, lost {lost}",
            flush=True,
        )


def main(names: Sequence[str]) -> None:
    """Learn and write, or report."""
    rules = load_rules()
    if names:
        return report(names, rules)
    model = learn(sorted(folder.name for folder in LABELLED.iterdir()), rules)
    rows = "".join(f"{sign}\t{weight}\n" for sign, weight in sorted(model.weights.items()))
    FILE.write_text(f"bias\t{model.bias}\n{rows}", encoding="utf-8")
    print(f"{len(model.weights)} signs, {FILE.stat().st_size // 1024} KB")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
