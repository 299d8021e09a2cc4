from __future__ import annotations

import subprocess
import sys
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import Article, Kind, Lang
from tests.translate.articles import ENGLISH, JAPANESE, KOREAN, PORTUGUESE, article, block
from translate.detect import build_detector
from translate.document import Detector, Part, Segment
from translate.segment import segment

SEEDS = sorted(Path(__file__).parents[2].joinpath("seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def langs(segments: tuple[Segment, ...]) -> list[Lang]:
    return [one.lang for one in segments]


def text_of(part: Segment, whole: Article) -> str:
    if part.part is Part.BLOCK:
        return whole.blocks[part.index].text
    return whole.tags[part.index] if part.part is Part.TAG else whole.section or ""


def test_a_block_in_one_language_is_one_segment(detector: Detector) -> None:
    assert langs(segment(article(KOREAN, ENGLISH, KOREAN), detector)) == ["ko", "en", "ko"]


def test_an_english_sentence_in_a_korean_block_is_its_own_segment(detector: Detector) -> None:
    found = segment(article(f"{KOREAN} {ENGLISH} {KOREAN}"), detector)
    assert langs(found) == ["ko", "en", "ko"]
    assert found[1].text.strip() == ENGLISH


def test_a_foreign_name_belongs_to_its_english_sentence(detector: Detector) -> None:
    text = "The mayor of 강릉시 said that the bridge, known as 大橋, would be open to all by the end of May."
    assert langs(segment(article(text), detector)) == ["en"]


def test_a_name_in_latin_letters_belongs_to_its_korean_block(detector: Detector) -> None:
    assert set(
        langs(segment(article("삼양시는 새 다리를 열었다. Tel : 02. 721. 9800 / Fax. 시민이 반겼다."), detector))
    ) == {"ko"}


def test_short_parts_take_the_articles_language(detector: Detector) -> None:
    found = segment(
        article(
            block(Kind.TITLE, "Ponte nova"),
            PORTUGUESE,
            PORTUGUESE,
            tags=("Obras", "2026", "EUR/BRL"),
            section="Local",
        ),
        detector,
    )
    assert set(langs(found)) == {"pt"}
    assert [one.part for one in found] == ["block", "block", "block", "section", "tag", "tag", "tag"]


def test_a_korean_tag_of_an_english_article_is_korean(detector: Detector) -> None:
    found = segment(article(ENGLISH, tags=("산불", "fire")), detector)
    assert langs(found) == ["en", "ko", "en"]


def test_an_article_of_hardly_any_text_is_in_the_language_it_declares(detector: Detector) -> None:
    assert langs(segment(article("Total: 12", declared_lang=Lang("fr")), detector)) == ["fr"]


@pytest.mark.parametrize("text", ["Storm hits Manila", "Oil falls 3%", "Dow +1.2%", "Hi", "No", "Poem", "Pelé wins"])
def test_a_few_words_in_latin_letters_are_held_for_no_language(detector: Detector, text: str) -> None:
    assert set(langs(segment(article(text), detector))) <= {"und", "en"}
    assert langs(segment(article(text, declared_lang=Lang("es")), detector)) == ["es"]


@pytest.mark.parametrize(("text", "lang"), [("Der Minister tritt zurück", "de"), ("Мост открыт", "ru")])
def test_a_short_text_that_can_be_told_is_told(detector: Detector, text: str, lang: str) -> None:
    assert langs(segment(article(text), detector)) == [lang]


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Zoë Núñez told the Neue Zeitung that “das ist ein guter Tag für die Stadt,” before leaving.",
        "His books include Der Wald und das Meer, Die Straße am Morgen and Das kurze Gespräch.",
        "He sang „Der Wind ist frei, und niemand hält ihn auf“ and left.",
    ],
)
def test_foreign_titles_and_quotations_belong_to_their_english_sentence(detector: Detector, text: str) -> None:
    assert set(langs(segment(article(ENGLISH, text, ENGLISH), detector))) == {"en"}
    assert langs(segment(article(KOREAN, text, KOREAN), detector)) == ["ko", "en", "ko"]


