"""A text in, its language and a confidence out: the gate first, then models, or an honest "no language"."""

from __future__ import annotations

from ingest.article import UND, Lang
from ingest.errors import UsageError
from translate.document import Detector
from translate.gate import gate
from translate.identify import Identifier, Langdetect, Py3langid

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
    """The gate, then ``first``; ``second`` is asked where the first is unsure."""

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
        ranked = self._first.rank(gated.text, gated.script)
        return ranked[0] if ranked else (UND, 0.0)
