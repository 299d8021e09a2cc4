"""A folder with an Argos package in, a `Translator` out that drives CTranslate2 itself.

Argos's own API hands CTranslate2 about one sentence at a time; here all sentences of a call are sorted by length and
go in batches of about one size, one batch a core.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ingest.errors import ModelError, UsageError
from translate.document import Failure, ModelRef, Options, Rendering
from translate.engines import cores, gather
from translate.engines.package import Package, files_in, read
from translate.engines.prepare import prepare

BATCH_TOKENS = 1024
"""Tokens a batch, padding included: what the design measured, on two cores, as the fastest."""

LONGEST_ANSWER = 256
"""Tokens at which a loop is cut off; one for all, so that a sentence does not feel how long its neighbours are."""

LENGTH_PENALTY = 0.2
"""Argos's own, so that the same package gives the same words."""

NO_CARD = "CTranslate2 needs an NVIDIA driver and libcublas.so.12 on LD_LIBRARY_PATH; device = 'cpu' needs neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """What to run on: ``device`` is ``auto``, ``cpu`` or ``cuda``; ``workers`` batches run side by side on a CPU."""

    device: str = "auto"
    workers: int | None = None


class Tokenizer(Protocol):
    """A package's own way to cut text."""

    def encode(self, sentence: str) -> list[str]:
        """The tokens of a sentence."""
        ...

    def decode(self, tokens: list[str]) -> str:
        """The sentence of tokens."""
        ...


