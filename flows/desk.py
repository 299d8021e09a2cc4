"""Settings in, the second room's desk out: detector, models and memory, opened when they are first needed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from flows.pipeline import Effort
from flows.settings import Settings
from ingest.article import Article, Lang
from ingest.database import reading, writing
from translate.document import Detector, Document, ModelRef, Options, Pending, Rejected, Rendering

if TYPE_CHECKING:
    from translate.batch import Desk
    from translate.memory import Memory
    from translate.models import Installed
    from translate.models import Settings as EngineSettings


class LateDesk:
    """What translates. A run with nothing to translate opens nothing, and a run in English loads no model."""

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self._settings = settings
        self._engine = engine
        self._open = ExitStack()
        self._flags: Counter[str] = Counter()

    def translate(self, articles: Sequence[Article]) -> Sequence[Document | Pending | Rejected]:
        """Articles to Documents, same length and order."""
        from translate.batch import to_documents

        made = to_documents(articles, self.desk)
        segments = (segment for document in made if isinstance(document, Document) for segment in document.segments)
        self._flags.update(flag for segment in segments for flag in segment.flags)
        return made

    def effort(self) -> Effort:
        """What translating has taken so far."""
        counts = self.memory.counts if "memory" in self.__dict__ else None  # asking must not open it
        effort = Effort(
            flags=dict(sorted(self._flags.items())), notes=self.models.notes if "models" in self.__dict__ else ()
        )
        return replace(effort, known=counts.hits, asked=counts.misses) if counts else effort

    def available(self, lang: str) -> bool:
        """Whether a language can be translated here, now."""
        return self.models.offers(Lang(lang))

    def language(self, text: str) -> Lang:
        """The language most of a text is in."""
        return self.detector.detect(text)[0]

    def close(self) -> None:
        """Let the models go."""
        self._open.close()

    @cached_property
    def models(self) -> Installed:
        """The installed models."""
        from translate.models import Installed
        from translate.registry import places

        folder = Path(self._settings.models) if self._settings.models else None
        where = places(folder, os.environ)
        installed = Installed(where.folder, argos=where.argos, settings=engine_settings(self._settings))
        self._open.callback(installed.close)
        return installed

    @cached_property
    def memory(self) -> Memory:
        """The translation memory."""
        from translate.memory import Memory

        return Memory(self._engine)

    @cached_property
    def detector(self) -> Detector:
        """The language detector of the settings."""
        from translate.detect import build_detector

        return build_detector(self._settings.detector)

    @cached_property
    def desk(self) -> Desk:
        """All of it together."""
        from translate.batch import Desk

        return Desk(
            detector=self.detector,
            translators=self.models,
            memory=Remembering(self._engine, self.memory),
            options=Options(compute_type=self._settings.compute_type),
            verify=self._settings.verify,
        )


class Remembering:
    """The translation memory as a batch sees it: each call a transaction of its own.

    A run that dies before the ledger's transaction finds the sentences here again, and translates none twice.
    """

    def __init__(self, engine: sa.Engine, memory: Memory) -> None:
        self._engine = engine
        self._memory = memory

    def recall(self, model: ModelRef, options: Options, texts: Sequence[str]) -> Mapping[str, Rendering]:
        """The renderings that are known, by masked text."""
        with reading(self._engine, "cannot read the translation memory") as connection:
            return self._memory.get_many(connection, model, options, texts)

    def remember(self, model: ModelRef, options: Options, renderings: Mapping[str, Rendering]) -> None:
        """Keep these, all or none."""
        with writing(self._engine, "cannot write the translation memory") as connection:
            self._memory.put_many(connection, model, options, renderings)


def engine_settings(settings: Settings) -> EngineSettings:
    """What the settings say of engines.

    Raises:
        UsageError: the glossary cannot be read.
    """
    from translate import codes
    from translate.glossary import load
    from translate.models import Settings as Chosen

    return Chosen(
        prefer={codes.parse(lang): engine for lang, engine in settings.engines.items()},
        device=settings.device,
        glossary=load(Path(settings.glossary)) if settings.glossary else None,
    )
