"""The pipeline's promises, in this process: any order and batching, failures tried again, pending finished later."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import pipeline
from flows.forget import forget_document
from flows.job import Request as JobRequest
from flows.job import Result, conclude
from flows.pipeline import Tools
from flows.settings import Settings
from flows.tools import LateExtractor, open_tools, source_settings
from flows.watch import Silent
from ingest.article import Article, Lang, Outcome
from ingest.errors import ModelError
from ingest.sources.recognise import open_source
from tests.flows.command import SEEDS, tree
from tests.translate.articles import Echo
from translate.batch import Desk, to_documents
from translate.detect import build_detector
from translate.document import Document, ModelRef, Pending, Rejected, Translator

AT = "2026-01-01T00:00:00Z"
KOREAN = "한국 정부가 새로운 반도체 지원책을 발표했다. 지원책은 내년 봄부터 시행된다.\n\n업계는 환영의 뜻을 밝혔다.\n"


@contextmanager
def opened(
    folder: Path, sources: Sequence[Path], *, batch: int = 200, unit: int = 64
) -> Iterator[tuple[Tools, JobRequest]]:
    chosen = Settings(output=str(folder / "out"), models=str(folder / "models"), batch=batch, unit=unit)
    request = JobRequest(settings=chosen, sources=tuple(map(str, sources)))
    with open_tools(chosen, request.sources, label="test", at=AT) as (tools, _):
        yield tools, request


def run(tools: Tools, request: JobRequest) -> Result:
    sources = [open_source(text, source_settings(request.settings)) for text in request.sources]
    pipeline.run(tools, sources, Silent())
    return conclude(request, tools)


def outcomes(result: Result) -> dict[str, Outcome | None]:
    return {line.name: line.outcome for line in result.lines}


TEXTS = {
    "a.txt": (SEEDS / "000_8896e72ec129ef4c.txt").read_bytes(),
    "b.txt": (SEEDS / "000_8896e72ec129ef4c.txt").read_bytes(),
    "c.txt": (SEEDS / "000_8896e72ec129ef4c.txt").read_bytes().replace(b"\n", b"\r\n"),
    "d.txt": (SEEDS / "002_67c299fc4ad31bee.txt").read_bytes(),
    "e.txt": b"",
    "f.txt": KOREAN.encode(),
    "g.html": b"<html><body><article><h1>Rain</h1><p>It rained in the hills all night long, and the river rose."
    b"</p><p>In the morning the bridge was closed to traffic, the district said.</p></article></body></html>",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one run over all of them gives."""
    folder = tmp_path_factory.mktemp("whole")
    write(folder / "in", TEXTS)
    with opened(folder, [folder / "in"]) as (tools, request):
        run(tools, request)
    return tree(folder / "out")


def write(folder: Path, texts: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text)


@pytest.fixture(scope="module")
def extractor() -> Iterator[LateExtractor]:
    """One whose worker has started: a run of its own would start another, which takes longer than the run."""
    with LateExtractor() as made:
        yield made


