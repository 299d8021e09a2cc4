"""Terms of furniture in, by class and language; what of them stands in a line out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.boilerplate.lines import view

PREFIXED = re.compile(r"[֐-ۿऀ-๿぀-ヿ㐀-鿿가-힯]")
"""Scripts whose words carry others in front, or stand without spaces: a term may begin within a word."""

_START = re.compile(rf"(?<!\w)(?=\S)|(?={PREFIXED.pattern})")

LETTER, CALL = "letter", "call"

KEY = 4
"""How many characters of a term are looked up; of a shorter one all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or two that furniture is made of.

    Attributes:
        role: its class: ``ban``, ``thing``, ``address``, ...; see docs/boilerplate.md.
        lang: the file it stands in; None for those of all languages.
        text: in lower case.
        stem: whether a word may go on after it.
    """

    role: str
    lang: str | None
    text: str
    stem: bool

    @property
    def inner(self) -> bool:
        """Whether it may begin within a word."""
        return PREFIXED.match(self.text) is not None

    def stands(self, folded: str, start: int) -> bool:
        """Whether it stands at this place of a text in lower case: as a whole word, or as how one begins."""
        if not folded.startswith(self.text, start):
            return False
        end = start + len(self.text)
        going = self.stem or self.inner or not self.text[-1].isalnum()
        return going or end == len(folded) or not folded[end].isalnum()


@dataclass(frozen=True, slots=True)
class Found:
    """A term or shape in a line."""

    role: str
    lang: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """Classes that together are furniture of a kind: ``{ai, ban}`` is an AI ban.

    ``weak``: only below a line of the foot that is surely furniture; ``alone``: only where a line is nothing else.
    """

    kind: str
    roles: frozenset[str]
    weak: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All terms, what each class weighs, and which classes make which kind.

    Attributes:
        terms: of all files.
        index: the terms by their first `KEY` characters.
        weights: what the first term of a class counts for.
        compounds: in the order in which they are tried.
    """

    terms: tuple[Term, ...]
    index: Mapping[str, tuple[Term, ...]]
    weights: Mapping[str, float]
    compounds: tuple[Compound, ...]

    def find(self, folded: str) -> list[Found]:
        """The terms in a line in lower case, longest first."""
        found = [
            Found(term.role, term.lang, start, start + len(term.text))
            for start in _starts(folded)
            for size in range(1, KEY + 1)
            for term in self.index.get(folded[start : start + size], ())
            if term.stands(folded, start)
        ]
        return sorted(found, key=lambda one: (one.start - one.end, one.start, one.role, one.lang or ""))

    def opens_letter(self, folded: str) -> bool:
        """Whether a line in lower case says that a reader's letter follows."""
        return any(one.role == LETTER and one.start < len(LETTER) for one in self.find(folded))

    def calls(self, folded: str) -> bool:
        """Whether a line in lower case begins with what readers are asked to do."""
        terms = (term for size in range(1, KEY + 1) for term in self.index.get(folded[:size], ()))
        return any(term.role == CALL and term.stands(folded, 0) for term in terms)

    def compound(self, roles: Iterable[str], *, whole: bool) -> Compound | None:
        """What these classes make together; ``whole``: the line is nothing else."""
        given = frozenset(roles)
        return next((one for one in self.compounds if one.roles <= given and (whole or not one.alone)), None)


def _starts(folded: str) -> list[int]:
    """Where a term may begin: where a word does, and anywhere in the scripts of `PREFIXED`."""
    return [found.start() for found in _START.finditer(folded)]


def read_lexicon(terms: Iterable[Term], *, weights: Mapping[str, float], compounds: Iterable[Compound]) -> Lexicon:
    """The lexicon of these terms."""
    index: dict[str, list[Term]] = {}
    every = tuple(terms)
    for term in every:
        index.setdefault(term.text[:KEY], []).append(term)
    rows = {key: tuple(row) for key, row in index.items()}
    return Lexicon(terms=every, index=rows, weights=weights, compounds=tuple(compounds))


def read_term(role: str, lang: str | None, written: str) -> Term:
    """A term as files write it: ``reproduc*`` is a stem."""
    return Term(role=role, lang=lang, text=view(written.rstrip("*")).casefold(), stem=written.endswith("*"))


def disjoint(found: Iterable[Found], lang: str | None) -> tuple[Found, ...]:
    """Of one language and of all languages, those that no longer one covers."""
    taken: list[Found] = []
    for one in found:
        if one.lang in {None, lang} and all(one.end <= other.start or one.start >= other.end for other in taken):
            taken.append(one)
    return tuple(taken)
