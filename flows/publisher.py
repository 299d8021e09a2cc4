"""Documents in, the files of an output folder out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from translate.document import Document


class Folder:
    """An output folder as `flows.pipeline.Publisher`; see output/README.md for its layout."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, document: Document) -> str:
        """Where the document's own file goes, relative to the output."""
        from translate.paths import markdown_path

        return str(markdown_path(document))

    def write(self, path: str, document: Document) -> None:
        """Write the document as Markdown."""
        from translate.markdown import render
        from translate.write import write_atomic

        write_atomic(self._root / path, render(document))

    def remove(self, path: str) -> None:
        """Take the document's Markdown away."""
        from translate.write import remove

        remove(self._root / path)

    def exists(self, path: str) -> bool:
        """Whether the document's Markdown is there."""
        return (self._root / path).is_file()

    def tables(self, date: str, documents: Sequence[Document]) -> None:
        """Write the JSON Lines and Parquet files of a date; those that no document is left for go."""
        from translate import jsonl, parquet, paths
        from translate.write import write_tables

        by_id = {document.id: document for document in documents}
        made: dict[PurePosixPath, bytes] = {}
        for prefix, ids in paths.shards(by_id).items():
            members = [by_id[key] for key in ids]
            made[paths.jsonl_path(date, prefix)] = jsonl.render(members)
            made[paths.parquet_path(date, prefix)] = parquet.render(members)
        write_tables(self._root, made if by_id else {}, self._tables_of(date))

    def complete(self, date: str) -> bool:
        """Whether the table files of a date are there."""
        return {path.suffix for path in self._tables_of(date)} == {".jsonl", ".parquet"}

    def _tables_of(self, date: str) -> list[PurePosixPath]:
        from translate.paths import jsonl_path, parquet_path

        places = ((jsonl_path(date), f"{date}*.jsonl"), (parquet_path(date), "documents*.parquet"))
        return [
            PurePosixPath(path.relative_to(self._root))
            for place, pattern in places
            for path in sorted((self._root / place).parent.glob(pattern))
        ]

    def clean(self) -> int:
        """Remove what killed runs left half-written; returns how many files."""
        from translate.write import clean_temporaries

        return clean_temporaries(self._root) if self._root.is_dir() else 0
