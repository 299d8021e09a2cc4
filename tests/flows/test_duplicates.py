"""`newsgloss duplicates` shows which documents are one, and how their texts differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.cli import main
from tests.ingest.newsroom import page, story


def test_a_cluster_is_shown_with_its_members_kinds_scores_and_the_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    articles, output = tmp_path / "articles", tmp_path / "output"
    articles.mkdir()
    words = page(story(1))
    (articles / "long.txt").write_text(words + "\nA last line that the other one lacks, said the mayor.\n", "utf-8")
    (articles / "short.txt").write_text(words, "utf-8")
    (articles / "else.txt").write_text(page(story(2)), "utf-8")
    main(["run", "--quiet", "--output", str(output), str(articles)])
    capsys.readouterr()
    assert main(["duplicates", "--output", str(output), "short.txt", "long.txt"]) == 0
    shown = capsys.readouterr().out
    assert "2 documents" in shown
    assert "stands for them\t" in shown
    assert "near 0." in shown
    assert "+A last line that the other one lacks, said the mayor." in shown
    assert main(["duplicates", "--output", str(output), "else.txt"]) == 0
    assert "1 document\n" in capsys.readouterr().out


def test_what_is_not_in_the_ledger_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one.txt").write_text(page(story(1)), "utf-8")
    main(["run", "--quiet", "--output", str(tmp_path / "output"), str(tmp_path / "one.txt")])
    capsys.readouterr()
    assert main(["duplicates", "--output", str(tmp_path / "output"), "other.txt"]) == 2
    assert "not a document of this ledger" in capsys.readouterr().err
