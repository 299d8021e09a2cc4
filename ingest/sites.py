"""What documents of a site show in, what recurs over them and which documents to make anew out.

Every function works in the caller's transaction; what counts as recurring is decided in `ingest.boilerplate.repeats`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ingest import store
from ingest.article import Article
from ingest.boilerplate.repeats import FROM, Learned, Repeat, Sighting, changed, learn_counted, strip_learned
from ingest.boilerplate.repeats import key as key_of
from ingest.database import chunked, insert_missing
from ingest.errors import UsageError
from ingest.ledger import Ledger
from ingest.outcomes import note_work
from ingest.records import decode, encode
from ingest.tables import document, sighting, site, unlearned


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a site repeats, and the ids of the documents that show what was not known, or what is known no longer."""

    learned: Learned
    concerned: tuple[str, ...]


def learned(connection: sa.Connection, names: Iterable[str]) -> dict[str, Learned]:
    """What is known of these sites."""
    query = sa.select(site.c.site, site.c.learned).where(site.c.learned.is_not(None))
    return {
        row.site: decode(row.learned, Learned)
        for chunk in chunked(names)
        for row in connection.execute(query.where(site.c.site.in_(chunk)))
    }


def sight(connection: sa.Connection, rows: Mapping[str, Sequence[Sighting]]) -> None:
    """Take down what documents show, in place of what they showed before; their sites are to be learned from."""
    withdraw(connection, rows)
    flat = [row for each in rows.values() for row in each]
    _soil(connection, {row.site for row in flat})
    insert_missing(
        connection,
        sighting,
        [{"site": row.site, "key": row.key, "document": row.document, "text": row.text} for row in flat],
    )


def withdraw(connection: sa.Connection, documents: Iterable[str]) -> None:
    """Take back what these documents showed."""
    for chunk in chunked(documents):
        mine = sighting.c.document.in_(chunk)
        _soil(connection, set(connection.execute(sa.select(sighting.c.site).where(mine)).scalars()))
        connection.execute(sa.delete(sighting).where(mine))


def next_dirty(connection: sa.Connection) -> str | None:
    """A site to be learned from, the first by name."""
    return connection.execute(sa.select(site.c.site).where(site.c.dirty).order_by(site.c.site).limit(1)).scalar()


def relearn(connection: sa.Connection, name: str) -> Lesson:
    """Learn from a site's documents; those it concerns are then to be made anew by `rewrite`.

    The site stays dirty while something changed: other Articles may fall into other clusters of duplicates, and a
    line of one cluster is no evidence.
    """
    before = learned(connection, [name]).get(name)
    after = learn_counted(
        name, _repeats(connection, name), _clusters(connection, name), ignored=_ignored(connection, name)
    )
    keys = changed(before, after)
    values = {"learned": encode(after).decode(), "dirty": bool(keys)}
    connection.execute(sa.update(site).where(site.c.site == name).values(**values))
    concerned = {
        row
        for chunk in chunked(sorted(keys))
        for row in connection.execute(
            sa.select(sighting.c.document).where(sighting.c.site == name, sighting.c.key.in_(chunk))
        ).scalars()
    }
    return Lesson(learned=after, concerned=tuple(sorted(concerned)))


def rewrite(connection: sa.Connection, ledger: Ledger, lesson: Lesson, keys: Sequence[str]) -> Mapping[str, Article]:
    """Make some of a lesson's documents anew, from their stored Articles; returns the changed ones."""
    anew = dict(_anew(connection, keys, lesson.learned))
    _store(connection, ledger, anew)
    return anew


def expect(connection: sa.Connection, name: str, text: str) -> None:
    """Make sure that a site repeats a line, or that it is ignored already.

    Raises:
        UsageError: nothing was learned of that site, or not that line.
    """
    found = learned(connection, [name]).get(name)
    if found is None:
        raise UsageError(f"{name}: no site of that name", hint="newsgloss learned lists the sites and their lines")
    if key_of(text) not in {*found.lines, *map(key_of, _ignored(connection, name))}:
        raise UsageError(f"{name} repeats no line {text!r}", hint="newsgloss learned lists the lines of each site")


def ignore(connection: sa.Connection, name: str, text: str) -> None:
    """Never learn this line of this site; the next run makes the documents anew that lost it."""
    insert_missing(connection, unlearned, [{"site": name, "text": text}])
    _soil(connection, {name})


def everything(connection: sa.Connection) -> list[Learned]:
    """What was learned of all sites that repeat something, by name."""
    query = sa.select(site.c.learned).where(site.c.learned.is_not(None)).order_by(site.c.site)
    found = (decode(text, Learned) for text in connection.execute(query).scalars())
    return [each for each in found if each.lines]


def _anew(connection: sa.Connection, keys: Sequence[str], after: Learned) -> Iterator[tuple[str, Article]]:
    rows = connection.execute(
        sa.select(document.c.id, document.c.base, document.c.article).where(
            document.c.id.in_(keys), document.c.base.is_not(None), document.c.stage != "extract"
        )
    ).all()
    blobs = store.get(connection, {blob for row in rows for blob in (row.base, row.article)})
    for row in rows:
        made = strip_learned(decode(blobs[row.base], Article), after)
        if encode(made) != blobs[row.article]:
            yield row.id, made


def _store(connection: sa.Connection, ledger: Ledger, anew: Mapping[str, Article]) -> None:
    digests = store.put(connection, [encode(article) for article in anew.values()])
    for key, digest in zip(anew, digests, strict=True):
        connection.execute(
            sa.update(document)
            .where(document.c.id == key)
            .values(
                article=digest,
                stage=sa.case((document.c.stage == "aside", "aside"), else_="translate"),
                unit=None,
                rewritten_run=sa.case((document.c.translation.is_not(None), ledger.moment.run)),
            )
        )
    note_work(connection, list(anew))


_STANDS_FOR = sa.func.coalesce(document.c.duplicate_of, sighting.c.document)
_SIGHTED = sighting.outerjoin(document, document.c.id == sighting.c.document)


def _repeats(connection: sa.Connection, name: str) -> Iterator[Repeat]:
    """The lines of a site in enough clusters; the database counts, since a site may have millions of documents."""
    found = sa.func.count(sa.distinct(_STANDS_FOR))
    counts = sa.select(sighting.c.key, found).select_from(_SIGHTED).where(sighting.c.site == name)
    clusters = {row[0]: row[1] for row in connection.execute(counts.group_by(sighting.c.key).having(found >= FROM))}
    texts: dict[str, str] = {}
    for chunk in chunked(clusters):
        mine = sa.select(sighting.c.key, sighting.c.text).where(sighting.c.site == name, sighting.c.key.in_(chunk))
        for row in connection.execute(mine.distinct()):
            texts[row.key] = min(row.text, texts.get(row.key, row.text))
    return (Repeat(key=key, text=texts[key], clusters=count) for key, count in clusters.items())


def _clusters(connection: sa.Connection, name: str) -> int:
    count = sa.select(sa.func.count(sa.distinct(_STANDS_FOR))).select_from(_SIGHTED)
    return connection.execute(count.where(sighting.c.site == name)).scalar_one()


def _ignored(connection: sa.Connection, name: str) -> list[str]:
    return list(connection.execute(sa.select(unlearned.c.text).where(unlearned.c.site == name)).scalars())


def _soil(connection: sa.Connection, names: set[str]) -> None:
    insert_missing(connection, site, [{"site": name, "dirty": True} for name in sorted(names)])
    for chunk in chunked(names):
        connection.execute(sa.update(site).where(site.c.site.in_(chunk)).values(dirty=True))
