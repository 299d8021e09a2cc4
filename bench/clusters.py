"""Raw texts in, their clusters out: cleaned by rules and by the lines that recur, then indexed, as the pipeline does.

The texts of one language stand for one site: its recurring lines are learned over the clusters of what rules leave,
and taken out before the final comparison. Everything is kept in a folder, so that batches can come one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import sqlalchemy as sa

from ingest.article import UND, Article, Lang, Provenance, RawPage, digest
from ingest.boilerplate import Rules, learn, load_rules, sightings, strip, strip_learned
from ingest.database import open_engine
from ingest.extract import extract
from ingest.fingerprint import compared, fingerprint
from ingest.index import Index, Member, create_tables
from ingest.records import decode, encode

NOW = "2026-01-01T00:00:00Z"
BATCH = 1000

_metadata = sa.MetaData()
_kept = sa.Table(
    "kept",
    _metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("article", sa.LargeBinary, nullable=False),
)


def clean(text: str, rules: Rules) -> Article:
    """The article of a plain text, furniture out."""
    payload = text.encode("utf-8", "surrogatepass")
    provenance = Provenance(source="file:text", target_uri=None, retrieved_at=NOW, payload_digest=digest(payload))
    page = RawPage(provenance=provenance, payload=payload, media_type="text/plain", charset="utf-8")
    return strip(extract(page), rules)


class Clusters:
    """The documents in a folder; `add` some, ask for the `clusters` of all, `close`."""

    def __init__(self, folder: Path) -> None:
        self._rules = load_rules()
        self._first, self._final = (open_engine(folder / name) for name in ("first.db", "final.db"))
        for engine in (self._first, self._final):
            create_tables(engine)
        _metadata.create_all(self._first)

    def add(self, docs: Sequence[tuple[str, str, str]]) -> None:
        """Clean documents (id, text, language) and take them in."""
        for start in range(0, len(docs), BATCH):
            articles = {key: (lang, clean(text, self._rules)) for key, text, lang in docs[start : start + BATCH]}
            rows = [{"id": key, "lang": lang, "article": encode(made)} for key, (lang, made) in articles.items()]
            # Copies alone teach which lines recur: furniture makes short texts look like translations of each other.
            plain = [_member(key, made, UND) for key, (_, made) in articles.items()]
            with self._first.begin() as connection:
                connection.execute(sa.delete(_kept).where(_kept.c.id.in_(articles)))
                connection.execute(sa.insert(_kept), rows)
                Index(connection).add(plain)

    def clusters(self) -> dict[str, str]:
        """Each document's cluster id."""
        with self._first.begin() as connection:
            rows = connection.execute(sa.select(_kept).order_by(_kept.c.id)).all()
            first = _all(Index(connection), [row.id for row in rows])
        by_lang: dict[str, list[tuple[str, Article]]] = defaultdict(list)
        for row in rows:
            by_lang[row.lang].append((row.id, decode(row.article, Article)))
        with self._final.begin() as connection:
            index = Index(connection)
            for lang, articles in by_lang.items():
                seen = [sighting for key, article in articles for sighting in sightings(article, lang, key)]
                learned = learn(lang, seen, first)
                members = [_member(key, strip_learned(article, learned), Lang(lang)) for key, article in articles]
                for start in range(0, len(members), BATCH):
                    index.add(members[start : start + BATCH])
            index.complete()
            return _all(index, [row.id for row in rows])

    def close(self) -> None:
        """Let the files go."""
        self._first.dispose()
        self._final.dispose()


def _member(key: str, article: Article, lang: Lang) -> Member:
    return Member(id=key, fingerprint=fingerprint(compared(article), lang), published=None, retrieved_at=NOW)


def _all(index: Index, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in ids:
        if key not in found:
            cluster = index.cluster_of(key)
            if cluster is not None:
                found.update({match.id: cluster.id for match in cluster.members})
    return found
