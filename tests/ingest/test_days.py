"""Texts state days in any language, and only what can be read in one way is read."""

from __future__ import annotations

from collections import Counter

import pytest

from ingest.days import calendar, days

WRITTEN = [
    "14 July 2025",
    "Monday, July 14, 2025 at 5:21 pm",
    "14th of July 2025",
    "Stand: 14.07.2025, 16:20 Uhr",
    "14/07/2025 10h32",
    "07/14/2025",
    "14. Juli 2025",
    "Publicado em 14 de julho de 2025 às 10h",
    "14 DE JULIO DE 2025",
    "le 14 juillet 2025",
    "14 luglio 2025",
    "14 июля 2025 г.",
    "14 липня 2025",
    "14 lipca 2025",
    "14. července 2025",
    "14 temmuz 2025",
    "14 juli 2025",
    "14. heinäkuuta 2025",
    "2025. július 14.",
    "14 tháng 7 năm 2025",
    "14 يوليو 2025",
    "١٤ تموز / يوليو ٢٠٢٥",
    "14 ביולי 2025",
    "14 जुलाई 2025",
    "14 ก.ค. 2568",
    "14 Ιουλίου 2025",
    "2025년 7월 14일",
    "2025年7月14日",
    "2025. 7. 14. 오전 10:15",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_day_is_read_in_whatever_language_it_is_written(text: str) -> None:
    assert days(text) == ["2025-07-14"]


@pytest.mark.parametrize("text", ["July 2025", "14 July", "14/07/25", "31/02/2025", "yesterday", "room 2025", ""])
def test_what_is_no_whole_day_is_none(text: str) -> None:
    assert days(text) == []


def test_two_numbers_that_could_be_the_month_are_read_only_where_their_order_is_known() -> None:
    assert days("04/05/2025") == []
    assert days("04/05/2025", day_first=True) == ["2025-05-04"]
    assert days("04.05.2025") == ["2025-05-04"]
    assert days("05/05/2025") == ["2025-05-05"]


def test_several_days_come_in_their_order() -> None:
    assert days("입력 2025.01.30 10:15 수정 2025.01.31 11:02") == ["2025-01-30", "2025-01-31"]
    assert days("Updated 2 May 2025, first published 30/04/2025") == ["2025-05-02", "2025-04-30"]


def test_every_language_names_twelve_months_and_no_name_stands_for_two() -> None:
    named = Counter(
        (name, number)
        for rows in calendar().names.values()
        for number, row in enumerate(rows, start=1)
        for name in row
    )
    assert {len(rows) for rows in calendar().names.values()} == {12}
    assert max(Counter(name for name, _ in named).values()) == 1
    plain = [(name, number) for name, number in named if name.isalpha()]
    assert len(plain) > 150
    for name, number in plain:
        assert days(f"3 {name} 2025") == [f"2025-{number:02}-03"], name
