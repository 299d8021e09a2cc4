"""A page's authors are those it states, and those it shows where it states none or only itself."""

from __future__ import annotations

import pytest

from ingest.extract import extract
from tests.ingest.test_extract import linked_data, page, simple

SITE = '<meta property="og:site_name" content="The Sound Herald">'
SITE_AS_AUTHOR = linked_data(headline="x", author={"@type": "Person", "name": "The Sound Herald"})


def authors(**parts: str) -> list[str]:
    return [name.original for name in extract(page(simple(**{"head": SITE, **parts}))).authors]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p class=byline><span>Mara Ostrow</span><span>Harbour News Reporter</span></p>", ["Mara Ostrow"]),
        ("<p class=byline><b>Mara Ostrow</b><i>The Sound Herald</i></p>", ["Mara Ostrow"]),
        ("<p class=signature>The Sound Herald <b>Mara Ostrow</b>.</p>", ["Mara Ostrow"]),
        ("<p class=byline>By <a>Mara Ostrow</a> and <a>Tomas Lindgaard</a></p>", ["Mara Ostrow", "Tomas Lindgaard"]),
        (
            '<p><a rel=author href="/m">Mara Ostrow</a>, <a rel=author href="/t">Tomas Lindgaard</a></p>',
            ["Mara Ostrow", "Tomas Lindgaard"],
        ),
        (
            "<p class=author-name>Mara Ostrow</p><p class=author-name>Tomas Lindgaard</p>",
            ["Mara Ostrow", "Tomas Lindgaard"],
        ),
        (
            "<p><span itemprop=author>By Mara Ostrow and Tomas Lindgaard<br>Herald staff writers</span></p>",
            ["Mara Ostrow", "Tomas Lindgaard"],
        ),
        ("<dl><dd itemprop=author>Escrito por <span>Mara Ostrow</span></dd></dl>", ["Mara Ostrow"]),
        ("<p class=author-name>Mara Ostrow</p><p class=author-job>Watch Live</p>", ["Mara Ostrow"]),
        ("<p>By Mara Ostrow - Coast Press - Friday, March 13, 2026</p>", ["Mara Ostrow"]),
        ("<p>By TSH, in News, Energy · 13 Mar 2026, 20:02 · 0 Comments</p>", ["TSH"]),
        ("<p>Von dpa 13.03.2026, 18:58</p>", ["dpa"]),
        ("<div><span>Mara Ostrow</span><span>5 hours ago</span></div>", ["Mara Ostrow"]),
        ("<p>Mara Ostrow | 13.03.2026</p>", ["Mara Ostrow"]),
        ("<p>By Monday, 12 boats had come back.</p>", []),
        ("<p>By Monday, 12 boats are back</p>", []),
        ("<figure><p class=author>Photo: Lars Quist</p></figure>", []),
        ("<div class=lead-image><p class=author>Lars Quist</p></div>", []),
    ],
)
def test_a_byline_below_the_headline_names_the_authors(line: str, names: list[str]) -> None:
    assert authors(before=line) == names


@pytest.mark.parametrize("names", ["Mara Ostrow", "MARA OSTROW", "Mara Ostrow/Tomas Lindgaard"])
def test_a_paragraph_of_names_above_the_text_counts_where_the_site_calls_itself_the_author(names: str) -> None:
    text = simple(head=SITE + SITE_AS_AUTHOR).replace("<div class=text>", f"<div class=text><p>{names}</p>")
    article = extract(page(text))
    assert "/".join(name.original for name in article.authors) == names
    assert names not in [block.text for block in article.body]


def test_the_site_is_the_author_where_nobody_else_is() -> None:
    assert authors(head=SITE + SITE_AS_AUTHOR) == ["The Sound Herald"]


def test_an_account_that_many_share_names_nobody() -> None:
    account = {"@type": "Person", "name": "Herald D", "url": "https://news.example/author/admin/"}
    head = SITE + linked_data(headline="x", author=account)
    assert authors(head=head, before="<p class=byline>by Herald D</p><p>By Mara Ostrow</p>") == ["Mara Ostrow"]
    assert authors(head=head) == ["Herald D"]


def test_a_field_with_the_site_s_own_address_names_nobody() -> None:
    head = SITE + '<meta name=author content="Sound Radio (news.example)">'
    assert authors(head=head, after="<ul><li>Autorin/Autor Jette Brückmann</li></ul>") == ["Jette Brückmann"]


def test_whom_the_byline_shows_wrote_it_and_not_whom_only_the_data_name() -> None:
    head = SITE + linked_data(headline="x", author={"@type": "Person", "name": "Tomas Lindgaard"})
    byline = "<p class=author>Mara Ostrow</p>"
    assert authors(head=head, before=byline, after="<p>Editor: Tomas Lindgaard</p>") == ["Mara Ostrow"]
    assert authors(head=head, before=f"<p>With Tomas Lindgaard</p>{byline}") == ["Tomas Lindgaard"]
    assert authors(head=head) == ["Tomas Lindgaard"]


