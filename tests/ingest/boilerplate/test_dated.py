"""The day that a text's own date line states becomes metadata; a day that says something else does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.article import EXTRACTOR, Article, Lang, Stripped
from ingest.boilerplate import strip
from tests.ingest.boilerplate.texts import BODY, RULES, article, stripped

PORTUGUESE = (
    "A câmara votou na terça-feira a reconstrução do velho muro do porto, que uma tempestade quebrou no inverno.",
    "As obras começam na primavera e vão custar cerca de quatro milhões, a maior parte paga pela região.",
    "Os pescadores disseram que esperavam a decisão havia anos e contavam com um começo rápido.",
)
KOREAN = (
    "시의회는 화요일 지난겨울 폭풍에 무너진 옛 방파제를 다시 쌓기로 의결했다고 밝혔다.",
    "공사는 봄에 시작되며 비용은 약 40억 원으로 대부분 지역 정부가 부담한다고 시는 설명했다.",
    "어민들은 여러 해 동안 이 결정을 기다려 왔다며 서둘러 착공해 달라고 말했다.",
)


@pytest.mark.parametrize(
    "line",
    [
        "14 July 2025",
        "By Jane Doe | July 14, 2025 | 5:21 pm",
        "Stand: 14.07.2025, 16:20 Uhr",
        "14/07/2025 10h32",
        "14 de julho de 2025",
        "Von Max Muster, 14. Juli 2025",
        "14 июля 2025, 10:15",
    ],
)
def test_a_date_line_above_the_text_is_read_however_it_is_written(line: str) -> None:
    found = stripped(["Council Votes", line, *BODY])
    assert found.published == "2025-07-14"
    assert line in [gone.text for gone in found.stripped]


def test_of_published_and_updated_the_earlier_counts() -> None:
    assert (
        stripped(["Council Votes", "Updated 15 July 2025", "Published 14 July 2025", *BODY]).published == "2025-07-14"
    )
    assert (
        stripped(["Council Votes", "Published 14 July 2025", "Updated 15 July 2025", *BODY]).published == "2025-07-14"
    )


def test_a_date_with_two_orders_is_read_in_every_language_but_english() -> None:
    assert stripped(["A câmara vota", "Publicado em 04/05/2025", *PORTUGUESE]).published == "2025-05-04"
    assert stripped(["Council Votes", "Published 04/05/2025 06:02", *BODY]).published is None


def test_a_declared_language_decides_the_order() -> None:
    french = replace(article(["Council Votes", "Published 04/05/2025 06:02", *BODY]), declared_lang=Lang("fr"))
    assert strip(french, RULES).published == "2025-05-04"


def test_a_byline_that_follows_the_first_paragraph_states_the_day() -> None:
    assert stripped(["Council Votes", BODY[0], "By Jane Doe, 14 July 2025", *BODY[1:]]).published == "2025-07-14"


def test_the_day_below_the_text_is_read_and_that_of_a_registration_is_not() -> None:
    foot = ["등록 2012.05.07", "발행인 이순이"]
    assert stripped(["방파제 재건 의결", *KOREAN, "2025/07/14 10:00 송고", *foot]).published == "2025-07-14"
    assert stripped(["방파제 재건 의결", *KOREAN, *foot]).published is None


def test_the_day_of_a_correction_is_not_the_articles() -> None:
    note = "Correction, 3 May 2026: an earlier version of this article misstated the cost."
    found = stripped(["Council Votes", *BODY, note, "© 2025 Halden Post"])
    assert note in [line.text for line in found.stripped]
    assert found.published is None


def test_a_day_that_the_article_tells_of_is_not_its_own() -> None:
    assert stripped(["Council Votes", *BODY, "The old wall dates from 3 March 1951."]).published is None


def page(*, above: str) -> Article:
    """An article of a page whose line above the text extraction left out."""
    read = article(["Council Votes", "", "", *BODY])
    return replace(read, stripped=(Stripped(rule=EXTRACTOR, text=above, line=2),))


def test_a_page_that_states_its_day_in_words_alone_has_it() -> None:
    assert strip(page(above="14 July 2025"), RULES).published == "2025-07-14"
    assert strip(page(above="Council meetings"), RULES).published is None


def test_the_clock_in_a_pages_masthead_is_not_the_day_of_its_article() -> None:
    read = article(["", "", "", "", "", "", "Council Votes", *BODY])
    clock = replace(read, stripped=(Stripped(rule=EXTRACTOR, text="Monday, 17 November 2025", line=1),))
    assert strip(clock, RULES).published is None
