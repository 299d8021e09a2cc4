"""A language in, the engines that have a model for it out, best first by published scores.

``scores.tsv`` holds COMET (wmt22-comet-da) of each engine from the language into English on FLORES-200 dev, and
where it stands: a file and commit of github.com/mozilla/firefox-translations-models, whose evaluation folder scores
both engines (``comet-results.json``) and whose model folders score the student that Firefox ships
(``metadata.json``). A row without a score is a model that a source offers and nobody published a score for; its
source is the list that offers it, with the repository's name before it (argosopentech/argospm-index and
argos-translate, mozilla/translations), or the record or address itself. COMET and not BLEU decides, as BLEU rewards
the wording of the one reference.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.article import Lang

ENGINES = ("firefox", "argos")
"""All engines, in the order that decides where no score does: of the 29 languages with both scores Firefox
Translations is better on 27 (not on el and nb)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model that a known source offers for a language, with its published COMET (0 to 1) where there is one.

    ``source`` says where the score stands, or which list offers the model.
    """

    lang: Lang
    engine: str
    comet: float | None
    source: str


@cache
def offers() -> Mapping[Lang, tuple[Offer, ...]]:
    """What ``scores.tsv`` says, by language; the best first."""
    text = resources.files("translate").joinpath("scores.tsv").read_text("utf-8")
    found: dict[Lang, list[Offer]] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        comet = float(row["comet"]) if row["comet"] else None
        offer = Offer(lang=Lang(row["lang"]), engine=row["engine"], comet=comet, source=row["source"])
        found.setdefault(offer.lang, []).append(offer)
    return {lang: tuple(sorted(each, key=_rank)) for lang, each in found.items()}


def ranking(lang: Lang, prefer: Mapping[Lang, str] | None = None) -> tuple[str, ...]:
    """All engines, the best for this language first; the one that ``prefer`` names for it before all others."""
    wanted = (prefer or {}).get(lang)
    known = [offer.engine for offer in offers().get(lang, ())]
    return tuple(dict.fromkeys([*([wanted] if wanted else []), *known, *ENGINES]))


def installable(langs: Sequence[Lang]) -> bool:
    """Whether a known source offers a model for one of these tags."""
    return any(lang in offers() for lang in langs)


def _rank(offer: Offer) -> tuple[float, int]:
    return (-(offer.comet or 0.0), ENGINES.index(offer.engine))
