"""Documents for property tests: every kind of block, every kind of text, English and not."""

from __future__ import annotations

from hypothesis import strategies as st

from ingest.article import (
    EN,
    Article,
    Block,
    Edit,
    Flag,
    Kind,
    Lang,
    Name,
    Notice,
    Provenance,
    Publisher,
    Stripped,
    document_id,
)
from translate.document import UNTRANSLATED, Document, ModelRef, Segment, Translated
from translate.passages import Passage, Run, body

KOEN = ModelRef(engine="firefox", name="koen-base", digest="sha256:0a1b", source_lang=Lang("ko"))

MARKUP = [
    "# ", "#", "> ", "- ", "* ", "+ ", "1. ", "2) ", "```", "~~~", "~", "~~", "***", "---", "===", "_",
    "__", "*", "**",
    "`", "[", "]", "(", ")", "](", "]:", "![", "<", ">", "<b>", "</b>", "<!--", "-->", "<?",
    "<http://a.example>",
    "<a@b.example>", "&amp;", "&#65;", "&", ";", "\\", "\\\\", "\\*", "|", "|---|", ":--", "\t", "    ",
    "  ", " ", "\n",
    "\n\n", "  \n", "\\\n", "http://a.example/x_y_z", "www.a.example", "[ ] ", "[x] ", "[^1]", "[!NOTE]",
    "a", "word",
    "snake_case", "3~5", "AT&T", "R&D;", "\x1b[31m", "\u202e", "\u2066", "\x00", "\r", "\x85", "\u2028",
    "\u2029", "\u3000",
    "\xa0", "\ufeff", "가나", "日本。", "😀", "\U0001f468\u200d\U0001f469", "é", "e\u0301", ".", "!", "Not",
    "$5", "%", "setext",
    "<div", "<script>", "&copy", "&nbsp;", "{", "}", ":", "'", '"', "x*y", "a_b", "“", "”",
]  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from(MARKUP), min_size=1, max_size=12).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40),
)
words = st.sampled_from(MARKUP) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
solid_texts = texts.filter(lambda text: bool(text.strip()))
lines = solid_texts.map(lambda text: " ".join(text.split()) or "x")


@st.composite
def translations(draw: st.DrawFn, index: int) -> tuple[Translated, ...]:
    """A block's segments: English as it stands, Korean made English, or Korean that stayed."""
    pieces = draw(st.lists(st.tuples(solid_texts, st.sampled_from(["en", "made", "left"])), min_size=1, max_size=3))
    made, start = [], 0
    for text, fate in pieces:
        source = "원문 " if fate == "made" else text
        lang = EN if fate == "en" else Lang("ko")
        segment = Segment(index=index, start=start, end=start + len(source), text=source, lang=lang)
        start += len(source)
        flags = (UNTRANSLATED,) if fate == "left" else ()
        made.append(Translated(segment=segment, text=text, model=KOEN if fate == "made" else None, flags=flags))
    return tuple(made)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A consistent document: its texts are those of its segments."""
    kinds: list[Kind] = draw(
        st.lists(st.sampled_from([kind for kind in Kind if kind is not Kind.TITLE]), min_size=1, max_size=5)
    )
    if draw(st.booleans()):
        kinds.insert(0, Kind.TITLE)
    segments = [draw(translations(index)) for index in range(len(kinds))]
    blocks = tuple(
        Block(kind=kind, text="".join(one.segment.text for one in part), line=index + 1)
        for index, (kind, part) in enumerate(zip(kinds, segments, strict=True))
    )
    return assembled(draw(articles(blocks)), tuple(one for part in segments for one in part))


def assembled(article: Article, segments: tuple[Translated, ...]) -> Document:
    """The document of an article whose segments are translated."""
    texts = [
        "".join(one.text for one in segments if one.segment.index == index) or block.text
        for index, block in enumerate(article.blocks)
    ]
    by_kind = list(zip([block.kind for block in article.blocks], texts, strict=True))
    title = next((text for kind, text in by_kind if kind is Kind.TITLE), None)
    langs = [one.segment.lang for one in segments]
    return Document(
        id=document_id(article.provenance),
        version=article.provenance.payload_digest,
        title=title,
        title_original=article.title if title != article.title else None,
        deck=tuple(text for kind, text in by_kind if kind is Kind.DECK),
        text=body(Passage(kind=kind, index=i, runs=(Run(text=text),)) for i, (kind, text) in enumerate(by_kind)),
        section=article.section,
        tags=article.tags,
        authors=article.authors,
        publisher=article.publisher,
        date=(article.published or article.provenance.retrieved_at)[:10],
        date_basis="published" if article.published else "retrieved",
        source_lang=max(set(langs), key=lambda lang: (langs.count(lang), lang)) if langs else EN,
        article=article,
        segments=segments,
    )


@st.composite
def articles(draw: st.DrawFn, blocks: tuple[Block, ...]) -> Article:
    """An article around blocks, its metadata as odd as its text."""
    some = st.none() | words
    return Article(
        provenance=Provenance(
            source=draw(words),
            target_uri=draw(some),
            retrieved_at="2025-02-01T08:00:00Z",
            payload_digest=f"sha256:{draw(st.integers(0, 2**64)):064x}",
        ),
        blocks=blocks,
        canonical_url=draw(some),
        authors=tuple(Name(original=draw(words), latin=draw(some)) for _ in range(draw(st.integers(0, 2)))),
        publisher=draw(st.none() | st.builds(Publisher, original=words, latin=some, domain=some)),
        published=draw(st.none() | st.just("2025-01-30")),
        section=draw(some),
        tags=tuple(draw(st.lists(words, max_size=2))),
        rights=draw(some),
        notice=draw(
            st.none() | st.builds(Notice, engine=some, source_lang=st.just(Lang("ko")), inferred=st.booleans())
        ),
        stripped=tuple(
            draw(st.lists(st.builds(Stripped, rule=words, text=words, line=st.integers(1, 99)), max_size=2))
        ),
        edits=tuple(
            draw(st.lists(st.builds(Edit, line=st.integers(0, 9), before=words, after=words, rule=words), max_size=2))
        ),
        flags=tuple(draw(st.lists(st.builds(Flag, name=words, detail=words, line=st.integers(1, 9)), max_size=2))),
    )