@pytest.mark.parametrize(
    "text",
    [
        "Das ist ein guter Tag für die Stadt und ihre Menschen, und niemand wird ihn vergessen.",
        "O filme Walking With the Wind foi exibido de novo nos cinemas da região à noite, sem sessões de manhã.",
        "De man was ziek of moe, en zijn buren hebben hem daarna niet één keer meer op het plein gezien.",
    ],
)
def test_a_foreign_sentence_in_an_english_article_is_foreign(detector: Detector, text: str) -> None:
    assert langs(segment(article(ENGLISH, text, ENGLISH), detector))[1] not in ("en", "und")


@pytest.mark.parametrize(
    ("before", "quotation", "after", "lang"),
    [
        ("The sign on the pier read: ", '"다리는 다음 달에 열립니다."', " Nobody could read it.", "ko"),
        ("The sign that they read said ", "「橋は来月開通します」", ", which pleased them.", "ja"),
        ("A sailor from the ferry shouted ", "“Мост откроется через месяц!”", ", and they laughed.", "ru"),
    ],
)
def test_a_quotation_in_another_script_is_cut_out_of_its_english_sentence(
    detector: Detector, before: str, quotation: str, after: str, lang: str
) -> None:
    found = segment(article(ENGLISH, before + quotation + after, ENGLISH), detector)[1:-1]
    assert [(one.text, one.lang) for one in found] == [(before, "en"), (quotation, lang), (after, "en")]


def test_short_words_in_another_script_stay_in_their_english_sentence(detector: Detector) -> None:
    text = 'The sign on the pier read "감사합니다", and the film “長江七号” was shown in the hall.'
    assert langs(segment(article(ENGLISH, text, ENGLISH), detector)) == ["en", "en", "en"]


def test_a_short_english_sentence_in_a_foreign_paragraph_of_an_english_article_is_english(detector: Detector) -> None:
    song = "Frère Jacques. Au clair de la lune. Sur le pont d’Avignon."
    found = segment(article(ENGLISH, f"The choir sang three songs. {song}", ENGLISH), detector)
    assert [(one.text, one.lang) for one in found[1:-1]] == [("The choir sang three songs. ", "en"), (song, "fr")]


def test_a_short_sentence_does_not_change_the_language_of_its_block(detector: Detector) -> None:
    text = f"{PORTUGUESE} Um novo plano. {PORTUGUESE}"
    assert langs(segment(article(text), detector)) == ["pt"]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_english_lines_of_the_seeds_are_english_and_need_no_model(path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from tests.translate.articles import article\n"
        "from translate.detect import build_detector\nfrom translate.segment import segment\n"
        f"text = pathlib.Path({str(path)!r}).read_text('utf-8')\n"
        "lines = [l for l in text.splitlines() if l.strip() and not any('가' <= c <= '힣' for c in l)]\n"
        "assert len(lines) > 8\n"
        "print({s.lang for s in segment(article(*lines), build_detector())}, 'py3langid' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "{'en'} False"


SOUP = st.lists(
    st.sampled_from(
        [KOREAN, ENGLISH, PORTUGUESE, JAPANESE, "12:30", "AAPL", " ", "\n", "“", "Um. ", "”", "다.", "\ud800"]
    ),
    max_size=6,
).map("".join)


@given(st.lists(SOUP, max_size=3), st.lists(SOUP, max_size=2))
@settings(deadline=None, max_examples=60)
def test_segments_cover_every_part_without_gap_or_overlap(
    detector: Detector, blocks: list[str], tags: list[str]
) -> None:
    whole = article(*blocks, tags=tuple(tags))
    found = segment(whole, detector)
    assert segment(whole, detector) == found
    for _key, group in groupby(found, key=lambda one: (one.part, one.index)):
        parts = list(group)
        assert "".join(one.text for one in parts) == text_of(parts[0], whole)
        assert [one.end for one in parts[:-1]] == [one.start for one in parts[1:]]
        assert all(left.lang != right.lang for left, right in pairwise(parts))
