"""Engines: sentences of one language in, English renderings out."""

from __future__ import annotations

import os
from collections.abc import Sequence

from translate.document import Failure, Rendering
from translate.engines.prepare import Prepared


def gather(prepared: Prepared, answers: Sequence[str | Failure]) -> Rendering | Failure:
    """One sentence's rendering from the answers to its pieces; one piece that failed fails the sentence."""
    english: list[str] = []
    for answer in answers:
        if isinstance(answer, Failure):
            return answer
        english.append(answer)
    if not english:
        return Failure(reason="nothing in it to translate")
    return Rendering(text=prepared.join(iter(english)), flags=prepared.flags)


def cores() -> int:
    """The processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
