"""What a page declares and shows of its article -> headline, authors, date and the other facts of an Article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from ingest.article import Hints, Lang, Publisher
from ingest.canonical import stated
from ingest.html import bylines, credited, dates, titles, topics
from ingest.html.align import key
from ingest.html.head import Head, clean, read_head
from ingest.html.jsonld import Node, nodes, people, stories, string, strings, types
from ingest.html.visible import Visible

AUTHOR_METAS = (
    "author",
    "parsely:author",
    "sailthru:author",
    "dc:creator",
    "dcterms:creator",
    "dc:author",
    "byl",
    "byline",
    "cxenseparse:author",
    "article:author",
    "og:article:author",
    "articleauthor",
    "twitter:data1",
    "citation:author",
    "dable:author",
    "creator",
)
SITE_METAS = (
    "og:site:name",
    "application:name",
    "apple:mobile:web:app:title",
    "al:ios:app:name",
    "al:android:app:name",
    "twitter:app:name:iphone",
    "publisher",
    "dc:publisher",
    "cre",
    "twitter:site",
)
TITLE_METAS = ("twitter:title", "title", "dc:title", "sailthru:title", "parsely:title")
DESCRIPTION_METAS = ("og:description", "description", "twitter:description", "dc:description", "sailthru:description")
_IDENTIFIER = re.compile(r"[a-z0-9_-]+")
_LANG = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an article beside its text.

    Attributes:
        title: the headline, without the site's name.
        headlines: every headline that the page gives of itself, the title among them.
        descriptions: what the page gives as summary of the article; a standfirst reads like one of these.
        bodies: the whole text of the article where the linked data holds it, longest first.
        site: the names of the site, as they may stand beside a headline.
        others: as the fields of `ingest.article.Article`.
    """

    title: str | None = None
    headlines: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    publisher: Publisher | None = None
    published: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    lang: Lang | None = None
    canonical_url: str | None = None
    rights: str | None = None


def read_metadata(tree: HtmlElement, visible: Sequence[Visible], url: str | None, hints: Hints) -> tuple[Facts, Head]:
    """The facts of a page's article, and the head they were read from (for its data scripts).

    Where the page says nothing, the word of the source that listed it (``hints``) holds.
    """
    head = read_head(tree)
    found = nodes(head.linked_data)
    told = stories(found)
    canonical = stated(url, head.canonical, head.first("og:url"))
    publisher = _publisher(head, told, tree, canonical or url)
    lines = [block.text for block in visible]
    site = _site_names(head, told, publisher, canonical or url) + titles.owners(head.title or "", lines)
    carriers = _carriers(head, told, visible)
    headlines = carriers.ordered(site) + ([hints.title] if hints.title else [])
    if not carriers.shown:
        headlines = titles.with_shown(headlines, titles.choose(headlines, site), _above_text(visible))
    title = titles.choose(headlines, site)
    published = dates.published(head, told, tree, url) or dates.shown(lines)
    shown = topics.links(tree, headlines)
    address = canonical or url
    facts = Facts(
        title=title and titles.without_kicker(title, carriers.shown),
        headlines=tuple(titles.choose([headline], site) or headline for headline in headlines),
        descriptions=tuple(_descriptions(head, told)),
        bodies=tuple(_bodies(told)),
        site=tuple(site),
        authors=tuple(_authors(head, found, told, visible, site)) or hints.authors,
        publisher=publisher,
        published=published or hints.published,
        section=_section(head, told, shown, address)
        or _last_crumb(found, headlines, address)
        or topics.section(shown, address),
        tags=tuple(_tags(head, told, shown)),
        lang=_lang(head, told) or hints.lang,
        canonical_url=canonical or hints.canonical_url,
        rights=_rights(head, told),
    )
    return facts, head


def _carriers(head: Head, told: list[Node], visible: Sequence[Visible]) -> titles.Carriers:
    """Everything in which the page states its headline."""
    other = [
        text
        for node in told
        for field in ("alternativeHeadline", "alternateName")
        for text in strings(node.get(field))
    ]
    return titles.Carriers(
        shared=head.first("og:title"),
        linked=tuple(text for node in told for text in strings(node.get("headline"))),
        alternative=tuple(other),
        tagged=tuple(text for name in TITLE_METAS if (text := head.first(name))),
        shown=tuple(block.text for block in visible if block.element.tag == "h1"),
        window=head.title,
    )


def _above_text(visible: Sequence[Visible]) -> list[str]:
    """The lines before the page's longest that are no links."""
    longest = max(range(len(visible)), key=lambda index: len(visible[index].text), default=0)
    return [block.text for block in visible[:longest] if not block.linked]


def _descriptions(head: Head, told: list[Node]) -> list[str]:
    given = head.all(*DESCRIPTION_METAS)
    given += [text for node in told for field in ("description", "abstract") for text in strings(node.get(field))]
    return list(dict.fromkeys(given))


def _bodies(told: list[Node]) -> list[str]:
    given = [node.get("articleBody") or node.get("text") for node in told]
    return sorted((body for body in given if isinstance(body, str)), key=len, reverse=True)


