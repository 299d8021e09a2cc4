"""words.toml -> what pages call their parts and their people, as sets and patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

_CUT = re.compile(r"[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The vocabulary: names of parts as sets of lower-case words, those of bylines as patterns."""

    deck: frozenset[str]
    caption: frozenset[str]
    picture: frozenset[str]
    byline: frozenset[str]
    furniture: frozenset[str]
    quote: frozenset[str]
    crumbs: frozenset[str]
    tags: frozenset[str]
    section: frozenset[str]
    comments: re.Pattern[str]
    tagged: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    joiners: re.Pattern[str]
    inside: re.Pattern[str]
    places: tuple[str, ...]
    particles: frozenset[str]
    nobody: frozenset[str]


@cache
def words() -> Words:
    """The shipped vocabulary, read once."""
    data = tomllib.loads(resources.files("ingest.html").joinpath("words.toml").read_text("utf-8"))
    classes, byline = data["classes"], data["byline"]
    before = "|".join(sorted(map(re.escape, byline["before"]), key=len, reverse=True))
    after = "|".join(sorted(map(re.escape, byline["after"]), key=len, reverse=True))
    joiners = "|".join(map(re.escape, byline["joiners"]))
    inside = "|".join(map(re.escape, byline["inside"]))
    labels = "|".join(map(re.escape, byline["labels"]))
    comments = "|".join(map(re.escape, data["lines"]["comments"]))
    tagged = "|".join(map(re.escape, data["lines"]["tags"]))
    return Words(
        deck=frozenset(classes["deck"]),
        caption=frozenset(classes["caption"]),
        picture=frozenset(classes["picture"]),
        byline=frozenset(classes["byline"]),
        furniture=frozenset(classes["furniture"]),
        quote=frozenset(classes["quote"]),
        crumbs=frozenset(classes["crumbs"]),
        tags=frozenset(classes["tags"]),
        section=frozenset(classes["section"]),
        tagged=re.compile(rf"\W*(?:{tagged})\W*", re.IGNORECASE),
        comments=re.compile(rf"\W*(?:\d+\s*)?(?:{comments})\W*(?:\d+\W*)?", re.IGNORECASE),
        before=re.compile(rf"^\W*(?:{before})(?:\s*[:：=/]\s*|\s+|(?=[\u3040-\u9fff]))", re.IGNORECASE),
        after=re.compile(rf"(?:(?<=[\u3040-\u9fff\uac00-\ud7ff])\s*|\s+)(?:{after})\b.*$", re.IGNORECASE),
        joiners=re.compile(
            rf"\s+(?:{joiners})\s+|\s*[;|/／•·&＆、，]\s*|\s*,\s+|\s+(?=(?:{labels})\s*[:：])", re.IGNORECASE
        ),
        inside=re.compile(rf"^.*(?:{inside})\s*(?=[\u3040-\u9fff])"),
        places=tuple(byline["places"]),
        particles=frozenset(byline["particles"]),
        nobody=frozenset(byline["nobody"]),
    )


@cache
def parts(name: str) -> frozenset[str]:
    """The words of a class attribute or id, in lower case: ``articleHeader__sub`` -> article, header, sub.

    Two neighbouring words also stand together (subtitle), as pages write them either way.
    """
    found: set[str] = set()
    for token in name.split():
        cut = [word.lower() for word in _CUT.split(token) if word]
        found.update(cut)
        found.update(a + b for a, b in pairwise(cut))
    return frozenset(found)
