"""Stripping keeps every line once, changes nothing the second time, and tells what the foot said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Kind, Lang, Name, Notice, Publisher
from ingest.boilerplate import strip
from ingest.boilerplate.rules import check
from ingest.errors import UsageError
from tests.ingest.boilerplate.texts import BODY, RULES, article, gone, kept, read, stripped

KNOWN = sorted({line for rule in RULES.rules for line in (*rule.matches, *rule.keeps)} | set(BODY))
LINE = st.one_of(
    st.sampled_from(KNOWN), st.text(max_size=40), st.tuples(*[st.sampled_from(KNOWN)] * 2).map(" | ".join)
)


@given(st.lists(LINE, max_size=14))
def test_every_line_stands_once_and_stripping_again_changes_nothing(lines: list[str]) -> None:
    before = article(lines)
    after = strip(before, RULES)
    placed = {block.line: block.text for block in after.blocks} | {line.line: line.text for line in after.stripped}
    assert placed == {block.line: block.text for block in before.blocks}
    assert len(after.blocks) + len(after.stripped) == len(before.blocks)
    assert strip(after, RULES) == after


@pytest.mark.parametrize(
    "piece",
    [
        "a@b.",
        "1-",
        "가",
        "一·",
        "Aa, ",
        "© ",
        "All rights reserved ",
        "무단 전재 ",
        "Tel : ",
        "| ",
        ". ",
        "(",
        "발행인 : ",
        "share ",
    ],
)
def test_hostile_lines_are_judged_without_end(piece: str) -> None:
    for count in (300, 1_400, 2_000_000):
        line = (piece * count)[:count]
        found = stripped([*BODY, line, "© 2025 Halden Post"])
        assert set(BODY) <= set(kept(found))


@pytest.mark.parametrize("pattern", ["(a+)+b", ".*x", "(?:ab){0,400}", "[a-z]+"])
def test_a_pattern_whose_time_could_explode_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError, match="open-ended"):
        check("x", pattern)


def test_a_headline_that_was_furniture_gives_its_place_to_the_next_line() -> None:
    found = stripped(["댓글 0", "Council Votes for a Wall", "Storm broke the old one", *BODY])
    assert [block.kind for block in found.blocks[:2]] == [Kind.TITLE, Kind.DECK]
    assert found.title == "Council Votes for a Wall"


@pytest.mark.parametrize(
    "name", ["The Larkhill Chronicle", "Gazeta do Planalto", "한빛일보", "Stadt Halden an der Wieme"]
)
def test_the_papers_name_above_the_headline_is_its_publisher(name: str) -> None:
    found = stripped([name, "Council Votes for a New Harbour Wall", "By Jane Doe", *BODY])
    assert found.title == "Council Votes for a New Harbour Wall"
    assert found.publisher is not None
    assert found.publisher.original == name


@pytest.mark.parametrize("headline", ["Mayor Sues Gazette", "The Larkhill Chronicle", "한빛일보"])
def test_a_line_that_may_be_a_papers_name_stays_where_no_other_is_the_headline(headline: str) -> None:
    assert stripped([headline, "By Jane Doe", "14 July 2025", *BODY]).title == headline


def test_a_box_between_paragraphs_goes_with_its_one_link() -> None:
    found = stripped(["Council Votes", BODY[0], "Leggi anche", "Rifugi, quanto costa dormire in quota", *BODY[1:]])
    assert gone(found) == ["Leggi anche", "Rifugi, quanto costa dormire in quota"]


def test_a_caption_is_known_by_the_name_in_capitals_behind_its_sentence() -> None:
    caption = "Vecinos de la villa rodean el olivo, el pasado jueves. BELÉN ORDIALES"
    found = stripped(["Council Votes", BODY[0], caption, BODY[1], "THE LONG WAIT", *BODY[2:]])
    assert gone(found) == [caption]


@pytest.mark.parametrize("kind", [Kind.HEADING, Kind.ITEM])
def test_what_a_page_marks_as_a_subheading_or_an_item_stays(kind: Kind) -> None:
    line = "(Con información de Agencia Golfo)"
    found = article(["Council Votes", *BODY[:2], line, *BODY[2:]])
    assert gone(strip(found, RULES)) == [line]
    marked = (*found.blocks[:3], replace(found.blocks[3], kind=kind), *found.blocks[4:])
    assert gone(strip(replace(found, blocks=marked), RULES)) == []


def test_the_model_alone_leaves_no_article_without_a_sentence() -> None:
    line = "Our editor picks her favourite stories in this weekly newsletter."
    assert gone(stripped(["Council Votes", *BODY, line])) == [line]
    assert kept(stripped([line])) == [line]


def test_the_fields_of_a_press_archive_go() -> None:
    fields = ["Page: 6", "LENGTH: 214 words", "Parole: 142", "【版次】第2版", "글자 수: 640"]
    found = stripped(["Council Votes", *fields, *BODY])
    assert gone(found) == fields
    assert found.title == "Council Votes"


def test_the_links_under_a_heading_go_with_it_and_the_body_after_them_stays() -> None:
    found = stripped(
        [*BODY, "Related articles", "Storm costs four million", "Who pays for the wall?", "Work ends in 2027."]
    )
    assert gone(found) == ["Related articles", "Storm costs four million", "Who pays for the wall?"]


def test_bylines_and_dates_become_metadata_and_hints_are_not_overwritten() -> None:
    found = stripped(["Council Votes", "By Jane Doe and John Smith", "2025-01-30 10:15", *BODY])
    assert found.authors == (Name(original="Jane Doe"), Name(original="John Smith"))
    assert found.published == "2025-01-30"


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("This article was translated by DeepL.", Notice(engine="DeepL", source_lang=None)),
        ("Translated from Korean by Papago", Notice(engine="Papago", source_lang="ko")),  # type: ignore[arg-type]
        ("Translated by DeepL from Korean", Notice(engine="DeepL", source_lang=Lang("ko"))),
        (
            "이 기사는 챗GPT로 번역한 것입니다 (This article was translated using ChatGPT)",
            Notice(engine="ChatGPT", source_lang=Lang("ko"), inferred=True),
        ),
        ("이 기사는 챗GPT로 번역했습니다.", Notice(engine="ChatGPT", source_lang="ko", inferred=True)),  # type: ignore[arg-type]
        ("この記事は機械翻訳です。", Notice(engine=None, source_lang="ja", inferred=True)),  # type: ignore[arg-type]
    ],
)
def test_a_translation_notice_says_with_what_and_from_what(line: str, notice: Notice) -> None:
    assert stripped([*BODY, line]).notice == notice


def test_a_notice_in_the_articles_own_script_infers_nothing() -> None:
    body = "시의회는 화요일 겨울 폭풍에 무너진 옛 방파제를 다시 쌓기로 의결했다고 밝혔다. 공사는 봄에 시작한다."
    assert stripped([body, "이 기사는 파파고로 번역했습니다."]).notice == Notice(engine="Papago", source_lang=None)


@pytest.mark.parametrize(
    ("lines", "publisher"),
    [
        (["© 2025 Halden Post Ltd."], Publisher(original="Halden Post Ltd.")),
        (
            ["Copyright ⓒ 한빛일보 (www.hanbit.co.kr). All rights reserved."],
            Publisher(original="한빛일보", domain="hanbit.co.kr"),
        ),
        (
            ["© Hanbit Daily", "제호 : 한빛일보 | 대표메일 : desk@hanbit.co.kr"],
            Publisher(original="한빛일보", latin="Hanbit Daily", domain="hanbit.co.kr"),
        ),
        (
            ["[ⓒ 한빛타임스 & hanbit.co.kr, 무단 전재 및 재배포 금지]"],
            Publisher(original="한빛타임스", domain="hanbit.co.kr"),
        ),
        (
            ["[ⓒ 한빛타임스 & hanbit.co.kr, All rights reserved]"],
            Publisher(original="한빛타임스", domain="hanbit.co.kr"),
        ),
        (
            ["제호: 한빛타임스 등록번호: 서울, 아00000 발행인: 홍길동 Email: help@hanbit.co.kr"],
            Publisher(original="한빛타임스", domain="hanbit.co.kr"),
        ),
        (["© Hanbit Daily", "E-mail : hanbit@gmail.com"], Publisher(original="Hanbit Daily")),
    ],
)
def test_the_foot_names_the_publisher(lines: list[str], publisher: Publisher) -> None:
    found = stripped([*BODY, *lines])
    assert found.publisher == publisher
    assert kept(found) == list(BODY)


FEET = [
    "제호 한빛경제ㅣ등록번호 서울 아01234ㅣ등록일 2010-05-06ㅣ발행인 홍길동ㅣ편집인 김철수",
    "Hanbit Business Daily · 12 Saebyeok-daero, Jung-gu, Seoul 00000 · Tel +82-2-555-0100 · Fax +82-2-555-0101",
    "Copyright (c) 2025 한빛경제 Hanbit Business Daily. All Rights Reserved. 무단전재 및 재배포, AI학습 이용 금지.",
    "대표전화 : 02-555-0100 / 사업자번호 : 000-00-00000 / Youth Protection Officer : 이순이",
    "개인정보책임자: 정하늘 | 메일: help@hanbit.example | Publisher: Hong Gil-dong",
    "저작권자ⓒ한빛경제(www.hanbit.example), 무단 전재-재배포-AI 활용 금지",
    "※ 본 기사는 DeepL을 활용해 번역한 것으로 원문과 다를 수 있습니다.",
    "[한빛경제 홍길동 기자 / gildong@hanbit.example]",
]


@pytest.mark.parametrize("line", FEET)
def test_korean_and_english_may_mix_in_a_foot(line: str) -> None:
    assert kept(stripped([*BODY, line])) == list(BODY)


def test_the_foot_goes_as_a_whole() -> None:
    assert kept(stripped([*BODY, *FEET])) == list(BODY)


@pytest.mark.parametrize("ornament", ["***", "---", "* * *"])
def test_short_sentences_between_ornaments_stay(ornament: str) -> None:
    text = [*BODY, ornament, "Nobody was hurt.", ornament, "The end came late.", ornament, "So it was."]
    for lines in (text, [*text, ornament], [*text, ornament, "© 2025 Halden Post"]):
        assert [line for line in kept(stripped(lines)) if line != ornament] == [*BODY, *text[5:11:2]]


@pytest.mark.parametrize(
    "line",
    [
        "번역: 챗GPT",
        "AI 번역: DeepL",
        "홍길동 기자 (Hong Gil-dong, gildong@hanbit.example)",
        "Newspaper Business Registration No.: Seoul, Ga00000",
        "Youth protection manager and grievance handler: 정하늘",
        "저작권법에 의해 보호받는 콘텐츠입니다 (Protected under Copyright Act)",
    ],
)
def test_one_line_of_two_languages_is_a_foot(line: str) -> None:
    assert kept(stripped([*BODY, line])) == list(BODY)


def test_brackets_after_prose_do_not_make_it_a_foot() -> None:
    line = "The wall was old (All rights reserved)"
    assert kept(stripped([*BODY, line])) == [*BODY, line]


def test_of_several_notices_the_one_that_names_an_engine_speaks() -> None:
    found = stripped([*BODY, "This article was machine-translated.", "이 기사는 챗GPT로 번역했습니다."])
    assert found.notice == Notice(engine="ChatGPT", source_lang=Lang("ko"), inferred=True)


def test_a_latin_name_behind_a_dash_is_known_by_no_arabic_rule() -> None:
    found = stripped([*BODY, "- Hong Gil-dong", "© 2025 Halden Post"])
    assert "ar.name" not in [line.rule for line in found.stripped]


@pytest.mark.parametrize("line", ["line 0", "line 1"])
def test_words_that_are_also_on_buttons_stay_at_the_edges(line: str) -> None:
    assert line in kept(stripped(["Council Votes", line, *BODY]))
    assert line in kept(stripped([*BODY, line]))


@pytest.mark.parametrize("line", ["line 0", "line 1", "Breaking news"])
def test_words_that_are_also_on_buttons_stay(line: str) -> None:
    assert stripped([line, *BODY]).title == line
    assert line in kept(stripped([*BODY[:2], line, *BODY[2:]]))
    assert kept(stripped([line, "", "More soon."])) == [line, "More soon."]


@pytest.mark.parametrize(
    "headline",
    [
        "Politics | Council votes to close library",
        "Kultur · Das Museum öffnet wieder",
        "정치 | 국회 예산안 통과, 사흘 만에",
    ],
)
def test_a_headline_behind_its_section_is_the_headline(headline: str) -> None:
    assert stripped([headline, *BODY]).title == headline
    assert stripped(["Home / News / Local", *BODY]).title != "Home / News / Local"


def test_a_title_is_no_photo_credit() -> None:
    assert read(f"Photos: The Storm\n{BODY[0]}\n{BODY[1]}").title == "Photos: The Storm"
    assert stripped(["Photos: The Storm in the Harbour", *BODY]).title == "Photos: The Storm in the Harbour"


@pytest.mark.parametrize(
    "deck",
    [
        "Work starts on 3 March 2025",
        "The wall broke on 3 March 2025 at 17:21",
        "Work on the wall begins 3 March 2025",
    ],
)
def test_a_deck_with_a_date_in_it_stays(deck: str) -> None:
    assert deck in kept(stripped(["Council Votes for a Wall", deck, "By Jane Doe", *BODY]))


def test_a_letter_keeps_its_signature_and_an_article_does_not() -> None:
    foot = ["Jane Doe, Halden", "Letters may be edited for length and clarity.", "© 2025 Halden Post"]
    letter = ["Letter: To the harbour master", *BODY, *foot]
    assert kept(stripped(letter))[-1] == foot[0]
    assert kept(stripped(["To the harbour master", *BODY, *foot]))[-1] == BODY[-1]


def test_a_line_about_the_writer_goes_where_the_byline_names_her() -> None:
    about = "Jane covers the coast for the Post. She joined in 2019."
    foot = [about, "Sign up to our newsletter."]
    assert about not in kept(stripped(["Council Votes for a Wall", "By Jane Doe", *BODY, *foot]))
    assert about in kept(stripped(["Council Votes for a Wall", "By Max Muster", *BODY, about]))


@pytest.mark.parametrize(
    "caption",
    [
        "Traders set out their stalls on Friday. Photo: Jane Doe",
        "Blick in die Fertigung (Foto: Werk)",
        "Vendedores montan sus puestos el viernes. Cedida",
        "Торговцы готовят прилавки. Фото: «Островной вестник»",
        "The mill “Old Tide” on Friday (Photo: Jane Doe)",
    ],
)
def test_a_line_that_ends_in_a_credit_is_a_caption_anywhere(caption: str) -> None:
    assert kept(stripped([*BODY[:2], caption, *BODY[2:]])) == list(BODY)


def test_what_is_said_below_the_first_sure_line_needs_less_evidence() -> None:
    weak = "We rely on you to tell us when this article is wrong."
    assert weak not in kept(stripped([*BODY, "© 2025 Halden Post", weak]))
    assert kept(stripped([*BODY, "© 2025 Halden Post", weak]))[-1] == BODY[-1]


def test_who_asked_in_an_interview_is_no_label_of_a_registration() -> None:
    lines = [*BODY, "Editor: Why did you leave the party?", "Lena Muster: Because it rained.", "Editor: Thank you."]
    assert kept(stripped(lines)) == lines


@pytest.mark.parametrize(
    "line",
    [
        "All rights reserved. The words were everywhere.",
        "Ali Demir is a journalist based in Akkoy. He was arrested on Friday.",
        "Photo: Jo Bloggs. It was stolen.",
    ],
)
def test_a_line_that_goes_on_with_a_sentence_of_its_own_stays(line: str) -> None:
    assert line in kept(stripped([*BODY, line]))


def test_winners_and_results_are_no_credits() -> None:
    lines = [
        *BODY[:2],
        "Best picture: The Long Tide",
        "Best actor: Tom Hale, Rain",
        "▽本　石井5号（大西）",
        *BODY[2:],
    ]
    assert kept(stripped(lines)) == lines


@pytest.mark.parametrize(
    "labels",
    [["NOTA À IMPRENSA", "Para divulgação imediata"], ["보도자료"], ["Cartas al director"], ["COMUNICATO STAMPA"]],
)
def test_what_a_press_office_prints_above_its_headline_is_not_the_headline(labels: list[str]) -> None:
    found = stripped([*labels, "A ponte reabre", *BODY])
    assert kept(found) == ["A ponte reabre", *BODY]
    assert found.title == "A ponte reabre"
    assert kept(stripped([labels[-1], *BODY])) == [labels[-1], *BODY]


def test_a_letter_keeps_its_signature_where_the_label_above_it_went() -> None:
    letter = ["Cartas al director", "El puente reabre", *BODY, "Juana Pérez"]
    assert kept(stripped(letter)) == letter[1:]
