"""The lines of a site's documents in, the lines that recur over them out, as a rule set of the site's own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ingest.article import Article, Kind, Stripped
from ingest.boilerplate.captures import registered
from ingest.boilerplate.lines import is_prose, view, weight
from ingest.boilerplate.rules import Rules

FROM = 3
"""In so many documents, each of another duplicate cluster, a line recurs."""

PROSE_SHARE = 5
"""A sentence must stand in one of so many of a site's clusters: rarer ones are the background of a running story."""

HEAD, TAIL = 6, 14
"""A short line counts within so many blocks of an edge; between them it may be a subheading or an answer."""

HEAVIEST, LIGHTEST = 800, 6
"""Heavier lines are not standing text, lighter ones say nothing."""

_NEVER = frozenset({Kind.TITLE, Kind.HEADING})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Sighting:
    """One line of one document of a site: a row that may be stored at once, and again, in any order.

    Attributes:
        site: see `site_of`.
        key: digest of the line as it is compared.
        document: the id of the document.
        text: the line.
    """

    site: str
    key: str
    document: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Repeat:
    """One line of a site, and in how many duplicate clusters of its documents it stands.

    ``key`` and ``text`` as in `Sighting`; of several texts with one key, the least by code points.
    """

    key: str
    text: str
    clusters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The lines that recur over a site's documents: their keys to their text.

    ``digest`` identifies the set; it is the same for the same documents, whatever order they came in.
    """

    site: str
    lines: Mapping[str, str]
    digest: str


def site_of(article: Article, rules: Rules) -> str | None:
    """Which site an article is of: the registered host of its address, else its publisher's domain, else its name.

    None where nothing says so; from such documents nothing is learned.
    """
    address = article.canonical_url or article.provenance.target_uri
    host = urlsplit(address).hostname if address else None
    if host:
        return registered(host, rules) or host
    if article.publisher is None:
        return None
    return article.publisher.domain or article.publisher.original


def key(text: str) -> str:
    """A line's digest as it is compared: half-width, without case and extra white space."""
    return hashlib.sha256(" ".join(view(text).casefold().split()).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sightings(article: Article, site: str, document: str) -> tuple[Sighting, ...]:
    """The lines of an article (without the furniture that rules know) that could be their site's standing text."""
    last = len(article.blocks) - TAIL
    seen = {
        key(block.text): block.text
        for place, block in enumerate(article.blocks)
        if block.kind not in _NEVER
        and LIGHTEST <= weight(block.text) <= HEAVIEST
        and (place < HEAD or place >= last or is_prose(view(block.text)))
    }
    return tuple(Sighting(site=site, key=line, document=document, text=text) for line, text in sorted(seen.items()))


def learn(
    site: str, seen: Iterable[Sighting], clusters: Mapping[str, str], *, ignored: Collection[str] = ()
) -> Learned:
    """What recurs over a site's documents: a function of the set of sightings, in any order and any portions.

    A line is learned from the third document on; documents of one duplicate cluster are one document, so that a text
    published thrice teaches nothing.

    Args:
        site: whose documents.
        seen: all sightings of the site, as often as they come.
        clusters: documents to their duplicate clusters; a document that is missing is a cluster of its own.
        ignored: lines that are never learned, as text.
    """
    where: dict[str, set[str]] = {}
    texts: dict[str, str] = {}
    for row in seen:
        if row.site == site:
            where.setdefault(row.key, set()).add(clusters.get(row.document, row.document))
            texts[row.key] = min(row.text, texts.get(row.key, row.text))
    rows = (Repeat(key=line, text=texts[line], clusters=len(found)) for line, found in where.items())
    return learn_counted(site, rows, len(set().union(*where.values())), ignored=ignored)


def learn_counted(site: str, rows: Iterable[Repeat], everything: int, *, ignored: Collection[str] = ()) -> Learned:
    """What is learned where the lines of a site are counted already, as a database counts them; see `learn`.

    Args:
        site: whose lines.
        rows: each line once; those below `FROM` clusters may be left out.
        everything: how many clusters the site's documents are.
        ignored: lines that are never learned, as text.
    """
    never = {key(line) for line in ignored}
    lines = {
        row.key: row.text
        for row in sorted(rows)
        if row.clusters >= FROM
        and row.key not in never
        and (not is_prose(view(row.text)) or row.clusters * PROSE_SHARE >= everything)
    }
    return Learned(site=site, lines=lines, digest=_digest(site, lines))


def _digest(site: str, lines: Mapping[str, str]) -> str:
    hashed = hashlib.sha256("\0".join((site, *lines)).encode("utf-8", "surrogatepass"))
    return f"sha256:{hashed.hexdigest()}"


def strip_learned(article: Article, learned: Learned) -> Article:
    """The article without the lines its site repeats; an article that is nothing else stays whole.

    Stripping again changes nothing. The rule of a line taken is ``learned.SITE``.
    """
    gone = {
        place
        for place, block in enumerate(article.blocks)
        if block.kind not in _NEVER and key(block.text) in learned.lines
    }
    if not gone or all(place in gone or block.kind in _NEVER for place, block in enumerate(article.blocks)):
        return article
    rule = f"learned.{learned.site}"
    stripped = tuple(
        Stripped(rule=rule, text=block.text, line=block.line)
        for place, block in enumerate(article.blocks)
        if place in gone
    )
    kept = tuple(block for place, block in enumerate(article.blocks) if place not in gone)
    return replace(article, blocks=kept, stripped=article.stripped + stripped)


def changed(before: Learned | None, after: Learned) -> frozenset[str]:
    """The keys of lines learned or no longer learned: documents sighted with one of these are to be redone."""
    return frozenset((before.lines if before else {}).keys() ^ after.lines.keys())


def proposal(learned: Learned) -> str:
    """The learned lines as a TOML list for a person to look at: into ``ignored`` of the settings, or into a rule."""
    rows = "".join(f"  {json.dumps(text, ensure_ascii=False)},\n" for text in sorted(learned.lines.values()))
    return (
        f"# Lines that recur over the documents of one site.\nsite = {json.dumps(learned.site)}\nlines = [\n{rows}]\n"
    )
