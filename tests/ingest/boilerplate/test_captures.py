"""What stripped lines say of who publishes and who wrote: names read to their ends, and people told from the rest."""

from __future__ import annotations

import pytest

from ingest.article import Article, Kind, Publisher
from tests.ingest.boilerplate.texts import BODY, gone, kept, stripped

HEADLINE = "Council Votes to Rebuild the Old Harbour Wall"


def above(*lines: str) -> Article:
    return stripped([HEADLINE, *lines, *BODY])


def below(*lines: str) -> Article:
    return stripped([*BODY, *lines])


def authors(found: Article) -> list[str]:
    return [name.original for name in found.authors]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("© 2025 Editora Farol S.A. Todos os direitos reservados.", "Editora Farol S.A."),
        ("© Editora Farol S.A Todos os direitos reservados", "Editora Farol S.A"),
        ("© Nordlicht Medien AG & Co. KG", "Nordlicht Medien AG & Co. KG"),
        ("© 2025 Kim & Partners Co., Ltd. All rights reserved", "Kim & Partners Co., Ltd."),
        ("Kim & Partners Co., Ltd. All rights reserved", "Kim & Partners Co., Ltd."),
        ("© Mediengruppe St. Jost GmbH", "Mediengruppe St. Jost GmbH"),
        ("© Il Faro S.p.A.", "Il Faro S.p.A."),
        ("© Alba S.r.l. - P.IVA 00000000000", "Alba S.r.l."),
        ("Copyright © 2025 - Alba Editrice S.p.A. - C.F. 00000000000", "Alba Editrice S.p.A."),
        ("© 2025 H.P. Media Co., Ltd., all rights reserved", "H.P. Media Co., Ltd."),
        ("© La Voz S.L.U.", "La Voz S.L.U."),
        ("© Mar del Sur S.A. de C.V. Todos los derechos reservados.", "Mar del Sur S.A. de C.V."),
        ("© Verlag Dr. Hell", "Verlag Dr. Hell"),
        ("© Ringwald Verlag e.V. Alle Rechte vorbehalten", "Ringwald Verlag e.V."),
        ("© Harbour Media Inc.", "Harbour Media Inc."),
        ("Copyright 2024 Harbour Media Inc. All rights reserved.", "Harbour Media Inc."),
        ("(c) 2025 Harbour Media, Inc.", "Harbour Media, Inc."),
        ("Copyright by Halden Post Sp. z o.o. Wszelkie prawa zastrzeżone", "Halden Post Sp. z o.o."),
        ("© 2025 Yeni Gün A.Ş. Tüm hakları saklıdır.", "Yeni Gün A.Ş."),
        ("© 2025 Halden Post. Reproduction needs our consent.", "Halden Post"),
        ("© Nordlicht Medien GmbH.", "Nordlicht Medien GmbH"),
        ("© Halden Post All rights reserved", "Halden Post"),
        ("© 2025 ООО «Рассвет»", "Рассвет"),
        ("© АО «Рассвет». Все права защищены.", "Рассвет"),
        ("저작권자 © (주)한빛일보 무단전재 및 재배포 금지", "한빛일보"),
        ("Ashdown Courier (c) 2025", "Ashdown Courier"),
        ("Ashdown Courier © 2025", "Ashdown Courier"),
        ("Halden Post Ltd. © 2025 All rights reserved.", "Halden Post Ltd."),
        ("© 2025 Halden Post, Inc. and its licensors", "Halden Post, Inc."),
        ("© 2025 «Вести Залива»", "Вести Залива"),
        ("© «Вести Залива», 2025", "Вести Залива"),
        ('© 2025 "Вести Залива"', "Вести Залива"),
        ("© « Le Phare du Soir »", "Le Phare du Soir"),
        ("© „Haldener Bote“", "Haldener Bote"),
        ("©《灯塔晚报》", "灯塔晚报"),
        ("RIPRODUZIONE RISERVATA © Copyright Il Faro della Sera", "Il Faro della Sera"),
        ("Riproduzione riservata © Copyright Il Faro", "Il Faro"),
        ("版权所有 灯塔网", "灯塔网"),
        ("版权所有：灯塔晚报社", "灯塔晚报社"),
        ("本文版权归灯塔网所有，未经授权不得转载", "灯塔网"),
        ("著作権は灯台通信社に帰属します。", "灯台通信社"),
        ("記事の著作権は灯台通信社または情報提供者に帰属します。", "灯台通信社"),
        (
            "Bu sitede yayınlanan haberlerin telif hakları Deniz Feneri Yayıncılık A.Ş.'ye aittir.",
            "Deniz Feneri Yayıncılık A.Ş.",
        ),
    ],
)
def test_a_publishers_name_ends_at_no_abbreviation_and_goes_on_into_no_rights(line: str, name: str) -> None:
    assert below(line).publisher == Publisher(original=name)


