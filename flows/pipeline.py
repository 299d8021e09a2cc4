"""Sources in, an accounted output folder out: one batch after another through all stages, plain."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol

import sqlalchemy as sa

from flows.watch import Watch
from ingest import accounting, documents, publication, sites
from ingest.accounting import Sums
from ingest.article import Article, RawPage, Ref, Source, Unread
from ingest.boilerplate.repeats import Learned, Sighting, strip_learned
from ingest.counted import counted
from ingest.database import chunked, exclusive, reading, writing
from ingest.documents import Extracted, Match, Translation
from ingest.errors import InputError, ModelError
from ingest.leases import held
from ingest.ledger import EXTRACT_VERSION, Claimed, Ledger, Loaded, Stage
from ingest.records import decode, encode
from ingest.sources.gather import as_loaded, host_of
from translate.document import Document, Duplicate, Pending, Rejected

POLL_S = 0.2
"""How often a run looks whether another one, which it waits for, is done."""

LIST_CHUNK = 500
"""How many listed items are taken down in one transaction."""

Translate = Callable[[Sequence[Article]], Sequence[Document | Pending | Rejected]]

Step = Callable[[], int]
"""Claims some work, does it and takes it down; returns how many items that was, 0 where nothing was left."""

Perform = Callable[[str, Step], int]
"""Does a step that has this name, and may do it again where it failed; returns what the step returns."""


def directly(_name: str, step: Step) -> int:
    """A step is a call."""
    return step()


class Lister(Protocol):
    """Lists items; a `Source` does, and loads them too."""

    def discover(self) -> Iterator[Ref | Unread]:
        """List the items, as a `Source` does."""
        ...


class Matcher(Protocol):
    """Decides which documents are one, within the caller's transaction."""

    def originals(self, connection: sa.Connection, articles: Mapping[str, Article]) -> Mapping[str, Match | None]:
        """Take in the source texts; returns every document whose standing may have changed."""
        ...

    def renderings(self, connection: sa.Connection, documents: Sequence[Document]) -> Mapping[str, Match | None]:
        """Take in the English texts, likewise."""
        ...

    def complete(self, connection: sa.Connection) -> Mapping[str, Match | None]:
        """Compare in full what was compared in part, so as not to hold up a batch, likewise."""
        ...

    def remove(self, connection: sa.Connection, ids: Sequence[str]) -> Mapping[str, Match | None]:
        """Let documents go as if they had never been there, likewise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """An Article, or why there is none, with its site and the lines that could be the site's standing text."""

    article: Article | InputError
    site: str | None = None
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What translating took: sentences that the memory knew and did not know, and segments flagged, by flag.

    ``notes`` are what a user should know of how models ran here.
    """

    known: int = 0
    asked: int = 0
    flags: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Publisher(Protocol):
    """Writes the output folder."""

    def path(self, document: Document) -> str:
        """Where the document's own file goes, relative to the output."""
        ...

    def write(self, path: str, document: Document) -> None:
        """Write a document's own file."""
        ...

    def remove(self, path: str) -> None:
        """Take a document's own file away; no error where it is not there."""
        ...

    def exists(self, path: str) -> bool:
        """Whether a document's own file is there."""
        ...

    def tables(self, date: str, documents: Sequence[Document]) -> None:
        """Write the table files of a date, or take them away where no document is left."""
        ...

    def complete(self, date: str) -> bool:
        """Whether the table files of a date are there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a run works with; made at the edge, see `flows.tools`.

    Attributes:
        ledger: the state, as this run sees it.
        loaders: for each source kind, who loads its items.
        extract: pages to clean Articles, same length and order.
        sighted: a document's id and Article to what its site could learn from it.
        translate: Articles to Documents, same length and order.
        effort: what translating has taken so far.
        available: whether a language can be translated here, now.
        batch: how many inputs or documents make a task.
        unit: how many documents make a translation work unit.
    """

    ledger: Ledger
    loaders: Mapping[str, Source]
    extract: Callable[[Sequence[RawPage]], Sequence[Article | InputError]]
    sighted: Callable[[str, Article | InputError], Cleaned]
    translate: Translate
    effort: Callable[[], Effort]
    available: Callable[[str], bool]
    matcher: Matcher
    publisher: Publisher
    batch: int
    unit: int


def run(tools: Tools, sources: Iterable[Lister], watch: Watch, *, perform: Perform = directly) -> Sums:
    """The whole job: list, load, extract, find duplicates, translate, publish; returns the accounting."""
    listed = discover(tools, sources, watch, perform=perform)
    watch.stage("reading", listed)
    together(tools, watch, "load", partial(perform, "load", partial(load_batch, tools)))
    watch.stage("cleaning", None)
    together(tools, watch, "extract", partial(perform, "extract", partial(extract_batch, tools)))
    watch.stage("learning", None)
    _until_done(partial(perform, "learn", partial(learn_site, tools, watch)), watch)
    perform("compare", partial(compare, tools))
    watch.stage("translating", None)
    together(tools, watch, "translate", partial(perform, "translate", partial(translate_unit, tools)))
    perform("compare", partial(compare, tools))
    publish(tools, watch, perform=perform)
    return account(tools)


