"""``status``, ``show``, ``forget`` and ``doctor``: what the ledger knows, as a user asks for it."""

from __future__ import annotations

import shutil
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from tests.flows.command import ROOT, SEEDS, newsgloss

FIRST, SECOND = "000_8896e72ec129ef4c.txt", "002_67c299fc4ad31bee.txt"
KOREAN = "한국 정부가 새로운 반도체 지원책을 발표했다. 지원책은 내년 봄부터 시행된다.\n\n업계는 환영의 뜻을 밝혔다.\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder in which a run has been: the seeds, a copy, an empty file and a Korean article."""
    articles = tmp_path / "articles"
    articles.mkdir()
    for seed in (FIRST, SECOND):
        shutil.copyfile(SEEDS / seed, articles / seed)
    shutil.copyfile(SEEDS / FIRST, articles / "copy.txt")
    (articles / "empty.txt").touch()
    (articles / "ko.txt").write_text(KOREAN, "utf-8")
    said = newsgloss("run", "--quiet", "articles", cwd=tmp_path, NEWSGLOSS_MODELS=str(tmp_path / "models"))
    assert said.status == 0, said.err
    return tmp_path


def test_status_counts_every_input_and_names_the_next_command(place: Path) -> None:
    said = newsgloss("status", cwd=place)
    assert said.out.startswith("5 inputs: 2 written, 1 duplicate, 1 rejected, 1 pending, 0 failed\n")
    assert "rejected\tempty.txt\tempty" in said.out
    assert "next: newsgloss models install ko\n" in said.out
    assert newsgloss("status", "--json", cwd=place).json["pending"] == 1


