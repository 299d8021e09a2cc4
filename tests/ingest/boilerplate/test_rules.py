"""Every rule takes its own examples, and no rule takes any other's counter-examples."""

from __future__ import annotations

import pytest

from ingest.boilerplate import Rule, Where
from ingest.boilerplate.cues import fold
from ingest.boilerplate.lines import bare, view
from tests.ingest.boilerplate.texts import BODY, RULES, kept, stripped


def examples(rule: Rule) -> list[str]:
    """A rule's own examples; of one made for each language, those in its language."""
    shared = sum(other.matches == rule.matches for other in RULES.rules) > 1
    return [line for line in rule.matches if not shared or rule.pattern.fullmatch(bare(view(line)))]


MATCHES = [(rule, line) for rule in RULES.rules for line in examples(rule)]
KEEPS = sorted({line for rule in RULES.rules for line in rule.keeps} | set(RULES.keeps))


def at_head(line: str) -> list[str]:
    return ["Council Votes for a New Harbour Wall", line, *BODY]


def at_foot(line: str) -> list[str]:
    return [*BODY, line]


def in_body(line: str) -> list[str]:
    return [*BODY[:2], line, *BODY[2:]]


def beside_a_date(line: str) -> list[str]:
    return ["Council Votes for a New Harbour Wall", "2025-01-30 10:15", line, *BODY]


PLACES = {
    Where.HEAD: (at_head,),
    Where.TAIL: (at_foot,),
    Where.BESIDE: (beside_a_date,),
    Where.EDGE: (at_head, at_foot),
    Where.ANYWHERE: (at_head, in_body, at_foot),
}


@pytest.mark.parametrize(
    ("rule", "line"), MATCHES, ids=lambda value: value.name if isinstance(value, Rule) else value
)
def test_a_rule_takes_its_examples_where_it_may_act(rule: Rule, line: str) -> None:
    for place in PLACES[rule.where]:
        found = stripped(place(line))
        assert line not in kept(found)
        assert set(BODY) <= set(kept(found))


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.name)
def test_a_rule_shows_what_it_takes_and_its_cues_stand_in_it(rule: Rule) -> None:
    assert examples(rule)
    for line in examples(rule):
        hit = stripped(PLACES[rule.where][-1](line)).stripped
        assert hit, line
        assert not rule.cues or any(cue in fold(view(line)) for cue in rule.cues), line


@pytest.mark.parametrize("line", KEEPS)
def test_no_rule_takes_a_counter_example_anywhere(line: str) -> None:
    for place in (at_head, in_body, at_foot):
        assert line in kept(stripped(place(line)))
    between = stripped([*BODY, "© 2025 Halden Post", line, "All rights reserved."])
    assert line in kept(between)
