"""What is installed, and which of it translates a language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.article import Lang
from tests.translate.articles import article
from tests.translate.packages import Recipe, build
from tests.translate.test_engine_argos import TEXT
from tests.translate.test_engine_firefox import real_model
from translate import codes
from translate.batch import Desk, to_documents
from translate.choice import ENGINES, offers, ranking
from translate.detect import build_detector
from translate.document import Document, Options, Rendering, Translator
from translate.models import Installed, Settings
from translate.registry import Places, places, scan

CPU = Settings(device="cpu", workers=1)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    found = Installed(tmp_path, settings=CPU)
    yield found
    found.close()


def english(translator: Translator, sentences: Sequence[str]) -> list[str | None]:
    answers = translator.translate(sentences, Options())
    return [answer.text if isinstance(answer, Rendering) else None for answer in answers]


def firefox(folder: Path) -> Path:
    return Path(shutil.copytree(real_model(), folder / "firefox" / "pt-en"))


def test_a_bundled_model_is_found_where_its_package_is_installed(installed: Installed) -> None:
    real_model()
    translator = installed.best(Lang("pt"))
    assert translator is not None
    assert (translator.model.engine, translator.model.name) == ("firefox", "pt-en")
    assert translator.model.digest.startswith("sha256:")


def test_a_regional_tag_is_served_by_its_languages_model(installed: Installed) -> None:
    real_model()
    assert installed.best(Lang("pt-br")) is installed.best(Lang("pt"))


def test_a_language_without_a_model_has_no_best(installed: Installed) -> None:
    assert not installed.offers(Lang("ko"))
    assert installed.best(Lang("ko")) is None


def test_known_sources_offer_korean_and_nobody_offers_klingon(installed: Installed) -> None:
    assert installed.installable(Lang("ko"))
    assert installed.installable(Lang("zh-hant"))
    assert not installed.installable(Lang("tlh"))


def test_an_argos_package_is_found_and_translates(tmp_path: Path, installed: Installed) -> None:
    build(tmp_path / "argos", TEXT)
    assert installed.offers(Lang("ko-kr"))
    translator = installed.best(Lang("ko"))
    assert translator is not None
    assert translator.model.engine == "argos"
    assert english(translator, TEXT) == list(TEXT)


def test_two_steps_serve_where_there_is_no_direct_package(tmp_path: Path, installed: Installed) -> None:
    build(tmp_path / "argos", TEXT, Recipe(source="ko", target="ja"))
    build(tmp_path / "argos", TEXT, Recipe(source="ja", target="en"))
    translator = installed.best(Lang("ko"))
    assert translator is not None
    assert (translator.model.name, translator.model.pivot) == ("ko-ja+ja-en", "ja")
    assert english(translator, ["", *TEXT]) == [None, *TEXT]


def test_a_direct_package_comes_before_two_steps(tmp_path: Path, installed: Installed) -> None:
    for source, target in (("ko", "ja"), ("ja", "en"), ("ko", "en")):
        build(tmp_path / "argos", TEXT, Recipe(source=source, target=target))
    translator = installed.best(Lang("ko"))
    assert translator is not None
    assert translator.model.pivot is None


def test_broken_packages_are_named_and_break_nobody_else(tmp_path: Path, installed: Installed) -> None:
    argos = tmp_path / "argos"
    build(argos, TEXT)
    (argos / "nothing").mkdir()
    (argos / "half").mkdir()
    (argos / "half" / "metadata.json").write_text("{", "utf-8")
    (argos / "odd").mkdir()
    (argos / "odd" / "metadata.json").write_text('{"from_code": 3, "to_code": null}', "utf-8")
    (tmp_path / "firefox" / "xx-en").mkdir(parents=True)
    assert installed.best(Lang("ko")) is not None
    reasons = {each.folder.name: each.reason for each in installed.broken}
    assert reasons == {
        "nothing": "it has no metadata.json",
        "half": "its metadata.json is no JSON object",
        "odd": "its metadata.json does not name two languages",
        "xx-en": "xx-en: 0 files match model.*.bin",
    }


def test_a_package_that_does_not_load_gives_way_to_the_next(tmp_path: Path, installed: Installed) -> None:
    good = build(tmp_path / "argos", TEXT, Recipe(version="1.0"))
    bad = build(tmp_path / "argos", TEXT, Recipe(version="1.10"))
    (bad / "sentencepiece.model").write_bytes(b"rubbish")
    translator = installed.best(Lang("ko"))
    assert translator is not None
    assert [each.folder for each in installed.broken] == [bad]
    assert good.exists()


def test_a_model_that_goes_away_after_it_was_listed_is_passed_over(tmp_path: Path, installed: Installed) -> None:
    folder = build(tmp_path / "argos", TEXT)
    assert [model.name for model in installed.models if model.engine == "argos"] == ["ko-en"]
    shutil.rmtree(folder)
    assert installed.best(Lang("ko")) is None
    assert "ko-en is passed over" in installed.notes[0]


def test_a_model_that_fails_at_its_first_sentence_is_passed_over_and_named(
    tmp_path: Path, installed: Installed
) -> None:
    bad = build(tmp_path / "argos", TEXT, Recipe(version="1.9"))
    build(tmp_path / "argos", TEXT, Recipe(version="1.0"))
    (bad / "model" / "model.bin").write_bytes(b"rubbish")
    desk = Desk(detector=build_detector(), translators=installed)
    (made,) = to_documents([article(TEXT[0])], desk)
    assert isinstance(made, Document)
    assert made.segments[0].model
    assert "ko-en is passed over, it does not load: translate-ko_en-1_9" in installed.notes[0]
    (again,) = to_documents([article(TEXT[0])], desk)
    assert (again, len(installed.notes)) == (made, 1)


def test_the_newest_version_of_a_package_is_used(tmp_path: Path, installed: Installed) -> None:
    build(tmp_path / "argos", TEXT, Recipe(version="1.9"))
    build(tmp_path / "argos", TEXT, Recipe(version="1.10"))
    best, second = installed.all(Lang("ko"))
    newest = next(each for each in installed.models if each.version == "1.10")
    assert best.model.digest == newest.digest() != second.model.digest


def test_the_users_preference_comes_before_the_scores(tmp_path: Path) -> None:
    firefox(tmp_path)
    build(tmp_path / "argos", TEXT, Recipe(source="pt"))
    for prefer, engine in (({}, "firefox"), ({Lang("pt"): "argos"}, "argos")):
        installed = Installed(tmp_path, settings=replace(CPU, prefer=prefer))
        best = installed.best(Lang("pt"))
        assert best is not None
        assert best.model.engine == engine
        installed.close()


def test_published_scores_decide_the_order() -> None:
    assert ranking(Lang("ko")) == ("firefox", "argos")
    assert ranking(Lang("nb")) == ("argos", "firefox")
    assert ranking(Lang("nb"), {Lang("nb"): "firefox"}) == ("firefox", "argos")


def test_the_table_of_scores_is_whole() -> None:
    for lang, found in offers().items():
        assert len({offer.engine for offer in found}) == len(found)
        assert codes.parse(lang) == lang
        for each in found:
            assert each.engine in ENGINES
            assert each.comet is None or 0.5 < each.comet < 1
            assert each.source.startswith(
                "evaluation/" if each.engine == "argos" else ("evaluation/", "models/")
            ) or (each.comet is None)
    assert {each.engine: each.comet for each in offers()[Lang("ko")]} == {"firefox": 0.8658, "argos": 0.7421}


def test_the_same_files_have_the_same_digest_wherever_they_lie(tmp_path: Path) -> None:
    one = build(tmp_path / "a", TEXT)
    shutil.copytree(one, tmp_path / "b" / one.name)
    found = [
        each.digest()  # type: ignore[union-attr]
        for folder in ("a", "b")
        for each in scan(Places(folder=tmp_path / "none", argos=tmp_path / folder))
    ]
    assert len(found) == 2
    assert found[0] == found[1]


def test_settings_say_where_models_lie(tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "data")}
    assert places(None, home).argos == tmp_path / "data" / "argos-translate" / "packages"
    assert places(None, {**home, "ARGOS_PACKAGES_DIR": "/srv/argos"}).argos == Path("/srv/argos")
    assert places(None, {"NEWSGLOSS_MODELS": "/srv/models"}).folder == Path("/srv/models")
    assert places(tmp_path, {"NEWSGLOSS_MODELS": "/srv/models"}).argos == tmp_path / "argos"
