from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import Article, Flag, Kind, Lang, Name, document_id
from tests.translate.articles import ENGLISH, JAPANESE, KOREAN, PORTUGUESE, Echo, Notebook, Shelf, article, block
from translate.batch import Desk, to_documents
from translate.detect import build_detector
from translate.document import Detector, Document, Pending, Rejected
from translate.english import plan
from translate.segment import segment


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


def one(made: Article, shelf: Shelf, detector: Detector) -> Document | Pending | Rejected:
    (outcome,) = to_documents([made], Desk(detector=detector, translators=shelf))
    return outcome


def document(made: Article, shelf: Shelf, detector: Detector) -> Document:
    outcome = one(made, shelf, detector)
    assert isinstance(outcome, Document), outcome
    return outcome


def test_english_passes_byte_for_byte(detector: Detector) -> None:
    text = f"  {ENGLISH}\u00a0 “Quoted—so.”\t{ENGLISH} "
    made = document(article(text), Shelf(), detector)
    assert made.text == text
    assert [each.model for each in made.segments] == [None]


@pytest.mark.parametrize("text", ["Storm hits Manila", "Oil falls 3%", "Hi"])
def test_too_few_words_to_tell_ship_as_they_are_and_say_so(text: str, detector: Detector) -> None:
    made = document(article(text), Shelf(), detector)
    assert made.text == text
    assert made.source_lang == "und"
    assert [flag.name for flag in made.flags] == ["language-uncertain"]
    assert document(article(ENGLISH, text), Shelf(), detector).flags == ()


def test_an_article_without_words_is_not_uncertain(detector: Detector) -> None:
    assert document(article("3 : 1"), Shelf(), detector).flags == ()


def test_foreign_sentences_are_translated_and_english_between_them_is_not(detector: Detector) -> None:
    made = document(article(f"{KOREAN} {ENGLISH}", ENGLISH, KOREAN), Shelf(Echo(Lang("ko"))), detector)
    first, second, _third = made.text.split("\n\n")
    assert second == ENGLISH
    assert first.endswith(f"> {ENGLISH}")
    assert made.source_lang == "ko"
    assert made.segments[0].model
    assert made.segments[0].model.engine == "echo"


def test_title_deck_headings_section_and_tags_come_out_in_english_the_originals_beside(detector: Detector) -> None:
    source = article(
        block(Kind.TITLE, "산불 감시 두 배로"),
        block(Kind.DECK, "예산은 이미 확보"),
        block(Kind.HEADING, "주민 반응"),
        KOREAN,
        section="사회",
        tags=("산불", "fire"),
    )
    made = document(source, Shelf(Echo(Lang("ko"))), detector)
    assert made.title == "<산불 감시 두 배로>"
    assert made.title_original == "산불 감시 두 배로"
    assert made.deck == ("<예산은 이미 확보>",)
    assert made.text.startswith("<주민 반응>\n\n<")
    assert made.section == "<사회>"
    assert made.tags == ("<산불>", "fire")
    assert made.article == source


def test_list_items_stand_on_consecutive_lines(detector: Detector) -> None:
    items = [block(Kind.ITEM, "The first of the points that they made."), block(Kind.ITEM, "The second of them.")]
    assert document(article(ENGLISH, *items, ENGLISH), Shelf(), detector).text == (
        f"{ENGLISH}\n\n{items[0].text}\n{items[1].text}\n\n{ENGLISH}"
    )


def test_an_article_without_a_headline_gets_none(detector: Detector) -> None:
    made = document(article(ENGLISH), Shelf(), detector)
    assert made.title is None
    assert made.title_original is None


def test_a_document_waits_for_models_that_can_be_installed(detector: Detector) -> None:
    outcome = one(article(KOREAN, JAPANESE, ENGLISH), Shelf(known=("ko", "ja")), detector)
    assert outcome == Pending(
        langs=(Lang("ja"), Lang("ko")),
        reason="no model for Japanese and Korean is installed",
        command="newsgloss models install ja ko",
    )


def test_a_little_of_a_language_without_a_model_ships_as_it_is_marked(detector: Detector) -> None:
    made = document(article(ENGLISH, ENGLISH, KOREAN), Shelf(), detector)
    assert made.text.endswith(KOREAN)
    assert made.segments[-1].flags == ("untranslated", "no model")
    assert Flag(name="untranslated", detail="ko: no model", line=3) in made.flags


def test_a_document_mostly_in_a_language_without_a_model_is_rejected(detector: Detector) -> None:
    assert one(article(ENGLISH, KOREAN, KOREAN, KOREAN), Shelf(), detector) == Rejected(reason="no model for ko")


