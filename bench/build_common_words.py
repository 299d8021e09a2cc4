"""The stopword lists of stopwords-iso in, `ingest/common_words.tsv` out.

Run once, with ``pip install stopwordsiso==0.7.1`` (MIT; https://github.com/stopwords-iso/stopwords-iso):
``python -m bench.build_common_words``. The file is frozen with `ingest.algo.ALGO`: another list is another
algorithm.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from ingest.fingerprint import LETTERS, words

TARGET = Path(__file__).parents[1] / "ingest" / "common_words.tsv"
HEAD = """\
# Words that nearly every text of a language has, so that a key made of them tells nothing (ingest/fingerprint.py).
# From stopwords-iso (58 languages), as packaged in stopwordsiso 0.7.1: normalised, shorter words left out.
# The MIT License (MIT), Copyright (c) 2020 Gene Diaz. See common_words.LICENSE. Made by bench/build_common_words.py.
"""


def main() -> None:
    """Write the table."""
    lists = json.loads(files("stopwordsiso").joinpath("stopwords-iso.json").read_text(encoding="utf-8"))
    found = {word for entries in lists.values() for entry in entries for word in words(entry)}
    kept = sorted(word for word in found if len(word) >= LETTERS)
    TARGET.write_text(HEAD + "".join(f"{word}\n" for word in kept), encoding="utf-8")
    print(f"{len(kept)} words")


if __name__ == "__main__":
    main()
