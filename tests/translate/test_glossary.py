"""A user's terms come out as given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ingest.article import Lang
from ingest.errors import UsageError
from tests.translate.test_engine_firefox import real_model
from translate.document import Failure, ModelRef, Options, Rendering
from translate.glossary import Glossary, Glossed, load
from translate.models import Installed, Settings

MODEL = ModelRef(engine="firefox", name="ko-en", digest="sha256:aa", source_lang=Lang("ko"))
TERMS = {"하늬항만공사": "Hanui Port Authority", "하늬": "Hanui"}


class Mangler:
    """A translator that copies, but spoils what a pattern matches."""

    model = MODEL

    def __init__(self, spoils: str = "(?!)") -> None:
        self.asked: list[tuple[str, ...]] = []
        self._spoils = spoils

    def translate(self, sentences: Sequence[str], _options: Options) -> list[Rendering | Failure]:
        self.asked.append(tuple(sentences))
        return [Rendering(text=re.sub(self._spoils, "X", sentence)) for sentence in sentences]


def ask(engine: Mangler, sentence: str) -> Rendering | Failure:
    return Glossed(engine, TERMS).translate([sentence], Options())[0]


def test_the_longest_term_wins_and_particles_stand_apart() -> None:
    assert ask(Mangler(), "하늬항만공사가 하늬에서 발표했다") == Rendering(
        text="Hanui Port Authority 가 Hanui 에서 발표했다"
    )


def test_a_term_that_the_engine_changes_goes_again_as_a_mark() -> None:
    engine = Mangler(spoils="Port Authority")
    assert ask(engine, "하늬항만공사 발표") == Rendering(text="Hanui Port Authority 발표")
    assert engine.asked[1] == ("[901] 발표",)


def test_a_term_that_is_lost_both_ways_is_flagged() -> None:
    assert ask(Mangler(spoils=r"Authority|\[901\]"), "하늬항만공사 발표") == Rendering(
        text="Hanui Port X 발표", flags=("glossary",)
    )


def test_a_sentence_without_terms_is_sent_as_it_is_and_once() -> None:
    engine = Mangler()
    assert ask(engine, "다리가 열린다") == Rendering(text="다리가 열린다")
    assert engine.asked == [("다리가 열린다",)]


def test_a_term_is_a_whole_word_where_words_have_spaces() -> None:
    glossed = Glossed(Mangler(), {"Sal": "Salt"})
    assert glossed.translate(["O Sal da Salina"], Options()) == [Rendering(text="O Salt da Salina")]


def test_another_glossary_is_another_model_to_the_memory() -> None:
    one, other = Glossed(Mangler(), TERMS), Glossed(Mangler(), {**TERMS, "하늬": "Hanwi"})
    assert len({MODEL.digest, one.model.digest, other.model.digest}) == 3


def test_a_file_of_terms_is_read(tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text("# ours\npt\tSal\tSalt\n\npt-BR\tTrem\tTrain\nzh-TW\t鹽\tSalt\n", "utf-8")
    glossary = load(tmp_path / "terms.tsv")
    assert glossary.of(Lang("pt-br")) == {"Sal": "Salt", "Trem": "Train"}
    assert glossary.of(Lang("zh-hant")) == {"鹽": "Salt"}
    assert glossary.of(Lang("ko")) == {}


@pytest.mark.parametrize("line", ["pt\tSal", "pt\tSal\t", "???\tSal\tSalt", "pt Sal Salt"])
def test_a_line_that_is_no_term_is_wrong_usage_by_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "terms.tsv").write_text(f"pt\tMar\tSea\n{line}\n", "utf-8")
    with pytest.raises(UsageError, match="line 2"):
        load(tmp_path / "terms.tsv")


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    real_model()
    glossary = Glossary(terms={Lang("pt"): {"Guarda do Porto": "Harbour Watch"}})
    found = Installed(tmp_path, settings=Settings(workers=1, glossary=glossary))
    yield found
    found.close()


def test_on_the_real_model_the_term_comes_out_as_given(installed: Installed) -> None:
    best = installed.best(Lang("pt"))
    assert best is not None
    (answer,) = best.translate(["A Guarda do Porto fechou o cais ontem à noite."], Options())
    assert isinstance(answer, Rendering)
    assert "Harbour Watch" in answer.text
    assert best.model.name == "pt-en+glossary"
