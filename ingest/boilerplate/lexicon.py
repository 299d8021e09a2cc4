"""Terms of furniture in, by class and language; what of them stands in a line out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ahocorasick import Automaton

from ingest.boilerplate.lines import view

PREFIXED = re.compile(r"[֐-ۿऀ-๿぀-ヿ㐀-鿿가-힯]")
"""Scripts whose words carry others in front, or stand without spaces: a term may begin within a word."""

LETTER, CALL = "letter", "call"


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

    @property
    def open(self) -> bool:
        """Whether a letter may follow it."""
        return self.stem or self.inner or not self.text[-1].isalnum()


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


class Terms:
    """Terms in, those that stand in a line out: one scan finds all, however many there are."""

    def __init__(self, terms: Iterable[Term]) -> None:
        spelled: defaultdict[str, list[Term]] = defaultdict(list)
        for term in terms:
            spelled[term.text].append(term)
        self._automaton = Automaton()
        for text, row in spelled.items():
            whole = [(one.role, one.lang) for one in row if not one.open]
            going = [(one.role, one.lang) for one in row if one.open]
            self._automaton.add_word(text, (len(text), row[0].inner, going, whole))
        self._automaton.make_automaton()

    def find(self, folded: str) -> list[Found]:
        """The terms in a line in lower case, each as a whole word, or as how one begins."""
        found: list[Found] = []
        hits = self._automaton.iter(folded) if len(self._automaton) else ()
        for last, (size, inner, going, whole) in hits:
            end = last + 1
            start = end - size
            if not inner and start and _in_word(folded[start - 1]):
                continue
            found += [Found(role, lang, start, end) for role, lang in going]
            if whole and (end == len(folded) or not folded[end].isalnum()):
                found += [Found(role, lang, start, end) for role, lang in whole]
        return found


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """All terms, what each class weighs, and which classes make which kind.

    Attributes:
        terms: of all files.
        weights: what the first term of a class counts for.
        compounds: in the order in which they are tried.
    """

    terms: Terms
    weights: Mapping[str, float]
    compounds: tuple[Compound, ...]

    def find(self, folded: str) -> list[Found]:
        """The terms in a line in lower case, longest first."""
        return sorted(
            self.terms.find(folded), key=lambda one: (one.start - one.end, one.start, one.role, one.lang or "")
        )

    def opens_letter(self, folded: str) -> bool:
        """Whether a line in lower case says that a reader's letter follows."""
        return any(one.role == LETTER and one.start < len(LETTER) for one in self.terms.find(folded))

    def calls(self, folded: str) -> bool:
        """Whether a line in lower case begins with what readers are asked to do."""
        return any(one.role == CALL and one.start == 0 for one in self.terms.find(folded))

    def compound(self, roles: Iterable[str], *, whole: bool) -> Compound | None:
        """What these classes make together; ``whole``: the line is nothing else."""
        given = frozenset(roles)
        return next((one for one in self.compounds if one.roles <= given and (whole or not one.alone)), None)


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
