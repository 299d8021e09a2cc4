"""A folder with a Firefox Translations model in, a `Translator` over fxtranslate out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import ModelError
from translate.document import Failure, ModelRef, Options, Rendering
from translate.engines import cores, gather
from translate.engines.pieces import SentencePieces
from translate.engines.pool import Plan, Pool
from translate.engines.prepare import prepare

TIME_LIMIT_S = 30.0
"""Seconds one piece may take. A sentence of 150 tokens takes .1 to .5 s on a slow core."""

MAX_TOKENS = 128
"""The students were trained on shorter sentences than this; fxtranslate cuts silently at the model's own length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """The files of one Firefox model; pairs that share a vocabulary name it twice."""

    model: Path
    source: Path
    target: Path
    shortlist: Path | None = None

    @property
    def all(self) -> tuple[Path, ...]:
        """Each file once."""
        named = (self.model, self.source, self.target, self.shortlist)
        return tuple(dict.fromkeys(path for path in named if path is not None))


def files_in(folder: Path) -> ModelFiles:
    """The model's files, told by the names that Mozilla gives them.

    Raises:
        ModelError: a file is missing.
    """
    shared = sorted(folder.glob("vocab.*.spm"))
    return ModelFiles(
        model=_only(folder, "model.*.bin"),
        source=shared[0] if shared else _only(folder, "srcvocab.*.spm"),
        target=shared[0] if shared else _only(folder, "trgvocab.*.spm"),
        shortlist=next(iter(sorted(folder.glob("lex.*.bin"))), None),
    )


class FirefoxTranslator:
    """One pair's model, run in child processes: a translator of fxtranslate must never leave its thread."""

    def __init__(self, folder: Path, model: ModelRef, *, workers: int | None = None) -> None:
        """Nothing is started before the first sentence.

        Raises:
            ModelError: a file is missing.
        """
        self._model = model
        self._files = files_in(folder)
        self._pieces: SentencePieces | None = None
        self._pool = Pool(
            Plan(
                script=Path(__file__).with_name("worker.py"),
                setup={
                    "model": str(self._files.model),
                    "source": str(self._files.source),
                    "target": str(self._files.target),
                    "shortlist": str(self._files.shortlist) if self._files.shortlist else None,
                },
                workers=workers or cores(),
                limit=TIME_LIMIT_S,
            )
        )

    @property
    def model(self) -> ModelRef:
        """What is loaded."""
        return self._model

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        """English for each sentence: same length, same order. Students are greedy: ``options.beam`` changes nothing.

        Raises:
            ModelError: the model cannot be loaded.
        """
        limit = min(options.max_tokens, MAX_TOKENS)
        prepared = [prepare(sentence, limit, self._count) for sentence in sentences]
        answers = iter(self._pool.map([text for each in prepared for text in each.sent]))
        return [gather(each, [next(answers) for _ in each.sent]) for each in prepared]

    @property
    def notes(self) -> tuple[str, ...]:
        """Nothing: it always runs on the processor."""
        return ()

    def close(self) -> None:
        """End the child processes."""
        self._pool.close()

    def _count(self, text: str) -> int:
        if self._pieces is None:
            self._pieces = SentencePieces(self._files.source)
        return self._pieces.count(text)


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise ModelError(f"{folder.name}: {len(found)} files match {pattern}", hint="newsgloss models verify")
    return found[0]
