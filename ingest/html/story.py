"""The data scripts of a page -> what they say of the article whose text stands only in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.html import bylines, dates, jsonld
from ingest.html.align import key
from ingest.html.embedded import values
from ingest.html.metadata import Facts

_MAX_DEPTH = 40
_LEAST = 12
"""How many letters and digits make a headline that is known again."""

_FIELDS = {
    "published": (
        "publishedat",
        "datepublished",
        "publisheddate",
        "publishdate",
        "publicationdate",
        "firstpublished",
    ),
    "authors": ("authors", "author", "byline", "bylines"),
    "section": ("section", "category", "articlesection"),
    "tags": ("tags", "keywords"),
    "lead": ("lead", "deck", "standfirst", "subtitle", "description", "summary", "excerpt"),
}
"""How applications call what they know of an article, the plainest first; case and punctuation aside."""


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
    said = {key(headline) for headline in headlines if len(key(headline)) >= _LEAST}
    for script in scripts:
        for value in values(script):
            for node in _objects(value, 0):
                if any(isinstance(text, str) and key(text) in said for text in node.values()):
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


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for part in value if isinstance(value, list) else ():
        if isinstance(part, (dict, list)):
            yield from _objects(part, depth + 1)


def _read(node: dict[str, Any]) -> Story:
    named = {key(name).replace("_", ""): value for name, value in node.items() if isinstance(name, str)}

    def given(field: str) -> list[str]:
        return next((texts for name in _FIELDS[field] if (texts := jsonld.strings(named.get(name)))), [])

    lead = next(iter(given("lead")), None)
    return Story(
        published=next((day for text in given("published") if (day := dates.iso(text))), None),
        authors=tuple(bylines.unite(given("authors"), ())),
        section=next(iter(given("section")), None),
        tags=tuple(dict.fromkeys(given("tags"))),
        lead=lead if lead and "<" not in lead else None,
    )
