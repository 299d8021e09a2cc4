"""Two engines' English of one sentence in, how far they agree out: the best guess at quality without a reference."""

from __future__ import annotations

import hashlib
from collections import Counter

LENGTHS = range(1, 7)
BETA = 2.0


def chrf(output: str, reference: str) -> float:
    """The chrF of one sentence, 0 to 1: the F2 of shared character 1- to 6-grams, spaces left out.

    As sacrebleu 2 computes it (Popović 2015, https://aclanthology.org/W15-3049/; ``nrefs:1|nc:6|nw:0|space:no``).
    """
    one, two = "".join(output.split()), "".join(reference.split())
    precision = recall = 0.0
    used = 0
    for length in LENGTHS:
        mine, theirs = _grams(one, length), _grams(two, length)
        if mine and theirs:
            shared = sum((mine & theirs).values())
            precision += shared / mine.total()
            recall += shared / theirs.total()
            used += 1
    if not used or not precision + recall:
        return 0.0
    precision, recall = precision / used, recall / used
    return (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def agree(one: str, other: str) -> float:
    """How far two texts agree, 0 to 1: chrF both ways, halved, so that neither is the reference."""
    return (chrf(one, other) + chrf(other, one)) / 2


def sampled(sentence: str, share: float) -> bool:
    """Whether a sentence is in the sample of this share; the same sentence always is, or is not."""
    head = hashlib.sha256(sentence.encode("utf-8", "surrogatepass")).digest()[:4]
    return int.from_bytes(head, "big") < share * 2**32


def _grams(text: str, length: int) -> Counter[str]:
    return Counter(text[start : start + length] for start in range(len(text) - length + 1))
