"""What the line model makes of lines, by weights that one can follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.boilerplate.line_model import ALONE, BESIDE, DOUBT, NEVER, TITLE, LineModel, read_model
from ingest.boilerplate.signs import places, read_line, signs
from ingest.errors import UsageError
from tests.ingest.boilerplate.texts import BODY, RULES

NOBODY: frozenset[str] = frozenset()


def taken(texts: list[str], known: list[str], model: LineModel, bars: dict[str, int] | None = None) -> list[str]:
    read = [read_line(text) for text in texts]
    barred = {texts.index(text): bar for text, bar in (bars or {}).items()}
    gone = model.furniture(read, [text in known for text in texts], NOBODY, barred)
    return [text for text, away in zip(texts, gone, strict=True) if away]


def test_a_line_needs_less_beside_furniture_than_alone() -> None:
    model = LineModel(weights={"w pilchards": BESIDE}, bias=0)
    assert taken([*BODY, "Pilchards", "© Post"], ["© Post"], model) == ["Pilchards", "© Post"]
    assert taken([*BODY, "Pilchards"], [], model) == []
    assert taken([*BODY, "Pilchards"], [], LineModel(weights={"w pilchards": ALONE}, bias=0)) == ["Pilchards"]


def test_what_goes_makes_its_neighbour_go() -> None:
    model = LineModel(weights={"w pilchards": BESIDE, "w herrings": BESIDE}, bias=0)
    foot = ["Herrings", "Pilchards", "© Post"]
    assert taken([*BODY, *foot], ["© Post"], model) == foot


def test_a_sentence_that_a_rule_takes_stays_where_the_model_doubts_it() -> None:
    sentence = "Pilchards are sold out."
    doubtful = LineModel(weights={"w pilchards": -DOUBT}, bias=0)
    assert taken([*BODY, sentence], [sentence], doubtful) == []
    assert taken([*BODY, sentence], [sentence], LineModel(weights={"w pilchards": 1 - DOUBT}, bias=0)) == [sentence]
    assert taken([*BODY, "Pilchards"], ["Pilchards"], doubtful) == ["Pilchards"]  # a label is no sentence
    assert taken([*BODY, sentence], [sentence], doubtful, {sentence: -NEVER}) == [sentence]


def test_a_line_with_a_bar_of_its_own_needs_that_much() -> None:
    model = LineModel(weights={"w pilchards": ALONE}, bias=0)
    assert taken(["Pilchards", *BODY], [], model) == ["Pilchards"]
    assert taken(["Pilchards", *BODY], [], model, {"Pilchards": ALONE + 1}) == []


def test_a_paragraph_within_the_article_is_never_judged() -> None:
    certain = LineModel(weights={"w fishermen": NEVER}, bias=0)
    long = BODY[1] + " " + BODY[2]
    assert taken([BODY[0], long, BODY[3]], [], certain) == []
    assert taken([BODY[0], BODY[2], BODY[3]], [], certain) == [BODY[2]]


def test_words_count_by_how_they_begin_and_characters_where_no_spaces_part_words() -> None:
    found = set(signs(read_line("Subscribing to 뉴스레터 costs 12 euros a month: desk@post.example")))
    assert {
        "w subscribing",
        "p subs",
        "p subscr",
        "z 뉴스",
        "z 뉴스레터",
        "w 0",
        "b to 뉴스레터",
        "mark colon",
    } <= found
    assert not any("post.example" in sign for sign in found)


def test_where_a_line_stands_is_told_by_paragraphs_and_known_furniture() -> None:
    read = [read_line(text) for text in ["Wall", "By Jane", *BODY[:2], "Share", "© Post"]]
    found = [place.between for place in places(read, [False, True, False, False, False, True], NOBODY)]
    assert found == ["^K", "^P", "KP", "PK", "PK", "P$"]


@given(
    st.lists(st.sampled_from([*BODY, "Share", "By Jane Doe", "뉴스레터", "12.05.2025", ""]), max_size=8), st.data()
)
def test_known_labels_always_go_and_the_same_lines_go_each_time(texts: list[str], data: st.DataObject) -> None:
    read = [read_line(text) for text in texts]
    known = [not line.ends and data.draw(st.booleans()) for line in read]
    gone = RULES.model.furniture(read, known, NOBODY, {})
    assert all(away for away, sure in zip(gone, known, strict=True) if sure)
    assert gone == RULES.model.furniture(read, known, NOBODY, {})


@pytest.mark.parametrize("data", [b"", b"bias\tmuch\n", b"bias\t1\nw wall\n", "bias\t1\nw wall\t½\n".encode()])
def test_a_file_that_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="the line model"):
        read_model(data)


def test_of_a_paragraph_the_model_must_be_as_sure_as_of_a_headline() -> None:
    heavy = f"Pilchards {'and nets ' * 24}"
    for line, weight, gone in ((heavy, TITLE - 1, []), (heavy, TITLE, [heavy]), ("Pilchards", BESIDE, ["Pilchards"])):
        model = LineModel(weights={"w pilchards": weight}, bias=0)
        assert taken([*BODY, line, "© Post"], ["© Post"], model) == [*gone, "© Post"]
