"""``newsgloss explain``: every line of a page once, kept or stripped with the rule that took it."""

from __future__ import annotations

from pathlib import Path

from tests.flows.command import SEEDS, newsgloss

SECOND = SEEDS / "002_67c299fc4ad31bee.txt"


def test_every_line_stands_once_kept_or_with_the_rule_that_took_it(tmp_path: Path) -> None:
    said = newsgloss("explain", SECOND, cwd=tmp_path)
    assert said.status == 0, said.err
    shown = said.out.splitlines()
    for number, line in enumerate(SECOND.read_text("utf-8").splitlines(), 1):
        (row,) = [each for each in shown if each.startswith(f"{number:>5} ")]
        assert line.strip() in row
        assert row[6] == ("-" if number >= 10 else "+")
    assert "publisher: 메트로신문 / Metro / metroseoul.co.kr" in shown
    assert "translated: by ChatGPT from ko" in shown


def test_what_cannot_be_read_is_one_line_and_status_1(tmp_path: Path) -> None:
    said = newsgloss("explain", "missing.html", cwd=tmp_path)
    assert said.status == 1
    assert "missing.html" in said.out
    assert "Traceback" not in said.err


def test_a_number_of_pages_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    for number in ("-1", "0", "x"):
        said = newsgloss("explain", SECOND, "--first", number, cwd=tmp_path)
        assert said.status == 2
        assert "is no number of 1 or more" in said.err
