"""What a site repeats is learned from its third document on, whatever the order, and can be shown and undone."""

from __future__ import annotations

import tomllib
from itertools import permutations
from pathlib import Path

import pytest

from tests.flows.command import newsgloss, tree

STANDING = "Printed by hand on the hill above the harbour since the great storm"
FOOT = "© Harbour Evening Post (www.harbour-evening-post.example). All rights reserved."
STORIES = {
    "ferry.txt": "The ferry to the outer islands is running again after three days of storm.\n"
    "The harbour office said that ninety passengers had left on the morning boat.",
    "market.txt": "The fish market will move to the old rope works in the spring.\n"
    "Traders had asked for a roof that keeps the rain out for twelve years.",
    "school.txt": "The school on the hill has taken on two new teachers for mathematics.\n"
    "Parents had complained that lessons were cancelled in every second week.",
    "tower.txt": "The clock on the customs tower shows the right time for the first time since March.\n"
    "A watchmaker from the next valley had made a new wheel for it by hand.",
}


def write(folder: Path) -> Path:
    folder.mkdir()
    for name, story in STORIES.items():
        (folder / name).write_text(f"{story}\n{STANDING}\n{FOOT}\n")
    return folder


def run(place: Path, *sources: Path) -> dict[str, int]:
    said = newsgloss("run", "--json", *sources, cwd=place)
    assert said.status == 0, said.err
    return dict(said.json)


def texts(place: Path) -> list[str]:
    return [page.read_text("utf-8").split("\n---\n", 1)[1] for page in (place / "output/documents").rglob("*.md")]


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    return write(tmp_path / "in")


def test_a_line_is_standing_text_from_the_third_document_on_and_earlier_ones_are_made_anew(
    tmp_path: Path, stories: Path
) -> None:
    names = sorted(STORIES)
    run(tmp_path, stories / names[0], stories / names[1])
    assert all(STANDING in text for text in texts(tmp_path))
    before = {page.name for page in (tmp_path / "output/documents").rglob("*.md")}
    result = run(tmp_path, stories / names[2])
    assert (result["inputs"], result["written"], result["rewritten"]) == (1, 1, 2)
    assert not any(STANDING in text for text in texts(tmp_path))
    assert before < {page.name for page in (tmp_path / "output/documents").rglob("*.md")}
    page = next((tmp_path / "output/documents").rglob("*ferry*.md")).read_text("utf-8")
    assert "rule: learned.harbour-evening-post.example" in page


def test_the_order_and_the_split_into_runs_do_not_matter(tmp_path: Path, stories: Path) -> None:
    trees = []
    for number, order in enumerate([*permutations(sorted(STORIES))][::9]):
        place = tmp_path / f"place-{number}"
        place.mkdir()
        run(place, *(stories / name for name in order[: number + 1]))
        run(place, *(stories / name for name in order))
        trees.append(tree(place / "output"))
    assert all(each == trees[0] for each in trees)


def test_copies_of_one_story_teach_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        blanks = "\n" * (number + 1)
        (folder / f"{number}.txt").write_text(f"{STORIES['ferry.txt']}{blanks}{STANDING}\n{FOOT}\n")
    result = run(tmp_path, folder)
    assert (result["written"], result["duplicate"], result["rewritten"]) == (1, 3, 0)
    assert all(STANDING in text for text in texts(tmp_path))


def test_learned_lines_are_shown_exported_and_undone(tmp_path: Path, stories: Path) -> None:
    run(tmp_path, stories)
    shown = newsgloss("learned", cwd=tmp_path)
    assert "harbour-evening-post.example" in shown.out
    assert STANDING in shown.out
    assert f'"{STANDING}"' in newsgloss("learned", "--toml", cwd=tmp_path).out
    undone = newsgloss("learned", "--ignore", "harbour-evening-post.example", STANDING, cwd=tmp_path)
    assert undone.status == 0, undone.err
    assert run(tmp_path, stories)["rewritten"] == 4
    assert all(STANDING in text for text in texts(tmp_path))
    assert STANDING not in newsgloss("learned", cwd=tmp_path).out
    (row,) = [
        line
        for line in newsgloss("explain", stories / "ferry.txt", cwd=tmp_path).out.splitlines()
        if STANDING in line
    ]
    assert row.split()[:2] == ["3", "+"]
    again = newsgloss("learned", "--ignore", "harbour-evening-post.example", STANDING.upper(), cwd=tmp_path)
    assert again.status == 0, "to ignore it twice is no error"


def test_to_ignore_what_no_site_repeats_is_wrong_usage(tmp_path: Path, stories: Path) -> None:
    run(tmp_path, stories)
    before = newsgloss("learned", cwd=tmp_path).out
    for site, line, said in (
        ("harbour-morning-post.example", STANDING, "harbour-morning-post.example: no site of that name"),
        ("harbour-evening-post.example", "Printed by night", "repeats no line 'Printed by night'"),
    ):
        refused = newsgloss("learned", "--ignore", site, line, cwd=tmp_path)
        assert (refused.status, refused.out, refused.err.count("\n")) == (2, "", 1)
        assert said in refused.err
        assert "newsgloss learned lists" in refused.err
    assert newsgloss("learned", cwd=tmp_path).out == before


def test_where_nothing_is_learned_yet_it_says_so(tmp_path: Path, stories: Path) -> None:
    run(tmp_path, stories / "ferry.txt")
    assert newsgloss("learned", cwd=tmp_path).out.startswith("nothing is learned yet")
    assert tomllib.loads(newsgloss("learned", "--toml", cwd=tmp_path).out) == {}
    assert newsgloss("learned", "--json", cwd=tmp_path).json == []


def test_explain_shows_a_learned_line_as_stripped_where_the_ledger_knows_it(tmp_path: Path, stories: Path) -> None:
    run(tmp_path, stories)
    for page in sorted(stories.iterdir()):
        (row,) = [line for line in newsgloss("explain", page, cwd=tmp_path).out.splitlines() if STANDING in line]
        assert row.split()[:3] == ["3", "-", "learned.harbour-evening-post.example"]
    elsewhere = newsgloss("explain", stories / "ferry.txt", "--output", "other", cwd=tmp_path)
    (row,) = [line for line in elsewhere.out.splitlines() if STANDING in line]
    assert row.split()[:2] == ["3", "+"]
    assert not (tmp_path / "other").exists()
