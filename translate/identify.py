"""A cleaned text and its candidates in, the candidates ranked out: py3langid and langdetect behind one face.

Both load at first use and are then only read, so that one of them may serve many threads.
"""

from __future__ import annotations

import copy
import threading
from typing import Any, Protocol

from ingest.article import Lang
from translate import codes

SEED = 0
"""langdetect draws its n-grams at random; the same seed for each text makes the same text give the same answer."""

_LONGEST_FOR_LANGDETECT = 2_000
_CERTAIN = 10_000.0


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
        self._by_script: dict[str, Any] = {}

    def knows(self, lang: Lang) -> bool:
        """Whether this model can answer with ``lang``."""
        row = codes.table().get(lang)
        return row is not None and row.py3langid is not None

    def rank(self, text: str, script: str) -> list[tuple[Lang, float]]:
        """The languages written in ``script``, best first, with probabilities that sum to 1."""
        return [(codes.parse(label), float(share)) for label, share in self._restricted(script).rank(text)]

    def _restricted(self, script: str) -> Any:
        found = self._by_script.get(script)
        if found is None:
            with self._lock:
                found = self._by_script.setdefault(script, self._load(script))
        return found

    def _load(self, script: str) -> Any:
        if self._whole is None:
            from py3langid import langid

            self._whole = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        restricted = copy.copy(self._whole)  # shares the tables; set_languages replaces, it does not write into them
        rows = (codes.table()[lang] for lang in sorted(codes.written_in(script)))
        restricted.set_languages([row.py3langid for row in rows if row.py3langid])
        return restricted


class Langdetect:
    """langdetect (Apache-2.0), 47 of our languages, made to give the same answer each time and in each thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._factory: Any = None
        self._priors: dict[str, dict[str, float]] = {}

    def knows(self, lang: Lang) -> bool:
        """Whether this model can answer with ``lang``."""
        row = codes.table().get(lang)
        return row is not None and row.langdetect is not None

    def rank(self, text: str, script: str) -> list[tuple[Lang, float]]:
        """The languages written in ``script``, best first, with probabilities; those under .1 are left out."""
        from langdetect.lang_detect_exception import LangDetectException

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
