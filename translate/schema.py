"""A Document in, its record out: what JSON Lines and Parquet hold, and the front matter is taken from.

The fields begin as Dolma's do (``id, text, source, added, created, metadata``:
https://github.com/allenai/dolma/blob/main/docs/data-format.md). ``python -m translate.schema`` prints the JSON Schema
that stands in ``document.schema.json``; ``output/README.md`` explains each field.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from ingest.article import Article, Flag
from translate.document import SCHEMA, Document, ModelRef, Translated
from translate.passages import passages, untranslated


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the record's types: every field is always there, and no other."""


T = TypeVar("T", bound=Row)


class NameRow(Row, frozen=True):
    """A name as the source gives it, and in Latin letters."""

    original: str
    latin: str | None


class PublisherRow(Row, frozen=True):
    """Who published it."""

    original: str
    latin: str | None
    domain: str | None


class NoticeRow(Row, frozen=True):
    """What the source says of being a translation itself."""

    engine: str | None
    source_lang: str | None
    inferred: bool


class MetadataRow(Row, frozen=True):
    """What the source itself said, untranslated."""

    target_uri: str | None
    canonical_url: str | None
    declared_lang: str | None
    section: str | None
    tags: list[str]


class BlockRow(Row, frozen=True):
    """One block of the article."""

    kind: str
    line: int
    text: str
    original: str | None


class ModelRow(Row, frozen=True):
    """A model that made some of the text."""

    engine: str
    name: str
    digest: str
    source_lang: str
    pivot: str | None


class SegmentRow(Row, frozen=True):
    """A run of sentences in one language, and what became of it."""

    part: str
    index: int
    start: int
    end: int
    lang: str
    confidence: float
    text: str | None
    model: int | None
    untranslated: bool
    flags: list[str]
    score: float | None


class StrippedRow(Row, frozen=True):
    """A line that was taken out."""

    line: int
    rule: str
    text: str


class EditRow(Row, frozen=True):
    """A lossless change to an input line."""

    line: int
    before: str
    after: str
    rule: str


class FlagRow(Row, frozen=True):
    """Something a reader should know."""

    name: str
    detail: str
    line: int | None
    start: int | None


class DuplicateRow(Row, frozen=True):
    """A document that this one stands for."""

    id: str
    source: str
    kind: str
    score: float


class Record(Row, frozen=True):
    """One document."""

    id: str
    text: str
    source: str
    added: str
    created: str | None
    metadata: MetadataRow
    schema: int
    version: str
    title: str | None
    title_original: str | None
    deck: list[str]
    lang: str
    source_lang: str
    section: str | None
    tags: list[str]
    authors: list[NameRow]
    publisher: PublisherRow | None
    url: str | None
    date: str
    date_basis: str
    rights: str | None
    notice: NoticeRow | None
    blocks: list[BlockRow]
    models: list[ModelRow]
    segments: list[SegmentRow]
    stripped: list[StrippedRow]
    edits: list[EditRow]
    flags: list[FlagRow]
    duplicates: list[DuplicateRow]


def record(document: Document) -> dict[str, Any]:
    """The document as dicts, lists, strings and numbers, its fields in the order of `Record`."""
    article = document.article
    models = list(dict.fromkeys(one.model for one in document.segments if one.model))
    row = Record(
        id=document.id,
        text=document.text,
        source=article.provenance.source,
        added=article.provenance.retrieved_at,
        created=article.published,
        metadata=_metadata(article),
        schema=document.schema,
        version=document.version,
        title=document.title,
        title_original=document.title_original,
        deck=list(document.deck),
        lang="en",
        source_lang=document.source_lang,
        section=document.section,
        tags=list(document.tags),
        authors=_many(document.authors, NameRow),
        publisher=_one(document.publisher, PublisherRow),
        url=article.canonical_url or article.provenance.target_uri,
        date=document.date,
        date_basis=document.date_basis,
        rights=article.rights,
        notice=_one(article.notice, NoticeRow),
        blocks=_blocks(document),
        models=_many(models, ModelRow),
        segments=[_segment(one, models) for one in document.segments],
        stripped=_many(article.stripped, StrippedRow),
        edits=_many(article.edits, EditRow),
        flags=_many(_flags(document), FlagRow),
        duplicates=_many(document.duplicates, DuplicateRow),
    )
    plain: dict[str, Any] = msgspec.to_builtins(row)
    return plain


def json_schema() -> str:
    """The JSON Schema (2020-12) of a record, as text."""
    _refs, components = msgspec.json.schema_components([Record], ref_template="#/$defs/{name}")
    top = components.pop("Record")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:newsgloss:document:{SCHEMA}"}
    return json.dumps({**head, **top, "$defs": components}, indent=2) + "\n"


def _metadata(article: Article) -> MetadataRow:
    return MetadataRow(
        target_uri=article.provenance.target_uri,
        canonical_url=article.canonical_url,
        declared_lang=article.declared_lang,
        section=article.section,
        tags=list(article.tags),
    )


def _blocks(document: Document) -> list[BlockRow]:
    english = {part.index: part.text for part in passages(document)}
    rows = []
    for index, block in enumerate(document.article.blocks):
        text = english.get(index, block.text)
        original = None if text == block.text else block.text
        rows.append(BlockRow(kind=block.kind.value, line=block.line, text=text, original=original))
    return rows


def _segment(translated: Translated, models: list[ModelRef]) -> SegmentRow:
    segment = translated.segment
    return SegmentRow(
        part=segment.part.value,
        index=segment.index,
        start=segment.start,
        end=segment.end,
        lang=segment.lang,
        confidence=segment.confidence,
        text=None if translated.text == segment.text else translated.text,
        model=models.index(translated.model) if translated.model else None,
        untranslated=untranslated(translated),
        flags=list(translated.flags),
        score=translated.score,
    )


def _flags(document: Document) -> list[Flag]:
    """The article's and the document's, each once."""
    return list(dict.fromkeys((*document.article.flags, *document.flags)))


def _one(value: object, row: type[T]) -> T | None:
    return None if value is None else msgspec.convert(value, row, from_attributes=True)


def _many(values: Iterable[object], row: type[T]) -> list[T]:
    return [msgspec.convert(value, row, from_attributes=True) for value in values]


if __name__ == "__main__":
    sys.stdout.write(json_schema())
