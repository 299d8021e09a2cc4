from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Lang
from translate import sentences


@pytest.mark.parametrize(
    ("lang", "pieces"),
    [
        ("en", ["Mr. Kim paid $3.5 million. ", "“Why?” he asked. ", "Nobody knew."]),
        ("ko", ["강릉시는 예산을 3.5% 늘렸다.", "이번 결정은 만장일치였다. ", "끝."]),
        ("ko", ["회의가 열렸다.", "2026년 3월에는 다시 모인다."]),
        ("ko", ['"다리가 열린다." ', "주민은 반겼다.", '"좋다." ', "끝."]),
        ("ko", ["시장은 “다리가 곧 열린다.”고 말했다. ", "주민은 반겼다."]),
        ("ja", ["市長は「橋は来月開通する。」と述べた。", "住民は喜んだ。"]),
        ("zh", ["市长说：“桥下月通车。”", "居民很高兴！", "真的吗？"]),
    ],
)
def test_sentences_are_cut_where_a_reader_would(lang: str, pieces: list[str]) -> None:
    assert list(sentences.texts("".join(pieces), Lang(lang))) == pieces


@given(st.text(alphabet=st.characters()), st.sampled_from(["en", "ko", "ja", "zh", "zh-hant", "und", "th", "haw"]))
def test_sentences_follow_each_other_without_gap(text: str, lang: str) -> None:
    spans = sentences.split(text, Lang(lang))
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(start < end for start, end in spans)


@given(st.text(alphabet="가다요. \n“”고A1", max_size=40))
def test_white_space_alone_is_no_sentence(text: str) -> None:
    pieces = list(sentences.texts(text, Lang("ko")))
    assert all(piece.strip() for piece in pieces[1:]) or len(pieces) <= 1