def together(tools: Tools, watch: Watch, stage: Stage, step: Step) -> None:
    """Repeat a step until nothing is left of its stage, here or with another run at work on the same inputs.

    The next stage needs all of this one: duplicates are found among all texts, and work units are cut from all that
    is to be translated, so that neither depends on who was faster. What a dead run leaves is taken over.
    """
    told = False
    while True:
        done = _until_done(step, watch)
        other = tools.ledger.others_at_work(stage)
        if other is None and not done:
            return
        if other is not None and not told:
            watch.say(f"sharing the work with {other}, which is at the same inputs")
            told = True
        if other is not None:
            time.sleep(POLL_S)


def _until_done(step: Step, watch: Watch) -> int:
    total = 0
    for done in iter(step, 0):
        watch.advance(done)
        total += done
    return total


def discover(tools: Tools, sources: Iterable[Lister], watch: Watch, *, perform: Perform = directly) -> int:
    """Take down everything the sources list; returns how many items that is."""
    watch.stage("listing", None)
    listed = sum(perform("list", partial(_list, tools, source, watch)) for source in sources)
    with writing(tools.ledger.engine, "cannot look for unfinished work") as connection:
        documents.reopen(connection, tools.ledger, tools.available)
    return listed


def _list(tools: Tools, source: Lister, watch: Watch) -> int:
    listed = 0
    for chunk in _chunks(source.discover(), LIST_CHUNK):
        tools.ledger.list_items(chunk)
        listed += len(chunk)
        watch.advance(len(chunk))
    note = getattr(source, "note", lambda: None)()
    if note:
        watch.say(note)
    return listed


def load_batch(tools: Tools) -> int:
    """Load the next batch of listed inputs, taking down pages as they come; returns how many, 0 when none is left."""
    claims = tools.ledger.claim_inputs(tools.batch)
    for group in as_loaded(claims, partial(_load, tools), lambda claimed: host_of(claimed.ref)):
        tools.ledger.loaded([loaded for _, loaded in group])
    return len(claims)


def _load(tools: Tools, claimed: Claimed) -> Loaded:
    retrieved_at = claimed.retrieved_at or tools.ledger.moment.at
    loader = tools.loaders[claimed.ref.kind]
    return Loaded(claimed=claimed, result=loader.load(claimed.ref, claimed.validators, retrieved_at))


def extract_batch(tools: Tools) -> int:
    """Extract and clean the next batch of documents, and find the duplicates among them; returns how many."""
    claims = tools.ledger.claim_documents(tools.batch)
    if not claims:
        return 0
    made = tools.extract([page for _, page in claims])
    pages = {key: tools.sighted(key, article) for (key, _), article in zip(claims, made, strict=True)}
    with writing(tools.ledger.engine, "cannot take down what was extracted") as connection:
        exclusive(connection)
        known = sites.learned(connection, {page.site for page in pages.values() if page.site is not None})
        results = [_extracted(key, page, known) for key, page in pages.items()]
        ours = set(documents.extracted(connection, tools.ledger, results, EXTRACT_VERSION))
        sites.sight(connection, {key: page.sightings for key, page in pages.items() if key in ours})
        gone = [result.id for result in results if result.id in ours and result.article is None]
        kept = {r.id: decode(r.article, Article) for r in results if r.id in ours and r.article is not None}
        documents.match(connection, tools.ledger, tools.matcher.remove(connection, gone))
        documents.match(connection, tools.ledger, tools.matcher.originals(connection, kept))
    return len(claims)


def _extracted(key: str, page: Cleaned, known: Mapping[str, Learned]) -> Extracted:
    if isinstance(page.article, InputError):
        return Extracted(id=key, article=None, reason=page.article.reason)
    learned = known.get(page.site or "")
    article = strip_learned(page.article, learned) if learned else page.article
    return Extracted(id=key, article=encode(article), base=encode(page.article), site=page.site)


def learn_site(tools: Tools, watch: Watch) -> int:
    """Learn what the next site repeats, and make its documents anew that it concerns; returns 0 when none is left."""
    with writing(tools.ledger.engine, "cannot learn what a site repeats") as connection:
        exclusive(connection)
        name = sites.next_dirty(connection)
        if name is None:
            return 0
        lesson = sites.relearn(connection, name)
        anew = 0
        for chunk in chunked(lesson.concerned, tools.batch):
            articles = sites.rewrite(connection, tools.ledger, lesson, chunk)
            documents.match(connection, tools.ledger, tools.matcher.originals(connection, articles))
            anew += len(articles)
    if anew:
        lines = counted(len(lesson.learned.lines), "line")
        watch.say(f"{name} repeats {lines}: {counted(anew, 'document')} made anew without them")
    return 1


