"""The translation memory, on real SQLite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.article import Lang
from ingest.database import open_engine
from translate.document import ModelRef, Options, Rendering
from translate.memory import Memory, Unit
from translate.memory import given as given_ref

MODEL = ModelRef(engine="firefox", name="pt-en", digest="sha256:aa", source_lang=Lang("pt"))
OTHER = ModelRef(engine="argos", name="pt-en", digest="sha256:bb", source_lang=Lang("pt"))
OLA = {"Olá.": Rendering(text="Hello.", flags=("loop",), score=0.5)}


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    return open_engine(tmp_path / "state.db")


def put(memory: Memory, engine: sa.Engine, renderings: dict[str, Rendering], model: ModelRef = MODEL) -> None:
    with engine.begin() as connection:
        memory.put_many(connection, model, Options(), renderings)


def get(memory: Memory, engine: sa.Engine, *sources: str, model: ModelRef = MODEL) -> dict[str, Rendering]:
    with engine.begin() as connection:
        return memory.get_many(connection, model, Options(), sources)


def test_what_was_put_is_there_for_the_next_process(engine: sa.Engine) -> None:
    put(Memory(engine), engine, OLA)
    assert get(Memory(engine), engine, "Olá.", "Adeus.") == OLA


def test_another_model_or_other_options_do_not_answer(engine: sa.Engine) -> None:
    memory = Memory(engine)
    put(memory, engine, OLA)
    assert get(memory, engine, "Olá.", model=OTHER) == {}
    with engine.begin() as connection:
        assert memory.get_many(connection, MODEL, Options(beam=2), ["Olá."]) == {}


def test_what_it_holds_is_final(engine: sa.Engine) -> None:
    memory = Memory(engine)
    put(memory, engine, OLA)
    put(memory, engine, {"Olá.": Rendering(text="Hi.")})
    assert get(memory, engine, "Olá.") == OLA


def test_a_transaction_rolled_back_leaves_nothing(engine: sa.Engine) -> None:
    memory = Memory(engine)
    with engine.connect() as connection, connection.begin() as transaction:
        memory.put_many(connection, MODEL, Options(), OLA)
        transaction.rollback()
    assert get(memory, engine, "Olá.") == {}


def test_hits_and_misses_are_counted(engine: sa.Engine) -> None:
    memory = Memory(engine)
    put(memory, engine, OLA)
    get(memory, engine, "Olá.", "Olá.", "Adeus.", "Sim.")
    assert (memory.counts.hits, memory.counts.misses) == (1, 2)
    assert memory.counts.rate == pytest.approx(1 / 3)


def test_forgotten_sentences_are_translated_again(engine: sa.Engine) -> None:
    memory = Memory(engine)
    put(memory, engine, OLA | {"Sim.": Rendering(text="Yes.")})
    put(memory, engine, OLA, OTHER)
    assert memory.forget(["Olá."]) == 2
    assert set(get(memory, engine, "Olá.", "Sim.")) == {"Sim."}


def test_a_translation_that_a_user_gave_comes_before_any_model(engine: sa.Engine) -> None:
    memory = Memory(engine)
    put(memory, engine, OLA)
    put(memory, engine, {"Olá.": Rendering(text="Good day.")}, given_ref(Lang("pt")))
    assert get(memory, engine, "Olá.")["Olá."].text == "Good day."


def test_what_was_given_for_a_region_answers_for_its_language(engine: sa.Engine) -> None:
    memory = Memory(engine)
    memory.add(
        [Unit(model=given_ref(Lang("pt-br")), options=Options(), source="Oi.", rendering=Rendering(text="Hi."))]
    )
    assert get(memory, engine, "Oi.") == {"Oi.": Rendering(text="Hi.")}


def test_units_list_everything_with_its_key(engine: sa.Engine) -> None:
    memory = Memory(engine)
    put(memory, engine, OLA)
    assert list(memory.units()) == [Unit(model=MODEL, options=Options(), source="Olá.", rendering=OLA["Olá."])]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.dictionaries(st.text(st.characters(codec=None)), st.text(), max_size=5))
def test_any_string_can_be_remembered(engine: sa.Engine, texts: dict[str, str]) -> None:
    memory = Memory(engine)
    memory.forget(texts)
    renderings = {source: Rendering(text=text) for source, text in texts.items()}
    put(memory, engine, renderings)
    assert get(memory, engine, *texts) == renderings


def test_more_sentences_than_a_statement_takes(engine: sa.Engine) -> None:
    memory = Memory(engine)
    many = {f"frase {number}": Rendering(text=f"sentence {number}") for number in range(1201)}
    put(memory, engine, many)
    assert get(memory, engine, *many) == many


WRITER = """
import sys
from ingest.database import open_engine
from translate.document import ModelRef, Options, Rendering
from translate.memory import Memory
engine = open_engine(sys.argv[1])
memory = Memory(engine)
model = ModelRef(engine="firefox", name="pt-en", digest="sha256:aa", source_lang="pt")
for number in range(20):
    with engine.begin() as connection:
        memory.put_many(connection, model, Options(), {f"{sys.argv[2]} {number}": Rendering(text="x")})
engine.dispose()
"""


def test_several_processes_write_to_one_memory(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in ("a", "b", "c")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert len(list(Memory(open_engine(path)).units())) == 60
