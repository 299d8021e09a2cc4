"""A made-up language in, texts of 2.8 kB in it and sketches of a million more out: for `bench.dedup_scale step`.

Words follow Zipf's law, and the most frequent ones are common English words, as in real texts; `COLLOCATED` of the
pairs of longer words are common phrases. A sketch is that of such a text without its being written: the keys are the
real ones of its words and phrases, so that texts meet it as they would meet a written one. What real news has beside:
topics, and phrases of more than two words.
"""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import numpy.typing as npt

from ingest.fingerprint import LETTERS, SKETCH, pair_keys, word_hashes

KEYS = 150
"""Pairs of longer words in a text of 2.8 kB."""

COLLOCATED = 0.06

_VOCABULARY = 60_000
_COMMON = 300
_pool = 1 / (np.arange(60_000) + 8.0)
PHRASES = np.cumsum(_pool / _pool.sum())
"""How often the common phrases come, the most common first: cumulative shares."""

Keys = npt.NDArray[np.int32]


class Language:
    """Words and phrases; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        table = files("ingest").joinpath("common_words.tsv").read_text("utf-8").split()
        common = [word for word in table if word.isascii()]
        self._words = [*rng.choice(common, _COMMON, replace=False), *_made_up(rng, _VOCABULARY - _COMMON)]
        shares = (np.arange(_VOCABULARY) + 2.7) ** -1.05
        self._shares = np.cumsum(shares / shares.sum())
        known = set(table)
        telling = [i for i, word in enumerate(self._words) if len(word) >= LETTERS and word not in known]
        self._telling = [self._words[i] for i in telling]
        self._telling_shares = np.cumsum(shares[telling] / shares[telling].sum())
        self._hashes = word_hashes(self._telling)
        self._phrases = rng.integers(0, len(telling), (len(PHRASES), 2))

    def texts(self, count: int) -> list[str]:
        """Texts; every tenth is a cut and edited version of the fifth before it."""
        rng = np.random.default_rng(2)
        made: list[str] = []
        for i in range(count):
            words = [self._words[j] for j in np.searchsorted(self._shares, rng.random(385))]
            for phrase in np.searchsorted(PHRASES, rng.random(rng.binomial(KEYS, COLLOCATED))):
                words[rng.integers(len(words))] += " " + " ".join(self._telling[j] for j in self._phrases[phrase])
            if i % 10 == 9:
                words = [word for word in made[i - 5].split() if rng.random() > 0.03][:360]
            made.append(" ".join(words))
        return made

    def sketches(self, rng: np.random.Generator, count: int) -> Keys:
        """The sketches of texts that are not written, one a row."""
        words = np.searchsorted(self._telling_shares, rng.random((count, KEYS + 1)))
        text, place = np.nonzero(rng.random((count, KEYS)) < COLLOCATED)
        phrases = self._phrases[np.searchsorted(PHRASES, rng.random(len(text)))]
        words[text, place], words[text, place + 1] = phrases.T
        hashes = self._hashes[words]
        keys = pair_keys(hashes[:, :-1], hashes[:, 1:])
        keys.partition(SKETCH - 1, axis=1)
        return (keys[:, :SKETCH] & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(np.int32)


def _made_up(rng: np.random.Generator, count: int) -> list[str]:
    """Different words of two to ten letters, the usual letters more often."""
    letters = np.array(list("etaoinshrdlucmfwypvbgkjqxz"))
    shares = 1 / (np.arange(26) + 4.0)
    made: dict[str, None] = {}
    while len(made) < count:
        drawn = rng.choice(letters, (count, 10), p=shares / shares.sum())
        made |= dict.fromkeys(
            "".join(row[:length]) for row, length in zip(drawn, rng.integers(2, 11, count), strict=True)
        )
    return list(made)[:count]
