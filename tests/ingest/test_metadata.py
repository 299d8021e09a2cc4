"""Headlines, names and dates are read as people would, from what pages write in their place."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from ingest.html import bylines, dates, jsonld, titles
from ingest.html.titles import Carriers
from ingest.html.words import parts

WORDS = tomllib.loads(resources.files("ingest.html").joinpath("words.toml").read_text("utf-8"))


@pytest.mark.parametrize("example", WORDS["byline"]["examples"], ids=lambda example: example["text"])
def test_every_byline_example_reads_as_its_names(example: dict[str, object]) -> None:
    assert bylines.names(str(example["text"])) == example["names"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mara Ostrow, senior harbour editor", ["Mara Ostrow"]),
        ("MARA OSTROW & TOMAS LINDGAARD", ["MARA OSTROW", "TOMAS LINDGAARD"]),
        ("Pieter van den Oever", ["Pieter van den Oever"]),
        ("mara.ostrow@sound.example", []),
        ("@soundherald", []),
        ("12345", []),
        ("admin", []),
    ],
)
def test_author_fields_are_cut_into_names(text: str, names: list[str]) -> None:
    assert bylines.names(text) == names


@pytest.mark.parametrize(
    ("candidates", "site", "title"),
    [
        (["Plant opens | The Sound Herald"], ["The Sound Herald"], "Plant opens"),
        (["The Sound Herald: Plant opens in the north"], ["The Sound Herald"], "Plant opens in the north"),
        (["Plant opens - Energy - sound.example"], ["sound.example", "Sound"], "Plant opens - Energy"),
        (["조력 발전소 문 열어 | 바다일보"], ["바다일보"], "조력 발전소 문 열어"),
        (["潮力発電所が開所：海峡新聞デジタル"], ["海峡新聞デジタル"], "潮力発電所が開所"),
        (["潮汐电站投入运行_海峡网"], ["海峡网"], "潮汐电站投入运行"),
        (["Plant opens - Energy desk", "Plant opens"], [], "Plant opens"),
        (["Plant opens: what it means"], ["The Sound Herald"], "Plant opens: what it means"),
        (["Velmarsund - a town and its plant"], ["The Sound Herald"], "Velmarsund - a town and its plant"),
        (["The Sound Herald", "Plant opens"], ["The Sound Herald"], "Plant opens"),
        (["The first tidal plant…", "The first tidal plant opens"], [], "The first tidal plant opens"),
        ([None, "", "Plant opens"], [], "Plant opens"),
        ([None], [], None),
    ],
)
def test_a_headline_loses_the_name_of_its_site_and_nothing_else(
    candidates: list[str | None], site: list[str], title: str | None
) -> None:
    assert titles.choose(candidates, site) == title


PLANT, SEA, ALL = (
    "Plant opens in Velmarsund",
    "The sea now powers a whole town",
    "Tidal plant opens, the sea powers all",
)


@pytest.mark.parametrize(
    ("carriers", "title"),
    [
        (Carriers(shared=SEA, linked=(PLANT,), shown=(PLANT,), window=PLANT), SEA),
        (Carriers(shared=SEA, linked=(PLANT,), shown=(PLANT,), tagged=(PLANT,)), PLANT),
        (Carriers(shared=SEA, linked=(PLANT,), shown=(PLANT, ALL), tagged=(SEA, f"{PLANT} | Herald")), PLANT),
        (Carriers(shared=SEA, linked=(PLANT,), shown=(ALL,), tagged=(PLANT,)), SEA),
        (Carriers(shared=SEA, linked=(PLANT,), alternative=(SEA,), shown=(PLANT,)), PLANT),
        (Carriers(shared=f"{PLANT} | Herald", linked=(PLANT,), alternative=(SEA,), shown=(PLANT,)), PLANT),
        (Carriers(linked=(PLANT,), shown=(SEA,), tagged=(SEA,), window=SEA), PLANT),
        (Carriers(shared=SEA, shown=(PLANT,), window=f"{PLANT} | Energy | Herald"), PLANT),
        (Carriers(shared=SEA, shown=("Herald - news of the sound", PLANT), tagged=(PLANT,), window=PLANT), PLANT),
        (Carriers(shared=SEA, shown=(PLANT,), tagged=(SEA,), window=PLANT), SEA),
        (Carriers(shared=SEA, shown=(PLANT,), window=SEA), SEA),
        (Carriers(shared=SEA, shown=(PLANT, ALL), window=PLANT), SEA),
        (Carriers(shared=f"{PLANT} - Page 2", linked=(f"{PLANT} - Page 2",), shown=(PLANT,)), PLANT),
        (Carriers(shared=f"{PLANT} 2026", linked=(f"{PLANT} 2026",), shown=(PLANT,)), f"{PLANT} 2026"),
        (Carriers(shared=f"Energy: {PLANT}", linked=(PLANT,), alternative=("Energy",), window=PLANT), PLANT),
        (Carriers(shared=f"Energy: {PLANT}", linked=(PLANT,), window=PLANT), f"Energy: {PLANT}"),
        (Carriers(shown=("Herald", "Most read"), window=f"{PLANT} | Herald"), PLANT),
        (Carriers(shown=(PLANT,)), PLANT),
        (Carriers(), None),
    ],
)
def test_the_wording_for_sharing_is_the_headline_unless_the_page_s_other_carriers_agree_on_another(
    carriers: Carriers, title: str | None
) -> None:
    assert titles.choose(carriers.ordered(["Herald"]), ["Herald"]) == title


@pytest.mark.parametrize(
    ("candidates", "title"),
    [
        (["Plant opens - latest news", "Plant opens"], "Plant opens"),
        (["Plant opens - latest news"] * 3 + ["Plant opens"], "Plant opens - latest news"),
        (["Plant opens - latest news"] * 2 + ["Plant opens"] * 2, "Plant opens"),
    ],
)
def test_an_ending_stays_where_more_carriers_have_it_than_leave_it_out(candidates: list[str], title: str) -> None:
    assert titles.choose(candidates, []) == title


@pytest.mark.parametrize(
    ("title", "shown", "bare"),
    [
        (f"Strait: {PLANT}", f"Energy – {PLANT}", PLANT),
        (f"Strait: {PLANT}", PLANT, f"Strait: {PLANT}"),
        (PLANT, f"Energy – {PLANT}", PLANT),
        (f"The sea gives power: {PLANT}", f"Power from the sea: {PLANT}", f"The sea gives power: {PLANT}"),
        ("Strait: why", "Energy: why", "Strait: why"),
    ],
)
def test_a_kicker_goes_where_the_page_shows_another_before_the_same_headline(
    title: str, shown: str, bare: str
) -> None:
    assert titles.without_kicker(title, [shown]) == bare


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2026-03-12T08:15:00+01:00", "2026-03-12T08:15:00+01:00"),
        ("2026-03-12 08:15:00 +0100", "2026-03-12T08:15:00+01:00"),
        ("2026-03-12T07:15:00.000Z", "2026-03-12T07:15:00Z"),
        ("2026-03-12T08:15", "2026-03-12T08:15:00"),
        ("2026-03-12", "2026-03-12"),
        ("20260312", "2026-03-12"),
        ("1773299700", "2026-03-12T07:15:00Z"),
        ("1773299700000", "2026-03-12T07:15:00Z"),
        ("Thu, 12 Mar 2026 07:15:00 GMT", "2026-03-12T07:15:00+00:00"),
        ("Stand: 12.03.2026, 8:15 Uhr", "2026-03-12T08:15"),
        ("2026年3月12日", "2026-03-12"),
        ("2026. 3. 12.", "2026-03-12"),
        ("Publicado el 12 de marzo de 2026", "2026-03-12"),
        ("2026-13-45", None),
        ("12/03/2026", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_stated_date_is_read_as_precisely_as_it_is_stated_or_not_at_all(
    stated: str | None, iso: str | None
) -> None:
    assert dates.iso(stated) == iso


def test_class_names_are_cut_into_words() -> None:
    assert {"article", "header", "sub", "title", "subtitle"} <= parts("articleHeader__sub-title")
    assert "ad" not in parts("header-shadow")


@pytest.mark.parametrize(
    "script",
    [
        ' {"a": [1]}\n',
        '{"a": [1]} ;\n',
        '<!-- {"a": [1]} -->',
        '//<![CDATA[\n{"a": [1]}\n//]]>',
        '/* <![CDATA[ */ {"a": [1]} /* ]]> */',
        '{"a": [1,],}',
    ],
)
def test_linked_data_is_read_in_whatever_pages_wrap_it(script: str) -> None:
    assert jsonld.load(script) == {"a": [1]}
