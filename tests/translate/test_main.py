from __future__ import annotations

import io
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

from ingest import records
from ingest.article import Outcome
from tests.translate.articles import ENGLISH, KOREAN, Shelf, article
from translate.__main__ import run
from translate.batch import Desk, to_documents
from translate.detect import build_detector
from translate.document import Document
from translate.jsonl import read, render

ROOM = [sys.executable, "-m", "translate", "--models", "/nonexistent"]


def lines(*articles: object) -> bytes:
    return b"".join(records.encode(each) + b"\n" for each in articles)


def test_articles_in_documents_out() -> None:
    done = subprocess.run(ROOM, input=lines(article(ENGLISH), article(KOREAN)), capture_output=True, check=False)
    (written,) = read(done.stdout)
    assert written["text"] == ENGLISH
    assert b"newsgloss models install ko" in done.stderr
    assert b"2 articles: 1 written, 1 pending" in done.stderr
    assert done.returncode == 0


def test_what_comes_out_is_what_the_pipeline_writes() -> None:
    made = article(ENGLISH)
    done = subprocess.run(ROOM, input=lines(made), capture_output=True, check=False)
    (document,) = to_documents([made], Desk(detector=build_detector(), translators=Shelf()))
    assert isinstance(document, Document)
    assert done.stdout == render([document])


def test_a_bad_line_is_one_line_of_error_and_the_others_go_on() -> None:
    done = subprocess.run(
        ROOM, input=b'{"no": 1}\n\xff\n\n' + lines(article(ENGLISH)), capture_output=True, check=False
    )
    assert len(done.stdout.splitlines()) == 1
    assert [line.split(b":")[0] for line in done.stderr.splitlines()] == [b"line 1", b"line 2", b"3 articles"]
    assert done.returncode == 1


def test_a_wrong_option_is_a_usage_error() -> None:
    assert subprocess.run([*ROOM, "--detector", "none"], capture_output=True, check=False).returncode == 2


def test_a_closed_pipe_is_no_error() -> None:
    many = lines(*[article(ENGLISH)] * 200)
    pipe = subprocess.Popen(ROOM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert pipe.stdin
    assert pipe.stdout
    assert pipe.stderr
    with pipe:
        pipe.stdout.close()
        with suppress(BrokenPipeError):
            pipe.stdin.write(many)
            pipe.stdin.close()
        assert pipe.stderr.read() == b""
    assert pipe.returncode == 0


def test_nothing_of_an_input_reaches_the_terminal_alive() -> None:
    made = article(KOREAN)
    made = replace(made, provenance=replace(made.provenance, source="file:\x1b[31m\u202e.txt"))
    log = io.StringIO()
    counts = run(
        lines(made).splitlines(), io.BytesIO(), log, desk=Desk(detector=build_detector(), translators=Shelf())
    )
    assert counts[Outcome.REJECTED] == 1
    assert "\x1b" not in log.getvalue()
    assert "\u202e" not in log.getvalue()
