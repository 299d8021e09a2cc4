"""A secret that stands in addresses, wherever they come from, reaches the site it is for and nothing that is kept."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pyarrow.parquet as pq

from tests.flows.command import newsgloss
from tests.flows.test_sources import add
from tests.site import Page, Site

HUSH = "hush0hush1hush2hush3A"
NOUNS = (
    "baker",
    "bridge",
    "captain",
    "castle",
    "engineer",
    "farmer",
    "ferry",
    "forest",
    "garden",
    "harbour",
    "island",
)
PLACES = ("lamp", "library", "market", "mill", "mountain", "museum", "orchard", "river", "road", "school", "tower")
VERBS = ("repaired", "praised", "visited", "measured", "painted", "closed", "opened", "described", "bought", "forgot")


def story(number: int, head: str = "") -> bytes:
    """A page unlike all others."""
    random = Random(number)
    body = "".join(f"<p>{line}</p>" for line in lines(random))
    title = f"The {random.choice(NOUNS)} and the {random.choice(NOUNS)}, part {number}"
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}"
        "</article></body></html>"
    ).encode()


def lines(random: Random) -> list[str]:
    def sentence() -> str:
        (one, two), place, year = random.sample(NOUNS, 2), random.choice(PLACES), random.randrange(1900, 2020)
        return f"The {one} {random.choice(VERBS)} the {two} near the {place} in {year}."

    return [" ".join(sentence() for _ in range(3)) for _ in range(4)]


def heads(origin: str) -> list[str]:
    """What pages may say of their own address."""
    data = f'{{"@type": "NewsArticle", "url": "{origin}/p5?api_key={HUSH}"}}'
    return [
        f'<link rel="canonical" href="{origin}/p0?token={HUSH}&amp;id=1">',
        f'<meta property="og:url" content="{origin}/p1?sid={HUSH}">',
        f'<link rel="canonical" href="/p2;jsessionid={HUSH}#access_token={HUSH}">',
        f'<link rel="canonical" href="/p3?next=http%3A%2F%2Fu%3A{HUSH}%40b.example%2F%3Ftoken%3D{HUSH}">',
        f'<link rel="canonical" href="/p4?access%5Ftoken={HUSH}&amp;X-Amz-Signature={HUSH}">',
        f'<script type="application/ld+json">{data}</script>',
    ]


def planted(site: Site, place: Path) -> list[str]:
    """Sources of every kind whose addresses hold the secret."""
    origin = f"http://reader:{HUSH}@127.0.0.1:{site.port}"
    pages = [add(site, f"/p{number}", story(number, head)) for number, head in enumerate(heads(origin))]
    add(site, "/moved", Page(status=302, headers={"Location": f"/there?token={HUSH}&x=1"}))
    add(site, f"/there?token={HUSH}&x=1", story(20))
    add(site, f"/broken?token={HUSH}", Page(status=500))
    add(site, f"/listed?token={HUSH}&k=1", story(30))
    items = (
        f"<item><link>/listed?token={HUSH}&amp;k=1</link></item><item><link>http://u:{HUSH}@:bad/?token={HUSH}</link>"
        f"</item><item><title>See {origin}/?token={HUSH}</title></item>"
    )
    feed = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    add(site, f"/feed?token={HUSH}", Page(body=feed, media_type="text/xml"))
    rows = [
        {"text": "\n".join(lines(Random(number))), "title": f"Row {number}", "url": url}
        for number, url in ((40, f"{origin}/row?token={HUSH}&k=1"), (41, f"ftp://u:{HUSH}@h/row?token={HUSH}"))
    ]
    (place / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    saved = (
        f"Snapshot-Content-Location: {origin}/saved?token={HUSH}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    )
    (place / "saved.mhtml").write_bytes(saved.encode() + story(50))
    (place / "file.html").write_bytes(
        story(60, f'<link rel="canonical" href="https://u:{HUSH}@n.example/f?pwd={HUSH}">')
    )
    (place / "list.urls").write_text(f"{origin}/none?token={HUSH}\nno address {origin}/?token={HUSH}\n")
    addresses = [f"{origin}/broken?token={HUSH}", f"feed:{origin}/feed?token={HUSH}", f"http://u:{HUSH}@10.0.0.1/"]
    files = [
        "rows.jsonl",
        "saved.mhtml",
        "file.html",
        "list.urls",
        f"sftp://u:{HUSH}@h/a.txt",
        f"http://u:{HUSH}/x@h/",
    ]
    return [*pages, f"{origin}/moved", *addresses, *files]


def test_a_planted_secret_is_in_no_document_table_report_ledger_or_message(site: Site, tmp_path: Path) -> None:
    sources = planted(site, tmp_path)
    (tmp_path / "newsgloss.toml").write_text(
        f'[fetch]\ndelay_s = 0\nattempts = 1\nallow_hosts = ["127.0.0.1:{site.port}"]\n'
    )
    said = [newsgloss("run", "--json", *sources, cwd=tmp_path)]
    said += [newsgloss(word, cwd=tmp_path) for word in ("report", "status")]
    result = said[0].json
    assert (result["written"], result["failed"]) == (12, 1), said[0]
    assert len([request for request in site.requests if HUSH in request.path]) == 5  # the site itself is told
    for each in said:
        assert HUSH not in each.out + each.err
    for path in (tmp_path / "output").rglob("*"):
        assert HUSH not in path.name
        assert path.is_dir() or HUSH.encode() not in path.read_bytes(), path
    rows = [
        row for path in (tmp_path / "output/parquet").rglob("*.parquet") for row in pq.read_table(path).to_pylist()
    ]
    assert len(rows) == 12
    assert HUSH not in repr(rows)
    assert [value for value in kept(tmp_path / "output/.newsgloss/state.sqlite") if HUSH.encode() in value] == []


def kept(state: Path) -> Iterator[bytes]:
    """Every value of the ledger, unpacked, but the pages as their servers sent them."""
    with sqlite3.connect(state) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    yield from _unpacked(value)
    connection.close()


def _unpacked(value: object) -> Iterator[bytes]:
    if not isinstance(value, bytes):
        yield str(value).encode()
        return
    try:
        plain = zlib.decompress(value)
    except zlib.error:
        yield value
        return
    if plain.startswith(b"{"):  # an Article or Document
        yield plain
