"""What stands in a page's foot, outside of the article, tells its publisher and rights."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from ingest.article import EXTRACTOR, Article, Publisher, Stripped
from ingest.boilerplate import Rules, load_rules, strip
from ingest.extract import extract
from tests.ingest.boilerplate.texts import BODY, article
from tests.ingest.test_extract import PARAGRAPHS, page, simple


@cache
def rules() -> Rules:
    return load_rules()


def read(foot: str, *, head: str = "", after: str = "") -> Article:
    html = simple(head=head, after=after).replace("<footer>Imprint</footer>", f"<footer>{foot}</footer>")
    found = strip(extract(page(html)), rules())
    assert [block.text for block in found.body] == PARAGRAPHS
    assert strip(found, rules()) == found
    return found


@pytest.mark.parametrize(
    ("foot", "rights", "publisher"),
    [
        (
            "<p>About us</p><p>© 2026 The Sound Herald. All rights reserved.</p><p>Imprint</p>",
            "© 2026 The Sound Herald. All rights reserved.",
            Publisher(original="The Sound Herald"),
        ),
        (
            "<p>ⓒ 바다일보</p><p>Copyright © Bada Daily. All rights reserved.</p>",
            "ⓒ 바다일보\nCopyright © Bada Daily. All rights reserved.",
            Publisher(original="바다일보", latin="Bada Daily"),
        ),
        (
            "<p>© 2026 The Sound Herald | Terms of use | Privacy policy</p>",
            "© 2026 The Sound Herald",
            Publisher(original="The Sound Herald"),
        ),
        (
            "<p><a>Imprint</a><a>Cookies</a>© 2026 The Sound Herald</p>",
            "© 2026 The Sound Herald",
            Publisher(original="The Sound Herald"),
        ),
        ("<p>Copyright &amp; Licensing</p><p>Reprints and Permissions</p>", None, None),
        ("<p>2026 ® © </p>", "2026 ® ©", None),
        (
            "<p>2026 The Sound Herald. All rights reserved.</p>",
            "2026 The Sound Herald. All rights reserved.",
            Publisher(original="The Sound Herald"),
        ),
    ],
)
def test_the_foot_states_rights_and_publisher(foot: str, rights: str | None, publisher: Publisher | None) -> None:
    found = read(foot)
    assert (found.rights, found.publisher) == (rights, publisher)


def test_a_latin_name_in_the_foot_stands_beside_the_name_in_the_metadata() -> None:
    found = read(
        "<p>Copyright © The Kaikyo Shimbun, All Rights Reserved.</p>",
        head='<meta property="og:site_name" content="海峡新聞">',
    )
    assert found.publisher == Publisher(original="海峡新聞", latin="The Kaikyo Shimbun", domain="news.example")


def test_what_the_article_itself_says_of_its_rights_comes_first() -> None:
    given = article([*BODY, "© dpa-infocom, dpa:260313-99-000001/1"])
    left_out = Stripped(rule=EXTRACTOR, text="© 2026 The Sound Herald", line=90)
    assert strip(replace(given, stripped=(left_out,)), rules()).rights == "© dpa-infocom, dpa:260313-99-000001/1"


def test_a_rights_line_above_the_article_is_none_of_its_foot() -> None:
    html = simple().replace("<nav>", "<p>© 2026 Someone Else</p><nav>")
    assert strip(extract(page(html)), rules()).rights is None


def test_a_teaser_far_above_the_foot_is_none_of_it() -> None:
    teasers = "".join(f"<p>Teaser {number}</p>" for number in range(60))
    assert read(f"<p>© 2026 Someone Else</p>{teasers}").rights is None
