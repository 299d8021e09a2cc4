"""The scorers' calls -> the project's own code paths, in the calling process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from translate.document import Detector


def extract(html: bytes, url: str) -> dict[str, Any]:
    """The article of an HTML page as the scorers of extraction read it: text, title, date, authors."""
    from ingest.article import BODY_KINDS, Kind, Provenance, RawPage, digest
    from ingest.extract import extract as read

    provenance = Provenance(
        source=f"url:{url}", target_uri=url, retrieved_at="2026-01-01T00:00:00Z", payload_digest=digest(html)
    )
    article = read(RawPage(provenance=provenance, payload=html, media_type="text/html"))
    kept = BODY_KINDS | {Kind.DECK}
    return {
        "text": "\n".join(block.text for block in article.blocks if block.kind in kept),
        "title": article.title,
        "date": article.published,
        "authors": [name.original for name in article.authors],
    }


def strip(text: str) -> list[str]:
    """The text of every kept block of a plain-text article: headline and deck included, furniture out."""
    from ingest.article import Provenance, RawPage, digest
    from ingest.boilerplate import load_rules
    from ingest.boilerplate import strip as clean
    from ingest.extract import extract as read

    payload = text.encode("utf-8", "surrogatepass")
    provenance = Provenance(
        source="file:text", target_uri=None, retrieved_at="2026-01-01T00:00:00Z", payload_digest=digest(payload)
    )
    page = RawPage(provenance=provenance, payload=payload, media_type="text/plain", charset="utf-8")
    return [block.text for block in clean(read(page), load_rules()).blocks]


@cache
def _detector(choice: str = "default") -> Detector:
    from translate.detect import build_detector

    return build_detector(choice)


def _code(text: str, choice: str = "default") -> str | None:
    from translate.codes import primary

    code = primary(_detector(choice).detect(text)[0])
    return None if code == "und" else code


def detect(texts: Sequence[str]) -> list[str | None]:
    """ISO 639-1 code of each text; None where it has no language."""
    return [_code(text) for text in texts]


def detect_lines(texts: Sequence[str]) -> list[list[str | None]]:
    """One code per line of each text."""
    return [[_code(line) for line in text.split("\n")] for text in texts]


def detect_langdetect(texts: Sequence[str]) -> list[str | None]:
    """The same gate with langdetect alone behind it."""
    return [_code(text, "langdetect") for text in texts]
