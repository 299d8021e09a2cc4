"""Small real Argos packages whose network copies its input, so that any mistake in sorting or cutting shows.

The network is set by hand. Half of a state's dimensions hold the code of a token, half the code of its position, each
of random signs. The decoder's cross attention finds the source position with its own position's code and brings that
token's code over; every other sublayer adds nothing. Position n finds ``</s>``, which ends the copy.
"""

from __future__ import annotations

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

POSITIONS = 600
FIRST = ("<unk>", "<s>", "</s>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a package is to be.

    ``noise`` makes some tokens close calls, as in a real model. ``murmur`` lets the sublayers that add nothing add
    random numbers of that size, so that rounding anywhere is felt everywhere. ``half`` is half the network's width,
    ``vocabulary`` the least number of tokens.
    """

    source: str = "ko"
    target: str = "en"
    tokens: str = "sentencepiece"
    prefix: str = ""
    version: str = "1.9"
    quantization: str = "int8"
    noise: float = 0.0
    murmur: float = 0.0
    layers: int = 1
    half: int = 96
    vocabulary: int = 0


def build(parent: Path, text: Sequence[str], recipe: Recipe | None = None) -> Path:
    """An installed package below ``parent``, its tokenizer trained on ``text``; gives its folder."""
    chosen = recipe or Recipe()
    folder = parent / f"translate-{chosen.source}_{chosen.target}-{chosen.version.replace('.', '_')}"
    folder.mkdir(parents=True)
    pieces = _sentencepiece(folder, text) if chosen.tokens == "sentencepiece" else _bpe(folder, text)
    if chosen.prefix:
        pieces = [*pieces, chosen.prefix]
    _model(folder / "model", pieces, chosen)
    metadata = {
        "package_version": chosen.version,
        "argos_version": "1.9.0",
        "from_code": chosen.source,
        "from_name": chosen.source,
        "to_code": chosen.target,
        "to_name": chosen.target,
        "target_prefix": chosen.prefix,
    }
    (folder / "metadata.json").write_text(json.dumps(metadata), "utf-8")
    (folder / "README.md").write_text("Copies its input; translates nothing.\n", "utf-8")
    return folder


def archive(folder: Path, out: Path) -> Path:
    """The package as the file that Argos's index offers."""
    made = shutil.make_archive(str(out.with_suffix("")), "zip", folder.parent, folder.name)
    return Path(shutil.move(made, out))


def _sentencepiece(folder: Path, text: Sequence[str]) -> list[str]:
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text),
        model_prefix=str(folder / "sentencepiece"),
        vocab_size=600 + len(set("".join(text))),
        hard_vocab_limit=False,
        byte_fallback=True,  # any text can be copied
        normalization_rule_name="identity",
        num_threads=1,
        minloglevel=2,
    )
    (folder / "sentencepiece.vocab").unlink()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    return [processor.id_to_piece(index) for index in range(processor.get_piece_size())]


def _bpe(folder: Path, text: Sequence[str]) -> list[str]:
    (folder / "bpe.model").write_text("#version: 0.2\nt h\nth e</w>\n", "utf-8")
    letters = sorted({letter for line in text for letter in line if not letter.isspace()})
    return [*letters, *(f"{letter}@@" for letter in letters), "th@@", "the"]


