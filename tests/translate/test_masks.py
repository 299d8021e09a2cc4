from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Lang
from translate import masks, sentences
from translate.gate import gate


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Escreva para maria.s@example.com.br hoje.", ["maria.s@example.com.br"]),
        ("자세한 내용은 https://example.org/a?b=c 에서.", ["https://example.org/a?b=c"]),
        ("Veja www.example.com.br/obras, disse.", ["www.example.com.br/obras"]),
        ("Siga @jornal_x e #Obras2026 e #산불.", ["@jornal_x", "#Obras2026", "#산불"]),
        ("삼양전자(123456.KS)와 $ABC, NASDAQ: ABC", ["123456.KS", "$ABC", "NASDAQ: ABC"]),
        ("Use `make test` ou os.listdir() aqui.", ["`make test`", "os.listdir()"]),
        ("Como mostra [1], nada mudou.", ["[1]"]),
        ("O PIB caiu 3,5% em 2026 (R$ 12 mil).", []),
        ("A.B. Costa, dos E.U.A., não falou.", []),
    ],
)
def test_what_is_no_language_is_masked(text: str, hidden: list[str]) -> None:
    masked, found = masks.mask(text)
    assert list(found) == hidden
    assert masks.restore(masked, found) == text
    assert masks.kept(masked, found)


def test_a_lost_doubled_or_invented_mark_is_noticed() -> None:
    _masked, found = masks.mask("De a@example.org para b@example.org.")
    assert masks.kept("To [2] from [1].", found)
    assert not masks.kept("To [2].", found)
    assert not masks.kept("To [1] and [1] from [2].", found)
    assert not masks.kept("To [1], [2], [3].", found)


def test_an_engine_may_move_and_space_the_marks() -> None:
    assert masks.restore("From [ 2 ] to [1].", ("a@b.org", "c@d.org")) == "From c@d.org to a@b.org."


@pytest.mark.parametrize(
    "part", ["a.", "a_b.", "@a", "#1", "`a", "[", "www.", "a-", "AB.", "x@", "http://", "a()", "<a", "“"]
)
def test_a_hundred_thousand_repeats_of_anything_are_masked_and_cut_and_looked_at(part: str) -> None:
    text = part * 100_000
    masked, found = masks.mask(text)
    assert masks.restore(masked, found) == text
    assert "".join(sentences.texts(text, Lang("ko"))) == text
    assert gate(text).letters < len(text)


@given(st.text(alphabet="ab1@.#/:[]` \nhtps한w", max_size=60))
def test_masking_can_always_be_undone(text: str) -> None:
    masked, found = masks.mask(text)
    assert masks.restore(masked, found) == text
    assert masks.kept(masked, found)


@pytest.mark.parametrize(
    ("text", "lang", "sent"),
    [
        ("A ponte abriu.", "pt", True),
        ("[1] [2]", "pt", False),
        ("12:30", "pt", False),
        ("AAPL", "pt", False),
        ("", "ko", False),
        ("Fax 02", "ko", False),
        ("새 다리", "ko", True),
        ("東京", "ja", True),
        ("🎉", "ja", False),
    ],
)
def test_only_language_in_its_own_script_is_sent(text: str, lang: str, sent: bool) -> None:
    assert masks.sendable(text, Lang(lang)) is sent
