"""Model folders in, the best loaded translator for each language out: the `Translators` of a run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Protocol

from ingest.article import EN, Lang
from ingest.errors import ModelError
from translate import choice, codes
from translate.careful import Careful, Second
from translate.document import Failure, ModelRef, Options, Rendering, Translator
from translate.glossary import Glossary, Glossed
from translate.registry import BrokenModel, InstalledModel, Places, bundled, scan


class Engine(Translator, Protocol):
    """A translator that holds something open."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of how it runs here."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the user may say of engines.

    ``prefer`` names an engine per language, before the table of scores; ``workers`` is how many processes or threads
    (default: the cores there are); ``device`` is ``auto``, ``cpu`` or ``cuda``; ``glossary`` holds the user's terms.
    """

    prefer: Mapping[Lang, str] = field(default_factory=dict)
    workers: int | None = None
    device: str = "auto"
    glossary: Glossary | None = None


class Installed:
    """The `Translators` over what is installed here; loads a model when it is first asked for, and once."""

    def __init__(self, folder: Path, *, argos: Path | None = None, settings: Settings | None = None) -> None:
        """``folder`` holds our models, ``argos`` Argos packages (default ``folder/argos``); see `registry.places`."""
        self.places = Places(folder=folder, argos=argos or folder / "argos", bundled=bundled())
        self._settings = settings or Settings()
        self._lock = Lock()
        self._models: tuple[InstalledModel, ...] | None = None
        self._loaded: dict[Path, Engine] = {}
        self._careful: dict[str, Careful] = {}
        self._broken: list[BrokenModel] = []
        self._discarded: set[str] = set()
        self._notes: list[str] = []

    @property
    def models(self) -> tuple[InstalledModel, ...]:
        """What is installed, as it was when first asked."""
        if self._models is None:
            found = list(scan(self.places))
            self._broken.extend(each for each in found if isinstance(each, BrokenModel))
            self._models = tuple(each for each in found if isinstance(each, InstalledModel))
        return self._models

    @property
    def broken(self) -> tuple[BrokenModel, ...]:
        """Folders that hold no usable model, and models that did not load."""
        _ = self.models
        return tuple(self._broken)

    def best(self, lang: Lang) -> Translator | None:
        """The best installed engine for this language, loaded and careful; None where none is installed, or loads.

        It looks at its own work (`careful`), and has the next best engine for a second try.
        """
        first = next(iter(self.all(lang, at_most=1)), None)
        if first is None:
            return None
        digest = first.model.digest
        if digest not in self._careful:
            second = Second(engine=partial(self.second, lang, first.model), discard=self.discard)
            self._careful[digest] = Careful(first, second)
        return self._careful[digest]

    def discard(self, model: ModelRef, reason: str) -> None:
        """Give this model to nobody any more: it does not load, for this reason."""
        self._discarded.add(model.digest)
        self._notes.append(f"{model.engine} {model.name} is passed over, it does not load: {reason}")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of how models run here, said once."""
        return tuple(dict.fromkeys([*self._notes, *(n for each in self._loaded.values() for n in each.notes)]))

    def all(self, lang: Lang, *, at_most: int | None = None) -> list[Translator]:
        """Every installed way from this language into English, loaded, the user's terms in it, the best first."""
        found: list[Translator] = []
        for tag in codes.fallbacks(lang):
            for route in self._routes(tag):
                loaded = self._load_route(route)
                if loaded is not None and (termed := self._with_terms(lang, loaded)):
                    found.extend([termed] if termed.model.digest not in self._discarded else [])
                if at_most is not None and len(found) >= at_most:
                    return found
        return found

    def second(self, lang: Lang, model: ModelRef) -> Translator | None:
        """The best translator for this language beside the one of this model; None where there is none."""
        return next((each for each in self.all(lang, at_most=2) if each.model.digest != model.digest), None)

    def _with_terms(self, lang: Lang, translator: Translator) -> Translator:
        terms = self._settings.glossary.of(lang) if self._settings.glossary else {}
        return Glossed(translator, terms) if terms else translator

    def installable(self, lang: Lang) -> bool:
        """Whether some known source offers a model for this language."""
        return choice.installable(codes.fallbacks(lang))

    def offers(self, lang: Lang) -> bool:
        """Whether a model for this language is installed; loads nothing."""
        return any(self._routes(tag) for tag in codes.fallbacks(lang))

    def close(self) -> None:
        """Let all loaded models go."""
        with self._lock:
            while self._loaded:
                self._loaded.popitem()[1].close()

    def _routes(self, tag: Lang) -> list[tuple[InstalledModel, ...]]:
        direct = _ranked(
            tag, (each for each in self.models if (each.source, each.target) == (tag, EN)), self._settings
        )
        if direct:
            return [(each,) for each in direct]
        firsts = [each for each in self.models if each.source == tag and each.engine == "argos"]
        return [(first, *route) for first in firsts for route in self._second_steps(first.target)]

    def _second_steps(self, middle: Lang) -> list[tuple[InstalledModel, ...]]:
        into = (each for each in self.models if (each.source, each.target) == (middle, EN))
        return [(each,) for each in _ranked(middle, into, self._settings)]

    def _load_route(self, route: Sequence[InstalledModel]) -> Translator | None:
        loaded = [self._load(model) for model in route]
        first = loaded[0]
        if len(loaded) == 1 or first is None:
            return first
        return TwoSteps(first, loaded[1], pivot=route[0].target) if loaded[1] is not None else None

    def _load(self, model: InstalledModel) -> Engine | None:
        with self._lock:
            if model.folder in self._loaded:
                return self._loaded[model.folder]
            if any(each.folder == model.folder for each in self._broken):
                return None
            try:
                engine = load(model, self._settings)
            except (ModelError, OSError) as error:  # its files may have gone since they were listed
                reason = error.message if isinstance(error, ModelError) else str(error)
                self._broken.append(BrokenModel(engine=model.engine, folder=model.folder, reason=reason))
                self._notes.append(f"{model.engine} {model.name} is passed over, it does not load: {reason}")
                return None
            self._loaded[model.folder] = engine
            return engine


