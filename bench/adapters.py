"""The scorers' calls -> the project's own code paths, in the calling process."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.clusters import Clusters
    from ingest.boilerplate import Rules
    from translate.document import Detector, Translators


def extract(html: bytes, url: str) -> dict[str, Any]:
    """The article of an HTML page as the scorers of extraction read it: text, title, date, authors."""
    from ingest.article import BODY_KINDS, Kind, Provenance, RawPage, digest
    from ingest.boilerplate import strip as clean
    from ingest.extract import extract as read

    provenance = Provenance(
        source=f"url:{url}", target_uri=url, retrieved_at="2026-01-01T00:00:00Z", payload_digest=digest(html)
    )
    article = clean(read(RawPage(provenance=provenance, payload=html, media_type="text/html")), _rules())
    kept = BODY_KINDS | {Kind.DECK}
    return {
        "text": "\n".join(block.text for block in article.blocks if block.kind in kept),
        "title": article.title,
        "date": article.published,
        "authors": [name.original for name in article.authors],
    }


@cache
def _rules() -> Rules:
    from ingest.boilerplate import load_rules

    return load_rules()


def strip(text: str, rules: Rules | None = None) -> list[str]:
    """The text of every kept block of a plain-text article: headline and deck included, furniture out."""
    from ingest.article import Provenance, RawPage, digest
    from ingest.boilerplate import strip as clean
    from ingest.extract import extract as read

    payload = text.encode("utf-8", "surrogatepass")
    provenance = Provenance(
        source="file:text", target_uri=None, retrieved_at="2026-01-01T00:00:00Z", payload_digest=digest(payload)
    )
    page = RawPage(provenance=provenance, payload=payload, media_type="text/plain", charset="utf-8")
    return [block.text for block in clean(read(page), rules or _rules()).blocks]


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
    """One code per line of each text: the language of most of the line, as the article is cut into segments."""
    return [_line_codes(text) for text in texts]


def _line_codes(text: str) -> list[str | None]:
    from ingest.article import Article, Block, Kind, Provenance, digest
    from translate.codes import primary
    from translate.segment import segment

    lines = text.split("\n")
    provenance = Provenance(
        source="file:text",
        target_uri=None,
        retrieved_at="2026-01-01T00:00:00Z",
        payload_digest=digest(text.encode("utf-8", "surrogatepass")),
    )
    blocks = tuple(Block(kind=Kind.PARAGRAPH, text=line, line=number) for number, line in enumerate(lines, 1))
    found: list[str | None] = [None] * len(lines)
    longest = [0] * len(lines)
    for one in segment(Article(provenance=provenance, blocks=blocks), _detector()):
        if len(one.text) > longest[one.index]:
            longest[one.index] = len(one.text)
            found[one.index] = None if one.lang == "und" else primary(one.lang)
    return found


def detect_langdetect(texts: Sequence[str]) -> list[str | None]:
    """The same gate with langdetect alone behind it."""
    return [_code(text, "langdetect") for text in texts]


@cache
def _translators() -> Translators:
    import atexit

    from translate.models import Installed
    from translate.registry import places

    where = places(None, os.environ)
    installed = Installed(where.folder, argos=where.argos)
    atexit.register(installed.close)
    return installed


def translate(texts: Sequence[str], source_lang: str) -> list[str]:
    """The English of each text, by the best installed engine; all of them in one batch."""
    from ingest.article import Article, Block, Kind, Provenance
    from translate import batch, codes
    from translate.document import Document, Segment
    from translate.english import assemble, plan

    lang = codes.parse(source_lang)
    blocks = [Block(kind=Kind.PARAGRAPH, text=text, line=line) for line, text in enumerate(texts, start=1)]
    origin = Provenance(source="file:texts", target_uri=None, retrieved_at="2026-01-01T00:00:00Z", payload_digest="")
    article = Article(provenance=origin, blocks=tuple(blocks))
    segments = [
        Segment(index=index, start=0, end=len(text), text=text, lang=lang) for index, text in enumerate(texts) if text
    ]
    desk = batch.Desk(detector=_detector(), translators=_translators())
    document = assemble(article, segments, batch.translate(plan([(article, segments)]), desk))
    if not isinstance(document, Document):
        raise LookupError(document.reason)  # noqa: TRY004  no wrong type: pending, or rejected
    english = [""] * len(texts)
    for part in document.segments:
        english[part.segment.index] += part.text
    return english


def cluster(docs: Sequence[tuple[str, str, str]]) -> list[str]:
    """The cluster id of each document (id, raw text, language), cleaned as the pipeline cleans it."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        index = open_index(folder)
        index.add(docs)
        found = index.clusters()
        index.close()
    return [found[key] for key, _, _ in docs]


def open_index(path: str) -> Clusters:
    """An index that is kept in a folder: ``add(docs)``, ``clusters()``, ``close()``."""
    from pathlib import Path

    from bench.clusters import Clusters

    return Clusters(Path(path))
