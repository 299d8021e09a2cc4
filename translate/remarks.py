"""A Document in, the one line out that tells its reader whose words these are: translated before, by us, or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ingest.article import Notice
from translate.codes import name
from translate.document import Document, Part
from translate.passages import untranslated
from translate.visible import terminal_safe


def remark(document: Document) -> str | None:
    """One line of plain text; None where the text is the publisher's own English.

    It says when the source was a translation itself (``The source was translated with ChatGPT from Korean
    (inferred).``), which model made the English, and how many passages are not in English.
    """
    notice = document.article.notice
    sentences = (_noticed(notice) if notice else None, _machine(document), _left(document))
    return " ".join(sentence for sentence in sentences if sentence) or None


def _noticed(notice: Notice) -> str:
    engine = f" with {terminal_safe(notice.engine)}" if notice.engine else ""
    source = f" from {name(notice.source_lang)}" if notice.source_lang else ""
    return f"The source was translated{engine}{source}{' (inferred)' if notice.inferred else ''}."


def _machine(document: Document) -> str | None:
    made: dict[str, dict[str, None]] = {}
    for model in (one.model for one in document.segments if one.model):
        made.setdefault(name(model.source_lang), {})[f"{model.engine} {model.name}"] = None
    if not made:
        return None
    by_language = [f"from {lang} by {_listed(models)}" for lang, models in made.items()]
    own = any(one.model is None and one.segment.lang == "en" for one in document.segments)
    return f"{'Partly machine' if own else 'Machine'}-translated {_listed(by_language)}."


def _left(document: Document) -> str | None:
    left = Counter(
        name(one.segment.lang) for one in document.segments if untranslated(one) and one.segment.part is Part.BLOCK
    )
    if not left:
        return None
    counted = (f"{count} {'passage' if count == 1 else 'passages'} in {lang}" for lang, count in sorted(left.items()))
    return f"Not translated: {_listed(counted)}, marked where {'it stands' if left.total() == 1 else 'they stand'}."


def _listed(items: Iterable[str]) -> str:
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last
