"""Plain text and Markdown become blocks: every line once, headline and deck by shape, nothing invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, Edit, Flag, Hints
from ingest.plaintext import read_text
from tests.ingest.boilerplate.texts import BODY, page, read

PROSE = "\n".join(BODY)


def kinds(found: Article) -> list[str]:
    return [block.kind.value for block in found.blocks]


def test_short_lines_before_the_first_sentence_are_headline_and_deck() -> None:
    found = read(f"Council Votes for a New Wall\nStorm had broken the old one\n\n{PROSE}")
    assert kinds(found) == ["title", "deck", *["paragraph"] * 4]
    assert [block.line for block in found.blocks] == [1, 2, 4, 5, 6, 7]


def test_a_text_that_opens_with_a_sentence_has_no_headline() -> None:
    assert read(PROSE).title is None


def test_a_headline_may_ask_where_it_is_set_off() -> None:
    assert read(f"Who Pays for the Wall?\n\n{PROSE}").title == "Who Pays for the Wall?"
    assert read(f"Who pays for it?\nNobody knows.\n{PROSE}").title is None


@pytest.mark.parametrize(
    "text", ["", "\n\n", "one line", "A 1\nB 2\nC 3", "\n".join(f"Item {n}" for n in range(40)) + "\n" + PROSE]
)
def test_where_no_headline_can_be_told_there_is_none(text: str) -> None:
    assert read(text).title is None


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (
            "방파제 다시 쌓는다",
            "시의회는 화요일 겨울 폭풍에 무너진 옛 방파제를 다시 쌓기로 의결했다고 밝혔다. 공사는 봄에 시작한다.",
        ),
        (
            "防波堤を再建へ",
            "市議会は火曜日、冬の嵐で壊れた古い防波堤を建て直すことを決めた。工事は春に始まる見通しだ。",
        ),
        (
            "议会决定重建防波堤",
            "市议会星期二决定重建在冬季风暴中损坏的旧防波堤，工程将于明年春天开始，预计耗资四百万。",
        ),
        (
            "Совет решил восстановить мол",
            "Городской совет во вторник решил восстановить старый мол, разрушенный зимним штормом.",
        ),
        (
            "المجلس يقرر إعادة بناء الرصيف",
            "قرر مجلس المدينة يوم الثلاثاء إعادة بناء الرصيف القديم الذي دمرته عاصفة في الشتاء الماضي.",
        ),
    ],
)
def test_headlines_are_told_in_any_script(head: str, body: str) -> None:
    assert read(f"{head}\n{body}").title == head
    assert read(body).title is None


def test_hints_fill_only_what_the_text_leaves_open() -> None:
    hints = Hints(
        title="From the feed", authors=("Jo Doe",), published="2025-01-30", canonical_url="https://a.example/1"
    )
    bare = read_text(PROSE, replace(page(PROSE), hints=hints), (), ())
    assert (bare.title, bare.blocks[0].line, bare.published) == ("From the feed", 0, "2025-01-30")
    assert [name.original for name in bare.authors] == ["Jo Doe"]
    assert bare.canonical_url == "https://a.example/1"
    titled = read_text(f"Council Votes\n{PROSE}", replace(page(PROSE), hints=hints), (), ())
    assert titled.title == "Council Votes"


def test_a_hint_tells_which_line_of_the_head_is_the_headline() -> None:
    text = f"Region\nCouncil Votes\n{PROSE}"
    found = read_text(text, replace(page(text), hints=Hints(title="Council Votes")), (), ())
    assert kinds(found)[:2] == ["deck", "title"]


def test_what_decoding_changed_and_found_is_kept() -> None:
    edit, flag = Edit(line=0, before="\r\n", after="\n", rule="newlines"), Flag(name="guess")
    found = read_text(PROSE, page(PROSE), (edit,), (flag,))
    assert found.edits == (edit,)
    assert found.flags == (flag,)


def test_markdown_gives_its_structure() -> None:
    text = (
        "---\ntitle: Ignored, the heading stands\nauthor: Jo Doe\ndate: 2025-01-30\ntags: [harbour, storm]\n---\n\n"
        f"# Council *votes*\n\n{BODY[0]}\n\n## What it costs\n\n- four [million](https://a.b)\n1. **two** years\n\n"
        f"***\n![wall](w.png)\nPlan B\n------\n```\n# no heading\n```\n{BODY[1]}\n"
    )
    found = read(text, "text/markdown; charset=utf-8")
    assert [(block.kind.value, block.text) for block in found.blocks] == [
        ("title", "Council votes"),
        ("paragraph", BODY[0]),
        ("heading", "What it costs"),
        ("item", "four million"),
        ("item", "two years"),
        ("heading", "Plan B"),
        ("paragraph", "# no heading"),
        ("paragraph", BODY[1]),
    ]
    assert found.published == "2025-01-30"
    assert [name.original for name in found.authors] == ["Jo Doe"]
    assert found.tags == ("harbour", "storm")


def test_the_title_of_front_matter_heads_markdown_without_a_heading() -> None:
    assert read(f"---\ntitle: Council votes\n---\n{PROSE}", "text/markdown").title == "Council votes"


@pytest.mark.parametrize("head", ["---\n: [\n---", "---\nno end", "---\n- a\n- list\n---"])
def test_what_only_looks_like_front_matter_is_text(head: str) -> None:
    found = read(f"{head}\n{PROSE}", "text/markdown")
    assert [block.text for block in found.blocks][-4:] == list(BODY)


LINES = st.lists(st.text(alphabet="ab .#-*>`_=[](!)\\\t1:?가\u3000", max_size=12), max_size=12)


@given(LINES, st.sampled_from(["text/plain", "text/markdown"]))
def test_every_line_stands_once_and_edits_bring_the_input_back(lines: list[str], media_type: str) -> None:
    found = read("\n".join(lines), media_type)
    undo = {edit.line: edit for edit in found.edits}
    placed = {line.line: line.text for line in found.stripped}
    for block in found.blocks:
        if block.line:
            assert block.line not in placed
            edit = undo.get(block.line)
            assert edit is None or edit.after == block.text
            placed[block.line] = edit.before if edit else block.text
    assert placed == {number: line for number, line in enumerate(lines, start=1) if line.strip()}


def test_a_line_of_ten_megabytes_costs_no_more_than_its_length() -> None:
    long = "*a_ [" * 2_000_000
    for media_type in ("text/plain", "text/markdown"):
        assert len(read(f"{long}\n{PROSE}", media_type).blocks) == 5
