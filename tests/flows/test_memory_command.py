"""``newsgloss memory``, glossaries and settings of engines, in real processes over the real Portuguese model."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.flows.command import newsgloss
from tests.translate.packages import Recipe, build
from tests.translate.test_engine_firefox import real_model
from translate.memory import Memory

ARTICLE = """Guarda do Porto fecha o cais norte

A Guarda do Porto fechou ontem o cais norte depois de a maré ter levado parte do muro. O trânsito foi desviado.

Segundo o capitão, o muro será reparado em 15 dias, e os barcos partem até lá do cais sul da cidade.
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    real_model()
    path = tmp_path / "cais.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def body(output: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(output.glob("documents/*/*.md")))


def test_a_glossary_s_term_and_an_imported_sentence_come_out_as_given(tmp_path: Path, article: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("pt\tGuarda do Porto\tHarbour Watch\n", "utf-8")
    first = newsgloss("run", article, "--output", tmp_path / "one", "--glossary", terms, cwd=tmp_path)
    assert first.status == 0, first.err
    assert "Harbour Watch" in body(tmp_path / "one")
    counted = newsgloss("memory", "list", "--output", tmp_path / "one", cwd=tmp_path)
    assert "firefox/pt-en+glossary" in counted.out
    tmx = tmp_path / "memory.tmx"
    assert newsgloss("memory", "export", tmx, "--output", tmp_path / "one", cwd=tmp_path).status == 0
    sides = re.compile(r"(<seg>O trânsito foi desviado\.</seg>.*?<seg>)[^<]*", re.DOTALL)
    tmx.write_text(sides.sub(r"\1Go round.", tmx.read_text("utf-8")), "utf-8")

    assert newsgloss("run", "--output", tmp_path / "two", tmp_path / "nothing.txt", cwd=tmp_path).status == 1
    read = newsgloss("memory", "import", tmx, "--output", tmp_path / "two", cwd=tmp_path)
    assert read.out.endswith("sentences read\n"), read.err
    second = newsgloss("run", article, "--output", tmp_path / "two", cwd=tmp_path)
    assert second.status == 0, second.err
    assert "Go round." in body(tmp_path / "two")
    assert "Harbour Watch" not in body(tmp_path / "two")


@pytest.mark.parametrize(
    "words",
    [("--verify", "2"), ("--glossary", "nowhere.tsv")],
)
def test_settings_that_cannot_be_are_wrong_usage(tmp_path: Path, article: Path, words: tuple[str, str]) -> None:
    said = newsgloss("run", article, "--output", tmp_path / "out", *words, cwd=tmp_path)
    assert said.status == 2, said.err


def test_what_is_remembered_is_judged_by_a_second_engine_once_there_is_one(tmp_path: Path, article: Path) -> None:
    place = ("--output", tmp_path / "out", "--models", tmp_path / "models")
    assert newsgloss("run", article, *place, cwd=tmp_path).status == 0
    alone = newsgloss("memory", "verify", *place, cwd=tmp_path)
    assert alone.out.startswith("nothing could be judged"), alone.err
    build(tmp_path / "models" / "argos", ARTICLE.splitlines(), Recipe(source="pt"))
    both = newsgloss("memory", "verify", "--worst", "1", *place, cwd=tmp_path)
    told, worst = both.out.splitlines()
    assert re.fullmatch(r"firefox/pt-en\t4 sentences\tagreement 0\.[0-4]\d", told), both
    assert re.match(r"0\.\d\d\t.+\t.+", worst)
    assert "argos/pt-en" in newsgloss("memory", "list", *place, cwd=tmp_path).out
    assert newsgloss("memory", "verify", "--share", "2", *place, cwd=tmp_path).status == 2


def test_the_agreement_of_a_second_engine_stands_in_the_record(tmp_path: Path, article: Path) -> None:
    build(tmp_path / "models" / "argos", ARTICLE.splitlines(), Recipe(source="pt"))
    place = ("--output", tmp_path / "out", "--models", tmp_path / "models")
    assert newsgloss("run", article, "--verify", *place, cwd=tmp_path).status == 0
    (table,) = (tmp_path / "out").glob("jsonl/*/*.jsonl")
    record = json.loads(table.read_text("utf-8"))
    scores = [segment["score"] for segment in record["segments"]]
    assert len(scores) == 3
    assert all(0 < score < 0.5 for score in scores), "the second engine copies its input"


def test_a_device_or_compute_type_that_is_not_here_stops_the_run_and_costs_no_document(
    tmp_path: Path, article: Path
) -> None:
    build(tmp_path / "models" / "argos", ARTICLE.splitlines(), Recipe(source="pt"))
    (tmp_path / "newsgloss.toml").write_text('[engines]\npt = "argos"\n', "utf-8")
    place = ("--output", tmp_path / "out", "--models", tmp_path / "models")
    for words in (("--device", "cuda"), ("--device", "cpu", "--compute-type", "float16")):
        said = newsgloss("run", article, *words, *place, cwd=tmp_path)
        assert said.status == 2, said
        assert len(said.err.splitlines()) == 1
        assert words[-1] in said.err
    said = newsgloss("run", article, "--compute-type", "float32", *place, cwd=tmp_path)
    assert "1 written" in said.out, said
    from sqlalchemy import create_engine

    memory = Memory(create_engine(f"sqlite:///{tmp_path}/out/.newsgloss/state.sqlite"))
    assert {unit.options.compute_type for unit in memory.units()} == {"float32"}


def test_a_document_waits_for_a_model_that_does_not_load_and_is_finished_once_it_does(
    tmp_path: Path, article: Path
) -> None:
    package = build(tmp_path / "models" / "argos", ARTICLE.splitlines(), Recipe(source="ko"))
    article.write_text("하늬시가 새 다리를 다음 달에 연다고 밝혔다. 시민들은 환영했다.\n", "utf-8")
    binary = package / "model" / "model.bin"
    whole = binary.read_bytes()
    binary.write_bytes(whole[: len(whole) // 2])
    place = ("--output", tmp_path / "out", "--models", tmp_path / "models")
    said = newsgloss("run", article, *place, cwd=tmp_path)
    assert "pending" in said.out
    assert "the model for Korean does not load" in said.out
    assert "newsgloss models verify" in said.out
    binary.write_bytes(whole)
    assert "1 written" in newsgloss("run", article, *place, cwd=tmp_path).out


def test_a_run_says_which_model_it_passed_over(tmp_path: Path, article: Path) -> None:
    package = build(tmp_path / "models" / "argos", ARTICLE.splitlines(), Recipe(source="pt"))
    (package / "model" / "model.bin").write_bytes(b"rubbish")
    (tmp_path / "newsgloss.toml").write_text('[engines]\npt = "argos"\n', "utf-8")
    place = ("--output", tmp_path / "out", "--models", tmp_path / "models")
    said = newsgloss("run", article, *place, cwd=tmp_path)
    assert "1 written" in said.out, said
    assert "argos pt-en is passed over, it does not load: translate-pt_en-1_9" in said.out


def test_an_engine_that_is_none_is_wrong_usage(tmp_path: Path, article: Path) -> None:
    (tmp_path / "newsgloss.toml").write_text('[engines]\npt = "abacus"\n', "utf-8")
    said = newsgloss("run", article, "--output", tmp_path / "out", cwd=tmp_path)
    assert (said.status, "abacus" in said.err) == (2, True)
