"""The report says what became of every input, and leads to every document."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from lxml import html as lxml_html

from flows import report
from ingest.accounting import Account, Sums
from ingest.article import Outcome
from tests.translate.golden import documents as golden_documents

DOCUMENTS = golden_documents()
KOREAN = DOCUMENTS["korean"].id


def line(name: str, outcome: Outcome | None, **facts: object) -> Account:
    return Account(name=name, kind="file", locator=f"/news/{name}", outcome=outcome, **facts)  # type: ignore[arg-type]


LINES = (
    line("korean.txt", Outcome.WRITTEN, document=KOREAN, path="documents/x.md"),
    line("copy.txt", Outcome.DUPLICATE, of=KOREAN, match="exact", score=1.0),
    line("of-another-run.txt", Outcome.DUPLICATE, of="z" * 26, match="near", score=0.91),
    line("a<b>&\u202e.txt", Outcome.REJECTED, reason="binary <data>"),
    line("somali.txt", Outcome.PENDING, reason="no model for Somali", command="newsgloss models install so"),
    line("gone.txt", Outcome.FAILED, reason="no such file"),
    line("now.txt", None),
)
SUMS = Sums(
    new=4, again=1, unchanged=2, outcomes={one: 1 + (one is Outcome.DUPLICATE) for one in Outcome}, unsettled=1
)


@pytest.fixture(scope="module")
def pages() -> dict[PurePosixPath, bytes]:
    return dict(report.pages(SUMS, LINES, DOCUMENTS.values()))


@pytest.fixture(scope="module")
def rows(pages: dict[PurePosixPath, bytes]) -> list[list[str]]:
    index = lxml_html.document_fromstring(pages[report.INDEX].decode("utf-8"))
    table = index.xpath("//table")[-1]
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in table.xpath("tbody/tr")]


def test_every_document_has_a_page_and_all_inputs_have_one_together(pages: dict[PurePosixPath, bytes]) -> None:
    expected = {PurePosixPath("documents", f"{one.id}.html") for one in DOCUMENTS.values()}
    assert set(pages) == {report.INDEX, *expected}


def test_every_link_within_the_report_leads_to_a_page(pages: dict[PurePosixPath, bytes], tmp_path: Path) -> None:
    for place, data in pages.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_bytes(data)
    followed = 0
    for place, data in pages.items():
        for target in lxml_html.document_fromstring(data.decode("utf-8")).xpath("//a/@href"):
            if not target.startswith("http"):
                followed += 1
                assert ((tmp_path / place).parent / target).resolve().is_file()
    assert followed == len(DOCUMENTS) + 2


def test_every_input_stands_with_its_outcome_and_what_belongs_to_it(rows: list[list[str]]) -> None:
    assert rows == [
        ["korean.txt file", "written", "Harbour town's ferry runs again"],
        ["copy.txt file", "duplicate", "of Harbour town's ferry runs again (exact 1.00)"],
        ["of-another-run.txt file", "duplicate", f"of {'z' * 26} (near 0.91)"],
        [r"a<b>&\u202e.txt file", "rejected", "binary <data>"],
        ["somali.txt file", "pending", "no model for Somali: newsgloss models install so"],
        ["gone.txt file", "failed", "no such file"],
        ["now.txt file", "in work", ""],
    ]


def test_the_sums_are_told(pages: dict[PurePosixPath, bytes]) -> None:
    index = pages[report.INDEX].decode("utf-8")
    assert "7 inputs: 4 new, 1 worked on again, 2 unchanged" in index
    assert "inputs listed here" not in index


def test_a_list_that_was_cut_says_so() -> None:
    index = report.index(SUMS, LINES[:3], {}).decode("utf-8")
    assert "3 of 7 inputs listed here." in index


def test_the_same_run_gives_the_same_bytes(pages: dict[PurePosixPath, bytes]) -> None:
    assert dict(report.pages(SUMS, LINES, reversed(list(DOCUMENTS.values())))) == pages
