"""The golden documents come out byte for byte as they are stored."""

from __future__ import annotations

import pytest

from ingest.article import Kind
from tests.translate import golden
from translate import markdown
from translate.passages import body, passages


@pytest.mark.parametrize("name", sorted(golden.files()))
def test_a_golden_file_is_what_the_code_makes(name: str) -> None:
    assert (golden.FOLDER / name).read_bytes() == golden.files()[name], "meant? run: python -m tests.translate.golden"


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in golden.FOLDER.iterdir()} == set(golden.files())


def test_the_golden_documents_have_every_kind_of_block() -> None:
    assert {block.kind for one in golden.documents().values() for block in one.article.blocks} == set(Kind)


@pytest.mark.parametrize("name", sorted(golden.documents()))
def test_the_body_of_a_document_is_its_text(name: str) -> None:
    assert body(passages(golden.documents()[name])) == golden.documents()[name].text


def page(name: str) -> str:
    return markdown.render(golden.documents()[name]).decode("utf-8").split("\n---\n", 1)[1]


def test_a_reader_sees_that_the_source_was_a_translation() -> None:
    assert page("noticed").startswith("\n*The source was translated with ChatGPT from Korean (inferred).*\n\n")


def test_a_reader_sees_which_model_translated() -> None:
    assert "\n*Partly machine-translated from Korean by firefox koen-base and argos koen-base.*\n" in page("korean")


def test_a_reader_sees_what_was_not_translated_and_where() -> None:
    assert "Not translated: 4 passages in Somali, marked where they stand.*\n" in page("left")
    assert "\n*[Somali, not translated]* Lacagtu isma beddelin.\n" in page("left")


def test_a_page_in_its_publishers_english_has_no_remark() -> None:
    assert "*" not in page("english").replace("*Caption:*", "")


def test_what_was_stripped_never_stands_in_the_body() -> None:
    for name, one in golden.documents().items():
        assert not [line.text for line in one.article.stripped if line.text in page(name)]
