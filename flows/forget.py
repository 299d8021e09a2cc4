"""What a user calls a document in, an output, store, index and memory without it out."""

from __future__ import annotations

from flows.desk import LateDesk
from flows.pipeline import publish
from flows.report import FOLDER, INDEX, place
from flows.settings import Settings
from flows.state import open_state
from flows.tools import open_tools
from flows.watch import Silent
from ingest import documents, forget, ledger
from ingest.database import exclusive, reading, writing
from ingest.errors import UsageError
from ingest.find import document_of, find, same_words
from ingest.records import decode
from translate.document import Document


def forget_document(settings: Settings, name: str, *, at: str) -> list[str]:
    """Take a document out of everything, for good, and those with the same words; returns their ids, its own first.

    Raises:
        UsageError: the ledger knows no document of that name.
        JobError: the ledger or the output cannot be used.
    """
    known = _known(settings, name)
    with open_tools(settings, (), label=f"forget {name}", at=at) as (tools, _):
        with reading(tools.ledger.engine, "cannot read the ledger") as connection:
            keys = same_words(connection, known)
            sentences = [text for key in keys for text in _sentences(document_of(connection, key))]
        # Memory and report first: killed here, the document is still there to be forgotten again.
        if sentences:
            LateDesk(settings, tools.ledger.engine).memory.forget(sentences)
        for page in (INDEX, *map(place, keys)):  # `newsgloss report` makes what is left anew
            (settings.output_folder / FOLDER / page).unlink(missing_ok=True)
        with writing(tools.ledger.engine, "cannot forget") as connection:
            exclusive(connection)
            for key in keys:
                forget.forget(connection, tools.ledger, key)
            documents.match(connection, tools.ledger, tools.matcher.remove(connection, keys))
        publish(tools, Silent())
        ledger.finish(tools.ledger, {}, at=at)
    return keys


def _known(settings: Settings, name: str) -> str:
    """The id of the document of that name; asked before a run begins, so that a wrong name leaves none behind."""
    with open_state(settings) as engine, reading(engine, "cannot read the ledger") as connection:
        found = find(connection, name)
    if found.document is None:
        raise UsageError(f"{name}: no document of that name", hint="newsgloss status --documents lists what there is")
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