def test_status_counts_what_an_older_version_fingerprinted_and_reprocessing_does_it_again(place: Path) -> None:
    with closing(sqlite3.connect(place / "output/.newsgloss/state.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE dup_text SET algo = 0, exact = exact + 1")
    line = (
        "not compared with new ones, since an older version fingerprinted them: 3 documents; "
        "newsgloss run --reprocess extract redoes them"
    )
    assert line in newsgloss("status", cwd=place).out.splitlines()
    models = str(place / "models")
    again = newsgloss("run", "--reprocess", "extract", "articles", cwd=place, NEWSGLOSS_MODELS=models)
    assert "done again: 3 documents of an older version" in again.err
    assert newsgloss("status", "--json", cwd=place).json["outdated"] == 0
    assert newsgloss("status", cwd=place).out.startswith("5 inputs: 2 written, 1 duplicate, 1 rejected, 1 pending")


def test_status_lists_every_document_by_an_id_that_other_commands_take(place: Path) -> None:
    unknown = newsgloss("forget", "nothing-of-that-name", cwd=place)
    assert unknown.status == 2
    assert "newsgloss status --documents lists" in unknown.err
    said = newsgloss("status", "--documents", cwd=place)
    rows = [line.split("\t") for line in said.out.splitlines()[1:]]
    assert {name: outcome for _, outcome, name, _ in rows} == {
        FIRST: "written",
        SECOND: "written",
        "copy.txt": "duplicate",
        "ko.txt": "pending",
    }
    for key, outcome, name, what in rows:
        assert f"{outcome}\t{name}\t" in newsgloss("show", key, cwd=place).out
        assert outcome != "written" or (place / "output" / what).is_file()
    found = newsgloss("status", "--documents", "--json", cwd=place).json["items"]
    assert [item["document"] for item in found] == [key for key, *_ in rows]
    gone = next(key for key, _, name, _ in rows if name == SECOND)
    assert newsgloss("forget", gone, cwd=place).status == 0
    assert f"{gone}\trejected\t{SECOND}\tforgotten on request" in newsgloss("status", "--documents", cwd=place).out


def test_status_without_a_ledger_says_how_to_make_one(tmp_path: Path) -> None:
    said = newsgloss("status", cwd=tmp_path)
    assert said.status == 3
    assert "newsgloss run" in said.err


@pytest.mark.parametrize("name", [FIRST, f"articles/{FIRST}", "a7cz2caawapksv6noipwxtlrhm", "a7cz2c", "copy.txt"])
def test_show_finds_a_document_by_id_and_by_file(place: Path, name: str) -> None:
    said = newsgloss("show", name, cwd=place)
    assert said.status == 0, said.err
    assert "Generative AI 'R1' Triggers Industry Shift" in said.out
    assert "written" in said.out


def test_show_finds_an_input_in_a_folder_by_its_base_name(place: Path) -> None:
    (place / "articles" / "deep").mkdir()
    (place / "articles" / "deep" / "river.txt").write_text("The river rose again in the night.\nNobody was hurt.\n")
    newsgloss("run", "--quiet", "articles", cwd=place)
    assert "The river rose" in newsgloss("show", "river.txt", cwd=place).out


def test_show_finds_a_document_by_its_own_file(place: Path) -> None:
    (page,) = (place / "output/documents").rglob("*generative*.md")
    assert newsgloss("show", "--json", page, cwd=place).json["id"] == "a7cz2caawapksv6noipwxtlrhm"


def test_show_tells_the_history_of_an_input_without_a_document(place: Path) -> None:
    said = newsgloss("show", "empty.txt", cwd=place)
    assert "rejected\tempty" in said.out


def test_show_of_something_unknown_is_wrong_usage(place: Path) -> None:
    assert newsgloss("show", "nothing-of-that-name.txt", cwd=place).status == 2


def test_what_is_forgotten_is_gone_everywhere_and_does_not_come_back(place: Path) -> None:
    assert newsgloss("report", cwd=place).status == 0
    said = newsgloss("forget", SECOND, cwd=place)
    assert said.status == 0, said.err
    shutil.copyfile(SEEDS / SECOND, place / "articles" / "again-under-another-name.txt")
    result = newsgloss("run", "--json", "articles", cwd=place).json
    forgotten = {
        item["name"]: item["outcome"] for item in result["items"] if item["reason"] == "forgotten on request"
    }
    assert forgotten == {SECOND: "rejected", "again-under-another-name.txt": "rejected"}
    secret = b"Sputnik moment"
    for path in (place / "output").rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path


def test_forgetting_forgets_the_same_words_in_other_bytes_too(place: Path) -> None:
    text = (SEEDS / SECOND).read_text("utf-8")
    (place / "articles" / "zz.txt").write_bytes(text.replace("\n", "\r\n").encode())
    result = newsgloss("run", "--json", "articles", cwd=place).json
    assert [item["match"] for item in result["items"] if item["name"] in {SECOND, "zz.txt"}].count("exact") == 1
    newsgloss("forget", SECOND, cwd=place)
    result = newsgloss("run", "--json", "articles", cwd=place).json
    outcomes = {item["name"]: item["outcome"] for item in result["items"]}
    assert (outcomes[SECOND], outcomes["zz.txt"]) == ("rejected", "rejected")


def test_a_name_that_several_inputs_have_is_refused(place: Path) -> None:
    for name, text in (("x", "The river rose in the night.\n"), ("y", "The market was closed at noon.\n")):
        (place / name).mkdir()
        (place / name / "same.txt").write_text(text * 3)
    newsgloss("run", "--quiet", "x", "y", cwd=place)
    said = newsgloss("forget", "same.txt", cwd=place)
    assert said.status == 2
    assert "several inputs" in said.err
    assert newsgloss("show", "x/same.txt", cwd=place).status == 0


def test_doctor_shows_the_settings_in_force_and_where_each_came_from(place: Path) -> None:
    (place / "newsgloss.toml").write_text("batch = 5\n")
    found = newsgloss("doctor", "--json", cwd=place, NEWSGLOSS_UNIT="7").json
    assert found["settings"]["batch"] == {"value": 5, "from": "newsgloss.toml"}
    assert found["settings"]["unit"] == {"value": 7, "from": "NEWSGLOSS_UNIT"}
    assert {finding["what"] for finding in found["findings"] if finding["works"]} >= {"newsgloss", "output", "ledger"}


def test_doctor_tells_of_each_extra_whether_it_is_installed(place: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    found = {
        finding["what"].removeprefix("extra "): finding
        for finding in newsgloss("doctor", "--json", cwd=place).json["findings"]
        if finding["what"].startswith("extra ")
    }
    assert set(found) == set(declared) >= {"demo", "pdf", "postgres", "s3", "test"}
    assert found["test"]["works"], "or this test would not run"
    assert found["test"]["detail"] == "installed"
    for name, finding in found.items():
        assert finding["optional"]
        assert finding["mend"].startswith(f"pip install 'newsgloss[{name}]' for ")
        assert "what needs them" not in finding["mend"], f"flows/commands/doctor.py does not say what {name} is for"


def test_doctor_names_the_packages_of_an_extra_that_are_not_installed(place: Path) -> None:
    script = (
        "import flows.extras, flows.cli, sys\n"
        "flows.extras.metadata.distribution = lambda package: (_ for _ in ()).throw(\n"
        "    flows.extras.metadata.PackageNotFoundError(package))\n"
        "flows.cli.main(sys.argv[1:])\n"
    )
    said = newsgloss("doctor", cwd=place, script=script)
    assert "-     extra pdf: not installed: pypdf; pip install 'newsgloss[pdf]' for articles in PDF\n" in said.out


def test_doctor_names_a_damaged_ledger_and_exits_with_3(place: Path) -> None:
    for file in (place / "output/.newsgloss").glob("state.sqlite*"):
        file.write_bytes(b"this is no database\n" * 400)
    said = newsgloss("doctor", cwd=place)
    assert said.status == 3
    assert "FAIL  ledger" in said.out


def test_nothing_from_an_input_reaches_the_terminal_alive(tmp_path: Path) -> None:
    (tmp_path / "evil\x1b[31m\u202e.txt").write_text("Rain \x1b[2J fell \u202eon the hills all night.\n" * 3)
    said = newsgloss("run", "--output", "out", tmp_path, cwd=tmp_path)
    shown = newsgloss("show", "--output", "out", next((tmp_path / "out/documents").rglob("*.md")), cwd=tmp_path)
    for text in (said.out, said.err, shown.out):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "evil" in said.out


def test_the_report_has_a_page_for_all_inputs_and_one_for_each_document(place: Path) -> None:
    said = newsgloss("report", cwd=place)
    index = Path(said.out.strip())
    assert index == place / "output/report/index.html"
    text = index.read_text("utf-8")
    assert all(name in text for name in (FIRST, SECOND, "copy.txt", "empty.txt", "ko.txt"))
    pages = list((index.parent / "documents").iterdir())
    assert len(pages) == 2
    assert any("무단 전재" in page.read_text("utf-8") for page in pages)