def test_an_agency_shares_the_credit_with_a_person_and_stands_back_behind_a_byline_where_it_is_alone() -> None:
    agency = {"@type": "Organization", "name": "Coast Press Agency"}
    both = linked_data(headline="x", author=[agency, {"@type": "Person", "name": "Mara Ostrow"}])
    assert authors(head=SITE + both) == ["Coast Press Agency", "Mara Ostrow"]
    alone = SITE + linked_data(headline="x", author=agency)
    assert authors(head=alone, before="<p class=byline>Mara Ostrow</p>") == ["Mara Ostrow"]
    assert authors(head=alone) == ["Coast Press Agency"]


def test_bylines_of_several_articles_name_nobody() -> None:
    teasers = "<ul><li>By Mara Ostrow</li><li>By Tomas Lindgaard</li></ul>"
    filler = "".join(
        f"<p>Line {number} of a long list of other things that are in the news.</p>" for number in range(40)
    )
    assert authors(after=filler + teasers) == []
    assert authors(after=filler + "<p>By Mara Ostrow</p>") == ["Mara Ostrow"]


@pytest.mark.parametrize(
    "line",
    ["<p><b>Mara Ostrow</b></p>", "<p align=right>Mara Ostrow</p>", '<p style="text-align: right">Mara Ostrow</p>'],
)
def test_a_name_that_signs_the_text_is_its_author_and_no_part_of_it(line: str) -> None:
    article = extract(page(simple(head=SITE, after=line)))
    assert [name.original for name in article.authors] == ["Mara Ostrow"]
    assert "Mara Ostrow" not in [block.text for block in article.body]


@pytest.mark.parametrize("line", ["<p>Mara Ostrow</p>", "<p><b>Mara Ostrow said so</b></p>", "<h3>Mara Ostrow</h3>"])
def test_a_line_that_only_holds_a_name_signs_nothing(line: str) -> None:
    assert authors(after=line) == []


def test_whoever_comments_is_no_author() -> None:
    comment = (
        "<div class=comments><dt class=comment-author><b>Pa Dede</b> said...</dt><dd>Good news at last.</dd></div>"
    )
    assert authors(after=comment) == []


def test_authors_that_the_page_shows_beside_the_one_it_declares_are_authors() -> None:
    head = SITE + linked_data(headline="x", author={"@type": "Person", "name": "Mara Ostrow"})
    both = "<p class=byline>By Mara Ostrow and Tomas Lindgaard</p>"
    assert authors(head=head, before=both) == ["Mara Ostrow", "Tomas Lindgaard"]
    assert authors(head=head, before="<p class=byline>By Tomas Lindgaard and Elke Sund</p>") != ["Mara Ostrow"]


def test_a_line_of_names_in_a_box_of_furniture_names_nobody() -> None:
    box = (
        "<div class=newsletter-top><p>Newsletter La Matinale</p><p>Every morning the news of the day by mail, chosen"
    )
    assert authors(head="", before=f"{box} by our desk.</p></div>") == []


def test_the_site_without_its_article_is_still_the_site() -> None:
    head = SITE + '<meta name="DC.creator" content="Sound Herald">'
    assert authors(head=head, before="<p class=byline>By Mara Ostrow</p>") == ["Mara Ostrow"]


@pytest.mark.parametrize(
    ("link", "title", "publisher"),
    [
        ("<a href=/><img alt='The Sound Herald'></a>", "Plant opens - The Sound Herald", "The Sound Herald"),
        ("<a href=https://news.example/>The Sound Herald</a>", "The Sound Herald :: Plant opens", "The Sound Herald"),
        ("<a rel=home href=/en>The Sound Herald</a>", "Plant opens | The Sound Herald", "The Sound Herald"),
        ("<a href=/about/us>The Sound Herald</a>", "Plant opens | The Sound Herald", None),
        ("<a href=/>Home</a>", "Plant opens | The Sound Herald", None),
        ("<a href=/>The Sound Herald</a>", "Plant opens", None),
    ],
)
def test_the_publisher_is_what_the_link_home_and_the_window_s_title_both_say(
    link: str, title: str, publisher: str | None
) -> None:
    html = simple(head=f"<title>{title}</title>").replace("<nav>", f"<div>{link}</div><nav>")
    found = extract(page(html)).publisher
    assert (found.original if found else None) == publisher
    hosted = html.replace("<head>", '<head><meta property="og:site_name" content="news.example">')
    again = extract(page(hosted)).publisher
    assert again is not None
    assert again.original == (publisher or "news.example")