def test_a_sentence_that_fails_ships_as_it_is_and_its_neighbours_in_english(detector: Detector) -> None:
    text = "도지사가 설명했다. 예산은 확보됐다. 주민은 반겼다."
    made = document(article(ENGLISH, text), Shelf(Echo(Lang("ko"), failing="예산")), detector)
    assert made.text == f"{ENGLISH}\n\n<도지사가 설명했다.> 예산은 확보됐다. <주민은 반겼다.>"
    assert [each.flags for each in made.segments[1:]] == [(), ("untranslated", "failed: it would not"), ()]
    assert "".join(each.segment.text for each in made.segments[1:]) == text


def test_addresses_survive_translation(detector: Detector) -> None:
    made = document(
        article(f"{PORTUGUESE} Escreva para maria@example.com.br até sexta."), Shelf(Echo(Lang("pt"))), detector
    )
    assert "maria@example.com.br" in made.text


def test_what_is_no_language_is_never_sent(detector: Detector) -> None:
    engine = Echo(Lang("ko"))
    source = article(KOREAN, "12:30", "AAPL", "🎉", "https://example.org", "SAMYANG", tags=("2026",))
    made = document(source, Shelf(engine), detector)
    assert all(any("가" <= char <= "힣" for char in asked) for asked in engine.asked)
    assert made.tags == ("2026",)
    assert made.text.endswith("12:30\n\nAAPL\n\n🎉\n\nhttps://example.org\n\nSAMYANG")


def test_flags_of_renderings_and_of_the_article_reach_the_document(detector: Detector) -> None:
    source = article(KOREAN, tags=("산불",), flags=(Flag(name="odd", line=1),))
    made = document(source, Shelf(Echo(Lang("ko"))), detector)
    assert made.flags == (Flag(name="odd", line=1), Flag(name="translation", detail="ko: short"))


def test_japanese_sentences_get_a_space_between_them_in_english(detector: Detector) -> None:
    made = document(article(JAPANESE + JAPANESE), Shelf(Echo(Lang("ja"))), detector)
    assert made.text.count("> <") == 3


def test_a_repeated_sentence_is_translated_once_for_the_whole_batch(detector: Detector) -> None:
    engine = Echo(Lang("ko"))
    desk = Desk(detector=detector, translators=Shelf(engine), memory=Notebook())
    first = to_documents([article(KOREAN, KOREAN), article(ENGLISH, KOREAN)], desk)
    assert len(engine.asked) == 2
    assert to_documents([article(KOREAN, KOREAN), article(ENGLISH, KOREAN)], desk) == first
    assert len(engine.asked) == 2


def test_the_work_of_a_batch_does_not_depend_on_its_order(detector: Detector) -> None:
    made = [article(KOREAN), article(PORTUGUESE, JAPANESE), article(ENGLISH)]
    batch = [(each, segment(each, detector)) for each in made]
    assert plan(batch) == plan(batch[::-1])
    assert list(plan(batch).sentences) == ["ja", "ko", "pt"]


@pytest.mark.parametrize(
    ("published", "date", "basis"),
    [
        ("2026-02-03T23:30:00+09:00", "2026-02-03", "published"),
        ("2026-02-03", "2026-02-03", "published"),
        ("2026-02", "2026-03-04", "retrieved"),
        (None, "2026-03-04", "retrieved"),
    ],
)
def test_a_document_is_filed_under_the_day_its_source_states(
    detector: Detector, published: str | None, date: str, basis: str
) -> None:
    made = document(article(ENGLISH, published=published), Shelf(), detector)
    assert (made.date, made.date_basis) == (date, basis)


def test_a_documents_id_is_that_of_its_address_else_of_its_bytes(detector: Detector) -> None:
    source = article(ENGLISH)
    made = document(source, Shelf(), detector)
    assert made.id == document_id(source.provenance)
    assert len(made.id) == 26
    assert made.id == made.id.lower()
    assert made.version == source.provenance.payload_digest
    there = replace(source.provenance, target_uri="https://example.org/1")
    again = replace(there, payload_digest="sha256:" + "0" * 64)
    assert document_id(there) == document_id(again) != made.id


def test_the_publisher_and_authors_are_carried(detector: Detector) -> None:
    made = document(article(ENGLISH, authors=(Name(original="Ana Prado"),)), Shelf(), detector)
    assert [name.original for name in made.authors] == ["Ana Prado"]


SENTENCES = st.lists(st.sampled_from([KOREAN, ENGLISH, PORTUGUESE, JAPANESE, "12:30 ", "a@b.org ", "\n"]), max_size=5)


@given(st.lists(SENTENCES.map("".join), max_size=4))
@settings(deadline=None, max_examples=50)
def test_every_segment_is_english_as_it_was_or_translated_or_marked(detector: Detector, blocks: list[str]) -> None:
    shelf = Shelf(Echo(Lang("ko")), Echo(Lang("pt")), Echo(Lang("ja")))
    made = document(article(*blocks), shelf, detector)
    for each in made.segments:
        assert each.model or each.text == each.segment.text
        assert each.model is None or each.segment.lang != "en"
