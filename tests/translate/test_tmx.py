"""The translation memory as TMX: out, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.article import Lang
from ingest.database import open_engine
from ingest.errors import InputError
from tests.translate.test_memory import MODEL, OLA, get, put
from translate import tmx
from translate.document import Rendering
from translate.memory import Memory, given

OTHER_TOOL = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="pt-BR" datatype="plaintext" segtype="sentence" adminlang="en" o-tmf="x"
 creationtool="other" creationtoolversion="2"/><body>
 <tu><tuv xml:lang="pt-BR"><seg>Olá.</seg></tuv>
  <tuv xml:lang="en-US"><seg>Good <bpt i="1">b</bpt>day.</seg></tuv></tu>
 <tu><tuv xml:lang="ko"><seg>항구</seg></tuv><tuv xml:lang="fr"><seg>port</seg></tuv></tu>
 <tu><tuv xml:lang="en"><seg>alone</seg></tuv></tu>
</body></tmx>"""


def memory(folder: Path) -> Memory:
    folder.mkdir(exist_ok=True)
    return Memory(open_engine(folder / "state.db"))


def test_what_is_exported_comes_back_exactly(tmp_path: Path) -> None:
    one, other = memory(tmp_path / "one"), memory(tmp_path / "other")
    odd = {'Ele disse: <a> & "b"\n]]>': Rendering(text="He said: <a> & b")}
    one.add([])
    engine = open_engine(tmp_path / "one" / "state.db")
    put(one, engine, OLA | odd)
    assert tmx.write(one.units(), tmp_path / "memory.tmx") == (2, 0)
    assert other.add(tmx.read(tmp_path / "memory.tmx")) == 2
    assert list(other.units()) == list(one.units())


def test_what_xml_cannot_hold_is_left_out_and_counted(tmp_path: Path) -> None:
    one = memory(tmp_path)
    put(
        one, open_engine(tmp_path / "state.db"), {"a\x00b": Rendering(text="x"), "c\ud800": Rendering(text="y")} | OLA
    )
    assert tmx.write(one.units(), tmp_path / "memory.tmx") == (1, 2)


def test_another_tools_units_are_the_users_own_translations(tmp_path: Path) -> None:
    (tmp_path / "other.tmx").write_text(OTHER_TOOL, "utf-8")
    (unit,) = tmx.read(tmp_path / "other.tmx")
    assert (unit.model, unit.source, unit.rendering.text) == (given(Lang("pt-br")), "Olá.", "Good day.")


def test_a_unit_that_was_edited_is_the_users_own(tmp_path: Path) -> None:
    one, engine = memory(tmp_path), open_engine(tmp_path / "state.db")
    put(one, engine, OLA)
    path = tmp_path / "memory.tmx"
    tmx.write(one.units(), path)
    path.write_text(path.read_text("utf-8").replace("<seg>Hello.</seg>", "<seg>Good day.</seg>"), "utf-8")
    one.add(tmx.read(path))
    assert get(one, engine, "Olá.", model=MODEL)["Olá."].text == "Good day."


@pytest.mark.parametrize("body", ["", "no xml", "<tmx><body><tu>", "<html><body>no</body></html>"])
def test_what_is_no_tmx_is_an_error_of_ours(tmp_path: Path, body: str) -> None:
    (tmp_path / "bad.tmx").write_text(body, "utf-8")
    with pytest.raises(InputError, match=r"bad\.tmx"):
        list(tmx.read(tmp_path / "bad.tmx"))


def given_by(body: str, folder: Path) -> list[tuple[str, str]]:
    path = folder / "other.tmx"
    path.write_text(f'<tmx version="1.4"><header/><body>{body}</body></tmx>', "utf-8")
    return [(unit.source, unit.rendering.text) for unit in tmx.read(path)]


def unit(source: str, english: str, lang: str = "pt") -> str:
    return f'<tu><tuv xml:lang="{lang}"><seg>{source}</seg></tuv><tuv xml:lang="en"><seg>{english}</seg></tuv></tu>'


def test_markup_of_other_formats_is_no_text(tmp_path: Path) -> None:
    marked = 'Um <bpt i="1">{b}</bpt><hi>bom</hi><ept i="1">{/b}</ept> dia.<!-- no --><ph/>'
    assert given_by(unit(marked, " A good day.\n"), tmp_path) == [("Um bom dia.", "A good day.")]


def test_an_empty_side_is_no_translation(tmp_path: Path) -> None:
    assert given_by(unit(" ", "x") + unit("x", ""), tmp_path) == []


def test_addresses_are_marked_as_the_memory_looks_them_up(tmp_path: Path) -> None:
    known = unit("Escreva para a@b.example.", "Write to a@b.example.") + unit("Veja a@b.example.", "See the page.")
    assert given_by(known, tmp_path) == [
        ("Escreva para [1].", "Write to [1]."),
        ("Veja a@b.example.", "See the page."),
    ]


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE t [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY s SYSTEM "file:///etc/passwd">]>'
    body = '<tuv xml:lang="pt"><seg>olá &b;&s;</seg></tuv><tuv xml:lang="en"><seg>hello</seg></tuv>'
    (tmp_path / "bomb.tmx").write_text(f'{bomb}<tmx version="1.4"><body><tu>{body}</tu></body></tmx>', "utf-8")
    try:
        units = list(tmx.read(tmp_path / "bomb.tmx"))
    except InputError:
        return
    assert all("xxxx" not in unit.source and "root" not in unit.source for unit in units)
