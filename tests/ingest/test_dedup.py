"""Which texts are one, and which document stands for them."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import EN, Lang
from ingest.dedup import Entry, Relation, canonical, cluster, compare, components, eldest, instant
from ingest.fingerprint import Fingerprint, fingerprint
from tests.ingest.newsroom import LANGS, forecast, misread, page, retold, story

SEEDS = Path(__file__).parents[2] / "seeds"


def of(text: str, lang: str = "en") -> Fingerprint:
    return fingerprint(text, Lang(lang))


def relation(one: str, other: str, lang: str = "en") -> Relation | None:
    verdict = compare(of(one, lang), of(other, lang))
    return verdict.relation if verdict else None


@pytest.mark.parametrize("lang", LANGS)
class TestCopiesOfOneStory:
    def test_another_headline(self, lang: str) -> None:
        assert relation(page(story(1, lang)), page([*story(2, lang, 1), *story(1, lang)]), lang) == "near"

    def test_sentences_left_out(self, lang: str) -> None:
        kept = [sentence for i, sentence in enumerate(story(1, lang)) if i % 5]
        assert relation(page(story(1, lang)), page(kept), lang) == "near"

    def test_paragraphs_in_another_order(self, lang: str) -> None:
        assert relation(page(story(1, lang)), page(story(1, lang)[::-1]), lang) == "near"

    def test_an_update_with_news_on_top(self, lang: str) -> None:
        assert relation(page(story(1, lang)), page(story(2, lang, 5) + story(1, lang)), lang) == "near"

    def test_the_first_half(self, lang: str) -> None:
        assert relation(page(story(1, lang)), page(story(1, lang)[:8]), lang) == "near"

    def test_the_first_sentences_as_a_teaser(self, lang: str) -> None:
        assert relation(page(story(1, lang)), page(story(1, lang)[:3]), lang) == "near"

    def test_misread_letters(self, lang: str) -> None:
        assert relation(page(story(1, lang)), misread(page(story(1, lang)), 4), lang) == "near"

    def test_other_stories_are_not_alike(self, lang: str) -> None:
        assert relation(page(story(1, lang)), page(story(2, lang)), lang) is None


def test_one_item_of_a_roundup_is_part_of_it_and_not_the_same() -> None:
    items = [page(story(seed, "en", 12)) for seed in range(5)]
    roundup = "\n\n".join(items)
    assert [relation(item, roundup) for item in items] == ["part_of"] * 5


def test_a_quoted_paragraph_makes_no_duplicate() -> None:
    quoting = [*story(2)[:8], *story(1)[:2], *story(2)[8:]]
    assert relation(page(story(1)), page(quoting)) is None


@pytest.mark.parametrize("lang", LANGS)
def test_short_articles_that_end_in_their_papers_own_words_are_different(lang: str) -> None:
    closing = story(99, lang)[:6]
    for seed in range(4):
        one, other = page([*story(seed, lang)[:4], *closing]), page([*story(seed + 10, lang)[:4], *closing])
        assert relation(one, other, lang) is None
        assert relation(one, page([*story(seed, lang)[:4], "More later.", *closing]), lang) == "near"


def test_reports_with_the_same_words_and_other_figures_are_different() -> None:
    days = [of(forecast(seed)) for seed in range(12)]
    assert [compare(a, b) for a, b in combinations(days, 2)] == [None] * 66


def test_short_reports_of_two_days_in_one_mould_are_different() -> None:
    mould = (
        "The harbour exchange closed {} on {}, and the herring index {} {} percent to {} points, the exchange said. "
        "{} {} {} percent after news from its nets, while ropes were in little demand in a quiet hall and few of "
        "the traders had come in. A barrel of salt went for {} crowns at the bell, and the crown was little "
        "changed. Brokers said that buyers were waiting for the harbour board to say what the new quay will cost, "
        "which it wants to do before the end of the week."
    )
    monday = mould.format("lower", "Monday", "fell", "1.7", 3318, "Netmakers", "lost", "4.6", "58.2")
    tuesday = mould.format("higher", "Tuesday", "rose", "1.5", 3335, "Coopers", "gained", "2.6", "58.75")
    assert compare(fingerprint(monday, EN), fingerprint(tuesday, EN)) is None
    assert compare(fingerprint(monday, EN), fingerprint(f"{monday} More later.", EN)) is not None


def test_a_report_copied_with_its_figures_is_a_duplicate() -> None:
    assert relation(forecast(1), "Weather desk. " + forecast(1)) == "near"


def test_two_translations_of_one_original_are_found_by_what_is_told_in_which_order() -> None:
    assert relation(page(retold(story(1), 1)), page(retold(story(1), 2))) == "translation"


def test_two_translations_count_in_english_alone() -> None:
    assert relation(page(retold(story(1), 1)), page(retold(story(1), 2)), "und") is None


def test_the_same_facts_in_another_order_are_another_article() -> None:
    assert relation(page(retold(story(1), 1)), page(retold(story(1), 2)[::-1])) is None


def test_the_two_seeds_tell_of_one_event_and_are_two_documents() -> None:
    one, other = (path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    assert relation(one, other) is None


def test_the_same_words_are_exact_whatever_stands_between_them() -> None:
    assert relation("Ferry closed. Storm expected!", "ferry closed – storm expected") == "exact"


texts = st.one_of(
    st.text(max_size=300),
    st.builds(
        lambda seed, lang, start, stop: page(story(seed, lang)[start:stop]),
        st.integers(0, 2), st.sampled_from(LANGS), st.integers(0, 8), st.integers(3, 16),
    ),
)  # fmt: skip


@given(texts, texts)
@settings(max_examples=100, deadline=None)
def test_comparing_is_symmetric(one: str, other: str) -> None:
    left, right = fingerprint(one, EN), fingerprint(other, EN)
    assert compare(left, right) == compare(right, left)


@given(texts)
@settings(deadline=None)
def test_a_text_is_exactly_itself(text: str) -> None:
    verdict = compare(fingerprint(text, EN), fingerprint(text, EN))
    assert verdict is not None
    assert (verdict.relation, verdict.score) == ("exact", 1.0)


@pytest.mark.parametrize(
    ("published", "earlier"),
    [
        ("2024-05-01", "2024-05-01T00:00:01Z"),
        ("2024-05-01T09:00:00+09:00", "2024-05-01T00:30:00+00:00"),
        ("2024", "2024-02"),
        ("2024-02", "2024-02-02"),
        ("2024-05-01T10:00", "2024-05-01T10:00:30"),
    ],
)
def test_moments_of_any_precision_have_an_order(published: str, earlier: str) -> None:
    assert instant(published, "2030-01-01T00:00:00Z") < instant(earlier, "2030-01-01T00:00:00Z")


def test_what_is_no_date_gives_way_to_the_time_of_retrieval() -> None:
    assert instant("last week", "2024-05-01T00:00:00Z") == instant(None, "2024-05-01T00:00:00Z") == 1714521600


def entry(id_: str, **known: object) -> Entry:
    given_: dict[str, object] = {
        "since": 0,
        "is_translation": False,
        "size": 100,
        "texts": frozenset({1}),
    }
    return Entry(id=id_, **(given_ | known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("preferred", "other"),
    [
        (entry("b"), entry("a", is_translation=True, size=900, since=-9)),
        (entry("b", size=101), entry("a", since=-9)),
        (entry("b", since=-1), entry("a")),
        (entry("a"), entry("b")),
    ],
)
def test_the_document_to_show_is_an_original_then_long_then_early_then_low(preferred: Entry, other: Entry) -> None:
    assert canonical([other, preferred]) == canonical([preferred, other]) == preferred.id


def test_a_cluster_goes_by_its_oldest_document() -> None:
    assert eldest([entry("a", since=5), entry("c", since=1), entry("b", since=1)]) == "b"


def test_a_member_is_matched_with_the_canonical_one_where_they_touch_and_else_with_the_closest() -> None:
    verdict = compare(of(page(story(1))), of(page(story(1)[:8])))
    assert verdict is not None
    chain = [
        entry("a", size=9, texts=frozenset({1})),
        entry("b", texts=frozenset({2})),
        entry("c", texts=frozenset({3})),
    ]
    made = cluster(chain, {(1, 2): verdict, (2, 3): verdict})
    assert made.canonical == "b"
    assert [(match.id, match.other) for match in made.members] == [("a", "b"), ("b", None), ("c", "b")]
    far = cluster(
        [*chain, entry("d", size=999, texts=frozenset({4}))], {(1, 2): verdict, (2, 3): verdict, (3, 4): verdict}
    )
    assert [match.other for match in far.members] == ["b", "a", "d", None]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15), st.randoms())
def test_components_do_not_depend_on_order(links: list[tuple[int, int]], rng: random.Random) -> None:
    shuffled = [rng.choice(((a, b), (b, a))) for a, b in rng.sample(links, len(links))]
    assert components(range(10), links) == components(range(9, -1, -1), shuffled)
    assert {node for part in components(range(10), links) for node in part} == set(range(10))
