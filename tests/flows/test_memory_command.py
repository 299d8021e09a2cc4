"""``newsgloss memory``, glossaries and settings of engines, in real processes over the real Portuguese model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.flows.command import newsgloss
from tests.translate.test_engine_firefox import real_model

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


def test_an_engine_that_is_none_is_wrong_usage(tmp_path: Path, article: Path) -> None:
    (tmp_path / "newsgloss.toml").write_text('[engines]\npt = "abacus"\n', "utf-8")
    said = newsgloss("run", article, "--output", tmp_path / "out", cwd=tmp_path)
    assert (said.status, "abacus" in said.err) == (2, True)
