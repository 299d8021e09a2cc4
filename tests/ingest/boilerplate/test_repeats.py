"""What a site repeats is learned from the set of its documents: in any order, in any portions."""

from __future__ import annotations

import random
import tomllib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article, Provenance, Publisher
from ingest.boilerplate import Sighting, learn, sightings, site_of, strip_learned
from ingest.boilerplate.repeats import changed, proposal
from tests.ingest.boilerplate.texts import BODY, RULES, article, gone, kept

FOOT = "The Lantern is read in nine harbours"


def document(number: int, *more: str) -> Article:
    return article(
        [f"Boat number {number} came home on Tuesday after {number} days at sea, its crew said.", *BODY, *more]
    )


def seen(*articles: Article) -> list[Sighting]:
    return [row for number, one in enumerate(articles) for row in sightings(one, "a.example", f"d{number}")]


def unlike(*more: str, count: int = 3) -> list[Article]:
    """Documents that share nothing but what is given."""
    return [
        article([f"Boat number {number} came home after {number} days at sea, with an empty hold.", *more])
        for number in range(count)
    ]


def test_a_line_is_learned_from_the_third_document_on() -> None:
    assert not learn("a.example", seen(*unlike(FOOT, count=2)), {}).lines
    learned = learn("a.example", seen(*unlike(FOOT)), {})
    assert list(learned.lines.values()) == [FOOT]
    cleaned = strip_learned(unlike(FOOT)[0], learned)
    assert gone(cleaned) == [FOOT]
    assert cleaned.stripped[0].rule == "learned.a.example"
    assert strip_learned(cleaned, learned) == cleaned


def test_copies_of_one_text_teach_nothing() -> None:
    rows = seen(*unlike(FOOT))
    assert not learn("a.example", rows, {"d0": "one", "d1": "one", "d2": "one"}).lines
    assert not learn("a.example", rows, {"d0": "one", "d1": "one"}).lines


def test_another_site_teaches_nothing() -> None:
    assert not learn("b.example", seen(*unlike(FOOT)), {}).lines


def test_what_is_ignored_is_never_learned_and_so_undone() -> None:
    rows = seen(*unlike(FOOT))
    learned = learn("a.example", rows, {})
    undone = learn("a.example", rows, {}, ignored=[FOOT.upper()])
    assert not undone.lines
    assert changed(learned, undone) == learned.lines.keys()
    assert changed(None, learned) == learned.lines.keys()


def test_the_background_of_a_running_story_stays() -> None:
    background = "The harbour wall broke in the storm of January, the worst that the town has known in a century."
    few = unlike(background, count=4) + unlike(FOOT, count=30)[4:]
    assert list(learn("a.example", seen(*few), {}).lines.values()) == [FOOT]
    assert background in learn("a.example", seen(*unlike(background, count=4)), {}).lines.values()


def test_titles_and_an_article_of_nothing_else_stay() -> None:
    titled = article(["Tides of the Week", *BODY])
    rows = [row for number in range(3) for row in sightings(titled, "a.example", f"d{number}")]
    learned = learn("a.example", rows, {})
    assert "Tides of the Week" not in learned.lines.values()
    assert strip_learned(titled, learned) == titled


def test_a_proposal_is_toml_that_reads_back() -> None:
    odd = 'Say "hello" to \\ the 등대'
    read = tomllib.loads(proposal(learn("a.example", seen(*unlike(odd)), {})))
    assert read == {"site": "a.example", "lines": [odd]}


def test_a_site_is_the_registered_host_else_the_publisher() -> None:
    plain = document(1)
    provenance = Provenance(source="url", target_uri="https://m.a.co.kr/1", retrieved_at="", payload_digest="")
    assert site_of(plain, RULES) is None
    assert site_of(replace(plain, provenance=provenance), RULES) == "a.co.kr"
    assert site_of(replace(plain, canonical_url="https://x.blogspot.com/1"), RULES) == "x.blogspot.com"
    assert site_of(replace(plain, publisher=Publisher(original="The Lantern")), RULES) == "The Lantern"
    assert site_of(replace(plain, publisher=Publisher(original="L", domain="l.example")), RULES) == "l.example"


FEET = st.lists(
    st.lists(st.sampled_from([FOOT, "Write to the lighthouse", "Nine harbours, one paper", "등대 소식"])), max_size=8
)


@given(
    FEET, st.integers(), st.integers(min_value=1, max_value=5), st.lists(st.integers(0, 3), min_size=8, max_size=8)
)
def test_order_and_portions_of_a_sites_documents_cannot_matter(
    feet: list[list[str]], seed: int, portions: int, groups: list[int]
) -> None:
    rows = seen(*(document(number, *foot) for number, foot in enumerate(feet)))
    clusters = {f"d{number}": f"c{group}" for number, group in enumerate(groups)}
    whole = learn("a.example", rows, clusters)
    shuffled = rows + rows[:3]
    random.Random(seed).shuffle(shuffled)
    stored: set[Sighting] = set()
    for start in range(portions):
        stored |= set(shuffled[start::portions])
    assert learn("a.example", sorted(stored, key=lambda row: (row.text, row.document)), clusters) == whole
    for number, foot in enumerate(feet):
        one = document(number, *foot)
        cleaned = strip_learned(one, whole)
        assert sorted(kept(cleaned) + gone(cleaned)) == sorted(kept(one))
        assert strip_learned(cleaned, whole) == cleaned
