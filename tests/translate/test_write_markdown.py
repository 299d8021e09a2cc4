"""A Markdown page shows exactly the document, reads back as it, and lets nothing else in."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ingest.article import Kind
from tests.translate.strategies import documents, texts
from translate import escape, frontmatter, markdown
from translate.document import Document
from translate.passages import passages
from translate.visible import visible

RENDERERS = [MarkdownIt("commonmark"), MarkdownIt("commonmark").enable(["table", "strikethrough"])]


def shown(source: str, renderer: MarkdownIt) -> list[tuple[str, str]]:
    """Tag and text of each block that a reader sees, without regard to our own reader."""
    seen, tags = [], ["?"]
    for token in renderer.parse(source):
        if token.nesting == 1:
            tags.append(token.tag)
        elif token.nesting == -1:
            tags.pop()
        elif token.type == "inline":
            allowed = {"text", "hardbreak"}
            assert {child.type for child in token.children or ()} <= allowed, source
            text = "".join("\n" if child.type == "hardbreak" else child.content for child in token.children or ())
            seen.append((tags[-1], text))
        else:
            seen.append((token.type, token.content))
    return seen


@pytest.mark.parametrize("renderer", RENDERERS, ids=["commonmark", "gfm"])
class TestEveryRendererShows:
    @given(text=texts.filter(lambda text: bool(text.strip())))
    @example(text="a\\")
    @example(text="a \\ ")
    @example(text="Setext\n===")
    @example(text="a\n:--")
    @example(text="a | b\n--- | ---")
    @example(text="\u3000全角で始まる。")
    @example(text="1~2 and 3~4")
    @example(text="[a]: http://a.example\n[a]")
    def test_a_paragraph_as_its_text(self, renderer: MarkdownIt, text: str) -> None:
        breaks = all(line.strip() for line in visible(text).split("\n"))
        source = escape.paragraph(escape.inline(text, breaks=breaks))
        assert shown(source, renderer) == [("p", visible(text))]

    @given(text=texts.filter(lambda text: bool(text.strip())))
    @example(text="closed #")
    @example(text="###")
    def test_a_heading_as_its_text(self, renderer: MarkdownIt, text: str) -> None:
        source = f"## {escape.heading(escape.inline(text, breaks=False))}"
        assert shown(source, renderer) == [("h2", visible(text))]

    @given(items=st.lists(texts.filter(lambda text: bool(text.strip())), min_size=1, max_size=4))
    def test_list_items_as_their_texts(self, renderer: MarkdownIt, items: list[str]) -> None:
        sources = [escape.paragraph(escape.inline(item, breaks=False)) for item in items]
        assert shown("\n".join(f"- {source}" for source in sources), renderer) == [
            ("p", visible(item)) for item in items
        ]


@given(document=documents())
def test_a_page_reads_back_as_its_front_matter_and_its_blocks(document: Document) -> None:
    front, blocks = markdown.read(markdown.render(document))
    order = {Kind.TITLE: 0, Kind.DECK: 1}
    expected = sorted(passages(document), key=lambda part: order.get(part.kind, 2))
    assert blocks == tuple((part.kind, visible(part.text)) for part in expected)
    assert front == markdown.front_matter(document)


@given(document=documents())
def test_nothing_in_a_page_moves_a_cursor_or_reorders_a_line(document: Document) -> None:
    page = markdown.render(document).decode("utf-8")
    assert not {char for char in page if unicodedata.category(char) == "Cc"} - {"\n", "\t"}
    assert not re.search("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


@given(document=documents())
def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    assert markdown.render(document) == markdown.render(document)


@pytest.mark.parametrize(
    "prose",
    [
        "AT&T's R&D spending rose 3 < 4 per cent; costs were > 5.",
        "“We did [sic] say so,” she said – twice (see p. 12).",
        "It costs $5 and 3~5 % more. See https://a.example/one_two_three?x=1&y=2 or write to a_b@c.example!",
        "2024 was a year: 1.5 million, #1 of 10, 100% + tax | gross - net = profit",
        "<한겨레> 보도에 따르면 'A*' 은 아니다",
    ],
)  # fmt: skip
def test_english_prose_needs_no_escapes(prose: str) -> None:
    source = escape.paragraph(escape.inline(prose, breaks=True))
    assert source.replace("\\*", "*") == prose


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("see https://a.example/x_y?z=1&w=2 there", "see https://a.example/x_y?z=1&w=2 there"),
        ("see https://a.example/*x* there", r"see https\://a.example/\*x\* there"),
        ("가나http://a.example/ ", r"가나http\://a.example/&#32;"),
        ("www.a.example/_x", r"www\.a.example/\_x"),
        ("http://a.example\nnext", "http\\://a.example\\\nnext"),
        ("[^1](x)", r"\[^1\](x)"),
    ],
)
def test_an_address_that_needs_escapes_is_no_bare_link(text: str, source: str) -> None:
    """GitHub's renderer takes such links, and footnotes, from the source as it stands (`bench.markdown` shows it)."""
    assert escape.paragraph(escape.inline(text, breaks=True)) == source


ODD = [
    "", " ", " lead", "trail ", "a: b", "a #b", "no", "No", "y", "null", "~", "1e3", "0o17", "0x1F",
    "1_000", "12:30:45", ".inf",
    "2025-01-30", "2025-01-30T10:00:00Z", "<<", "=", "- a", "? a", "[a", "{a", "*a", "&a", "!a", "%a",
    "@a", "`a", "'", '"', "\\",
    "\\U0001F600", "\\\\U0001F600", "a\nb", "a\n---\nb", "\n", "\r\n", "\t", "\x85", "\u2028x\u2029",
    "\ufeff", "\ufffe", "\x00", "\x1b", "\x7f", "\x9b",
    "😀", "𒾐", "👩‍💻", "\U000e0041", "\U0010ffff", "\u202eabc", "메트로신문", "ⓒ", "---", "...", "a\\",
    "\\\U0001f600\u202e",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_front_matter_reads_back_every_odd_string(text: str) -> None:
    data = {"a": text, "b": [text, {"c": text}], "z": 1}
    assert frontmatter.split(frontmatter.dump(data) + "\nbody\n") == (data, "\nbody\n")


@given(
    data=st.dictionaries(
        st.sampled_from("abcde"), texts | st.lists(texts) | st.none() | st.integers() | st.booleans()
    )
)
def test_front_matter_is_the_same_with_and_without_libyaml(data: dict[str, object]) -> None:
    page = frontmatter.dump(data)
    assert page == frontmatter.dump(data, frontmatter.PURE)
    assert frontmatter.split(page)[0] == data
