"""What a user calls a document in, an output, store, index and memory without it out."""

from __future__ import annotations

from flows.desk import LateDesk
from flows.pipeline import publish
from flows.settings import Settings
from flows.tools import open_tools
from flows.watch import Silent
from ingest import documents, forget, ledger
from ingest.database import exclusive, writing
from ingest.errors import UsageError
from ingest.find import document_of, find
from ingest.records import decode
from translate.document import Document


def forget_document(settings: Settings, name: str, *, at: str) -> str:
    """Take a document out of everything, for good; returns its id.

    Raises:
        UsageError: the ledger knows no document of that name.
        JobError: the ledger or the output cannot be used.
    """
    with open_tools(settings, (), label=f"forget {name}", at=at) as (tools, _):
        with writing(tools.ledger.engine, "cannot forget") as connection:
            exclusive(connection)
            found = find(connection, name)
            if found.document is None:
                raise UsageError(f"{name}: no document of that name", hint="newsgloss status lists what there is")
            sentences = _sentences(document_of(connection, found.document))
            documents.match(connection, tools.ledger, tools.matcher.remove(connection, [found.document]))
            forget.forget(connection, tools.ledger, found.document)
        if sentences:
            LateDesk(settings, tools.ledger.engine).memory.forget(sentences)
        publish(tools, Silent())
        ledger.finish(tools.ledger, {}, at=at)
    return found.document


def _sentences(document: bytes | None) -> list[str]:
    """What the translation memory holds of a document, as it was sent to the engine."""
    if document is None:
        return []
    from translate.english import plan

    known = decode(document, Document)
    if all(translated.model is None for translated in known.segments):
        return []
    work = plan([(known.article, tuple(translated.segment for translated in known.segments))])
    return [sentence.masked for sentences in work.sentences.values() for sentence in sentences]
