"""A text in, its language and a confidence out: the gate first, then models, or an honest "no language"."""

from __future__ import annotations

from ingest.article import UND, Lang
from ingest.errors import UsageError
from translate.close import tell_apart
from translate.codes import same
from translate.document import Detector
from translate.gate import gate
from translate.identify import Identifier, Langdetect, Py3langid

LEAST, UNSURE = 0.5, 0.6
"""Between them langdetect is asked whether to believe the answer.

Below .6 py3langid is right on .57 of short texts: on .65 where langdetect agrees, on .46 where it does not. Above,
its word changes nothing; below .5 nothing is built on the answer; and at no threshold would its own answer be better
(docs/decisions/0008-who-names-the-language.md).
"""

CHOICES = ("default", "py3langid", "langdetect")


def build_detector(choice: str = "default") -> Detector:
    """The detector of that name; no model is loaded before a text needs it.

    Raises:
        UsageError: there is none of that name.
    """
    if choice == "default":
        return GatedDetector(Py3langid(), second=Langdetect())
    if choice == "py3langid":
        return GatedDetector(Py3langid())
    if choice == "langdetect":
        return GatedDetector(Langdetect())
    raise UsageError(f"no detector named {choice!r}", hint=f"choose one of {', '.join(CHOICES)}")


class GatedDetector:
    """The gate, then ``first``; where that is unsure, ``second`` says whether to believe it."""

    def __init__(self, first: Identifier, *, second: Identifier | None = None) -> None:
        self._first = first
        self._second = second

    def detect(self, text: str) -> tuple[Lang, float]:
        """The language (``und`` where the text has none) and a confidence from 0 to 1. Never raises."""
        gated = gate(text)
        if gated.script is None:
            return UND, 1.0
        if gated.lang != UND:
            return gated.lang, gated.confidence
        ranked = tell_apart(gated.text, self._first.rank(gated.text, gated.script))
        if not ranked:
            return UND, 0.0
        lang, confidence = ranked[0]
        family = sum(share for other, share in ranked if same(other, lang))
        if LEAST <= family < UNSURE and self._doubts(gated.text, gated.script, lang):
            confidence /= 2
        return lang, confidence

    def _doubts(self, text: str, script: str, lang: Lang) -> bool:
        if self._second is None or not self._second.knows(lang):
            return False
        ranked = self._second.rank(text, script)
        return bool(ranked) and not same(ranked[0][0], lang)
