"""Pages in the manner of real sites, in many languages, give exactly the articles that were agreed on."""

from __future__ import annotations

import pytest

from ingest.extract import extract
from ingest.html.parse import parse
from ingest.html.visible import visible_blocks
from tests.ingest import golden


@pytest.mark.parametrize("name", golden.names())
def test_a_golden_page_gives_its_article(name: str) -> None:
    assert extract(golden.page(name)) == golden.agreed(name)


@pytest.mark.parametrize("name", golden.names())
def test_a_golden_page_is_accounted_for(name: str) -> None:
    from ingest.decode import decode

    article = golden.agreed(name)
    lines = sorted([b.line for b in article.blocks if b.line] + [s.line for s in article.stripped])
    shown = visible_blocks(parse(decode(golden.page(name)).text, name))
    assert lines[: len(shown)] == [block.line for block in shown]
    assert len(lines) == len(set(lines))


def test_the_golden_pages_are_many_and_in_many_languages() -> None:
    languages = {(golden.agreed(name).declared_lang or "").split("-")[0] for name in golden.names()}
    assert len(golden.names()) >= 25
    assert len(languages - {""}) >= 12
