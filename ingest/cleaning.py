"""RawPages -> Articles without furniture, each page read within limits; what both the job and this room alone do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ingest.article import Article, RawPage
from ingest.errors import InputError

if TYPE_CHECKING:
    from ingest.boilerplate import Rules
    from ingest.extract_pool import Extractor


class Cleaner:
    """Extracts and strips pages; rules and workers are loaded when they are first wanted, and closed at the end."""

    def __init__(self) -> None:
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def clean(self, pages: Sequence[RawPage]) -> list[Article | InputError]:
        """An Article, or why there is none, for each page: same length, same order."""
        return [self._stripped(made) for made in self._extractor.extract_many(pages)]

    def _stripped(self, made: Article | InputError) -> Article | InputError:
        from ingest.boilerplate import strip
        from ingest.decks import settled

        article = made if isinstance(made, InputError) else settled(strip(made, self.rules))
        if isinstance(article, Article) and not article.blocks:
            return InputError(article.provenance.source, "holds nothing but boilerplate")
        return article

    @cached_property
    def _extractor(self) -> Extractor:
        from ingest.extract_pool import Extractor

        return self._open.enter_context(Extractor(workers=os.cpu_count() or 1))

    @cached_property
    def rules(self) -> Rules:
        """The rules that it strips by."""
        from ingest.boilerplate import load_rules

        return load_rules()