def _model(folder: Path, pieces: Sequence[str], recipe: Recipe) -> None:
    from ctranslate2.specs import transformer_spec

    rng = np.random.default_rng(7)
    vocabulary = [*FIRST, *(piece for piece in pieces if piece not in FIRST)]
    vocabulary += [f"<unused{number}>" for number in range(recipe.vocabulary - len(vocabulary))]
    width = 2 * recipe.half
    token = _signs(rng, len(vocabulary), recipe.half)
    position = _signs(rng, POSITIONS, recipe.half)
    spec = transformer_spec.TransformerSpec.from_config((recipe.layers, recipe.layers), 1)
    encoder, decoder = spec.encoder, spec.decoder
    embedding = encoder.embeddings[0] if isinstance(encoder.embeddings, list) else encoder.embeddings
    embedding.weight = np.concatenate([token, np.zeros_like(token)], axis=1)
    places = np.concatenate([np.zeros_like(position), position], axis=1)
    decoder.embeddings.weight = np.zeros((len(vocabulary), width), np.float32)
    for side in (encoder, decoder):
        side.scale_embeddings = False
        side.position_encodings.encodings = places
        _norm(side.layer_norm, width)
        for layer in side.layer:
            _silent(layer.self_attention, width)
            _silent_ffn(layer.ffn, width)
    for layer in decoder.layer[:-1]:
        _silent_cross(layer.attention, width)
    _copying(decoder.layer[-1].attention, width)
    right = np.concatenate([token * 0.3, np.zeros_like(token)], axis=1)
    decoder.projection.weight = right + rng.standard_normal(right.shape).astype(np.float32) * recipe.noise
    decoder.projection.bias = np.zeros(len(vocabulary), np.float32)
    if recipe.murmur:
        _murmuring([*encoder.layer, *decoder.layer], rng, width, recipe.murmur)
    spec.register_source_vocabulary(list(vocabulary))
    spec.register_target_vocabulary(list(vocabulary))
    spec.config.add_source_eos = True
    spec.validate()
    spec.optimize(quantization=recipe.quantization)
    folder.mkdir()
    spec.save(str(folder))


def _signs(rng: np.random.Generator, rows: int, width: int) -> np.ndarray[Any, Any]:
    return rng.choice(np.array([-1.0, 1.0], np.float32), size=(rows, width))


def _norm(spec: Any, width: int) -> None:
    spec.gamma = np.ones(width, np.float32)
    spec.beta = np.zeros(width, np.float32)


def _linear(spec: Any, weight: np.ndarray[Any, Any]) -> None:
    spec.weight = weight.astype(np.float32)
    spec.bias = np.zeros(len(weight), np.float32)


def _silent(spec: Any, width: int) -> None:
    _norm(spec.layer_norm, width)
    _linear(spec.linear[0], np.eye(3 * width, width) * 0.01)
    _linear(spec.linear[1], np.zeros((width, width)))


def _silent_ffn(spec: Any, width: int) -> None:
    _norm(spec.layer_norm, width)
    _linear(spec.linear_0, np.eye(width, width) * 0.01)
    _linear(spec.linear_1, np.zeros((width, width)))


def _silent_cross(spec: Any, width: int) -> None:
    _norm(spec.layer_norm, width)
    _linear(spec.linear[0], np.eye(width) * 0.01)
    _linear(spec.linear[1], np.eye(2 * width, width) * 0.01)
    _linear(spec.linear[2], np.zeros((width, width)))


def _murmuring(layers: Sequence[Any], rng: np.random.Generator, width: int, size: float) -> None:
    """Give self attention and feed-forward layers random weights; ``size`` is about what each adds to a state."""
    for layer in layers:
        attention, forward = layer.self_attention.linear, layer.ffn
        for spec, rows, columns in ((attention[0], 3 * width, width), (forward.linear_0, 4 * width, width)):
            _linear(spec, rng.standard_normal((rows, columns)) / width**0.5)
        for spec, columns in ((attention[1], width), (forward.linear_1, 4 * width)):
            _linear(spec, rng.standard_normal((width, columns)) * size / columns**0.5)


def _copying(spec: Any, width: int) -> None:
    half = width // 2
    token, place = np.zeros((width, width)), np.zeros((width, width))
    token[:half, :half] = np.eye(half)
    place[half:, half:] = np.eye(half)
    _norm(spec.layer_norm, width)
    _linear(spec.linear[0], place * 6.0)  # the position that asks
    _linear(spec.linear[1], np.concatenate([place, token]))  # the positions that answer, and what they bring
    _linear(spec.linear[2], token)


def zipped(files: dict[str, bytes], *, link: str | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in files.items():
            out.writestr(name, body)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            out.writestr(info, "/etc/passwd")
    return made.getvalue()
