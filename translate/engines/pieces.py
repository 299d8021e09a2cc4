"""A SentencePiece model file in, its tokenizer out."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import ModelError


class SentencePieces:
    """SentencePiece tokens as Argos packages and Firefox models use them."""

    def __init__(self, path: Path) -> None:
        """Load the file.

        Raises:
            ModelError: it is no SentencePiece model.
        """
        import sentencepiece

        try:
            self._processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        except (OSError, RuntimeError) as error:
            raise ModelError(f"{path.name} is no SentencePiece model", hint="newsgloss models verify") from error

    def encode(self, sentence: str) -> list[str]:
        """The tokens of a sentence."""
        return list(self._processor.encode(sentence, out_type=str))

    def decode(self, tokens: list[str]) -> str:
        """The sentence of tokens; byte tokens are joined, and an underscore stays one (Argos makes it a space)."""
        return str(self._processor.decode_pieces(tokens)).replace("▁", " ")

    def count(self, sentence: str) -> int:
        """How many tokens a sentence has."""
        return len(self._processor.encode(sentence))
