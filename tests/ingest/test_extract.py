"""An HTML page becomes an Article that accounts for every visible block."""

from __future__ import annotations

import pytest

from ingest.article import Article, Provenance, RawPage, digest
from ingest.errors import InputError
from ingest.extract import extract
from ingest.html.parse import parse
from ingest.html.visible import visible_blocks

PARAGRAPHS = [
    "The harbour town of Velmarsund opened its first tidal power plant on Thursday, after nine years of planning.",
    "The plant will supply about four thousand homes, the operator said, and it is expected to run for thirty years.",
    "Fishermen had feared that the turbines would drive the herring away, but a two-year study found no sign of it.",
    "The council wants to decide in autumn whether a second plant can be built at the northern end of the sound.",
]


def page(html: str, url: str | None = "https://news.example/a/1", media_type: str = "text/html") -> RawPage:
    payload = html.encode()
    provenance = Provenance(
        source="test", target_uri=url, retrieved_at="2026-03-01T00:00:00Z", payload_digest=digest(payload)
    )
    return RawPage(provenance=provenance, payload=payload, media_type=media_type)


def simple(body: str = "", head: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<html><head>{head}</head><body><nav><a href=/>Home</a> <a href=/w>World</a></nav>"
        f"<article><h1>Tidal plant opens</h1>{text}{body}</article><footer>Imprint</footer></body></html>"
    )


def accounted(article: Article, html: str) -> None:
    """Every visible block stands exactly once, kept or stripped, with its own line number."""
    numbers = sorted([b.line for b in article.blocks if b.line] + [s.line for s in article.stripped])
    assert numbers == list(range(1, len(visible_blocks(parse(html, "test"))) + 1))


def test_an_article_keeps_its_paragraphs_and_accounts_for_the_rest() -> None:
    html = simple()
    article = extract(page(html))
    assert [block.text for block in article.body] == PARAGRAPHS
    assert article.title == "Tidal plant opens"
    assert {stripped.rule for stripped in article.stripped} == {"extractor"}
    accounted(article, html)


def test_extraction_is_deterministic() -> None:
    assert extract(page(simple())) == extract(page(simple()))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("just words, no tag at all", "no tag"),
        ("<html><body></body></html>", "nothing readable"),
        ("<html><body><script>var a = 1</script></body></html>", "nothing readable"),
        ("<p " + " ".join(f"a{i}=1" for i in range(12_000)) + ">text</p>", "attributes"),
        ("<div>" * 100_000 + "deep", "nested"),
    ],
)
def test_a_page_without_an_article_is_refused_with_the_reason(html: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        extract(page(html))


def test_an_unknown_media_type_is_refused() -> None:
    with pytest.raises(InputError, match="application/pdf"):
        extract(page("x", media_type="application/pdf"))


def test_plain_text_goes_to_the_reader_of_plain_text() -> None:
    article = extract(page("First line.\n\nThird line.", media_type="text/plain"))
    assert [(block.line, block.text) for block in article.blocks] == [(1, "First line."), (3, "Third line.")]
