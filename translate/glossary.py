"""A user's terms in, a translator that renders them as given out.

The file has a line a term, tab-separated: language, source term, English term; ``#`` begins a remark. A term is put
into the sentence in English before the engine sees it, as engines copy what is English already; where it does not
come out so, the sentence goes once more with a mark in its place, and else carries the flag ``glossary``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.article import UND, Lang
from ingest.errors import UsageError
from translate import codes
from translate.document import Failure, ModelRef, Options, Rendering, Translator
from translate.engines.prepare import SPACELESS

MISSED = "glossary"
"""The flag of a sentence in which a term did not come out as given."""

FIRST_MARK = 901
"""Marks of terms, above any of `masks`' own: a sentence has not that many addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """English terms by source term, by language."""

    terms: Mapping[Lang, Mapping[str, str]]

    def of(self, lang: Lang) -> Mapping[str, str]:
        """The terms for a language: its own, and those of languages that stand in for it (``pt`` for ``pt-br``)."""
        found: dict[str, str] = {}
        for tag in reversed(codes.fallbacks(lang)):
            found |= self.terms.get(tag, {})
        return found


def load(path: Path) -> Glossary:
    """The glossary of a file.

    Raises:
        UsageError: it cannot be read, or a line is not three fields, the first a language.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the glossary {path} cannot be read: {error}") from error
    terms: dict[Lang, dict[str, str]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("\t")]
        lang = codes.parse(fields[0])
        if len(fields) != 3 or lang == UND or not all(fields):
            raise UsageError(
                f"{path} line {number} is no term: {line[:80]!r}", hint="language, source term, English term, by tabs"
            )
        terms.setdefault(lang, {})[fields[1]] = fields[2]
    return Glossary(terms=terms)


class Glossed:
    """A translator whose engine sees a user's terms in English already."""

    def __init__(self, inner: Translator, terms: Mapping[str, str]) -> None:
        """``terms`` are the English terms by source term, at least one."""
        self._inner = inner
        self._terms = terms
        self._pattern = _pattern(terms)
        self._model = _named(inner.model, terms)

    @property
    def model(self) -> ModelRef:
        """The engine's model, the glossary in its digest: another glossary is another translator to the memory."""
        return self._model

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        """English for each sentence: same length, same order."""
        used = [self._pattern.findall(sentence) for sentence in sentences]
        answers = self._inner.translate([self._put(sentence) for sentence in sentences], options)
        missed = [index for index, terms in enumerate(used) if terms and not self._has(answers[index], terms)]
        marked = [self._mark(sentences[index]) for index in missed]
        again = self._inner.translate([text for text, _ in marked], options) if missed else []
        for index, (_, english), answer in zip(missed, marked, again, strict=True):
            answers[index] = self._settled(answers[index], answer, english, used[index])
        return answers

    def _put(self, sentence: str) -> str:
        return self._pattern.sub(lambda match: self._spaced(match, self._terms[match[0]]), sentence)

    def _mark(self, sentence: str) -> tuple[str, tuple[str, ...]]:
        """The sentence with marks for its terms, and their English in order."""
        english: list[str] = []

        def put(match: re.Match[str]) -> str:
            english.append(self._terms[match[0]])
            return self._spaced(match, f"[{FIRST_MARK + len(english) - 1}]")

        return self._pattern.sub(put, sentence), tuple(english)

    def _settled(
        self, first: Rendering | Failure, second: Rendering | Failure, english: Sequence[str], terms: Sequence[str]
    ) -> Rendering | Failure:
        if isinstance(second, Rendering):
            text = re.sub(r"\[\s?(9\d\d)\s?\]", lambda match: _term(match, english), second.text)
            if self._has(replace(second, text=text), terms):
                return replace(second, text=text)
        return replace(first, flags=(*first.flags, MISSED)) if isinstance(first, Rendering) else first

    def _has(self, answer: Rendering | Failure, terms: Sequence[str]) -> bool:
        return isinstance(answer, Rendering) and all(self._terms[term] in answer.text for term in terms)

    @staticmethod
    def _spaced(match: re.Match[str], text: str) -> str:
        """With a space where the term ran into letters, as Korean particles and Japanese do."""
        before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
        return (" " if before.isalnum() else "") + text + (" " if after.isalnum() else "")


def _term(match: re.Match[str], english: Sequence[str]) -> str:
    number = int(match[1]) - FIRST_MARK
    return english[number] if 0 <= number < len(english) else match[0]


def _pattern(terms: Mapping[str, str]) -> re.Pattern[str]:
    """Any of the terms, the longest first; whole words only where the script has spaces between words."""
    parts = []
    for term in sorted(terms, key=lambda each: (-len(each), each)):
        edge = "" if SPACELESS.search(term) else r"\b"
        parts.append(f"{edge}{re.escape(term)}{edge}")
    return re.compile("|".join(parts))


def _named(model: ModelRef, terms: Mapping[str, str]) -> ModelRef:
    listed = "\n".join(f"{term}\t{terms[term]}" for term in sorted(terms))
    digest = hashlib.sha256(f"{model.digest}\n{listed}".encode("utf-8", "surrogatepass")).hexdigest()
    return replace(model, name=f"{model.name}+glossary", digest=f"sha256:{digest}")
