"""A folder or article file on s3:// in, its Refs and RawPages out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ingest.article import NotModified, Outcome, RawPage, Ref, Unread, Validators, input_id
from ingest.redact import redacted
from ingest.sources.files import KIND, MEDIA_TYPES, OURS, FileSettings, Taken, Unpack, page_of, unpacked
from ingest.sources.opening import list_remote, open_binary, why_unopened
from ingest.sources.reading import CannotReadError, ending, megabytes, unread


class RemoteFiles:
    """One object, or every article file under a prefix that ends in ``/``, as a `Source`."""

    def __init__(self, locator: str, settings: FileSettings, unpack: Unpack | None = None) -> None:
        self._locator = locator
        self._unpack = unpack or unpacked
        self._settings = settings
        self._passed: Counter[str] = Counter()

    def discover(self) -> Iterator[Ref | Unread]:
        """The article files in bytewise order of their keys."""
        self._passed.clear()
        if reason := why_unopened(self._locator):
            yield unread(_ref(redacted(self._locator)), reason, Outcome.REJECTED)
            return
        if not self._locator.endswith("/"):
            if ending(self._locator) in MEDIA_TYPES:
                yield _ref(self._locator)
            else:
                reason = f"not a kind newsgloss reads ({', '.join(MEDIA_TYPES)}); a folder ends in /"
                yield unread(_ref(self._locator), reason, Outcome.REJECTED)
            return
        try:
            found = list_remote(self._locator)
        except CannotReadError as error:
            yield unread(_ref(self._locator), error.reason, error.outcome)
            return
        taken = [locator for locator in found if self._is_article(locator)]
        if not taken:
            yield unread(_ref(self._locator), "holds no file that newsgloss reads", Outcome.REJECTED)
        yield from map(_ref, taken)

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Read one object."""
        limit = self._settings.max_bytes
        try:
            with open_binary(ref.locator) as file:
                payload = file.read(limit + 1)
        except CannotReadError as error:
            return unread(ref, error.reason, error.outcome)
        except OSError as error:
            return unread(ref, str(error))
        if len(payload) > limit:
            return unread(ref, f"too large: the limit is {megabytes(limit)} (max_bytes)", Outcome.REJECTED)
        return page_of(ref, payload, validators, Taken(at=retrieved_at, unpack=self._unpack))

    def note(self) -> str | None:
        """How many objects were passed over."""
        return f"passed over {self._passed.total()}: not articles" if self._passed else None

    def _is_article(self, locator: str) -> bool:
        base = locator.rpartition("/")[2].lower()
        taken = ending(locator) in MEDIA_TYPES and base not in OURS and not base.startswith(".")
        if not taken:
            self._passed[ending(locator)] += 1
        return taken


def _ref(locator: str) -> Ref:
    return Ref(input_id=input_id(KIND, locator), kind=KIND, locator=locator, name=redacted(locator))
