"""The ledger in PostgreSQL: the same job, the same bytes, several workers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.database import open_engine, reading, writing
from ingest.errors import LedgerError
from ingest.tables import metadata, tombstone
from tests.flows.command import SEEDS, environment, newsgloss, tree
from tests.flows.test_sources import FLOODS, SCORE, TRAM, page
from tests.site import Page, running

pytestmark = pytest.mark.postgres


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for seed in SEEDS.glob("*.txt"):
        shutil.copyfile(seed, folder / seed.name)
        shutil.copyfile(seed, folder / f"copy-of-{seed.name}")
    for number in range(20):
        (folder / f"n{number:02}.txt").write_text(
            f"Report number {number}.\nIt rained on day {number} of the year.\n"
        )
    return folder


def test_postgres_and_sqlite_give_the_same_bytes_and_outcomes(
    tmp_path: Path, articles: Path, postgres_state: str
) -> None:
    one = newsgloss("run", "--json", "--output", "one", articles, cwd=tmp_path)
    two = newsgloss("run", "--json", "--output", "two", "--state", postgres_state, articles, cwd=tmp_path)
    assert (one.status, two.status) == (0, 0), two.err
    assert one.json["items"] == two.json["items"]
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    again = newsgloss("run", "--json", "--output", "two", "--state", postgres_state, articles, cwd=tmp_path)
    assert again.json["unchanged"] == 24


def test_three_workers_share_one_job(tmp_path: Path, articles: Path, postgres_state: str) -> None:
    words = ["run", "--json", "--output", "out", "--state", postgres_state, str(articles)]
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "flows.cli", *words],
            cwd=tmp_path,
            env=environment(NEWSGLOSS_BATCH="3", NEWSGLOSS_UNIT="4"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    said = [worker.communicate(timeout=200) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0], said
    for out, _ in said:
        result = json.loads(out)
        assert result["inputs"] == sum(result[name] for name in ("written", "duplicate")) == 24
    assert newsgloss("run", "--quiet", "--output", "alone", articles, cwd=tmp_path).status == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "alone")


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_a_reader_sees_one_state_throughout(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    place = request.getfixturevalue("postgres_state") if kind == "postgres" else tmp_path / "state.sqlite"
    engine, count = open_engine(place), sa.select(sa.func.count()).select_from(tombstone)
    with writing(engine, "cannot make tables") as connection:
        metadata.create_all(connection)
    with reading(engine, "cannot read") as connection:
        assert connection.execute(count).scalar_one() == 0
        with writing(engine, "cannot write") as other:
            other.execute(sa.insert(tombstone).values(key="a", at="2026-01-01T00:00:00Z"))
        assert connection.execute(count).scalar_one() == 0
    with reading(engine, "cannot read") as connection:
        assert connection.execute(count).scalar_one() == 1
    if kind == "postgres":
        with pytest.raises(LedgerError, match="read-only"), reading(engine, "cannot read") as connection:
            connection.execute(sa.delete(tombstone))
    with writing(engine, "cannot write") as connection:  # the pool's next user may write
        connection.execute(sa.delete(tombstone))
    engine.dispose()


def test_new_contents_and_a_backfill_are_the_same_in_both(tmp_path: Path, postgres_state: str) -> None:
    """Versions of a page with their history, and windows by the dates of a feed, a table and of texts."""
    with running() as site:
        news = [("one", FLOODS, "2024-01-01"), ("two", TRAM, "2024-01-02T10:00:00Z"), ("out", SCORE, "2023-12-01")]
        items = "".join(f"<item><link>/{name}</link><pubDate>{date}</pubDate></item>" for name, _, date in news)
        feed = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        url = site.add("/feed", Page(body=feed, media_type="text/xml"), "127.0.0.1")
        (tmp_path / "newsgloss.toml").write_text(f'[fetch]\ndelay_s = 0\nallow_hosts = ["127.0.0.1:{site.port}"]\n')
        told = {}
        for output, state in (("one", ()), ("two", ("--state", postgres_state))):
            for name, title, _ in news:
                site.add(f"/{name}", page(title), "127.0.0.1")
            place = ("--output", output, *state)
            span = ("backfill", "--json", "--from", "2024-01-01", "--to", "2024-01-03", *place)
            first = newsgloss(*span, f"feed:{url}", cwd=tmp_path)
            assert first.status == 0, first.err
            site.add("/one", page(SCORE), "127.0.0.1")
            newsgloss("run", "--quiet", site.url("/one", "127.0.0.1"), *place, cwd=tmp_path)
            again = newsgloss(*span, f"feed:{url}", cwd=tmp_path)
            shown = newsgloss("show", site.url("/one", "127.0.0.1"), *place, cwd=tmp_path)
            results = [done.json["windows"] for done in (first, again)]
            told[output] = (*results, shown.out.replace(f"{output}/", ""))
    assert told["one"] == told["two"]
    assert [[window["state"] for window in windows] for windows in told["one"][:2]] == [
        ["finished"] * 2,
        ["skipped"] * 2,
    ]
    assert "new content: sha256:" in told["one"][2]
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_a_server_that_is_not_there_is_one_line_and_status_3(tmp_path: Path, articles: Path) -> None:
    said = newsgloss("run", "--state", "postgresql://127.0.0.1:9/none", articles, cwd=tmp_path)
    assert said.status == 3
    assert len(said.err.splitlines()) == 1
    assert "Traceback" not in said.err


def test_a_password_is_never_shown(tmp_path: Path, articles: Path) -> None:
    url = "postgresql://reader:hunter2@127.0.0.1:9/none"
    for words in (("run", articles), ("status",), ("doctor",)):
        said = newsgloss(words[0], "--state", url, *words[1:], cwd=tmp_path)
        assert "hunter2" not in said.out + said.err
