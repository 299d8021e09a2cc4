"""An HTML page becomes an Article that accounts for every visible block."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import Article, Block, Hints, Kind, Lang, Provenance, RawPage, Stripped, digest
from ingest.errors import InputError
from ingest.extract import extract
from ingest.html.parse import parse
from ingest.html.visible import visible_blocks

PARAGRAPHS = [
    "The harbour town of Velmarsund opened its first tidal power plant on Thursday, after nine years of planning.",
    "The plant will supply about four thousand homes, the operator said, and it is expected to run for thirty years.",
    "Fishermen had feared that the turbines would drive the herring away, but a two-year study found no sign of it.",
    "The council wants to decide in autumn whether a second plant can be built at the northern end of the sound.",
]
TITLE = "Tidal plant opens in Velmarsund"


def page(html: str, url: str | None = "https://news.example/a/1", media_type: str = "text/html") -> RawPage:
    payload = html.encode()
    provenance = Provenance(
        source="test", target_uri=url, retrieved_at="2026-03-01T00:00:00Z", payload_digest=digest(payload)
    )
    return RawPage(provenance=provenance, payload=payload, media_type=media_type)


def simple(*, before: str = "", between: str = "", after: str = "", head: str = "", title: str = TITLE) -> str:
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<html><head>{head}</head><body><nav><a href=/>Home</a> <a href=/w>World</a></nav>"
        f"<article><header><h1>{title}</h1>{before}</header><div class=text>{first}{between}{''.join(rest)}{after}"
        "</div></article><footer>Imprint</footer></body></html>"
    )


def linked_data(**fields: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def accounted(article: Article, html: str) -> bool:
    """Every visible block stands exactly once, kept or stripped, and undoing the edits gives its text."""
    pieces: list[Block | Stripped] = [*article.blocks, *article.stripped]
    undone = {piece.line: piece.text for piece in pieces if piece.line}
    assert len(undone) == len([piece for piece in pieces if piece.line])
    for edit in reversed(article.edits):
        if edit.line:
            assert undone[edit.line] == edit.after
            undone[edit.line] = edit.before
    return undone == {block.line: block.text for block in visible_blocks(parse(html, "test"))}


def test_an_article_keeps_its_paragraphs_and_accounts_for_the_rest() -> None:
    html = simple()
    article = extract(page(html))
    assert [block.text for block in article.body] == PARAGRAPHS
    assert article.title == TITLE
    assert {stripped.rule for stripped in article.stripped} == {"extractor"}
    assert accounted(article, html)


def test_subheadings_items_and_captions_are_kept_as_such() -> None:
    html = simple(
        between="<h2>Nine years of planning</h2><ul><li>four thousand homes</li><li>thirty years of service</li></ul>"
        "<figure><img src=x.jpg><figcaption>The turbine hall in March</figcaption></figure>"
    )
    kinds = {block.text: block.kind for block in extract(page(html)).blocks}
    assert kinds["Nine years of planning"] is Kind.HEADING
    assert kinds["four thousand homes"] is kinds["thirty years of service"] is Kind.ITEM
    assert kinds.get("The turbine hall in March", Kind.CAPTION) is Kind.CAPTION


def test_the_standfirst_is_a_field_of_its_own() -> None:
    deck = "After nine years of planning, four thousand homes get their power from the sea."
    article = extract(page(simple(before=f'<p class="standfirst">{deck}</p>')))
    assert [block.text for block in article.blocks if block.kind is Kind.DECK] == [deck]
    assert deck not in [block.text for block in article.body]


@pytest.mark.parametrize(
    "furniture",
    [
        "<p><a href=/b>Herring quota is cut again, ministers say</a></p>",
        "<p>Read more: <a href=/b>Herring quota is cut again</a></p>",
        "<ul><li><a href=/b>Herring quota is cut again</a></li><li><a href=/c>Ferry fares rise</a></li></ul>",
        "<div><h3><a href=/b>Herring quota is cut again this year</a></h3><p>Ministers agreed on Monday.</p></div>",
        "<div class='newsletter-signup'><p>Get the harbour letter every morning in your inbox.</p></div>",
        "<aside><p>Velmarsund has eleven thousand inhabitants and two harbours, one of them from 1702.</p></aside>",
    ],
)
def test_furniture_inside_the_text_is_left_out(furniture: str) -> None:
    html = simple(between=furniture)
    article = extract(page(html))
    assert [block.text for block in article.body] == PARAGRAPHS
    assert accounted(article, html)


def test_readers_comments_are_left_out_even_where_they_look_like_the_text() -> None:
    comment = "I have lived here for forty years and never thought that I would see this plant turn a single time."
    comments = "".join(f"<div class=comment><div class=text><p>{comment} ({n})</p></div></div>" for n in range(8))
    html = simple().replace("<footer>", f"<section class=comments>{comments}</section><footer>")
    assert [block.text for block in extract(page(html)).body] == PARAGRAPHS


def test_a_biography_of_the_author_at_the_end_is_left_out() -> None:
    bio = "Mara Ostrow has written about energy and the sea for the paper since 2019."
    article = extract(page(simple(head=linked_data(author={"name": "Mara Ostrow"}), after=f"<p>{bio}</p>")))
    assert [block.text for block in article.body] == PARAGRAPHS
    assert bio in [piece.text for piece in article.stripped]


def test_a_paragraph_with_links_in_it_is_kept() -> None:
    linked = (
        "The <a href=/1>harbour board</a> and the <a href=/2>fishing guild</a> agreed on a limit for the flow, which"
        " is measured every ten minutes at the mouth of the sound."
    )
    article = extract(page(simple(between=f"<p>{linked}</p>")))
    assert any(block.text.startswith("The harbour board and the fishing guild agreed") for block in article.body)


def test_a_class_named_paywall_around_the_whole_text_is_no_furniture() -> None:
    html = simple().replace("<div class=text>", '<div class="paywall subscriber-content">')
    assert [block.text for block in extract(page(html)).body] == PARAGRAPHS


def test_the_headline_is_freed_of_kicker_and_site_and_the_edit_undoes_it() -> None:
    head = '<meta property="og:title" content="Tidal plant opens in Velmarsund | The Sound Herald">'
    head += '<meta property="og:site_name" content="The Sound Herald">'
    html = simple(head=head, title="Energy: Tidal plant opens in Velmarsund")
    article = extract(page(html))
    assert article.title == TITLE
    assert [edit.rule for edit in article.edits] == ["headline"]
    assert accounted(article, html)


def test_a_headline_that_the_page_does_not_show_is_flagged_beside_the_one_it_shows() -> None:
    head = '<meta property="og:title" content="The sea now powers a whole town">'
    article = extract(page(simple(head=head)))
    assert article.title == "The sea now powers a whole town"
    assert article.blocks[0].line == 0
    assert [(flag.name, flag.detail) for flag in article.flags] == [("headline-differs", TITLE)]


@pytest.mark.parametrize(
    "shown",
    [
        f"<h2 class=tit>{TITLE}</h2><div>{'<br><br>'.join(PARAGRAPHS)}</div>",
        f"<div><b>{TITLE}</b></div><div>{'<br><br>'.join(PARAGRAPHS)}</div>",
    ],
)
def test_a_line_that_says_the_title_but_its_end_is_the_headline_where_no_h1_stands(shown: str) -> None:
    html = f"<html><head><title>{TITLE} - Sound Herald</title></head><body><div>{shown}</div></body></html>"
    article = extract(page(html, url=None))
    assert (article.title, article.blocks[0].line) == (TITLE, 1)
    assert [block.text for block in article.body] == PARAGRAPHS


def test_the_owner_of_the_rights_is_no_part_of_the_headline() -> None:
    html = (
        f"<html><head><title>{TITLE} - Sound Herald</title></head><body>{{}}<p>{'</p><p>'.join(PARAGRAPHS)}</p>{{}}"
    )
    claimed = extract(page(html.format("", "<footer>© 2026 Sound Herald. All rights reserved.</footer>"), url=None))
    assert claimed.title == TITLE
    unclaimed = extract(page(html.format("<p><a href=/>Sound</a></p>", "<footer>© 2026</footer>"), url=None))
    assert unclaimed.title == f"{TITLE} - Sound Herald"


def test_an_end_of_the_title_that_is_longer_than_the_line_before_it_stays() -> None:
    title = "Velmarsund harbour - tidal plant opens after nine years of planning"
    shown = f"<div>Velmarsund harbour</div><p>{'</p><p>'.join(PARAGRAPHS)}</p>"
    assert extract(page(f"<html><head><title>{title}</title></head><body>{shown}", url=None)).title == title


@pytest.mark.parametrize("name", ["author", "articleAuthor", "article:author"])
def test_a_meta_tag_names_the_author(name: str) -> None:
    article = extract(page(simple(head=f'<meta name="{name}" content="Mara Ostrow">')))
    assert [author.original for author in article.authors] == ["Mara Ostrow"]


def test_a_body_that_stands_only_in_linked_data_is_found() -> None:
    head = linked_data(headline=TITLE, articleBody="\n".join(PARAGRAPHS))
    html = f"<html><head>{head}</head><body><h1>{TITLE}</h1><p>Loading</p></body></html>"
    article = extract(page(html))
    assert [block.text for block in article.body] == PARAGRAPHS
    assert [block.line for block in article.body] == [3, 4, 5, 6]


def test_the_standfirst_that_a_page_shows_stays_beside_a_body_from_its_data() -> None:
    deck = "After nine years of planning, four thousand homes get their power from the sea."
    head = linked_data(headline=TITLE, description=deck, articleBody="\n".join(PARAGRAPHS))
    html = f"<html><head>{head}</head><body><h1>{TITLE}</h1><p>{deck}</p><p>Log in to read on.</p></body></html>"
    article = extract(page(html))
    assert [(block.kind, block.text) for block in article.blocks[:2]] == [(Kind.TITLE, TITLE), (Kind.DECK, deck)]
    assert [block.text for block in article.body] == PARAGRAPHS
    assert [piece.text for piece in article.stripped] == ["Log in to read on."]


NEXT = {"props": {"pageProps": {"story": {"title": TITLE, "blocks": [{"html": f"<p>{p}</p>"} for p in PARAGRAPHS]}}}}
FUSION = {"headlines": {"basic": TITLE}, "content_elements": [{"type": "text", "content": p} for p in PARAGRAPHS]}
ESCAPED = json.dumps(json.dumps({"body": "".join(f"<p>{p}</p>" for p in PARAGRAPHS), "menu": ["Home", "World"]}))


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(NEXT)}</script>',
        f"<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={json.dumps(FUSION)};Fusion.x=1;</script>",
        f"<script>window.__STATE__ = JSON.parse({ESCAPED});</script>",
        f"<script>self.flight.push([1, {json.dumps('<br>'.join(PARAGRAPHS))}]); run(function() {{}})</script>",
    ],
)
def test_a_body_that_stands_only_in_the_page_s_data_is_found(script: str) -> None:
    html = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>Loading</p>{script}</body></html>"
    article = extract(page(html))
    assert [block.text for block in article.body] == PARAGRAPHS
    assert accounted_embedded(article, shown=2)


def test_a_body_in_typed_pieces_has_its_headings_and_lists_and_not_its_advertisements() -> None:
    pieces: list[dict[str, object]] = [{"type": "paragraph", "html": f"<p>{text}</p>"} for text in PARAGRAPHS]
    pieces.insert(1, {"type": "ad", "label": "Advertisement", "html": "Buy herring"})
    pieces.insert(2, {"type": "heading", "html": "Nine years"})
    pieces.insert(4, {"type": "list", "items": ["four thousand homes", {"html": "thirty years"}]})
    pieces.append(
        {"type": "related", "title": "Herring quota is cut again", "items": [{"title": "Ferry fares rise"}]}
    )
    data = json.dumps({"props": {"article": {"title": TITLE, "content": pieces}}})
    script = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    article = extract(page(f"<html><body><h1>{TITLE}</h1><p>Loading</p>{script}</body></html>"))
    first, second, *rest = PARAGRAPHS
    assert [b.text for b in article.body] == [
        first, "Nine years", second, "four thousand homes", "thirty years", *rest
    ]  # fmt: skip
    assert [block.text for block in article.body if block.kind is Kind.HEADING] == ["Nine years"]
    assert [block.text for block in article.body if block.kind is Kind.ITEM] == [
        "four thousand homes",
        "thirty years",
    ]


def embedded(script: str, *, title: str = TITLE, shown: str = "") -> Article:
    return extract(
        page(f"<html><head><title>{title}</title></head><body>{shown}<script{script}</script></body></html>")
    )


SHORT = [PARAGRAPHS[0], "Nobody complained."]
PLAIN = ">window.__APP__={pages:[{article:{title:%s,body:%s}}]};" + "run();" * 20


@pytest.mark.parametrize("shown", ["", "<div id=app>Loading</div>", f"<h1>{TITLE}</h1>"])
@pytest.mark.parametrize(
    "script",
    [
        f' type="application/ld+json">{json.dumps({"@type": "NewsArticle", "articleBody": "<br>".join(SHORT)})}',
        f' type="application/json">{json.dumps({"x": {"title": TITLE, "content": SHORT}})}',
        f' type="application/json">{json.dumps({"title": TITLE, "body": "".join(f"<p>{p}</p>" for p in SHORT)})}',
        f' type="application/json">{json.dumps({"title": TITLE, "body": [{"kind": "p", "text": p} for p in SHORT]})}',
        f' type="application/json">{json.dumps({"title": TITLE, "blocks": [{"html": p} for p in SHORT]})}',
        PLAIN % (json.dumps(TITLE), json.dumps("<br>".join(SHORT))),
    ],
)
def test_a_short_text_is_the_body_where_the_data_call_it_that(script: str, shown: str) -> None:
    article = embedded(script, shown=shown)
    assert article.title == TITLE
    assert [block.text for block in article.body] == SHORT


@pytest.mark.parametrize(
    "data",
    [
        {"title": "Herring quota is cut again", "body": PARAGRAPHS[0]},
        {"title": TITLE, "description": PARAGRAPHS[0]},
        {"title": TITLE, "body": "Loading"},
        {"@type": "NewsArticle", "headline": TITLE, "articleBody": TITLE},
    ],
)
def test_a_short_text_that_nothing_calls_the_body_is_none(data: dict[str, object]) -> None:
    for kind in ("application/json", "application/ld+json"):
        with pytest.raises(InputError, match="nothing readable"):
            embedded(f' type="{kind}">{json.dumps(data)}')


def test_what_is_left_out_of_a_body_in_the_page_s_data_is_accounted_for() -> None:
    pieces: list[dict[str, object]] = [{"type": "text", "content": text} for text in PARAGRAPHS]
    pieces.insert(1, {"type": "promo", "content": f"Sign up to our briefing. {PARAGRAPHS[3]}"})
    pieces.insert(3, {"type": "image", "url": "https://news.example/1.jpg", "caption": "The plant at dawn"})
    pieces.append(
        {"type": "text", "content": "<p>It rained.</p><aside>Read also</aside><table><tr><td>7</td></table>"}
    )
    article = embedded(f' type="application/json">{json.dumps({"title": TITLE, "content_elements": pieces})}')
    assert [block.text for block in article.body] == [*PARAGRAPHS, "It rained."]
    left = [(line.rule, line.text) for line in article.stripped]
    promo = f"Sign up to our briefing. {PARAGRAPHS[3]}"
    assert left == [("extractor", text) for text in (promo, "The plant at dawn", "Read also", "7")]
    lines = [block.line for block in article.blocks if block.line] + [line.line for line in article.stripped]
    assert sorted(lines) == list(range(1, 10))


def test_headings_and_items_of_a_fragment_in_the_page_s_data_stay_what_they_are() -> None:
    html = f"<h2>Nine years</h2>\n<p>{PARAGRAPHS[0]}</p><ul>\n<li><p>four homes</p></li><li>herring</li></ul>after"
    article = embedded(f' type="application/json">{json.dumps({"title": TITLE, "body": html})}')
    assert [block.kind for block in article.body] == [
        Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM, Kind.ITEM, Kind.PARAGRAPH
    ]  # fmt: skip


def test_a_body_in_the_page_s_data_is_known_by_words_in_other_cases_than_the_headline_s() -> None:
    title = "Kasę na stacji otworzyła emerytowana nauczycielka geografii"
    text = (
        "Od wtorku bilety stacyjne sprzedaje dawna nauczyciela geografów uczennica, od szóstej rano do trzynastej. "
    )
    data = json.dumps({"props": {"text": "<p>" + text * 4 + "</p>"}})
    html = f"<html><body><h1>{title}</h1><p>Chwileczkę</p><script type=application/json>{data}</script></body></html>"
    assert extract(page(html)).body[0].text.startswith("Od wtorku")


def accounted_embedded(article: Article, *, shown: int) -> bool:
    pieces: list[Block | Stripped] = [*article.blocks, *article.stripped]
    lines = sorted(piece.line for piece in pieces if piece.line)
    return lines == list(range(1, shown + len(PARAGRAPHS) + 1))


def test_other_data_of_the_page_is_not_taken_for_its_body() -> None:
    menu = {"teasers": ["Another story about quite different things that happened in the mountains last week."] * 9}
    html = simple() + f'<script type="application/json">{json.dumps(menu)}</script>'
    assert [block.text for block in extract(page(html)).body] == PARAGRAPHS


def test_the_facts_come_from_linked_data_and_meta_tags() -> None:
    head = linked_data(
        headline=TITLE,
        datePublished="2026-03-12T08:15:00+01:00",
        author=[{"@type": "Person", "name": "Mara Ostrow"}, {"@type": "Person", "name": "Tomas Lindgaard (tl)"}],
        publisher={"@type": "Organization", "name": "The Sound Herald"},
        articleSection="Energy",
        keywords=["tides", "power"],
        inLanguage="en-GB",
    )
    head += '<link rel="canonical" href="/a/tidal"><meta name="copyright" content="Sound Media">'
    article = extract(page(simple(head=head)))
    assert [name.original for name in article.authors] == ["Mara Ostrow", "Tomas Lindgaard"]
    assert article.published == "2026-03-12T08:15:00+01:00"
    assert article.publisher is not None
    assert (article.publisher.original, article.publisher.domain) == ("The Sound Herald", "news.example")
    assert (article.section, article.tags, article.declared_lang) == ("Energy", ("tides", "power"), "en-gb")
    assert (article.canonical_url, article.rights) == ("https://news.example/a/tidal", "Sound Media")


def test_a_date_that_means_none_is_passed_over() -> None:
    head = linked_data(datePublished="0001-01-01T00:00:00Z") + '<meta name="pubdate" content="2026-03-12">'
    assert extract(page(simple(head=head))).published == "2026-03-12"


def test_a_visible_byline_and_date_serve_where_nothing_is_declared() -> None:
    article = extract(page(simple(before="<p>By Mara Ostrow</p><p>12.03.2026</p>")))
    assert [name.original for name in article.authors] == ["Mara Ostrow"]
    assert article.published == "2026-03-12"
    assert [block.text for block in article.body] == PARAGRAPHS


def test_what_the_source_says_fills_in_what_the_page_does_not() -> None:
    hints = Hints(title="From the feed", authors=("Mara Ostrow",), published="2026-03-12", lang=Lang("en"))
    bare = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    article = extract(replace(page(f"<html><body>{bare}</body></html>"), hints=hints))
    assert (article.title, article.published, article.declared_lang) == ("From the feed", "2026-03-12", "en")
    assert [name.original for name in article.authors] == ["Mara Ostrow"]
    assert extract(replace(page(simple()), hints=hints)).title == TITLE


def test_a_page_of_links_alone_holds_no_article() -> None:
    links = "".join(f"<li><a href=/{n}>Headline number {n} of a list of other articles</a></li>" for n in range(40))
    with pytest.raises(InputError, match="shows no article"):
        extract(page(f"<html><body><h1>News</h1><ul>{links}</ul></body></html>"))


def test_extraction_is_deterministic() -> None:
    assert extract(page(simple())) == extract(page(simple()))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("just words, no tag at all", "no tag"),
        ("<html><body></body></html>", "nothing readable"),
        ("<html><body><script>var a = 1</script></body></html>", "nothing readable"),
        ("<p " + " ".join(f"a{i}=1" for i in range(12_000)) + ">text</p>", "attributes"),
        (
            "<p>text</p>" * 5_000 + "<b " + "".join(f"a{i} " for i in range(12_000)) + ">" + "<p>more</p>" * 5_000,
            "attrib",
        ),
        ("<div>" * 100_000 + "deep", "nested"),
    ],
)
def test_a_page_without_an_article_is_refused_with_the_reason(html: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        extract(page(html))


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_a_sign_that_no_page_may_hold_is_shown_as_lost(sign: str) -> None:
    article = extract(page(simple(between=f"<p>The tide{sign} turned at noon, as it always did in the Sound.</p>")))
    texts = [block.text for block in article.blocks] + [line.text for line in article.stripped]
    assert "The tide\ufffd turned at noon, as it always did in the Sound." in texts


def test_an_unknown_media_type_is_refused() -> None:
    with pytest.raises(InputError, match="application/pdf"):
        extract(page("x", media_type="application/pdf"))


def test_plain_text_goes_to_the_reader_of_plain_text() -> None:
    article = extract(page("First line.\n\nThird line.", media_type="text/plain"))
    assert [block.line for block in article.blocks] == [1, 3]


WORDS = st.sampled_from(
    ["tide", "Sound", "Größe", "潮力発電所", "조력", "a.", "&amp;amp;", "Ã¼ber", "12.03.2026", "&#0;", "x?y"]
)
TEXT = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
TAGS = st.sampled_from(["p", "div", "li", "h1", "h2", "a", "b", "td", "aside", "nav", "figcaption", "span", "x-y"])
LEAF = st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", TAGS, TEXT) | TEXT | st.just("<br>")
TREE = st.recursive(
    LEAF,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{' '.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=5)
    ),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(TREE, max_size=8).map("".join))
def test_kept_and_stripped_are_the_visible_blocks_of_any_page(body: str) -> None:
    for html in (f"<html><body>{body}</body></html>", simple(between=body)):
        try:
            article = extract(page(html))
        except InputError:
            continue
        assert accounted(article, html)
        assert extract(page(html)) == article
