"""A WARC file (plain or .gz, local or on s3://) in, the Refs and RawPages of its HTML responses out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from ingest.article import NotModified, Outcome, Provenance, RawPage, Ref, Unread, Validators, digest, input_id
from ingest.canonical import canonical
from ingest.counted import counted
from ingest.decoding import CHUNK, DamagedError, TooLargeError, decompressed
from ingest.errors import InputError
from ingest.redact import redacted
from ingest.shown import shown
from ingest.sources.dates import iso_date
from ingest.sources.opening import is_remote, open_binary
from ingest.sources.reading import CannotReadError, megabytes, unread

KIND = "warc"
READ_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]{0,100}\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcSettings:
    """Limits on records: ``max_bytes`` of one page, unpacked."""

    max_bytes: int = 32_000_000


class Warc:
    """One WARC file as a `Source`: streamed once to list it; a page is read from its record's offset.

    Only ``response`` records with status 200 and a text type are items; the others are counted in `note`.
    """

    def __init__(self, locator: str, settings: WarcSettings) -> None:
        self._locator = locator
        self._settings = settings
        self._passed: Counter[str] = Counter()
        self._open: tuple[str, IO[bytes]] | None = None

    def discover(self) -> Iterator[Ref | Unread]:
        """The pages in the file's order; where it is broken, what was read before stands, and one line says so."""
        self._passed.clear()
        count = 0
        try:
            with open_binary(self._locator) as file:
                for record in _records(file):
                    if (reason := _passed_over(record)) is not None:
                        self._passed[reason] += 1
                        continue
                    count += 1
                    yield _ref(self._locator, record)
            if not count and not self._passed:
                yield unread(_whole(self._locator), "holds no page", Outcome.REJECTED)
        except CannotReadError as error:
            yield unread(_whole(self._locator), error.reason, error.outcome)
        except OSError as error:
            reason = f"broken after {counted(count, 'page')}: {shown(str(error), 100)}"
            yield unread(_whole(self._locator), reason, Outcome.REJECTED)

    def load(self, ref: Ref, validators: Validators, retrieved_at: str) -> RawPage | NotModified | Unread:
        """Read one record; `NotModified` where its page is that of the last retrieval.

        The page's time of retrieval is the record's own (``WARC-Date``).
        """
        try:
            record = next(_records(self._at(ref)), None)
            if record is None or not record.is_http:
                return unread(ref, "the record is cut off", Outcome.REJECTED)
            payload = self._payload(record)
        except CannotReadError as error:
            return unread(ref, error.reason, error.outcome)
        except (OSError, ValueError) as error:
            return unread(ref, f"the record is broken: {shown(str(error), 100)}", Outcome.REJECTED)
        if not payload:
            return unread(ref, "empty", Outcome.REJECTED)
        found = digest(payload)
        if found == validators.payload_digest:
            return NotModified(input_id=ref.input_id)
        target = _target(record)
        return RawPage(
            provenance=Provenance(
                source=f"{KIND}:{ref.name}",
                target_uri=target,
                retrieved_at=iso_date(record.headers.get("WARC-Date")) or retrieved_at,
                payload_digest=found,
            ),
            payload=payload,
            media_type=_media_type(record),
            charset=record.http_charset,
            hints=ref.hints,
            validators=Validators(payload_digest=found),
        )

    def note(self) -> str | None:
        """What the file holds that is no page: ``passed over 12: 9 image/png, 3 HTTP 404``."""
        if not self._passed:
            return None
        ranked = sorted(self._passed.items(), key=lambda item: (-item[1], item[0]))
        told = ", ".join(f"{count} {what}" for what, count in ranked[:5])
        rest = sum(count for _, count in ranked[5:])
        return f"passed over {sum(self._passed.values())}: {told}" + (f", {rest} others" if rest else "")

    def close(self) -> None:
        """Close the file that was read last."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _at(self, ref: Ref) -> IO[bytes]:
        """The file at the record's offset; it stays open, for its next record."""
        if self._open is None or self._open[0] != ref.locator:
            self.close()
            self._open = (ref.locator, open_binary(ref.locator))
        file = self._open[1]
        file.seek(int(ref.record or 0))
        return file

    def _payload(self, record: Any) -> bytes:
        """The page's bytes, checked against the record's digests and freed of transfer and content encodings."""
        limit = self._settings.max_bytes
        if record.content_length > limit:
            raise CannotReadError(_too_large(limit), outcome=Outcome.REJECTED)
        _require_digest(record, "WARC-Block-Digest", record.verify_block_digest)
        record.parse_http()
        _require_digest(record, "WARC-Payload-Digest", record.verify_payload_digest)
        declared = record.content_length
        raw = record.reader.read()
        if len(raw) < declared:
            raise CannotReadError("the record is cut off", outcome=Outcome.REJECTED)
        headers = {name.lower(): value.lower() for name, value in record.http_headers}
        if "chunked" in headers.get("transfer-encoding", ""):
            raw = _unchunked(raw)
        try:
            return b"".join(decompressed(_pieces(raw), _encoding(raw, headers), limit))
        except TooLargeError as error:
            raise CannotReadError(_too_large(limit), outcome=Outcome.REJECTED) from error
        except DamagedError as error:
            raise CannotReadError(str(error), outcome=Outcome.REJECTED) from error