class TwoSteps:
    """A translator by way of a middle language."""

    def __init__(self, first: Translator, second: Translator, *, pivot: Lang) -> None:
        self._first, self._second = first, second
        digests = f"{first.model.digest}\n{second.model.digest}"
        self._model = ModelRef(
            engine=first.model.engine,
            name=f"{first.model.name}+{second.model.name}",
            digest=f"sha256:{hashlib.sha256(digests.encode()).hexdigest()}",
            source_lang=first.model.source_lang,
            pivot=pivot,
        )

    @property
    def model(self) -> ModelRef:
        """Both models, as one."""
        return self._model

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        """English for each sentence by way of the middle language; a sentence that fails at one step has failed."""
        middle = self._first.translate(sentences, options)
        passed = [each for each in middle if isinstance(each, Rendering)]
        english = iter(self._second.translate([each.text for each in passed], options))
        return [each if isinstance(each, Failure) else _after(each, next(english)) for each in middle]


def load(model: InstalledModel, settings: Settings) -> Engine:
    """The engine over one installed model.

    Raises:
        ModelError: it does not load.
    """
    ref = ModelRef(engine=model.engine, name=model.name, digest=model.digest(), source_lang=model.source)
    if model.engine == "firefox":
        from translate.engines.firefox import FirefoxTranslator

        return FirefoxTranslator(model.folder, ref, workers=settings.workers)
    from translate.engines.argos import ArgosTranslator, Hardware

    return ArgosTranslator(model.folder, ref, hardware=Hardware(device=settings.device, workers=settings.workers))


def _after(first: Rendering, second: Rendering | Failure) -> Rendering | Failure:
    if isinstance(second, Failure):
        return second
    return Rendering(text=second.text, flags=tuple(dict.fromkeys([*first.flags, *second.flags])), score=second.score)


def _ranked(lang: Lang, models: Iterable[InstalledModel], settings: Settings) -> list[InstalledModel]:
    order = choice.ranking(lang, settings.prefer)
    # A bundled model is the last choice of its engine: one that the user installed is newer or larger.
    return sorted(models, key=lambda each: (order.index(each.engine), each.bundled, _newest_first(each), each.folder))


def _newest_first(model: InstalledModel) -> tuple[int, ...]:
    return tuple(-int(number) for number in re.findall(r"\d+", model.version))
