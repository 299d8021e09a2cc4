"""The Argos engine on packages whose model copies its input: whatever comes out changed was sorted or cut wrongly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import ctranslate2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Lang
from ingest.errors import ModelError, UsageError
from tests.translate.packages import Recipe, build
from translate.document import Failure, ModelRef, Options, Rendering
from translate.engines.argos import ArgosTranslator, Hardware, load, plan
from translate.engines.package import read

REF = ModelRef(engine="argos", name="ko-en", digest="sha256:bb", source_lang=Lang("ko"))
TEXT = (
    "항구 도시 하늬의 새 다리가 다음 달에 열린다.",
    "시장은 어제 기자들에게 다리를 건너는 데 7분이 걸린다고 말했다.",
    "The new bridge at Harbour Town opens next month, the mayor said.",
    "It takes 7 minutes to cross; the ferry took 35.",
)
CPU = Hardware(device="cpu", workers=2)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("argos"), TEXT)


def sentences(count: int) -> list[str]:
    return [" ".join(TEXT[number % 4].split()[: 1 + number % 11]) + f" {number}" for number in range(count)]


def test_every_sentence_comes_back_in_its_place(package: Path) -> None:
    translator = ArgosTranslator(package, REF, hardware=CPU)
    asked = sentences(300)
    assert translator.translate(asked, Options()) == [Rendering(text=each) for each in asked]
    translator.close()


@pytest.mark.parametrize("compute_type", ["auto", "int8", "float32"])
def test_each_compute_type_can_be_asked_for(package: Path, compute_type: str) -> None:
    translator = ArgosTranslator(package, REF, hardware=CPU)
    options = Options(compute_type=compute_type)
    assert translator.translate(TEXT, options) == [Rendering(text=each) for each in TEXT]
    translator.close()


def test_a_sentence_over_the_models_length_is_cut_and_comes_back_whole(package: Path) -> None:
    translator = ArgosTranslator(package, REF, hardware=CPU)
    long = " ".join(sentences(120))
    (answer,) = translator.translate([long], Options(max_tokens=100))
    assert answer == Rendering(text=long, flags=("in_pieces",))
    translator.close()


def test_a_package_of_byte_pairs_is_read(tmp_path: Path) -> None:
    translator = ArgosTranslator(build(tmp_path, TEXT, Recipe(tokens="bpe")), REF, hardware=CPU)
    assert translator.translate([TEXT[2]], Options()) == [Rendering(text=TEXT[2])]
    translator.close()


def test_the_target_prefix_does_not_stand_in_the_output(tmp_path: Path) -> None:
    translator = ArgosTranslator(build(tmp_path, TEXT, Recipe(prefix="__en__")), REF, hardware=CPU)
    (answer,) = translator.translate([TEXT[2]], Options())
    assert isinstance(answer, Rendering)
    assert "__en__" not in answer.text
    translator.close()


def test_an_underscore_stays_one(package: Path) -> None:
    translator = ArgosTranslator(package, REF, hardware=CPU)
    assert translator.translate(["the file_name opens"], Options()) == [Rendering(text="the file_name opens")]
    translator.close()


def test_what_is_no_language_is_a_failure(package: Path) -> None:
    translator = ArgosTranslator(package, REF, hardware=CPU)
    bad, good = translator.translate(["🎉", TEXT[0]], Options())
    assert (bad, good) == (Failure(reason="nothing in it to translate"), Rendering(text=TEXT[0]))
    translator.close()


@pytest.mark.parametrize("missing", ["metadata.json", "model/model.bin", "sentencepiece.model"])
def test_a_package_that_lacks_a_file_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    folder = build(tmp_path, TEXT)
    (folder / missing).unlink()
    with pytest.raises(ModelError, match=missing.replace(".", r"\.")):
        ArgosTranslator(folder, REF)


def test_a_model_of_rubbish_is_an_error_of_ours(tmp_path: Path) -> None:
    folder = build(tmp_path, TEXT)
    (folder / "model" / "model.bin").write_bytes(b"rubbish")
    with pytest.raises(ModelError, match="translate-ko_en"):
        ArgosTranslator(folder, REF, hardware=CPU).translate(TEXT, Options())


def test_a_card_that_is_asked_for_and_not_here_is_the_users_to_mend(package: Path) -> None:
    with pytest.raises(UsageError, match="device = 'cuda' does not work here") as caught:
        ArgosTranslator(package, REF, hardware=Hardware(device="cuda")).translate(TEXT, Options())
    assert "libcublas" in str(caught.value.hint)


def test_a_compute_type_that_is_not_to_be_had_is_the_users_to_mend(package: Path) -> None:
    with pytest.raises(UsageError, match="'float16' is not to be had on cpu") as caught:
        ArgosTranslator(package, REF, hardware=CPU).translate(TEXT, Options(compute_type="float16"))
    assert "float32" in str(caught.value.hint)


def test_a_damaged_model_is_not_the_cards_fault(tmp_path: Path) -> None:
    folder = build(tmp_path, TEXT)
    (folder / "model" / "model.bin").write_bytes(b"rubbish")
    with pytest.raises(ModelError, match="translate-ko_en"):
        ArgosTranslator(folder, REF, hardware=Hardware(device="cuda")).translate(TEXT, Options())


class OneCard:
    """CTranslate2 on a machine with a card: real on the processor; on the card it finds no cuBLAS, as without one."""

    def __init__(self, *, loads: bool) -> None:
        self._loads = loads

    def get_cuda_device_count(self) -> int:
        return 1

    def get_supported_compute_types(self, device: str) -> set[str]:
        return {"float32", "float16"} if device == "cuda" else set(ctranslate2.get_supported_compute_types(device))

    def Translator(self, path: str, *, device: str, **options: Any) -> Any:  # noqa: N802  CTranslate2's name
        if device == "cuda" and self._loads:
            return WithoutCublas()
        return ctranslate2.Translator(path, device=device, **options)


class WithoutCublas:
    """A model on a card: loads, and fails at its first product."""

    def translate_batch(self, *_: object, **__: object) -> None:
        raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")


@pytest.mark.parametrize("loads", [True, False])
def test_auto_leaves_a_card_that_does_not_work_and_says_why(package: Path, *, loads: bool) -> None:
    loaded = load(read(package), "auto", Hardware(), OneCard(loads=loads))
    assert loaded.engine.device == "cpu"
    assert loaded.note.startswith("the graphics card is not used: ")
    assert ("libcublas.so.12 is not found" if loads else "CUDA") in loaded.note


def test_a_card_without_cublas_that_was_asked_for_is_an_error(package: Path) -> None:
    with pytest.raises(UsageError, match=r"libcublas\.so\.12 is not found"):
        load(read(package), "auto", Hardware(device="cuda"), OneCard(loads=True))


def test_auto_with_a_compute_type_that_only_the_card_has_is_an_error_where_the_card_fails(package: Path) -> None:
    with pytest.raises(UsageError, match="'float16' is not to be had on cpu"):
        load(read(package), "float16", Hardware(), OneCard(loads=True))


def test_what_is_to_be_known_of_the_hardware_is_in_the_notes(package: Path) -> None:
    translator = ArgosTranslator(package, REF, hardware=CPU)
    translator.translate(TEXT, Options())
    assert translator.notes == ()
    translator.close()


@given(st.lists(st.integers(0, 400)), st.integers(1, 2000))
def test_a_plan_holds_every_sentence_once_within_its_budget(lengths: list[int], budget: int) -> None:
    batches = plan(lengths, budget)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= budget or budget < 1
    longest = [max(lengths[index] for index in batch) for batch in batches]
    assert longest == sorted(longest, reverse=True)


WATCH = """
import sys, pathlib
from translate.engines.argos import ArgosTranslator
from translate.document import ModelRef, Options
ref = ModelRef(engine="argos", name="ko-en", digest="x", source_lang="ko")
for folder in sys.argv[1:]:
    translator = ArgosTranslator(pathlib.Path(folder), ref)
    translator.translate(["the port"], Options())
    translator.close()
unwanted = {"minisbd", "stanza", "spacy", "torch", "argostranslate.translate", "argostranslate.sbd",
            "argostranslate.settings", "argostranslate.package"}
print(sorted(unwanted & set(sys.modules)))
"""


def test_argos_translates_without_its_splitters_and_without_a_trace_in_the_home(
    package: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    byte_pairs = build(tmp_path, TEXT, Recipe(tokens="bpe"))
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(package), str(byte_pairs)],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
    assert list(home.iterdir()) == []
