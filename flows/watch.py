"""What a running job says of itself, as a Protocol: stages, steps and remarks."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Whoever follows a run: a progress bar, Prefect's log, or nobody."""

    def stage(self, name: str, total: int | None) -> None:
        """A stage begins; ``total`` is how many steps it has, where that is known."""
        ...

    def advance(self, steps: int) -> None:
        """That many steps of the stage are done."""
        ...

    def say(self, text: str) -> None:
        """A remark for the user, one line."""
        ...


class Silent:
    """Follows nothing."""

    def stage(self, name: str, total: int | None) -> None:
        """Ignore it."""

    def advance(self, steps: int) -> None:
        """Ignore it."""

    def say(self, text: str) -> None:
        """Ignore it."""
