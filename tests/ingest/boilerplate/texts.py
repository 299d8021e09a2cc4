"""Articles made of lines, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.article import Article, Block, Provenance, RawPage, digest
from ingest.boilerplate import Rules, load_rules, strip
from ingest.plaintext import read_text

RULES: Rules = load_rules()

BODY = (
    "The town council voted on Tuesday to rebuild the old harbour wall, which a storm had broken in the winter.",
    "Work is to begin in the spring and will cost about four million, most of it paid by the region.",
    "Fishermen said that they had waited for the decision for years and hoped for an early start.",
    "A second storm in March could still change the plans, the engineers warned at the meeting.",
)


def page(text: str, media_type: str = "text/plain") -> RawPage:
    payload = text.encode("utf-8", "surrogatepass")
    provenance = Provenance(
        source="file:a.txt", target_uri=None, retrieved_at="2025-02-01T00:00:00Z", payload_digest=digest(payload)
    )
    return RawPage(provenance=provenance, payload=payload, media_type=media_type)


def read(text: str, media_type: str = "text/plain") -> Article:
    return read_text(text, page(text, media_type), (), ())


def article(lines: Sequence[str]) -> Article:
    return read("\n".join(lines))


def stripped(lines: Sequence[str]) -> Article:
    return strip(article(lines), RULES)


def kept(found: Article) -> list[str]:
    return [block.text for block in found.blocks]


def gone(found: Article) -> list[str]:
    return [line.text for line in found.stripped]


def blocks(found: Article) -> tuple[Block, ...]:
    return found.blocks