@settings(max_examples=12, deadline=None)
@given(
    order=st.permutations(sorted(TEXTS)),
    cuts=st.sets(st.integers(1, len(TEXTS) - 1), max_size=3),
    batch=st.integers(1, 4),
    unit=st.integers(1, 3),
)
def test_any_order_any_split_into_runs_and_any_batching_give_the_same_bytes(
    whole: dict[str, str], extractor: LateExtractor, order: list[str], cuts: set[int], batch: int, unit: int
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        write(folder / "in", TEXTS)
        edges = [0, *sorted(cuts), len(order)]
        for begin, end in pairwise(edges):
            sources = [folder / "in" / name for name in order[begin:end]]
            with opened(folder, sources, batch=batch, unit=unit) as (tools, request):
                result = run(replace(tools, extract=extractor.clean, sighted=extractor.sighted), request)
            assert result.sums.inputs == sum(result.sums.outcomes.values()) == end - begin
        assert tree(folder / "out") == whole
    finally:
        shutil.rmtree(folder)


def test_a_model_that_fails_makes_documents_failed_and_the_next_run_tries_again(tmp_path: Path) -> None:
    write(tmp_path / "in", {"d.txt": TEXTS["d.txt"], "e.txt": b""})

    def broken(articles: Sequence[Article]) -> list[Document | Pending | Rejected]:
        raise ModelError("the model broke", hint="install it again")

    with opened(tmp_path, [tmp_path / "in"]) as (tools, request):
        first = run(replace(tools, translate=broken), request)
    assert outcomes(first) == {"d.txt": Outcome.FAILED, "e.txt": Outcome.REJECTED}
    assert first.exit_status(strict=False) == 1
    assert "the model broke" in str(first.lines[0].reason)
    with opened(tmp_path, [tmp_path / "in"]) as (tools, request):
        second = run(tools, request)
    assert outcomes(second) == {"d.txt": Outcome.WRITTEN, "e.txt": Outcome.REJECTED}
    assert (second.sums.new, second.sums.again, second.sums.unchanged) == (0, 1, 1)


class KoreanEcho:
    """Translators of a machine on which a Korean model, of sorts, has just been installed."""

    def best(self, lang: Lang) -> Translator | None:
        return Echo(lang) if lang == "ko" else None

    def second(self, lang: Lang, model: ModelRef) -> Translator | None:
        return None

    def discard(self, model: ModelRef, reason: str) -> None:
        """There is but one."""

    def installable(self, lang: Lang) -> bool:
        return True


def test_what_is_pending_is_finished_by_the_next_run_of_any_source_once_the_model_is_there(tmp_path: Path) -> None:
    write(tmp_path / "in", {"f.txt": TEXTS["f.txt"]})
    write(tmp_path / "other", {"d.txt": TEXTS["d.txt"]})
    with opened(tmp_path, [tmp_path / "in"]) as (tools, request):
        result = run(tools, request)
    assert outcomes(result) == {"f.txt": Outcome.PENDING}
    assert result.lines[0].command == "newsgloss models install ko"
    desk = Desk(detector=build_detector(), translators=KoreanEcho())
    with opened(tmp_path, [tmp_path / "other"]) as (tools, request):
        ready = replace(
            tools, translate=lambda articles: to_documents(articles, desk), available=lambda lang: lang == "ko"
        )
        result = run(ready, request)
    assert outcomes(result) == {"d.txt": Outcome.WRITTEN}
    assert result.sums.elsewhere == 1
    with opened(tmp_path, [tmp_path / "in"]) as (tools, request):
        result = run(tools, request)
    assert outcomes(result) == {"f.txt": Outcome.WRITTEN}
    assert result.sums.unchanged == 1


def test_a_translation_is_asked_for_once_and_never_for_a_duplicate(tmp_path: Path) -> None:
    write(tmp_path / "in", {"f.txt": TEXTS["f.txt"], "g.txt": TEXTS["f.txt"].replace(b"\n", b"\r\n")})
    asked: list[int] = []

    def counting(articles: Sequence[Article]) -> list[Document | Pending | Rejected]:
        asked.append(len(articles))
        return to_documents(articles, Desk(detector=build_detector(), translators=KoreanEcho()))

    for _ in range(2):
        with opened(tmp_path, [tmp_path / "in"]) as (tools, request):
            result = run(replace(tools, translate=counting), request)
    assert sorted(map(str, outcomes(result).values())) == ["duplicate", "written"]
    assert asked == [1]


def test_what_is_forgotten_while_it_is_translated_does_not_come_back(tmp_path: Path) -> None:
    write(tmp_path / "in", {"d.txt": TEXTS["d.txt"]})
    with opened(tmp_path, [tmp_path / "in"]) as (tools, request):

        def forgetting(articles: Sequence[Article]) -> Sequence[Document | Pending | Rejected]:
            forget_document(request.settings, "d.txt", at=AT)
            return tools.translate(articles)

        result = run(replace(tools, translate=forgetting), request)
    assert outcomes(result) == {"d.txt": Outcome.REJECTED}
    assert tree(tmp_path / "out") == {}


def test_texts_without_words_are_no_duplicates_of_each_other(tmp_path: Path) -> None:
    write(
        tmp_path / "in",
        {"a.txt": "🎉".encode(), "b.txt": b"!!!", "c.txt": "© Harbour Post. All rights reserved.".encode()},
    )
    with opened(tmp_path, [tmp_path / "in"]) as (tools, request):
        result = run(tools, request)
    assert Outcome.DUPLICATE not in outcomes(result).values()
    assert outcomes(result)["c.txt"] is Outcome.REJECTED
