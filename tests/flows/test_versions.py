"""Several contents under one address are versions of one document: the newest stands, the others are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.command import Said, newsgloss
from tests.flows.test_sources import FLOODS, SCORE, TEXTS, TRAM, add, documents, page
from tests.ingest.test_sources_warc import record
from tests.site import Page, Site


def row(title: str, url: str) -> str:
    return json.dumps({"title": title, "text": "\n".join(TEXTS[title]), "url": url}) + "\n"


def settled(said: Said) -> list[tuple[str, str | None]]:
    return [(item["outcome"], item["match"]) for item in said.json["items"]]


def test_a_later_row_of_one_address_is_the_version_that_stands(tmp_path: Path) -> None:
    """Also where nothing but a token, which may not be kept, tells the addresses apart."""
    url = "https://news.example/a?token="
    (tmp_path / "rows.jsonl").write_text(row(FLOODS, url + "hush1") + row(TRAM, url + "hush2") + row(TRAM, url))
    said = newsgloss("run", "--json", "rows.jsonl", cwd=tmp_path)
    assert settled(said) == [("duplicate", "version"), ("written", None), ("duplicate", "copy")]
    (file,) = documents(tmp_path)
    text = Path(file).read_text()
    assert "Trams began to run" in text
    assert "source: table:rows.jsonl#000000002\n" in text
    assert "kind: version\n" in text
    shown = newsgloss("show", "https://news.example/a?utm_source=x", cwd=tmp_path).out
    assert "duplicate\trows.jsonl#000000001\tversion of" in shown

    (tmp_path / "later.jsonl").write_text(row(SCORE, url + "hush3"))
    said = newsgloss("run", "--json", "later.jsonl", cwd=tmp_path, SOURCE_DATE_EPOCH="1767312000")
    assert settled(said) == [("written", None)]
    assert documents(tmp_path) == [file]
    assert "A librarian discovered" in Path(file).read_text()
    assert newsgloss("status", cwd=tmp_path).out.startswith("4 inputs: 1 written, 3 duplicate")


def test_rows_that_name_a_whole_site_are_articles_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(
        "title,text,source_url\n"
        + "".join(f'{title},"{" ".join(TEXTS[title])}",https://news.example/\n' for title in TEXTS)
    )
    said = newsgloss("run", "--json", "rows.csv", cwd=tmp_path)
    assert settled(said) == [("written", None)] * 3


@pytest.mark.parametrize("archive_first", [True, False])
def test_an_older_copy_in_an_archive_is_no_newer_version(site: Site, tmp_path: Path, *, archive_first: bool) -> None:
    """The archive's date is in 2025, the page is fetched in 2026: the order of loading does not matter."""
    url = add(site, "/a", Page(body=page(TRAM)))
    archived = record("/a", page(FLOODS)).replace(b"http://news.example/a\r", url.encode() + b"\r")
    (tmp_path / "old.warc").write_bytes(archived.replace(b"WARC-Date: 2026-04", b"WARC-Date: 2025-04"))
    (tmp_path / "newsgloss.toml").write_text(f'[fetch]\ndelay_s = 0\nallow_hosts = ["127.0.0.1:{site.port}"]\n')
    sources = ["old.warc", url] if archive_first else [url, "old.warc"]
    runs = [newsgloss("run", "--json", source, cwd=tmp_path) for source in sources]
    last = [("duplicate", "version")] if not archive_first else [("written", None)]
    assert settled(runs[1]) == last
    (file,) = documents(tmp_path)
    text = Path(file).read_text()
    assert "Trams began to run" in text
    assert f"source: url:{url}\n" in text
    assert "source: warc:old.warc#000000000000\n  kind: version\n" in text