@pytest.mark.parametrize(
    "line",
    [
        "© RIPRODUZIONE RISERVATA",
        "© Riproduzione riservata",
        "© Alle Rechte vorbehalten",
        "© Nachdruck verboten",
        "© Tous droits réservés",
        "© Reproduction interdite",
        "© Todos los derechos reservados",
        "© Reservados todos los derechos",
        "© Todos os direitos reservados",
        "© Reprodução proibida",
        "© All rights reserved",
        "© 2025 All rights reserved.",
        "© Copyright",
        "© Reproduction prohibited",
        "© Not to be reproduced without permission.",
        "© Все права защищены",
        "© Her hakkı saklıdır",
        "© Tüm hakları saklıdır",
        "© جميع الحقوق محفوظة",
        "© 版权所有 翻印必究",
        "©版權所有",
        "©無断転載禁止",
        "ⓒ 무단 전재 및 재배포 금지",
        "<저작권자 ⓒ 무단 전재 및 재배포 금지>",
        "版权所有 翻印必究",
        "版权所有，未经书面授权不得转载",
        "版权归原作者所有",
        "著作権は当社に帰属します。",
        "© Wszelkie prawa zastrzeżone",
        "© Alle rechten voorbehouden",
        "© Mọi quyền được bảo lưu",
        "© Hak cipta dilindungi undang-undang",
    ],
)
def test_a_phrase_about_rights_is_no_publisher(line: str) -> None:
    found = below(line)
    assert found.publisher is None
    assert line in (found.rights or "")


@pytest.mark.parametrize(
    "lines",
    [
        ["Rückfragen an: Polizeiinspektion Halden, presse@polizei.example"],
        ["Kontakt: presse@polizei.example"],
        ["Telefon: 0555 550100", "E-Mail: presse@polizei.example", "www.polizei.example"],
        ["Hinweise an presse@polizei.example"],
        ["Max Muster, muster@halden.example"],
    ],
)
def test_an_address_alone_is_no_publisher(lines: list[str]) -> None:
    assert below(*lines).publisher is None


@pytest.mark.parametrize(
    ("lines", "domain"),
    [
        (["© 2025 Halden Post", "E-Mail: redaktion@haldenpost.example"], "haldenpost.example"),
        (["© 2025 Halden Post", "E-Mail: presse@polizei.example"], None),
        (["© 2025 Harbour Daily News", "E-Mail: desk@hdn.example"], "hdn.example"),
        (["ⓒ 한빛일보", "E-mail : desk@hanbit.example"], "hanbit.example"),
        (["© Halden Post (www.nordlicht.example)", "E-Mail: presse@polizei.example"], "nordlicht.example"),
        (["Chefredaktion: Lena Muster", "E-Mail: redaktion@nordlicht.example"], "nordlicht.example"),
    ],
)
def test_an_address_is_the_publishers_by_an_imprint_or_a_name_like_it(lines: list[str], domain: str | None) -> None:
    publisher = below(*lines).publisher
    assert publisher is not None
    assert publisher.domain == domain


@pytest.mark.parametrize(
    "line",
    [
        "Por Portal RC Interior",
        "Por Redação Portal RC",
        "Redação Portal RC",
        "Por Agência Farol",
        "Von Redaktion Halden",
        "Di Redazione Alba",
        "Por Redacción Alba",
        "Par Rédaction Phare",
        "By Halden Newsroom",
        "By Web Desk",
        "By Dawn Press",
        "Oleh Tim Redaksi",
        "Redaktion Halden",
    ],
)
def test_a_desk_or_paper_is_no_author(line: str) -> None:
    found = above(line)
    assert line in gone(found)
    assert authors(found) == []


def test_a_person_beside_a_desk_is_the_author() -> None:
    assert authors(above("By Web Desk and Jane Doe")) == ["Jane Doe"]
    assert authors(above("By Jane Doe, Halden News")) == ["Jane Doe"]
    assert authors(above("Por Ana Portal")) == ["Ana Portal"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Lena Ortiz", "common.name"),
        ("Giulia Marchetti-Vale", "common.name"),
        ("Joana Silva", "common.name"),
        ("Мария Иванова", "common.name"),
        ("Nguyễn Minh Anh", "vi.name"),
    ],
)
def test_a_name_alone_below_the_headline_is_the_author(line: str, rule: str) -> None:
    for lines in ([line], [line, "2025-01-30"]):
        found = above(*lines)
        assert authors(found) == [line]
        assert found.stripped[0].rule == rule


def test_a_name_alone_speaks_where_no_byline_does_and_only_there() -> None:
    assert authors(above("By Jane Doe", "Lena Ortiz")) == ["Jane Doe"]
    assert authors(stripped([HEADLINE, *BODY, "Lena Ortiz", "© 2025 Halden Post"])) == []
    assert authors(stripped(["Halden Post", HEADLINE, "2025-01-30", *BODY])) == []


