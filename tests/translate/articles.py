"""Articles, engines and memories for this room's tests: small, ours, and made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.article import Article, Block, Kind, Lang, Provenance, digest
from translate.document import Failure, ModelRef, Options, Rendering, Translator

KOREAN = "강원도는 올해 산불 감시 인력을 두 배로 늘린다고 밝혔다. 도지사는 예산이 이미 확보됐다고 설명했다."
ENGLISH = "The province said that it would double the number of fire watchers this year."
PORTUGUESE = "A prefeitura informou que as obras da ponte começam na segunda-feira e devem durar seis meses."
JAPANESE = "市は来月から図書館の開館時間を一時間延長する。利用者は「うれしい。」と話した。"


def article(*blocks: Block | str, **fields: object) -> Article:
    """An article of these blocks; a plain string is a paragraph."""
    made = tuple(
        block if isinstance(block, Block) else Block(kind=Kind.PARAGRAPH, text=block, line=line)
        for line, block in enumerate(blocks, 1)
    )
    text = "\n".join(block.text for block in made)
    provenance = Provenance(
        source="file:a.txt",
        target_uri=None,
        retrieved_at="2026-03-04T05:06:07Z",
        payload_digest=digest(text.encode("utf-8", "surrogatepass")),
    )
    return Article(**{"provenance": provenance, "blocks": made, **fields})  # type: ignore[arg-type]


def block(kind: Kind, text: str, line: int = 1) -> Block:
    return Block(kind=kind, text=text, line=line)


class Echo:
    """Says each sentence back in capitals between angle marks: visible, and no copy."""

    def __init__(self, lang: Lang, *, failing: str | None = None) -> None:
        self.model = ModelRef(engine="echo", name=f"{lang}-en", digest="sha256:0", source_lang=lang)
        self.asked: list[str] = []
        self._failing = failing

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        self.asked.extend(sentences)
        return [self._one(sentence) for sentence in sentences]

    def _one(self, sentence: str) -> Rendering | Failure:
        if self._failing and self._failing in sentence:
            return Failure(reason="it would not")
        return Rendering(text=f"<{sentence.upper()}>", flags=("short",) if len(sentence) < 8 else ())


class Shelf:
    """Engines by language; languages in ``known`` have a model that is not here."""

    def __init__(self, *engines: Echo, known: Sequence[str] = ()) -> None:
        self.engines: dict[Lang, Echo] = {engine.model.source_lang: engine for engine in engines}
        self.seconds: dict[Lang, Echo] = {}
        self._known = frozenset(known)

    def best(self, lang: Lang) -> Translator | None:
        return self.engines.get(lang)

    def second(self, lang: Lang, model: ModelRef) -> Translator | None:
        return self.seconds.get(lang)

    def discard(self, model: ModelRef, reason: str) -> None:
        for shelf in (self.engines, self.seconds):
            for lang in [lang for lang, engine in shelf.items() if engine.model == model]:
                del shelf[lang]

    def installable(self, lang: Lang) -> bool:
        return lang in self._known


class Notebook:
    """A translation memory on the heap."""

    def __init__(self) -> None:
        self.pages: dict[tuple[ModelRef, Options, str], Rendering] = {}

    def recall(self, model: ModelRef, options: Options, texts: Sequence[str]) -> Mapping[str, Rendering]:
        found = {source: self.pages.get((model, options, source)) for source in texts}
        return {source: page for source, page in found.items() if page}

    def remember(self, model: ModelRef, options: Options, renderings: Mapping[str, Rendering]) -> None:
        self.pages |= {(model, options, source): page for source, page in renderings.items()}