def compare(tools: Tools) -> int:
    """Compare in full what the batches compared in part; returns how many documents' standing was looked at."""
    with writing(tools.ledger.engine, "cannot compare in full") as connection:
        exclusive(connection)
        standing = tools.matcher.complete(connection)
        documents.match(connection, tools.ledger, standing)
    return len(standing)


def translate_unit(tools: Tools) -> int:
    """Translate the next work unit; returns how many documents, 0 when none is left."""
    ledger = tools.ledger
    with writing(ledger.engine, "cannot claim work") as connection:
        exclusive(connection, 2)
        unit = documents.claim_unit(connection, ledger, tools.unit)
    if unit is None:
        return 0
    articles = {key: decode(data, Article) for key, data in unit.articles.items()}
    try:
        made = dict(zip(articles, tools.translate(list(articles.values())), strict=True))
        results = [_translation(tools, key, result) for key, result in made.items()]
    except ModelError as error:
        made = {}
        results = [Translation(id=key, stage="failed", reason=str(error)) for key in articles]
    with writing(ledger.engine, "cannot take down what was translated") as connection:
        exclusive(connection)
        if documents.translated(connection, ledger, unit.id, results):
            done = [result for result in made.values() if isinstance(result, Document)]
            documents.match(connection, ledger, tools.matcher.renderings(connection, done))
    return max(1, len(articles))


def _translation(tools: Tools, key: str, result: Document | Pending | Rejected) -> Translation:
    match result:
        case Document():
            return Translation(
                id=key, stage="done", document=encode(result), date=result.date, path=tools.publisher.path(result)
            )
        case Pending():
            return Translation(
                id=key, stage="pending", reason=result.reason, command=result.command, langs=result.langs
            )
        case Rejected():
            return Translation(id=key, stage="rejected", reason=result.reason)


def publish(tools: Tools, watch: Watch, *, perform: Perform = directly) -> None:
    """Make the output folder hold what the ledger says it should; one run at a time."""
    ledger = tools.ledger

    def waiting(whom: str) -> None:
        watch.say(f"waiting for {whom}, which is writing this output")

    with held(ledger.engine, "publish", ledger.worker, waiting):
        watch.stage("writing", None)
        with writing(ledger.engine, "cannot look over the output") as connection:
            publication.lost(connection, ledger, tools.publisher.exists)
            incomplete = [
                date for date in publication.dates(connection, ledger) if not tools.publisher.complete(date)
            ]
            publication.soil(connection, incomplete)
        _until_done(partial(perform, "publish", partial(publish_batch, tools)), watch)
        perform("tables", partial(publish_tables, tools))


def publish_batch(tools: Tools) -> int:
    """Write or take away the files of the next batch of documents; returns how many."""
    with reading(tools.ledger.engine, "cannot ask what to write") as connection:
        batch = publication.unpublished(connection, tools.batch)
    for item in batch:
        if item.document is None:
            tools.publisher.remove(item.path)
        else:
            tools.publisher.write(item.path, whole(item))
    if batch:
        with writing(tools.ledger.engine, "cannot take down what was written") as connection:
            exclusive(connection)
            publication.published(connection, tools.ledger, batch)
    return len(batch)


def publish_tables(tools: Tools) -> int:
    """Rewrite the table files of every date on which a document changed; returns how many dates."""
    with reading(tools.ledger.engine, "cannot ask which tables to write") as connection:
        dates = publication.dirty_dates(connection)
    for date, marks in dates:
        with reading(tools.ledger.engine, "cannot ask what a table holds") as connection:
            members = [whole(item) for item in publication.members_of(connection, date)]
        tools.publisher.tables(date, members)
        with writing(tools.ledger.engine, "cannot take down what was written") as connection:
            publication.clean_date(connection, date, marks)
    return len(dates)


def whole(item: publication.Wanted) -> Document:
    """The Document that the output holds: as it was made, with what it stands for today."""
    assert item.document is not None  # noqa: S101 - callers ask only for what the output holds
    document = decode(item.document, Document)
    duplicates = tuple(
        Duplicate(id=copy.id, source=copy.source, kind=copy.kind, score=copy.score) for copy in item.duplicates
    )
    return replace(document, duplicates=duplicates)


def account(tools: Tools) -> Sums:
    """The run's sums so far."""
    with reading(tools.ledger.engine, "cannot sum up") as connection:
        return accounting.of_run(connection, tools.ledger.moment.run)


def _chunks(items: Iterable[Ref | Unread], size: int) -> Iterator[list[Ref | Unread]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
