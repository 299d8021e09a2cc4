"""``newsgloss run`` on what is not a folder: addresses, feeds, archives and tables go through the same job."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.article import digest
from tests.flows.command import newsgloss, tree
from tests.ingest.test_sources_warc import record
from tests.site import Page, Site

TEXTS = {
    "Floods in Ashford": (
        "The river rose by two metres on Friday night, and forty families left their homes.",
        "The council opened a school hall, where volunteers handed out blankets and soup until morning.",
        "The water is expected to fall on Sunday, when engineers will look at the old bridge.",
    ),
    "New tram line opens": (
        "Trams began to run between the harbour and the university on Monday after nine years of building.",
        "A single ticket costs two euros; children under twelve ride free during the first month.",
        "Shopkeepers along the line hope that customers will come back now that the street is whole again.",
    ),
    "Orchestra finds lost score": (
        "A librarian discovered the handwritten symphony between two atlases in the cellar of the town archive.",
        "Experts compared paper and ink with letters of the composer and have little doubt that it is hers.",
        "The first performance is planned for autumn, with the youth choir singing the closing movement.",
    ),
}
FLOODS, TRAM, SCORE = TEXTS


def page(title: str) -> bytes:
    text = "".join(f"<p>{line}</p>" for line in TEXTS[title])
    body = f"<article><h1>{title}</h1>{text}</article>"
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def add(site: Site, path: str, route: Page | bytes) -> str:
    return site.add(path, route, "127.0.0.1")


@pytest.fixture
def place(tmp_path: Path, site: Site) -> Path:
    (tmp_path / "newsgloss.toml").write_text(f'[fetch]\ndelay_s = 0\nallow_hosts = ["127.0.0.1:{site.port}"]\n')
    return tmp_path


def documents(place: Path, output: str = "output") -> list[str]:
    return sorted(str(path) for path in (place / output / "documents").rglob("*.md"))


def test_a_feed_is_fetched_written_and_not_fetched_again(site: Site, place: Path) -> None:
    add(site, "/floods", Page(body=page(FLOODS), etag='"1"'))
    add(site, "/tram", Page(body=page(TRAM), etag='"2"'))
    links = "".join(f"<item><link>/{name}</link></item>" for name in ("floods", "tram", "gone"))
    feed = add(site, "/feed.xml", f"<rss version='2.0'><channel>{links}</channel></rss>".encode())
    said = newsgloss("run", feed, cwd=place)
    assert said.status == 0, said.err
    assert "HTTP 404" in said.out
    before = tree(place / "output")
    files = (place / "output" / "jsonl").rglob("*.jsonl")
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert sorted(line["source"] for line in lines) == [
        f"url:{site.url(path, '127.0.0.1')}" for path in ("/floods", "/tram")
    ]
    newsgloss("run", feed, cwd=place)
    assert tree(place / "output") == before
    again = [request for request in site.requests if request.path == "/floods"]
    assert [request.headers.get("If-None-Match") for request in again] == [None, '"1"']


def test_new_content_is_a_new_version_with_history_and_a_vanished_page_keeps_its_document(
    site: Site, place: Path
) -> None:
    url = add(site, "/a", page(FLOODS))
    newsgloss("run", url, cwd=place)
    first = documents(place)
    add(site, "/a", page(TRAM))
    newsgloss("run", url, cwd=place)
    assert documents(place) == first
    text = Path(first[0]).read_text()
    assert "Trams began to run" in text
    for status, words in ((404, "HTTP 404: no such page"), (410, "HTTP 410: the page is gone")):
        add(site, "/a", Page(status=status))
        said = newsgloss("run", url, cwd=place)
        assert (said.status, words in said.out) == (0, True)
    newsgloss("run", url, cwd=place)  # as before: no further event
    assert documents(place) == first
    assert Path(first[0]).read_text() == text
    shown = newsgloss("show", url, cwd=place).out
    assert "Trams began to run" in shown
    events = [line.split("\t")[1:] for line in shown.splitlines() if "\trun " in line]
    new, old = digest(page(TRAM)), digest(page(FLOODS))
    assert events == [
        ["run 1", "written", ""],
        ["run 2", "written", f"new content: {new}, before {old}"],
        ["run 3", "rejected", "HTTP 404: no such page"],
        ["run 4", "rejected", "HTTP 410: the page is gone"],
    ]


def test_a_backfill_asks_only_for_sitemaps_that_may_hold_its_days(site: Site, place: Path) -> None:
    titles = {"2024-03": FLOODS, "2024-04": TRAM, "2024-05": SCORE}
    maps = "".join(f"<sitemap><loc>/map-{month}.xml</loc></sitemap>" for month in titles)
    index = add(site, "/sitemap.xml", f"<sitemapindex>{maps}</sitemapindex>".encode())
    for month, title in titles.items():
        row = f"<url><loc>/{month}/story</loc><lastmod>{month}-15</lastmod></url>"
        add(site, f"/map-{month}.xml", f"<urlset>{row}</urlset>".encode())
        add(site, f"/{month}/story", page(title))
    april = ("backfill", "--from", "2024-04-10", "--to", "2024-04-20", "--window", "1m", index)
    said = newsgloss(*april, cwd=place)
    assert said.status == 0, said.err
    assert site.paths() == ["/sitemap.xml", "/map-2024-04.xml", "/2024-04/story"]
    assert "2 sitemaps of other days not read" in said.err
    assert len(documents(place)) == 1
    site.requests.clear()
    newsgloss(*april, "--undated", cwd=place)
    assert {path for path in site.paths() if "map-" in path} == {f"/map-{month}.xml" for month in titles}


def test_a_private_address_is_refused_without_leave(site: Site, tmp_path: Path) -> None:
    url = add(site, "/a", page(FLOODS))
    said = newsgloss("run", url, cwd=tmp_path)
    assert "refused: 127.0.0.1 is a loopback address" in " ".join((said.out + said.err).split())
    assert site.requests == []
    said = newsgloss("run", "--allow-host", f"127.0.0.1:{site.port}", url, cwd=tmp_path)
    assert said.status == 0
    assert site.paths() == ["/a"]


def test_credentials_and_tokens_of_an_address_reach_the_site_and_nothing_else(site: Site, place: Path) -> None:
    add(site, "/a?id=1&token=hush-token", page(FLOODS))
    url = f"http://reader:hush-word@127.0.0.1:{site.port}/a?id=1&token=hush-token"
    said = newsgloss("run", url, url.replace("id=1", "id=2"), "--json", cwd=place)
    assert len(documents(place)) == 1
    assert "HTTP 404" in said.out
    assert "hush" not in said.out + said.err
    assert all(
        request.headers["Authorization"].startswith("Basic ") for request in site.requests if "id" in request.path
    )
    assert not [path for path in place.rglob("*") if path.is_file() and b"hush" in path.read_bytes()]


def test_an_archive_and_a_table_are_read_row_by_row(tmp_path: Path) -> None:
    archived = record("/a", page(FLOODS), Content_Type="text/html") + record("/b", status="404 Not Found")
    (tmp_path / "news.warc").write_bytes(archived)
    rows = [{"text": "\n".join(TEXTS[title]), "title": title} for title in (TRAM, SCORE)]
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = newsgloss("run", "news.warc", "news.jsonl", cwd=tmp_path)
    assert said.status == 0, said.err
    assert "passed over 1: 1 HTTP 404" in said.err
    assert len(documents(tmp_path)) == 3


def test_wrong_fetch_settings_are_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "newsgloss.toml").write_text("[fetch]\ndelay = 0\n")
    said = newsgloss("run", "https://news.example/a", cwd=tmp_path)
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert "no setting is called 'delay'" in said.err
