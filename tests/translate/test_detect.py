from __future__ import annotations

import subprocess
import sys
import tomllib
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import translate
from ingest.errors import UsageError
from tests.translate.articles import ENGLISH, JAPANESE, KOREAN, PORTUGUESE
from translate.detect import CHOICES, build_detector
from translate.document import Detector
from translate.gate import is_english

WORDS = tomllib.loads(Path(translate.__file__).with_name("english_words.toml").read_text("utf-8"))


@cache
def made(choice: str, number: int = 0) -> Detector:
    """One detector a choice and number: loading a model for each test would take a minute."""
    return build_detector(choice)


@pytest.fixture(params=CHOICES)
def detector(request: pytest.FixtureRequest) -> Detector:
    return made(request.param)


@pytest.fixture
def default() -> Detector:
    return made("default")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (KOREAN, "ko"),
        (ENGLISH, "en"),
        (PORTUGUESE, "pt"),
        (JAPANESE, "ja"),
        ("Der Zug nach Köln hatte gestern mehr als zwei Stunden Verspätung.", "de"),
        ("Les pompiers ont maîtrisé le feu dans la nuit, a indiqué la préfecture.", "fr"),
        ("Жители посёлка просят построить новый мост через реку.", "ru"),
        ("Жителі селища просять побудувати новий міст через річку.", "uk"),
        ("Οι κάτοικοι ζητούν ένα νέο γεφύρι πάνω από το ποτάμι.", "el"),
        ("市政府表示，这座桥将在两年内建成，费用由国家承担。", "zh"),
        ("市政府表示，這座橋將在兩年內建成，費用由國家承擔。", "zh-hant"),
    ],
)
def test_plain_sentences_are_told(detector: Detector, text: str, lang: str) -> None:
    assert detector.detect(text)[0] == lang


@pytest.mark.parametrize(
    "text",
    ["", " \n", "12345", "2026-03-04", "1,024.50", "https://example.org/a/b?c=d", "info@example.org", "@someone",
     "🎉🎉🎉", "...", "。。。", "AAPL", "EUR/KRW", "S&P 500", "005930.KS", "\x00\x01", "\ud800", "٣٤٥",
     "í\x95\x9cêµ\xadì\x96´ë\x8a\x94 ì\x96´ë\xa0µë\x8b¤"],
)  # fmt: skip
def test_what_is_no_language_is_not_named(detector: Detector, text: str) -> None:
    assert detector.detect(text)[0] == "und"


def test_a_korean_body_with_english_in_it_is_korean(default: Detector) -> None:
    text = f"{KOREAN}\n“{ENGLISH}”\n{KOREAN}\nCopyright (c) The Daily. All rights reserved.\nhttps://example.org/1"
    assert default.detect(text)[0] == "ko"


def test_capitals_are_read_as_words(default: Detector) -> None:
    assert default.detect(PORTUGUESE.upper())[0] == "pt"
    assert default.detect(ENGLISH.upper())[0] == "en"


def test_decomposed_hangul_is_korean(default: Detector) -> None:
    assert default.detect(unicodedata.normalize("NFD", KOREAN))[0] == "ko"


def test_names_in_latin_letters_do_not_outweigh_a_korean_sentence(default: Detector) -> None:
    assert default.detect("NVIDIA H100, OpenAI ChatGPT, DeepSeek R1: 새 반도체 공개")[0] == "ko"


def test_han_characters_alone_show_whose_they_are(default: Detector) -> None:
    assert default.detect("東京円相場続落、売買低調")[0] == "ja"
    assert default.detect("国务院发布新规定")[0] == "zh"
    assert default.detect("國務院發布新規定")[0] == "zh-hant"


def test_an_unknown_choice_is_the_users_error() -> None:
    with pytest.raises(UsageError, match="py3langid"):
        build_detector("fasttext")


@given(st.text(alphabet=st.characters(), max_size=40))
@settings(deadline=None, max_examples=60)
def test_any_string_gets_an_answer_and_the_same_one_again(text: str) -> None:
    for choice in CHOICES:
        lang, confidence = made(choice).detect(text)
        assert lang
        assert 0.0 <= confidence <= 1.0
        assert made(choice).detect(text) == (lang, confidence)


@given(st.text(alphabet="abcdeéñß äöжщчңіљ", min_size=20, max_size=60))
@settings(deadline=None, max_examples=20)
def test_letters_without_words_get_the_same_answer_from_another_detector(text: str) -> None:
    for choice in CHOICES:
        assert made(choice).detect(text) == made(choice, 1).detect(text)


def test_many_threads_get_the_answers_of_one(detector: Detector) -> None:
    texts = [PORTUGUESE, "Der Zug kam zu spät an.", "Les pompiers sont arrivés.", "Жители просят мост."] * 25
    alone = [detector.detect(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detector.detect, texts)) == alone


def test_langdetects_own_seed_is_left_alone() -> None:
    from langdetect import DetectorFactory

    build_detector("langdetect").detect(PORTUGUESE)
    assert DetectorFactory.seed is None


@pytest.mark.parametrize("text", [KOREAN, ENGLISH, JAPANESE, "12345"])
def test_no_model_is_loaded_where_letters_or_common_words_decide(text: str) -> None:
    code = (
        "import sys\nfrom translate.detect import build_detector\n"
        f"build_detector().detect({text!r})\n"
        "print(*{'numpy', 'py3langid', 'langdetect'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


@pytest.mark.parametrize("case", WORDS["matches"], ids=lambda case: case["text"][:20])
def test_english_words_say_english(case: dict[str, str]) -> None:
    assert is_english(case["text"])


@pytest.mark.parametrize("case", WORDS["keeps"], ids=lambda case: case["text"][:20])
def test_english_words_are_silent_elsewhere(case: dict[str, str]) -> None:
    assert not is_english(case["text"])
