"""A language tag in, its English name out; until the table of languages has them all."""

from __future__ import annotations

from ingest.article import Lang

_NAMES = {
    "ar": "Arabic",
    "de": "German",
    "fr": "French",
    "ja": "Japanese",
    "ko": "Korean",
    "so": "Somali",
    "zh": "Chinese",
}


def name(lang: Lang) -> str:
    """The language's name in English; the tag itself where it is not known."""
    return _NAMES.get(lang, lang)
