"""Golden pages: a folder's input.html and page.toml -> the RawPage, beside the Article that was agreed on.

A folder in tests/golden holds ``input.html`` (bytes as a server sent them), ``article.json`` (what must come out)
and, where there is something to say, ``page.toml`` with ``url`` and ``charset`` (the HTTP header's). A folder added
is a test added. ``python -m tests.ingest.golden [NAME...]`` writes article.json anew; read the difference before you
commit it.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

from ingest import records
from ingest.article import Article, Provenance, RawPage, digest
from ingest.extract import extract

FOLDER = Path(__file__).parent.parent / "golden"


def names() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/input.html"))


def page(name: str) -> RawPage:
    payload = (FOLDER / name / "input.html").read_bytes()
    about = FOLDER / name / "page.toml"
    facts = tomllib.loads(about.read_text("utf-8")) if about.exists() else {}
    provenance = Provenance(
        source=f"file:{name}.html",
        target_uri=facts.get("url"),
        retrieved_at="2026-03-14T12:00:00Z",
        payload_digest=digest(payload),
    )
    return RawPage(provenance=provenance, payload=payload, media_type="text/html", charset=facts.get("charset"))


def agreed(name: str) -> Article:
    return records.decode((FOLDER / name / "article.json").read_bytes(), Article)


def write(name: str) -> None:
    article = json.loads(records.encode(extract(page(name))))
    text = json.dumps(article, ensure_ascii=False, indent=1)
    (FOLDER / name / "article.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    for each in sys.argv[1:] or names():
        write(each)