def _records(file: IO[bytes]) -> Iterator[Any]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    yield from ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)


def _require_digest(record: Any, name: str, verify: Callable[[], bool]) -> None:
    """A digest that is stated and of a known kind must match; others say nothing."""
    stated = record.headers.get(name) or ""
    if stated.lower().startswith(("sha1:", "sha-1:", "sha256:", "sha-256:", "md5:")) and not verify():
        raise CannotReadError(f"its {name} does not match: damaged or cut off", outcome=Outcome.REJECTED)


def _encoding(raw: bytes, headers: Mapping[str, str]) -> str:
    """The content encoding, unless the archive stores the page unpacked under its old headers, as many do."""
    encoding = headers.get("content-encoding", "").strip()
    return "identity" if encoding in {"gzip", "x-gzip"} and not raw.startswith(b"\x1f\x8b") else encoding


def _pieces(raw: bytes) -> Iterator[bytes]:
    return (raw[place : place + CHUNK] for place in range(0, len(raw), CHUNK))


def _unchunked(raw: bytes) -> bytes:
    """The body of HTTP chunks; as it is where it is none: many archives store it whole under its old headers."""
    parts: list[bytes] = []
    place = 0
    while match := _CHUNK_SIZE.match(raw, place):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(raw[match.end() : match.end() + size])
        place = match.end() + size + 2
    return raw


def _passed_over(record: Any) -> str | None:
    """What a response is when it is no page."""
    if not record.is_http:
        return "not over HTTP"
    record.parse_http()
    headers = record.http_headers
    if headers is None or headers.status_code is None:
        return "cut off"
    if headers.status_code != 200:
        return f"HTTP {headers.status_code}"
    media_type = _media_type(record)
    return None if media_type in READ_TYPES else shown(media_type, 40)


def _media_type(record: Any) -> str:
    return (record.http_content_type or "application/octet-stream").partition(";")[0].strip().lower()


def _target(record: Any) -> str | None:
    try:
        return canonical(record.headers.get("WARC-Target-URI", "").strip("<>"))
    except InputError:
        return None


def _ref(locator: str, record: Any) -> Ref:
    offset = str(record.stream_pos)
    return Ref(
        input_id=input_id(KIND, locator, offset),
        kind=KIND,
        locator=locator,
        name=f"{base_name(locator)}#{offset:0>12}",
        record=offset,
        listed_at=iso_date(record.headers.get("WARC-Date")),
    )


def _whole(locator: str) -> Ref:
    return Ref(input_id=input_id(KIND, locator), kind=KIND, locator=locator, name=base_name(locator))


def base_name(locator: str) -> str:
    """How documents name a file: without the folders of this machine; an object with its whole address."""
    return redacted(locator) if is_remote(locator) else locator.rstrip("/").rpartition("/")[2]


def _too_large(limit: int) -> str:
    return f"too large: the limit is {megabytes(limit)} (max_bytes)"