def test_a_row_of_names_is_a_row_of_authors() -> None:
    assert authors(above("Jane Doe and John Smith")) == ["Jane Doe", "John Smith"]
    assert authors(above("Jane Doe, John Smith and Ann Other")) == ["Jane Doe", "John Smith", "Ann Other"]
    assert authors(above("Lena Muster, Halden")) in ([], ["Lena Muster"])


@pytest.mark.parametrize("line", ["Harbour Wall", "HALDEN TODAY", "Council Votes", "New York", "São Paulo"])
def test_words_that_the_text_writes_small_and_places_are_no_name(line: str) -> None:
    assert authors(above(line, "2025-01-30")) == []


@pytest.mark.parametrize("headline", ["Harbour Wall Collapses", "Die Frau, die Rosen Zählte"])
def test_a_headline_of_capitals_below_the_papers_name_stays(headline: str) -> None:
    found = stripped(["Halden Post", headline, "Jane Doe", "January 30, 2025", *BODY])
    assert found.title == headline
    assert authors(found) == ["Jane Doe"]


@pytest.mark.parametrize(
    ("line", "author", "section"),
    [
        ("Posted on March 3, 2025 by Lena Ortiz in Local, Media", "Lena Ortiz", "Local"),
        ("by Lena Ortiz | Mar 3, 2025 | Local | 0 comments", "Lena Ortiz", "Local"),
        ("Veröffentlicht am 3. März 2025 von Lena Muster in Lokales", "Lena Muster", "Lokales"),
        ("Publié le 3 mars 2025 par Jeanne Dupont", "Jeanne Dupont", None),
        ("Publicado por Juana Pérez el 3 de marzo de 2025", "Juana Pérez", None),
        ("por Joana Silva | mar 3, 2025 | Cultura | 0 comentários", "Joana Silva", "Cultura"),
        ("Pubblicato da Mario Bianchi il 3 marzo 2025 in Cronaca", "Mario Bianchi", "Cronaca"),
    ],
)
def test_the_line_of_blog_software_tells_author_and_section(line: str, author: str, section: str | None) -> None:
    found = above(line)
    assert gone(found) == [line]
    assert (authors(found), found.section) == ([author], section)


def test_who_speaks_next_in_a_transcript_is_the_articles_own() -> None:
    text = [
        "옛 방파제 다시 쌓는다",
        "[앵커]",
        "겨울 폭풍에 무너진 옛 방파제를 다시 쌓기로 시의회가 의결했습니다. 홍길동 기자가 보도합니다.",
        "[리포트]",
        "시의회는 화요일 회의에서 방파제를 다시 쌓기로 의결했습니다. 공사는 봄에 시작합니다.",
        "[기자]",
        "지난겨울 폭풍으로 무너진 방파제를 복구하는 데는 사백억 원이 들 것으로 보입니다.",
    ]
    found = stripped([*text, "ⓒ 한빛뉴스"])
    assert kept(found) == text
    assert authors(found) == []
    assert [block.kind for block in found.blocks[:2]] == [Kind.TITLE, Kind.PARAGRAPH]
    bare = stripped(["[Anchor]", *BODY[:2], "[Reporter]", *BODY[2:]])
    assert (bare.title, kept(bare)[0]) == (None, "[Anchor]")


@pytest.mark.parametrize("line", ["Photo: Jane Doe. The wall was old.", "Foto: Nordlicht. Es war kalt."])
def test_a_credit_with_a_sentence_after_it_stays_within_the_body(line: str) -> None:
    text = [*BODY[:2], line, *BODY[2:]]
    assert kept(stripped(text)) == text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("【编辑:李红】", []),
        ("（责任编辑：李红）", []),
        ("编辑：李红", []),
        ("记者：王小明 编辑：李红", ["王小明"]),
        ("记者：王小明　编辑：李红", ["王小明"]),
        ("记者 王小明 编辑 李红", ["王小明"]),
        ("编辑：李红 记者：王小明", ["王小明"]),
        ("文/王小明 图/李红", ["王小明"]),
    ],
)
def test_editors_are_no_authors(line: str, names: list[str]) -> None:
    found = below(line)
    assert line in gone(found)
    assert authors(found) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("【山田花子】", ["山田花子"]),
        ("【山田花子、佐藤次郎】", ["山田花子", "佐藤次郎"]),
        ("【夜明け支局・山田花子】", ["山田花子"]),
    ],
)
def test_a_name_in_brackets_below_a_japanese_text_is_its_writers(line: str, names: list[str]) -> None:
    assert authors(below(line)) == names


@pytest.mark.parametrize(
    "line", ["【試合結果】", "【今後の課題】", "【経済部・今後の課題】", "▲보도기자상 홍길동 기자"]
)
def test_a_heading_in_brackets_and_a_prize_are_no_author(line: str) -> None:
    assert authors(below(line)) == []