def _authors(
    head: Head, found: list[Node], told: list[Node], visible: Sequence[Visible], site: list[str]
) -> list[str]:
    """The first of these that names someone: linked data, meta tags, visible bylines; then organisations."""
    by_id = {str(node["@id"]): node for node in found if "@id" in node and node.get("name")}
    stated = [person for node in told for person in people(node, by_id)[:20]]
    everyone = [person.name for person in stated]
    # an agency beside a person shares the credit; organisations alone may be no more than the publisher
    persons = [] if all(person.organisation for person in stated) else everyone
    own = [*site, *(person.name for person in stated if person.shared)]
    if persons and not credited.names_near(visible, persons):
        persons = bylines.unite(credited.marked(visible, own), own) or persons  # stated is who published it, perhaps
    shown = bylines.unite(credited.marked(visible, own), own) if persons else []
    if {key(name) for name in bylines.unite(persons, own)} < {key(name) for name in shown}:
        persons = shown  # the data name the first author alone
    stages = chain(
        (persons, head.all(*AUTHOR_METAS), credited.marked(visible, own)),
        credited.elsewhere(visible),
        (everyone, credited.above_text(visible)),
    )
    named = next((names for fields in stages if (names := bylines.unite(fields, own))), [])
    named = named or bylines.unite(credited.signed(visible), own)
    # else the site itself, where it says so; then a name that only stands there
    return named or bylines.unite(everyone, ()) or bylines.unite(credited.beside_date(visible), own)


def _site_names(head: Head, told: list[Node], publisher: Publisher | None, url: str | None) -> list[str]:
    names = [name.lstrip("@") for name in head.all(*SITE_METAS)]
    names += [name for node in told for name in strings(node.get("publisher"))]
    if publisher:
        names.append(publisher.original)
    host = re.sub(r"^(www\d?|m|amp)\.", "", urlsplit(url or "").hostname or "")
    if host:
        labels = host.split(".")
        names += [
            host,
            labels[0] if len(labels) < 3 else ".".join(labels[:-1]),
            *(x for x in labels[:-1] if len(x) > 3),
        ]
    return list(dict.fromkeys(names))


def _publisher(head: Head, told: list[Node], tree: HtmlElement, url: str | None) -> Publisher | None:
    name = next((text for node in told if (text := string(node.get("publisher")))), None)
    name = name or head.first("og:site:name", "application:name", "publisher", "dc:publisher")
    host = re.sub(r"^(www\d?|m|amp)\.", "", urlsplit(url or "").hostname or "") or None
    if not name or name.startswith(("http", "@")) or name.lower() == host:
        name = _home_name(tree, head.title) or (name if name and name.lower() == host else None)
    return Publisher(original=name, domain=host) if name else None


def _home_name(tree: HtmlElement, window: str | None) -> str | None:
    """What a link home calls the site, in words or in its logo's, where <title> begins or ends with the same."""
    ends = {key(end) for end in titles.ends(window or "")}
    for link in tree.iter("a") if ends else ():
        if link.get("href") is None or len(topics.segments(link.get("href"))) > 1:
            continue
        pictures = [picture.get("alt") or picture.get("title") or "" for picture in link.iter("img")]
        for text in (link.text_content(), *pictures, link.get("title") or ""):
            if key(text) and key(text) in ends:
                return clean(text)
    return None


def _section(head: Head, told: list[Node], shown: topics.Links, url: str | None) -> str | None:
    """The section that is declared, as it is shown where the declared is an identifier ("public-service")."""
    stated = next((text for node in told if (text := string(node.get("articleSection")))), None)
    stated = stated or head.first(
        "article:section", "og:article:section", "parsely:section", "section", "articlesection"
    )
    identifier = stated is not None and _IDENTIFIER.fullmatch(stated)
    return (topics.section(shown, url) if identifier else None) or stated


def _last_crumb(found: list[Node], headlines: Sequence[str], url: str | None) -> str | None:
    """The breadcrumb of the linked data that is the section: neither home nor the page itself."""
    for node in found:
        if "BreadcrumbList" not in types(node):
            continue
        crumbs = []
        for item in node.get("itemListElement") or []:
            target = item.get("item") if isinstance(item, dict) else None
            name = string(item.get("name") or target) if isinstance(item, dict) else None
            address = string(target.get("@id") or target.get("url")) if isinstance(target, dict) else string(target)
            if name and not name.startswith("http"):
                crumbs.append((name, topics.segments(address)))
        return topics.section_of([crumb for crumb in crumbs if crumb[0] not in headlines], topics.segments(url)[:-1])
    return None


def _tags(head: Head, told: list[Node], shown: topics.Links) -> list[str]:
    """The tags that readers see, else those declared as such, else what the page tells search engines."""
    seen = list(topics.tags(shown))
    if len(seen) > 1:
        return seen
    given = [tag for node in told for tag in strings(node.get("keywords"))]
    given = given or head.all("article:tag", "og:article:tag", "parsely:tags")
    return _cut(given) or seen or _cut(head.metas.get("news:keywords") or head.all("keywords"))


def _cut(given: Sequence[str]) -> list[str]:
    cut = [tag.strip() for text in given for tag in re.split(r"[,;、，|]", text)]
    return list(dict.fromkeys(tag for tag in cut if tag and len(tag) <= 80 and not tag.startswith("http")))[:40]


def _lang(head: Head, told: list[Node]) -> Lang | None:
    stated = next((text for node in told if (text := string(node.get("inLanguage")))), None)
    for lang in (head.lang, stated, head.first("og:locale", "content:language", "dc:language", "language")):
        if lang and _LANG.match(lang.strip()):
            return Lang(lang.strip().replace("_", "-").lower())
    return None


def _rights(head: Head, told: list[Node]) -> str | None:
    stated: list[Any] = [
        node.get(name) for node in told for name in ("copyrightNotice", "license", "copyrightHolder")
    ]
    found = next((text for text in map(string, stated) if text), None)
    return found or head.first("dcterms:rights", "dc:rights", "rights", "copyright", "dcterms:license")
