"""A cleaned text and its candidates in, the candidates ranked out: py3langid and langdetect behind one face.

Both load at first use and are then only read, so that one of them may serve many threads.
"""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any, Protocol

from ingest.article import Lang
from translate import codes

SEED = 0
"""langdetect draws its n-grams at random; the same seed for each text makes the same text give the same answer."""

_LONGEST_FOR_LANGDETECT = 2_000

_BY_LETTERS = 0.9
_ENOUGH_LETTERS = 0.005
"""Share of a text that must be letters of a language's own; a foreign name or two stays below it."""


_Restricted = tuple[Any, Mapping[str, codes.Language]]
"""A LanguageIdentifier that answers with some labels only, and the languages that these mean."""


class Identifier(Protocol):
    """Ranks languages for a text."""

    def knows(self, lang: Lang) -> bool:
        """Whether this model can answer with ``lang``."""
        ...

    def rank(self, text: str, script: str) -> list[tuple[Lang, float]]:
        """The languages written in ``script``, best first, with probabilities; empty where the text says nothing."""
        ...


class Py3langid:
    """Naive Bayes over byte n-grams, 130 languages, about twelve times as fast as langdetect (py3langid, BSD)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._whole: Any = None
        self._by_script: dict[str, _Restricted] = {}

    def knows(self, lang: Lang) -> bool:
        """Whether this model can answer with ``lang``."""
        row = codes.table().get(lang)
        return row is not None and row.py3langid is not None

    def rank(self, text: str, script: str) -> list[tuple[Lang, float]]:
        """The languages written in ``script``, best first, with probabilities that sum to 1."""
        identifier, labels = self._restricted(script)
        weighed = [(labels[label].tag, share * labels[label].prior) for label, share in identifier.rank(text)]
        total = sum(weight for _lang, weight in weighed) or 1.0
        return sorted(((lang, weight / total) for lang, weight in weighed), key=lambda one: -one[1])

    def _restricted(self, script: str) -> _Restricted:
        found = self._by_script.get(script)
        if found is None:
            with self._lock:
                found = self._by_script.setdefault(script, self._load(script))
        return found

    def _load(self, script: str) -> _Restricted:
        if self._whole is None:
            from py3langid import langid

            self._whole = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        restricted = copy.copy(self._whole)  # shares the tables; set_languages replaces, it does not write into them
        rows = (codes.table()[lang] for lang in sorted(codes.written_in(script)))
        labels = {row.py3langid: row for row in rows if row.py3langid}
        restricted.set_languages(list(labels))
        return restricted, labels


class Langdetect:
    """langdetect (Apache-2.0), 47 of our languages, made to give the same answer each time and in each thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._factory: Any = None

    def knows(self, lang: Lang) -> bool:
        """Whether this model can answer with ``lang``."""
        row = codes.table().get(lang)
        return row is not None and row.langdetect is not None

    def rank(self, text: str, script: str) -> list[tuple[Lang, float]]:
        """The languages written in ``script``, best first, with probabilities; those under .1 are left out."""
        from langdetect.lang_detect_exception import LangDetectException

        unknown = _by_letters(text, script)
        if unknown:
            return [(unknown, _BY_LETTERS)]
        factory = self._loaded()
        rows = (codes.table()[lang] for lang in codes.written_in(script))
        prior = {row.langdetect: 1.0 for row in rows if row.langdetect}
        if not prior:
            return []
        detector = factory.create()
        detector.set_prior_map(prior)
        detector.append(text[:_LONGEST_FOR_LANGDETECT])
        try:
            return [(codes.parse(found.lang), found.prob) for found in detector.get_probabilities()]
        except LangDetectException:  # no n-gram of this text is in any profile
            return []

    def _loaded(self) -> Any:
        with self._lock:
            if self._factory is None:
                from importlib import resources

                from langdetect.detector_factory import DetectorFactory

                factory = DetectorFactory()  # our own: the library's is a global that anyone may seed
                factory.set_seed(SEED)
                files = sorted(
                    resources.files("langdetect").joinpath("profiles").iterdir(), key=lambda file: file.name
                )
                factory.load_json_profile([file.read_text("utf-8") for file in files])
                self._factory = factory
            return self._factory


def _by_letters(text: str, script: str) -> Lang | None:
    """The language that langdetect does not know and whose own letters ``text`` has most of."""
    found = Counter(text.lower())
    rows = (codes.table()[lang] for lang in sorted(codes.written_in(script)))
    counts = {row.tag: sum(found[letter] for letter in row.letters) for row in rows if row.letters}
    best = max(counts, key=lambda lang: counts[lang], default=None)
    return best if best and counts[best] > _ENOUGH_LETTERS * len(text) else None
