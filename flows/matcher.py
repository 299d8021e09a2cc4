"""Articles and Documents in, which of them are one out: the index of `ingest.index` as the pipeline asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ingest.article import EN, Article, Lang
from ingest.documents import Match
from translate.document import Document

if TYPE_CHECKING:
    from ingest.index import Changes, Index, Member


class IndexMatcher:
    """Duplicates by the index in the state database; see `flows.pipeline.Matcher`.

    ``language`` names a text's language: only English texts can be two translations of one original.
    """

    def __init__(self, language: Callable[[str], Lang]) -> None:
        self._language = language
        self._ready = False

    def originals(self, connection: sa.Connection, articles: Mapping[str, Article]) -> Mapping[str, Match | None]:
        """Take in the texts as retrieved; returns every document of each cluster that changed."""
        members = [self._member(key, article) for key, article in articles.items()]
        # A text without words is like no other, and like every other without words.
        wordless = [member.id for member in members if not member.fingerprint.size]
        index = self._index(connection)
        gone = _standing(index.remove(wordless)) if wordless else {}
        added = _standing(index.add([member for member in members if member.fingerprint.size]))
        return {**gone, **dict.fromkeys(wordless), **added}

    def renderings(self, connection: sa.Connection, documents: Sequence[Document]) -> Mapping[str, Match | None]:
        """Take in the English of what was not English, likewise."""
        members = [_rendered(document) for document in documents if document.source_lang != EN and document.text]
        return _standing(self._index(connection).add([member for member in members if member.fingerprint.size]))

    def complete(self, connection: sa.Connection) -> Mapping[str, Match | None]:
        """Compare in full what was compared in part, by this run or by one that was killed, likewise."""
        return _standing(self._index(connection).complete()) if self._ready or _waiting(connection) else {}

    def remove(self, connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, Match | None]:
        """Let documents go, likewise."""
        return _standing(self._index(connection).remove(ids))

    def _index(self, connection: sa.Connection) -> Index:
        from ingest.index import Index, create_tables  # with numpy: a run that finds nothing new needs neither

        if not self._ready:
            create_tables(connection)
            self._ready = True
        return Index(connection)

    def _member(self, key: str, article: Article) -> Member:
        from ingest.fingerprint import compared, fingerprint
        from ingest.index import Member

        text = compared(article)
        return Member(
            id=key,
            fingerprint=fingerprint(text, self._language(text)),
            published=article.published,
            retrieved_at=article.provenance.retrieved_at,
            is_translation=article.notice is not None,
        )


def outdated(connection: sa.Connection) -> list[str]:
    """The documents that an older version fingerprinted: new ones are not compared with them."""
    from ingest import index_tables

    return index_tables.outdated(connection) if sa.inspect(connection).has_table("dup_text") else []


def _waiting(connection: sa.Connection) -> bool:
    """Whether anything is to be compared in full; asked in plain SQL, since the index itself comes with numpy."""
    if not sa.inspect(connection).has_table("dup_text"):
        return False
    return connection.execute(sa.text("SELECT 1 FROM dup_text WHERE partly LIMIT 1")).first() is not None


def _rendered(document: Document) -> Member:
    from ingest.fingerprint import fingerprint
    from ingest.index import Member, View

    return Member(
        id=document.id,
        fingerprint=fingerprint("\n\n".join((document.title or "", *document.deck, document.text)), EN),
        published=document.article.published,
        retrieved_at=document.article.provenance.retrieved_at,
        is_translation=document.article.notice is not None,
        view=View.ENGLISH,
    )


def _standing(changes: Changes) -> dict[str, Match | None]:
    """For each document of the clusters: None where it stands for itself, else what it is a duplicate of."""
    return {
        member.id: None
        if member.id == cluster.canonical
        else Match(of=cluster.canonical, kind=str(member.relation), score=member.score or 0.0)
        for cluster in changes.clusters
        for member in cluster.members
    }
