"""What can go wrong, as types: each error says what happened and what the user can do next.

::

    NewsglossError                 exit status
    ├── UsageError                      2       the command or the settings are wrong
    ├── JobError                        3       the job as a whole could not be done
    │   ├── LedgerError                 3       the state database cannot be used
    │   ├── OutputError                 3       the output folder cannot be written
    │   └── ServerError                 3       the Prefect server cannot be reached
    ├── InputError                      1       one input cannot be read; others go on
    │   ├── FetchError                  1       over the network
    │   │   └── PostponedError          0       the host wants to be asked later
    │   └── RecordError                 1       a JSON record is not what it should be
    └── ModelError                      1       a translation model is missing, broken or failed

A library's error becomes one of these at the edge where the library is called (``raise … from error``).
"""

from __future__ import annotations

from typing import ClassVar


class NewsglossError(Exception):
    """Base of all errors of this project. ``hint`` is one sentence: what the user can do next."""

    exit_status: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(NewsglossError):
    """The command line or a settings file is wrong."""

    exit_status = 2


class JobError(NewsglossError):
    """The job as a whole could not be done."""

    exit_status = 3


class LedgerError(JobError):
    """The state database cannot be opened, read or written."""


class OutputError(JobError):
    """The output folder cannot be written."""


class ServerError(JobError):
    """The Prefect server cannot be reached, or refused."""


class InputError(NewsglossError):
    """One input cannot be read; ``transient`` says whether trying again may help."""

    def __init__(self, locator: str, reason: str, *, transient: bool = False, hint: str | None = None) -> None:
        super().__init__(f"{locator}: {reason}", hint=hint)
        self.locator = locator
        self.reason = reason
        self.transient = transient

    @property
    def told(self) -> str:
        """The reason with its hint: what an accounting says, where the locator stands beside it."""
        return f"{self.reason} ({self.hint})" if self.hint else self.reason


class FetchError(InputError):
    """A URL could not be retrieved.

    ``refused`` is true where trying again cannot help: the content, the address or the site's rules are the reason.
    """

    def __init__(
        self, locator: str, reason: str, *, transient: bool = False, refused: bool = False, hint: str | None = None
    ) -> None:
        super().__init__(locator, reason, transient=transient, hint=hint)
        self.refused = refused


class PostponedError(FetchError):
    """A URL was not asked for, because its host wants more time between requests than a run has."""

    exit_status = 0


class RecordError(InputError):
    """A JSON record does not decode as the value it should be."""


class ModelError(NewsglossError):
    """A translation model is missing, broken, or failed at its work."""