class ArgosTranslator:
    """One Argos package. The model is loaded at the first sentence, once for each compute type asked for."""

    def __init__(self, folder: Path, model: ModelRef, *, hardware: Hardware | None = None) -> None:
        """Open a package.

        Raises:
            ModelError: the folder holds no Argos package.
        """
        files_in(folder)
        self._package = read(folder)
        self._model = model
        self._hardware = hardware or Hardware()
        self._tokenizer = tokenizer(self._package)
        self._loaded: dict[str, Loaded] = {}

    @property
    def model(self) -> ModelRef:
        """What is loaded."""
        return self._model

    def translate(self, sentences: Sequence[str], options: Options) -> list[Rendering | Failure]:
        """English for each sentence: same length, same order.

        ``options.compute_type`` is one of CTranslate2's, or ``auto``. Which sentences share a batch is decided by the
        sentences alone, so that the same call gives the same words; with ``float32`` so does any other call.

        Raises:
            ModelError: the model cannot be loaded.
            UsageError: the device or compute type that was asked for is not to be had here.
        """
        prepared = [prepare(sentence, options.max_tokens, self._count) for sentence in sentences]
        tokens = [self._tokenizer.encode(text) for each in prepared for text in each.sent]
        answers = iter(self._run(tokens, options))
        return [gather(each, [next(answers) for _ in each.sent]) for each in prepared]

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know of how it runs here."""
        return tuple(loaded.note for loaded in self._loaded.values() if loaded.note)

    def close(self) -> None:
        """Free the model."""
        while self._loaded:
            self._loaded.popitem()[1].engine.unload_model()

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode(text))

    def _run(self, tokens: Sequence[list[str]], options: Options) -> list[str | Failure]:
        answers: list[str | Failure] = [Failure(reason="no tokens")] * len(tokens)
        if not tokens:
            return answers
        engine = self._engine(options.compute_type)
        batches = plan([len(each) for each in tokens], BATCH_TOKENS)
        running = [(batch, self._start(engine, [tokens[index] for index in batch], options)) for batch in batches]
        for batch, results in running:
            for index, result in zip(batch, results, strict=True):
                answers[index] = self._finish(result, engine, tokens[index], options)
        return answers

    def _start(self, engine: Any, batch: list[list[str]], options: Options) -> list[Any]:
        """Hand a batch to CTranslate2; what comes back are promises."""
        started: list[Any] = engine.translate_batch(
            batch,
            target_prefix=[[self._package.prefix]] * len(batch) if self._package.prefix else None,
            beam_size=options.beam,
            length_penalty=LENGTH_PENALTY,
            replace_unknowns=True,
            max_batch_size=0,
            max_input_length=0,
            max_decoding_length=LONGEST_ANSWER,
            asynchronous=True,
        )
        return started

    def _finish(self, result: Any, engine: Any, tokens: list[str], options: Options) -> str | Failure:
        try:
            return self._text(result.result())
        except RuntimeError:
            pass  # the whole batch failed, most often for memory: each sentence is tried alone
        try:
            return self._text(self._start(engine, [tokens], options)[0].result())
        except RuntimeError as error:
            return Failure(reason=f"CTranslate2: {error}")

    def _text(self, result: Any) -> str:
        hypothesis: list[str] = result.hypotheses[0]
        if self._package.prefix and hypothesis[:1] == [self._package.prefix]:
            hypothesis = hypothesis[1:]
        return self._tokenizer.decode(hypothesis).strip()

    def _engine(self, compute_type: str) -> Any:
        if compute_type not in self._loaded:
            self._loaded[compute_type] = load(self._package, compute_type, self._hardware)
        return self._loaded[compute_type].engine


def plan(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Batches of sentence indexes, the longest first, like with like, each of ``budget`` tokens with its padding.

    A sentence longer than the budget is a batch of its own. A pure function of the lengths and their order.
    """
    batches: list[list[int]] = []
    room = 0
    for index in sorted(range(len(lengths)), key=lambda each: (-lengths[each], each)):
        if room < 1:
            batches.append([])
            room = max(1, budget // max(1, lengths[index]))
        batches[-1].append(index)
        room -= 1
    return batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """CTranslate2 with a model in it; ``note`` says what is not as one might expect."""

    engine: Any
    note: str = ""


def load(package: Package, compute_type: str, hardware: Hardware, library: Any = None) -> Loaded:
    """CTranslate2 over a package's model, on a graphics card where ``auto`` finds one that works.

    ``library`` stands in for the module ``ctranslate2``.

    Raises:
        ModelError: the model cannot be loaded.
        UsageError: the device or compute type that was asked for is not to be had here.
    """
    if library is None:
        import ctranslate2

        library = ctranslate2
    if hardware.device == "cpu" or (hardware.device == "auto" and not library.get_cuda_device_count()):
        return Loaded(engine=_opened(library, package, compute_type, "cpu", hardware.workers))
    try:
        engine = _opened(library, package, compute_type, hardware.device.replace("auto", "cuda"), hardware.workers)
        engine.translate_batch([["▁"]], max_decoding_length=1)  # cuBLAS is looked for at the first product only
    except (RuntimeError, ModelError) as error:
        reason = error.message if isinstance(error, ModelError) else str(error)
        on_cpu = _opened(library, package, "auto", "cpu", hardware.workers)  # else it is the model's fault
        if hardware.device != "auto":
            raise UsageError(f"device = {hardware.device!r} does not work here: {reason}", hint=NO_CARD) from error
        if compute_type != "auto":
            on_cpu = _opened(library, package, compute_type, "cpu", hardware.workers)
        return Loaded(engine=on_cpu, note=f"the graphics card is not used: {reason}; {NO_CARD}")
    return Loaded(engine=engine)


def _opened(library: Any, package: Package, compute_type: str, device: str, workers: int | None) -> Any:
    try:
        known = library.get_supported_compute_types(device)
        if compute_type not in {"auto", "default", *known}:
            there_are = ", ".join(sorted(known))
            raise UsageError(f"compute_type = {compute_type!r} is not to be had on {device}", hint=f"try {there_are}")
        return library.Translator(
            str(package.model),
            device=device,
            compute_type=compute_type,
            inter_threads=(workers or cores()) if device == "cpu" else 1,
            intra_threads=1,
            max_queued_batches=-1,
        )
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"{package.folder.name}: {error}", hint="newsgloss models verify") from error


def tokenizer(package: Package) -> Tokenizer:
    """The package's tokenizer: SentencePiece, or BPE over Moses tokens in older packages.

    Raises:
        ModelError: its file is broken.
    """
    if package.pieces is None:
        from argostranslate.tokenizer import BPETokenizer

        found: Tokenizer = BPETokenizer(package.merges, package.source, package.target)
        return found
    from translate.engines.pieces import SentencePieces

    return SentencePieces(package.pieces)
