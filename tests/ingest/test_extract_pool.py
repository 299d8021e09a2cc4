"""Pages are read within bounds of time and memory; one that breaks them costs itself alone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from ingest.article import Article, Provenance, RawPage
from ingest.decode import MAX_BYTES
from ingest.errors import InputError
from ingest.extract import extract
from ingest.extract_pool import Extractor, Limits

TEXT = "The council of Velmarsund decided on Thursday to build a second tidal power plant at the end of the sound."


def page(payload: bytes, name: str = "a", media_type: str = "text/html") -> RawPage:
    provenance = Provenance(
        source=f"file:{name}", target_uri=None, retrieved_at="2026-03-01T00:00:00Z", payload_digest=""
    )
    return RawPage(provenance=provenance, payload=payload, media_type=media_type)


def good(name: str = "good") -> RawPage:
    body = "".join(f"<p>{TEXT} ({number})</p>" for number in range(6))
    return page(f"<html><body><h1>A second plant</h1>{body}</body></html>".encode(), name)


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(workers=2) as made:
        yield made


def reason(outcome: Article | InputError) -> str:
    assert isinstance(outcome, InputError)
    return outcome.reason


def test_articles_come_in_the_order_of_their_pages(extractor: Extractor) -> None:
    pages = [good(f"page{number}") for number in range(7)]
    assert extractor.extract_many(pages) == [extract(each) for each in pages]


def test_plain_text_needs_no_worker() -> None:
    with Extractor() as made:
        (article,) = made.extract_many([page(b"One line.\nAnother line.", media_type="text/plain")])
        assert isinstance(article, Article)
        assert made._workers == []


HOSTILE = {
    "100 MB": (b"<p>" + b"x" * (100 * 1024**2), "too large"),
    "nesting": (b"<div>" * 100_000 + b"deep", "nested"),
    "attributes": (b"<p " + b" ".join(b"a%d=1" % n for n in range(1_000_000)) + b">text</p>", "attributes"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "PNG image"),
    "null bytes": (b"<html><body><p>text" + b"\0" * 9000 + b"</p>", "NUL"),
    "broken UTF-8": (b"<p>" + b"\xff\xfe\xfd\x80\x81" * 3000, "not text in any known charset"),
    "only a tag": (b"<html>", "nothing readable"),
}


def test_a_page_that_cannot_be_read_is_refused_with_its_reason_and_the_others_are_read(extractor: Extractor) -> None:
    pages = [page(payload, name) for name, (payload, _) in HOSTILE.items()]
    outcomes = extractor.extract_many([good(), *pages, good("after")])
    assert isinstance(outcomes[0], Article)
    assert isinstance(outcomes[-1], Article)
    for outcome, (name, (_, why)) in zip(outcomes[1:-1], HOSTILE.items(), strict=True):
        assert isinstance(outcome, InputError), name
        assert any(word in outcome.reason for word in why.split("|")), (name, outcome.reason)


def test_a_page_that_takes_too_long_is_given_up_and_its_worker_replaced() -> None:
    # libxml2 needs time in the square of the number of attributes: many tags that are each just within the limit
    slow = b"".join(b"<p " + b" ".join(b"a%d" % n for n in range(9_900)) + b">x</p>" for _ in range(40))
    # Loading the libraries takes one of the seconds; a busy machine is to be waited for.
    with Extractor(limits=Limits(seconds=2, patience=60)) as made:
        outcomes = made.extract_many([good(), page(slow[: MAX_BYTES - 1], "slow"), good("after")])
    assert [type(outcome) for outcome in outcomes] == [Article, InputError, Article]
    assert "takes more than 2 s" in reason(outcomes[1])


def test_a_page_that_takes_too_much_memory_is_given_up() -> None:
    big = b"<html><body>" + b"<p><b>x</b><i>y</i>z</p>" * 600_000
    with Extractor(limits=Limits(memory=600 * 1024**2, seconds=60)) as made:
        outcomes = made.extract_many([page(big, "big"), good("after")])
    assert [type(outcome) for outcome in outcomes] == [InputError, Article]
    assert "memory" in reason(outcomes[0]) or "broke its reader" in reason(outcomes[0])


def test_a_worker_that_is_killed_costs_its_page_alone(extractor: Extractor) -> None:
    extractor.extract_many([good()])
    victim = extractor._workers[0].worker
    assert victim.pid is not None
    os.kill(victim.pid, signal.SIGKILL)
    while victim.alive:
        time.sleep(0.01)
    outcomes = extractor.extract_many([good("one"), good("two"), good("three")])
    assert sum(isinstance(outcome, Article) for outcome in outcomes) >= 2
    assert all(isinstance(outcome, Article) for outcome in extractor.extract_many([good("next")]))


def test_a_worn_worker_is_replaced() -> None:
    with Extractor(limits=Limits(pages=2)) as made:
        made.extract_many([good("one"), good("two")])
        first = made._workers[0].worker.pid
        made.extract_many([good("three")])
        assert made._workers[0].worker.pid != first
