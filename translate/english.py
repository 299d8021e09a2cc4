"""Articles with their segments in, the work for the engines out; with its renderings, the English document.

`plan` and `assemble` are pure: the one says what a whole batch needs, the other what becomes of each article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.article import BODY_KINDS, EN, UND, Article, Block, Flag, Kind, Lang, Publisher, document_id
from translate import codes, masks, scripts, sentences
from translate.document import (
    UNTRANSLATED,
    Document,
    Failure,
    ModelRef,
    Part,
    Pending,
    Rejected,
    Rendering,
    Segment,
    Sentence,
    Translated,
)
from translate.names import latin

MOST = 0.5
"""A document of which more than this share could not be put into English is none."""

_OPENING = "([{“‘«「『（"
_CLOSING = ",.;:!?)]}”’»」』）、。，！？"
"""No space stands after the one and before the other."""

_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

Batch = Sequence[tuple[Article, Sequence[Segment]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The distinct sentences of a batch, by language; both in an order that depends on nothing but themselves."""

    sentences: Mapping[Lang, tuple[Sentence, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A sentence's English, its masks undone, and the model that made it."""

    rendering: Rendering
    model: ModelRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What became of a `Work`.

    Attributes:
        made: the outcome of each sentence that an engine was given.
        missing: languages whose model is not installed but could be (None), or does not load (why).
    """

    made: Mapping[Sentence, Made | Failure]
    missing: Mapping[Lang, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A sentence of a segment: ``text`` with the white space after it, ``sent`` where an engine is to see it."""

    text: str
    sent: Sentence | None


def plan(batch: Batch) -> Work:
    """What the engines must do for all of ``batch``: each sentence once, masked."""
    found: dict[Lang, set[Sentence]] = {}
    for _article, segments in batch:
        for segment in segments:
            for piece in _pieces(segment):
                if piece.sent:
                    found.setdefault(piece.sent.lang, set()).add(piece.sent)
    ordered = {lang: tuple(sorted(found[lang], key=lambda one: (one.masked, one.masks))) for lang in sorted(found)}
    return Work(sentences=ordered)


def _pieces(segment: Segment) -> Iterator[_Piece]:
    if segment.lang in (EN, UND):
        yield _Piece(text=segment.text, sent=None)
        return
    for text in sentences.texts(segment.text, segment.lang):
        masked, hidden = masks.mask(text.strip())
        sent = (
            Sentence(lang=segment.lang, masked=masked, masks=hidden) if masks.sendable(masked, segment.lang) else None
        )
        yield _Piece(text=text, sent=sent)


def assemble(article: Article, segments: Sequence[Segment], results: Results) -> Document | Pending | Rejected:
    """The article in English, or why there is none (yet)."""
    langs = {piece.sent.lang for s in segments for piece in _pieces(s) if piece.sent}
    missing = {lang: results.missing[lang] for lang in sorted(langs & results.missing.keys())}
    if missing:
        return pending(missing)
    translated = tuple(part for segment in segments for part in _translated(segment, results))
    lost = _lost_language(article, translated)
    if lost:
        return Rejected(reason=lost)
    return _document(article, tuple(_spaced(translated)))


def pending(missing: Mapping[Lang, str | None]) -> Pending:
    """The outcome of a document that waits for models, with the command that brings them or shows what ails them."""
    broken = {lang: problem for lang, problem in missing.items() if problem}
    absent = [lang for lang in missing if lang not in broken]
    reasons = [f"the model for {codes.name(lang)} does not load: {problem}" for lang, problem in broken.items()]
    if absent:
        reasons.insert(0, f"no model for {' and '.join(map(codes.name, absent))} is installed")
    command = f"newsgloss models install {' '.join(absent)}" if absent else "newsgloss models verify"
    return Pending(langs=tuple(missing), reason="; ".join(reasons), command=command)


def _translated(segment: Segment, results: Results) -> Iterator[Translated]:
    """The segment in English; where some of its sentences could not be rendered, cut into runs that could and not."""
    runs: list[tuple[bool, list[_Piece]]] = []
    for piece in _pieces(segment):
        failed = piece.sent is not None and not isinstance(results.made.get(piece.sent), Made)
        if runs and runs[-1][0] == failed:
            runs[-1][1].append(piece)
        else:
            runs.append((failed, [piece]))
    start = segment.start
    for failed, pieces in runs:
        text = "".join(piece.text for piece in pieces)
        run = replace(segment, start=start, end=start + len(text), text=text)
        start = run.end
        yield (
            Translated(segment=run, text=text, flags=_reasons(pieces, results))
            if failed
            else _run(run, pieces, results)
        )


def _reasons(pieces: Sequence[_Piece], results: Results) -> tuple[str, ...]:
    found = {piece.sent: results.made.get(piece.sent) for piece in pieces if piece.sent}
    reasons = {f"failed: {made.reason}" for made in found.values() if isinstance(made, Failure)}
    return (UNTRANSLATED, *sorted(reasons)) if reasons else (UNTRANSLATED, "no model")


def _run(run: Segment, pieces: Sequence[_Piece], results: Results) -> Translated:
    made = [results.made[piece.sent] if piece.sent else None for piece in pieces]
    done = [one for one in made if isinstance(one, Made)]
    if not done:
        return Translated(segment=run, text=run.text)
    texts = [_english(piece, one) for piece, one in zip(pieces, made, strict=True)]
    scores = [one.rendering.score for one in done if one.rendering.score is not None]
    return Translated(
        segment=run,
        text=_join(texts),
        model=done[0].model,
        flags=tuple(sorted({flag for one in done for flag in one.rendering.flags})),
        score=min(scores) if scores else None,
    )


def _english(piece: _Piece, made: Made | Failure | None) -> str:
    if piece.sent is None or not isinstance(made, Made):
        return piece.text
    return made.rendering.text.strip() + piece.text[len(piece.text.rstrip()) :]


def _join(texts: Sequence[str]) -> str:
    """One text; Japanese and Chinese put no space between sentences, English does."""
    joined = ""
    for text in texts:
        gap = " " if joined and text and not joined[-1].isspace() and not text[0].isspace() else ""
        joined += gap + text
    return joined


def _spaced(translated: Sequence[Translated]) -> Iterator[Translated]:
    """With a space where a translated segment would run into its neighbour, which keeps its bytes."""
    for index, one in enumerate(translated):
        before = translated[index - 1] if index else None
        after = translated[index + 1] if index + 1 < len(translated) else None
        text = one.text
        if one.model and before and before.model is None and _touch(before, one):
            text = " " + text
        if one.model and after and _touch(one, after):
            text += " "
        yield replace(one, text=text) if text != one.text else one


def _touch(one: Translated, other: Translated) -> bool:
    together = (one.segment.part, one.segment.index) == (other.segment.part, other.segment.index)
    if not together or not one.text or not other.text:
        return False
    last, first = one.text[-1], other.text[0]
    return not (last.isspace() or first.isspace() or last in _OPENING or first in _CLOSING)


def _lost_language(article: Article, translated: Sequence[Translated]) -> str | None:
    """Why the document is none, where most of it stayed in its own language."""
    total = 0.0
    lost: dict[tuple[str, Lang], float] = {}
    for one in translated:
        if _is_shown(article, one.segment):
            letters = sum(scripts.weights(one.segment.text).values())
            total += letters
            if UNTRANSLATED in one.flags:
                cause = "no model for" if "no model" in one.flags else "no translation from"
                lost[cause, one.segment.lang] = lost.get((cause, one.segment.lang), 0.0) + letters
    if sum(lost.values()) <= MOST * total:
        return None
    cause, lang = max(sorted(lost), key=lambda key: lost[key])
    return f"{cause} {lang}"


def _is_shown(article: Article, segment: Segment) -> bool:
    return segment.part is Part.BLOCK and article.blocks[segment.index].kind is not Kind.CAPTION


def _document(article: Article, translated: tuple[Translated, ...]) -> Document:
    english = _texts(translated)
    lang = _source_lang(article, translated)
    blocks = [(block, english.get((Part.BLOCK, index), block.text)) for index, block in enumerate(article.blocks)]
    title = next((text for block, text in blocks if block.kind is Kind.TITLE), None)
    date, basis = partition_date(article)
    return Document(
        id=document_id(article.provenance),
        version=article.provenance.payload_digest,
        title=title,
        title_original=article.title if title != article.title else None,
        deck=tuple(text for block, text in blocks if block.kind is Kind.DECK),
        text=_body([(block, text) for block, text in blocks if block.kind in BODY_KINDS]),
        section=english.get((Part.SECTION, 0), article.section),
        tags=tuple(english.get((Part.TAG, index), tag) for index, tag in enumerate(article.tags)),
        authors=tuple(replace(name, latin=name.latin or latin(name.original, lang)) for name in article.authors),
        publisher=_publisher(article.publisher, lang),
        date=date,
        date_basis=basis,
        source_lang=lang,
        article=article,
        segments=translated,
        flags=article.flags + _flags(article, translated),
    )


def _publisher(publisher: Publisher | None, lang: Lang) -> Publisher | None:
    if publisher is None or publisher.latin:
        return publisher
    return replace(publisher, latin=latin(publisher.original, lang, person=False))


def _texts(translated: Sequence[Translated]) -> dict[tuple[Part, int], str]:
    joined: dict[tuple[Part, int], str] = {}
    for one in translated:
        key = (one.segment.part, one.segment.index)
        joined[key] = joined.get(key, "") + one.text
    return joined


def _body(blocks: Sequence[tuple[Block, str]]) -> str:
    """A blank line between blocks, list items on consecutive lines."""
    text = ""
    for index, (block, english) in enumerate(blocks):
        if index:
            together = block.kind is Kind.ITEM and blocks[index - 1][0].kind is Kind.ITEM
            text += "\n" if together else "\n\n"
        text += english
    return text


def _source_lang(article: Article, translated: Sequence[Translated]) -> Lang:
    letters: dict[Lang, float] = {}
    for one in translated:
        if one.segment.lang != UND and _is_shown(article, one.segment):
            found = sum(scripts.weights(one.segment.text).values())
            letters[one.segment.lang] = letters.get(one.segment.lang, 0.0) + found
    if not any(letters.values()):
        return codes.parse(article.declared_lang)
    return max(sorted(letters), key=lambda lang: letters[lang])


def _flags(article: Article, translated: Sequence[Translated]) -> tuple[Flag, ...]:
    """What a reader should know of the translation: one flag for each mark on a segment, and for no language."""
    flags = []
    if _uncertain(article, translated):
        flags.append(Flag(name="language-uncertain", detail="too little text to tell"))
    for one in translated:
        if one.flags:
            block = article.blocks[one.segment.index] if one.segment.part is Part.BLOCK else None
            detail = f"{one.segment.lang}: {', '.join(flag for flag in one.flags if flag != UNTRANSLATED)}"
            name = UNTRANSLATED if UNTRANSLATED in one.flags else "translation"
            flags.append(Flag(name=name, detail=detail, line=block.line if block else None))
    return tuple(dict.fromkeys(flags))


def _uncertain(article: Article, translated: Sequence[Translated]) -> bool:
    """Whether there are words, and not one segment whose language is known."""
    shown = [one.segment for one in translated if _is_shown(article, one.segment)]
    return any(scripts.weights(one.text) for one in shown) and all(one.lang == UND for one in shown)


def partition_date(article: Article) -> tuple[str, str]:
    """The date (``YYYY-MM-DD``) that an article is filed under, and its basis: ``published`` or ``retrieved``."""
    if article.published and _FULL_DATE.match(article.published):
        return article.published[:10], "published"
    return article.provenance.retrieved_at[:10], "retrieved"
