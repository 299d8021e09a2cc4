"""The ledger's tables: names in, SQLAlchemy table definitions out."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("started_at", sa.Text, nullable=False),
    sa.Column("finished_at", sa.Text),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("counts", sa.Text),
    sa.Column("worker", sa.Text, nullable=False, comment="who started it"),
    comment="one row a run; counts is its accounting as JSON once it is finished",
)

worker = sa.Table(
    "worker",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("process_start", sa.Float, nullable=False),
    sa.Column("heartbeat", sa.Float, nullable=False),
    comment="who holds leases; a dead worker's leases are free",
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("worker", sa.Text, nullable=False),
    comment="work that only one worker at a time may do, by name",
)

input_ = sa.Table(
    "input",
    metadata,
    sa.Column("input_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("locator", sa.Text, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("record", sa.Text),
    sa.Column("listed_at", sa.Text),
    sa.Column("hints", sa.Text, nullable=False),
    sa.Column("first_run", sa.Integer, nullable=False),
    sa.Column("loaded_run", sa.Integer, comment="the last run that asked the source for it, to an end"),
    sa.Column("validators", sa.Text),
    sa.Column("retrieved_at", sa.Text, comment="time of the first retrieval"),
    sa.Column("document", sa.Text, index=True),
    sa.Column("version", sa.Text, comment="payload digest of the last retrieval"),
    sa.Column("version_at", sa.Text, comment="since when that is its payload: an archive's date, else the run's"),
    sa.Column("trouble", sa.Text, comment="why it gave no document: rejected or failed"),
    sa.Column("reason", sa.Text),
    sa.Column("outcome", sa.Text, index=True),
    sa.Column("of", sa.Text, comment="the document it is a duplicate of"),
    sa.Column("match", sa.Text, comment="the kind of duplicate"),
    sa.Column("score", sa.Float),
    sa.Column("command", sa.Text, comment="what brings a pending input on"),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("lease", sa.Text, index=True),
)

listing = sa.Table(
    "listing",
    metadata,
    sa.Column("run", sa.Integer, primary_key=True),
    sa.Column("input_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False, comment="new, again or unchanged"),
    comment="which inputs an unfinished run accounts for; dropped when it is finished",
)

history = sa.Table(
    "history",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("input_id", sa.Text, nullable=False, index=True),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    comment="every outcome an input ever had, in order",
)

document = sa.Table(
    "document",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("input_id", sa.Text, nullable=False, comment="the input that stands for it"),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("page", sa.Text, nullable=False, comment="the RawPage as JSON, its payload in the store"),
    sa.Column("article", sa.Text, comment="digest of the Article in the store"),
    sa.Column("extract_version", sa.Integer),
    sa.Column("base", sa.Text, comment="digest of the Article before what its site repeats was taken out"),
    sa.Column("site", sa.Text, index=True),
    sa.Column("rewritten_run", sa.Integer, comment="the last run that made its Article anew from learned lines"),
    sa.Column("duplicate_of", sa.Text),
    sa.Column("match", sa.Text),
    sa.Column("score", sa.Float),
    sa.Column("stage", sa.Text, nullable=False, comment="extract, translate, aside, pending, rejected, failed, done"),
    sa.Column("lease", sa.Text, index=True),
    sa.Column("reason", sa.Text),
    sa.Column("command", sa.Text),
    sa.Column("langs", sa.Text, comment="what a pending document waits for, space-separated"),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("tried_run", sa.Integer, comment="the last run that tried and failed"),
    sa.Column("unit", sa.Integer, index=True),
    sa.Column("translate_version", sa.Integer),
    sa.Column("translation", sa.Text, comment="digest of the Document in the store"),
    sa.Column("date", sa.Text, index=True),
    sa.Column("path", sa.Text, unique=True, comment="given at first write and kept for good"),
    sa.Column("wanted", sa.Text, index=True, comment="digest of what the output should hold, or null for nothing"),
    sa.Column("written", sa.Text, index=True, comment="digest of what the output holds"),
    sa.Index("ix_document_stage", "stage", "duplicate_of"),
)

unit = sa.Table(
    "unit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("lease", sa.Text),
    sa.Column("done", sa.Boolean, nullable=False, default=False),
    comment="a translation work unit: its documents are fixed when it is first claimed",
)

window = sa.Table(
    "window",
    metadata,
    sa.Column("key", sa.Text, primary_key=True, comment="digest of what it is a window of: sources, begin, end"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False, comment="begun, finished or failed"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("members", sa.Text, comment="digest of the inputs that its last run had"),
    sa.Column("counts", sa.Text, comment="the accounting of its last run, as JSON"),
    comment="one row a window of a backfill that was begun",
)

window_input = sa.Table(
    "window_input",
    metadata,
    sa.Column("window", sa.Text, primary_key=True),
    sa.Column("input_id", sa.Text, primary_key=True),
    sa.Column("ref", sa.Text, nullable=False, comment="the Ref as JSON"),
    comment="which inputs a window holds, as the last backfill found them",
)

dirty = sa.Table(
    "dirty",
    metadata,
    sa.Column("date", sa.Text, primary_key=True),
    sa.Column("marks", sa.Integer, nullable=False, comment="how often it was marked; cleaned only at the count seen"),
    comment="dates whose table files are to be rewritten",
)

tombstone = sa.Table(
    "tombstone",
    metadata,
    sa.Column("key", sa.Text, primary_key=True, comment="a document id, input id or payload digest"),
    sa.Column("at", sa.Text, nullable=False),
    comment="what the user asked to forget, so that it does not come back",
)

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    comment="the store: payloads, Articles and Documents, content-addressed, compressed",
)

listing_memory = sa.Table(
    "listing_memory",
    metadata,
    sa.Column("locator", sa.Text, primary_key=True),
    sa.Column("validators", sa.Text, nullable=False),
    comment="what a followed feed or sitemap gave last time, to ask whether it has changed",
)

site = sa.Table(
    "site",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("learned", sa.Text, comment="the Learned lines as JSON"),
    sa.Column("dirty", sa.Boolean, nullable=False, comment="its documents changed since it was learned from"),
    comment="what recurs over the documents of one site",
)

sighting = sa.Table(
    "sighting",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("document", sa.Text, primary_key=True, index=True),
    sa.Column("text", sa.Text, nullable=False),
    comment="a line of a document that could be its site's standing text",
)

unlearned = sa.Table(
    "unlearned",
    metadata,
    sa.Column("site", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, primary_key=True),
    comment="lines that the user does not want learned",
)
