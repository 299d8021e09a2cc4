"""The data scripts of a page -> what they say of the article whose text stands only in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.html import bylines, dates, jsonld
from ingest.html.align import key
from ingest.html.metadata import Facts
from ingest.html.scripts import bearers, values

_FIELDS = {
    "published": (
        "publishedat",
        "datepublished",
        "publisheddate",
        "displaydate",
        "firstpublishdate",
        "publishdate",
        "publicationdate",
        "firstpublished",
    ),
    "authors": ("authors", "author", "byline", "bylines", "credits.by"),
    "section": ("section", "category", "articlesection", "taxonomy.primarysection"),
    "tags": ("tags", "keywords", "taxonomy.tags"),
    "lead": ("lead", "deck", "standfirst", "subtitle", "subheadlines", "description", "summary", "excerpt"),
}
"""How applications call what they know of an article, the plainest first; case and punctuation aside.

A ``.`` leads into an object.
"""

_SAID = ("@value", "name", "text", "basic")
"""Where an object says what it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the object that bears the page's headline says beside the text; as the fields of `Article`."""

    published: str | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    lead: str | None = None


def story(scripts: Iterable[str], headlines: Sequence[str]) -> Story:
    """What the first object with one of the page's headlines and a date or an author says; empty without one."""
    for script in scripts:
        for node in bearers(list(values(script)), headlines):
            found = _read(node)
            if found.published or found.authors:
                return found
    return Story()


def completed(facts: Facts, told: Story) -> Facts:
    """The facts with what the page's data say where nothing else said it."""
    return replace(
        facts,
        published=facts.published or told.published,
        authors=facts.authors or told.authors,
        section=facts.section or told.section,
        tags=facts.tags or told.tags,
    )


def _read(node: dict[str, Any]) -> Story:
    def given(field: str) -> list[str]:
        return next((texts for path in _FIELDS[field] if (texts := _texts(_at(node, path)))), [])

    lead = next(iter(given("lead")), None)
    return Story(
        published=next((day for text in given("published") if (day := dates.iso(text))), None),
        authors=tuple(bylines.unite(given("authors"), ())),
        section=next(iter(given("section")), None),
        tags=tuple(dict.fromkeys(given("tags"))),
        lead=lead if lead and "<" not in lead else None,
    )


def _at(node: Any, path: str) -> Any:
    """The value at a path of names; None where there is none."""
    for step in path.split("."):
        fields = node.items() if isinstance(node, dict) else ()
        node = next((value for name, value in fields if key(name) == step), None)
    return node


def _texts(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    plain = [
        next((part[name] for name in _SAID if part.get(name)), None) if isinstance(part, dict) else part
        for part in listed
    ]
    return jsonld.strings(plain)
