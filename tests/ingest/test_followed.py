"""What following remembers: listings only once their items are taken down, and pages that are not done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.article import NotModified, Outcome, RawPage, Ref, Unread, Validators
from ingest.database import open_engine
from ingest.followed import TRIES, Kept, NewOnly, Unfinished
from ingest.records import encode
from ingest.sources.entries import url_ref
from ingest.tables import input_, metadata, run
from ingest.urls import parse


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    made = open_engine(tmp_path / "state.sqlite")
    with made.begin() as connection:
        metadata.create_all(connection)
        connection.execute(sa.insert(run).values(id=1, started_at="2026-05-01T12:00:00Z", label="", worker=""))
    yield made
    made.dispose()


def ref(name: str, listed_at: str | None = None) -> Ref:
    return url_ref(parse(f"https://news.example/{name}"), listed_at=listed_at)


def take_down(engine: sa.Engine, item: Ref, **state: object) -> None:
    row = {"kind": item.kind, "locator": item.locator, "name": item.name, "hints": encode(item.hints).decode()}
    with engine.begin() as connection:
        values = {**row, "input_id": item.input_id, "first_run": 1, "attempts": 0, **state}
        connection.execute(sa.insert(input_).values(values))


class Listing:
    """A source by hand."""

    def __init__(self, *items: Ref) -> None:
        self.items = items

    def discover(self) -> Iterator[Ref | Unread]:
        yield from self.items

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        raise NotImplementedError


def test_a_listing_is_kept_when_the_sources_before_are_taken_down_and_not_earlier(engine: sa.Engine) -> None:
    memory = Kept(engine)
    memory.remember("https://news.example/feed", Validators(etag="1"))
    assert Kept(engine).recall("https://news.example/feed") == Validators()
    assert list(Unfinished(engine, memory).discover()) == []
    assert Kept(engine).recall("https://news.example/feed") == Validators(etag="1")
    memory.remember("https://news.example/feed", Validators(etag="2"))
    memory.keep()
    assert Kept(engine).recall("https://news.example/feed") == Validators(etag="2")


def test_what_is_settled_is_left_out_unless_it_changed_since(engine: sa.Engine) -> None:
    for name, trouble in (("done", None), ("gone", Outcome.REJECTED), ("failed", Outcome.FAILED)):
        take_down(engine, ref(name), loaded_run=1, trouble=trouble)
    take_down(engine, ref("killed"))
    changed, older = ref("done", "2026-05-02T00:00:00Z"), ref("done", "2026-04-30T00:00:00Z")
    vague = ref("done", "2026-05-02")
    source = NewOnly(
        Listing(ref("new"), ref("done"), changed, older, vague, ref("gone"), ref("failed"), ref("killed")), engine
    )
    assert list(source.discover()) == [ref("new"), changed, ref("failed"), ref("killed")]
    assert source.note() == "4 known already"


def test_what_failed_or_was_left_is_listed_again_but_not_for_ever(engine: sa.Engine) -> None:
    take_down(engine, ref("done"), loaded_run=1)
    take_down(engine, ref("gone"), loaded_run=1, trouble=Outcome.REJECTED)
    take_down(engine, ref("failed"), loaded_run=1, trouble=Outcome.FAILED, attempts=TRIES - 1)
    take_down(engine, ref("hopeless"), loaded_run=1, trouble=Outcome.FAILED, attempts=TRIES)
    take_down(engine, ref("killed"))
    found = {item.name for item in Unfinished(engine, Kept(engine)).discover()}
    assert found == {"https://news.example/failed", "https://news.example/killed"}
