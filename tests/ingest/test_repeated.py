"""A headline that stands again above the text is told from a first paragraph that begins with its words."""

from __future__ import annotations

import pytest

from ingest.article import Kind
from ingest.extract import extract
from ingest.html.repeated import repeats
from tests.ingest.test_extract import PARAGRAPHS, page, simple

HEADLINE = "Council votes for new harbour wall"
SITE = ("The Halden Post", "halden-post.example", "Region")


@pytest.mark.parametrize(
    "text",
    [
        "Council votes for new harbour wall",
        "COUNCIL VOTES FOR NEW HARBOUR WALL.",
        "“Council votes for new harbour wall”",
        "Halden: Council votes for new harbour wall",
        "Region | Council votes for new harbour wall",
        "[Breaking] Council votes for new harbour wall",
        "Live report Council votes for new harbour wall",
        "Council votes for new harbour wall - The Halden Post",
        "Council votes for new harbour wall | Region | The Halden Post",
        "Halden: Council votes for new harbour wall - The Halden Post",
        "Council votes for new harbour wall (14)",
        "Council votes for new harbour…",
        "Council votes for new harb...",
        "votes for new harbour wall",
    ],
)
def test_a_line_that_says_only_the_headline_repeats_it(text: str) -> None:
    assert repeats(text, HEADLINE, SITE)


@pytest.mark.parametrize(
    "text",
    [
        "Council votes for new harbour wall: Halden gets what it asked for.",
        "Council votes for new harbour wall after the storm",
        "Council votes for new harbour wall – the old one broke in winter",
        "Council votes for new harbour wall. Work begins in May.",
        "On Monday the council votes for new harbour wall.",
        "The mayor said: council votes for new harbour wall.",
        "The council of Halden meets on Monday",
        "Council",
        "",
    ],
)
def test_a_line_that_says_more_or_something_else_does_not(text: str) -> None:
    assert not repeats(text, HEADLINE, SITE)


def test_the_whole_of_a_headline_that_is_cut_off_repeats_it_unless_it_is_a_sentence() -> None:
    for cut in ("Council votes for new harbour…", "Council votes for new harbour..."):
        assert repeats("Council votes for new harbour wall in Halden", cut)
        assert not repeats("Council votes for new harbour wall, as it had said.", cut)


@pytest.mark.parametrize(
    ("text", "headline", "expected"),
    [
        ("速報：市議会が冬の嵐で壊れた古い防波堤の再建を決定", "市議会が冬の嵐で壊れた古い防波堤の再建を決定", True),
        (
            "市議会が冬の嵐で壊れた古い防波堤の再建を決定した。工事は春に始まる。",
            "市議会が冬の嵐で壊れた古い防波堤の再建を決定",
            False,
        ),
        (
            "[속보] 시의회 겨울 폭풍에 무너진 옛 방파제 다시 쌓기로 의결",
            "시의회 겨울 폭풍에 무너진 옛 방파제 다시 쌓기로 의결",
            True,
        ),
        (
            "시의회 겨울 폭풍에 무너진 옛 방파제 다시 쌓기로 의결했다고 밝혔다.",
            "시의회 겨울 폭풍에 무너진 옛 방파제 다시 쌓기로 의결",
            False,
        ),
        (
            "Großer Rat der Straße beschließt die Mauer: Es war Zeit",
            "Großer Rat der Straße beschließt die Mauer",
            False,
        ),
        ("Hafen: Großer Rat der Straße beschließt die Mauer", "GROSSER RAT DER STRASSE BESCHLIESST DIE MAUER", True),
    ],
)
def test_headlines_are_known_again_in_any_script(text: str, headline: str, *, expected: bool) -> None:
    assert repeats(text, headline) is expected


@pytest.mark.parametrize(
    "lead",
    [
        "Tidal plant opens in Velmarsund: on Thursday the town saw its first turbines turn.",
        "Tidal plant opens in Velmarsund.  Nine years of planning are over.",
        "Tidal plant opens in Velmarsund, and the herring do not seem to mind at all.",
        "After nine years a tidal plant opens in Velmarsund.",
    ],
)
def test_a_first_paragraph_that_holds_the_headline_s_words_stays(lead: str) -> None:
    html = simple().replace("<div class=text>", f"<div class=text><p>{lead}</p>")
    assert [block.text for block in extract(page(html)).body] == [" ".join(lead.split()), *PARAGRAPHS]


@pytest.mark.parametrize(
    "again",
    [
        "Tidal plant opens in Velmarsund",
        "Energy | Tidal plant opens in Velmarsund",
        "Tidal plant opens in Velmarsund - The Sound Herald",
        "Tidal plant opens in Velm…",
    ],
)
def test_the_headline_again_above_the_text_goes(again: str) -> None:
    head = '<meta property="og:site_name" content="The Sound Herald">'
    html = simple(head=head).replace("<div class=text>", f"<div class=text><p>{again}</p>")
    article = extract(page(html))
    assert [block.text for block in article.body] == PARAGRAPHS
    assert [block.kind for block in article.blocks].count(Kind.TITLE) == 1
    assert again in [line.text for line in article.stripped]
