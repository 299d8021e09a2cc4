"""An article in, its segments out: runs of whole sentences of one part in one language."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.article import BODY_KINDS, EN, UND, Article, Kind, Lang
from translate import codes, scripts, sentences
from translate.document import Detector, Part, Segment
from translate.gate import QUOTED, clean, fits_english, frames_english

ENOUGH_LETTERS = 40
"""Latin letters' worth from which a sentence may speak another language than the text it stands in."""

ENOUGH_CONFIDENCE = 0.9
"""A wrongly foreign sentence holds its whole document back until a model is there, so doubt follows the context."""

ENOUGH_FOR_ENGLISH = 25
ENOUGH_CONFIDENCE_FOR_ENGLISH = 0.5
"""The same for an English sentence in another language's text: three of a thousand such claims were wrong."""

ENOUGH_IN_ENGLISH = 60
"""The same in an English article, for a text in plain letters: headlines have no common words to be known by."""

LEAST_CONFIDENCE = 0.6
"""Under it a detector guesses (docs/decisions/0008-who-names-the-language.md): of a few words in Latin script, such a
guess says nothing, unless it is English."""

A_QUOTATION = 20
"""Latin letters' worth from which a quotation in another script is a text of its own in its English sentence: eight
Korean syllables. Shorter ones are names, titles and words, and belong to the sentence."""

A_PHRASE = 12
"""Latin letters' worth under which Latin script in other writing is a name or an abbreviation, not a language."""

Found = tuple[Lang, float]


def segment(article: Article, detector: Detector) -> tuple[Segment, ...]:
    """All segments of blocks, section and tags, in this order; each part's follow each other without gap or overlap.

    A short or doubtful text takes the language of what it stands in: a sentence its block's, a block the article's.
    """
    whole = article_language(article, detector)
    found: list[Segment] = []
    for index, block in enumerate(article.blocks):
        found.extend(_part(Part.BLOCK, index, block.text, (whole, detector)))
    if article.section:
        found.extend(_part(Part.SECTION, 0, article.section, (whole, detector)))
    for index, tag in enumerate(article.tags):
        found.extend(_part(Part.TAG, index, tag, (whole, detector)))
    return tuple(found)


def article_language(article: Article, detector: Detector) -> Found:
    """The language of the article as a whole; the one it declares where its text is too little to tell."""
    shown = [block.text for block in article.blocks if block.kind in BODY_KINDS or block.kind is Kind.TITLE]
    text = "\n".join(shown) or "\n".join(block.text for block in article.blocks)
    lang, confidence = detector.detect(text)
    doubtful = lang == UND or (
        confidence < ENOUGH_CONFIDENCE and sum(scripts.weights(text).values()) < ENOUGH_LETTERS
    )
    if doubtful and article.declared_lang and article.declared_lang != UND:
        return codes.parse(article.declared_lang), 0.5
    return _unless_guessed(text, (lang, confidence))


def _unless_guessed(text: str, found: Found) -> Found:
    """What was found, or no language where it is but a guess at a few words in Latin letters."""
    letters = scripts.weights(clean(text))
    lang, confidence = found
    sure = lang == EN or confidence >= LEAST_CONFIDENCE or sum(letters.values()) >= ENOUGH_LETTERS
    return found if sure or set(letters) != {"Latin"} else (UND, 0.0)


def _part(part: Part, index: int, text: str, context: tuple[Found, Detector]) -> Iterator[Segment]:
    whole, detector = context
    around = _language(text, whole, detector)
    spans = list(sentences.split(text, around[0]))
    if whole[0] == EN:
        spans = [piece for start, end in spans for piece in _quotations(text, start, end)]
    found = (
        [_sentence(text[start:end], whole, around, detector) for start, end in spans] if len(spans) > 1 else [around]
    )
    runs: list[tuple[int, int, Found]] = []
    for (start, end), (lang, confidence) in zip(spans, found, strict=False):
        if runs and runs[-1][2][0] == lang:
            runs[-1] = (runs[-1][0], end, (lang, min(confidence, runs[-1][2][1])))
        else:
            runs.append((start, end, (lang, confidence)))
    for start, end, (lang, confidence) in runs:
        yield Segment(
            part=part, index=index, start=start, end=end, text=text[start:end], lang=lang, confidence=confidence
        )


def _quotations(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence cut around its quotations in another script, where English holds together what is left of it."""
    if not frames_english(QUOTED.sub(" ", text[start:end]), enough=1):
        yield start, end
        return
    for quotation in QUOTED.finditer(text, start, end):
        found = scripts.weights(quotation.group())
        if sum(found.values()) - found.get("Latin", 0.0) >= A_QUOTATION:
            if start < quotation.start():
                yield start, quotation.start()
            yield quotation.span()
            start = quotation.end()
    if start < end:
        yield start, end


def _sentence(text: str, whole: Found, around: Found, detector: Detector) -> Found:
    """The language of a sentence; a foreign paragraph in an English article may hold English ones, however short."""
    if whole[0] == EN and around[0] != EN and fits_english(text) and frames_english(text, enough=1):
        return whole
    return _language(text, around, detector)


def _language(text: str, around: Found, detector: Detector) -> Found:
    """The language of ``text`` given that of what it stands in."""
    found = scripts.weights(clean(text))
    letters = sum(found.values())
    if around[0] == EN and (fits_english(text) or (text.isascii() and letters < ENOUGH_IN_ENGLISH)):
        return around  # no model need be loaded for the sentences and headlines of plain English
    lang, confidence = detector.detect(text)
    return around if lang == UND or codes.same(lang, around[0]) else _unlike(text, around, (lang, confidence), found)


def _unlike(text: str, around: Found, other: Found, found: dict[str, float]) -> Found:
    """The language of ``text``, of which the detector thinks another than that of what it stands in."""
    lang, confidence = other
    letters = sum(found.values())
    script = max(found, key=lambda script: found[script])
    if script == "Latin" and (around[0] == EN or script not in codes.scripts_of(around[0])) and frames_english(text):
        return around if around[0] == EN else (EN, ENOUGH_CONFIDENCE)
    if around[0] == UND:
        return _unless_guessed(text, (lang, confidence))
    if _certain(lang, confidence, letters):
        return lang, confidence
    if script in codes.scripts_of(around[0]) or (script == "Latin" and letters < A_PHRASE):
        return around
    return (lang, confidence) if lang == EN or script != "Latin" else (UND, confidence)


def _certain(lang: Lang, confidence: float, letters: float) -> bool:
    """Whether a text may speak another language than its context.

    English needs little: a text wrongly taken for English ships as it is, which for the names and titles that are
    taken for it is right. Any other language holds the document back until a model is there.
    """
    if lang == EN:
        return letters >= ENOUGH_FOR_ENGLISH and confidence >= ENOUGH_CONFIDENCE_FOR_ENGLISH
    return letters >= ENOUGH_LETTERS and confidence >= ENOUGH_CONFIDENCE
