"""What a source of models publishes in (an Argos index, Firefox's model records), the models it offers out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from ingest.article import EN, Lang
from ingest.errors import ModelError
from translate import codes

ARGOS_INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
FIREFOX_RECORDS = (
    "https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/translations-models-v2/records"
)
FIREFOX_FILES = "https://firefox-settings-attachments.cdn.mozilla.net/"

ARCHITECTURES = ("base-memory", "base", "tiny")
"""Firefox's student sizes, the one to take first: base-memory is within .005 COMET of base on ar, de, ja, ko and zh
(FLORES-200 dev, the evaluation folder that `choice` names) at half its size and work; tiny is .002 (pt) to .031 (ca)
behind."""

NEWEST_MAJOR = 3
"""The newest major version of model records that fxtranslate 0.5 reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file to download, with what is known of it beforehand.

    Attributes:
        name: as it is called once unpacked; an Argos archive's own name.
        urls: where it lies; the first that works is used.
        size, sha256: of what is downloaded, where the source says so.
        unpacked_size, unpacked_sha256: of what is inside.
        packing: ``zip`` (a folder of files), ``zst``, ``gz``, or ``""``.
    """

    name: str
    urls: tuple[str, ...]
    size: int | None = None
    sha256: str | None = None
    unpacked_size: int | None = None
    unpacked_sha256: str | None = None
    packing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteModel:
    """A model that a source offers."""

    engine: str
    source: Lang
    target: Lang
    version: str
    architecture: str = ""
    files: tuple[RemoteFile, ...]


def argos_index(body: bytes, url: str) -> tuple[RemoteModel, ...]:
    """The models of an Argos index; links are taken relative to ``url``, and only over HTTP.

    Raises:
        ModelError: the body is no index.
    """
    entries = _json(body, url)
    if not isinstance(entries, list):
        raise ModelError(f"{url} is no Argos index: it holds no list")
    found = []
    for entry in entries:
        if isinstance(entry, dict) and entry.get("type", "translate") == "translate" and "from_code" in entry:
            links = tuple(urljoin(url, str(link)) for link in entry.get("links", ()))
            web = tuple(link for link in links if link.startswith(("https://", "http://")))
            source, target = codes.parse(str(entry["from_code"])), codes.parse(str(entry.get("to_code")))
            name = f"translate-{source}_{target}.argosmodel"
            found.append(
                RemoteModel(
                    engine="argos",
                    source=source,
                    target=target,
                    version=str(entry.get("package_version", "")),
                    files=(RemoteFile(name=name, urls=web, sha256=entry.get("sha256"), packing="zip"),),
                )
            )
    return tuple(found)


def firefox_records(body: bytes, url: str, files: str = FIREFOX_FILES) -> tuple[RemoteModel, ...]:
    """The models of a Firefox Remote Settings collection (either schema), each with all its files.

    Records that Firefox shows to test channels only (``filter_expression``) are left out, as are versions that
    fxtranslate cannot read.

    Raises:
        ModelError: the body is no such collection.
    """
    collection = _json(body, url)
    records = collection.get("data") if isinstance(collection, dict) else None
    if not isinstance(records, list):
        raise ModelError(f"{url} holds no model records: it has no list `data`")
    groups: dict[tuple[str, str, str, str], list[RemoteFile]] = {}
    for record in records:
        if isinstance(record, dict) and not record.get("filter_expression") and _readable(record):
            key = (
                str(record.get("sourceLanguage", record.get("fromLang"))),
                str(record.get("targetLanguage", record.get("toLang"))),
                str(record["version"]),
                str(record.get("architecture") or ""),
            )
            groups.setdefault(key, []).append(_firefox_file(record, files))
    return tuple(
        RemoteModel(
            engine="firefox",
            source=codes.parse(source),
            target=codes.parse(target),
            version=version,
            architecture=architecture,
            files=tuple(sorted(group, key=lambda each: each.name)),
        )
        for (source, target, version, architecture), group in groups.items()
        if _complete(group)
    )


def best_into_english(models: Iterable[RemoteModel], tags: Sequence[Lang]) -> RemoteModel | None:
    """The model to install for the first of ``tags`` that has one: the newest version, then the best size."""
    offered = [each for each in models if each.target == EN and all(file.urls for file in each.files)]
    for tag in tags:
        matching = [each for each in offered if each.source == tag]
        if matching:
            return max(matching, key=_rank)
    return None


def _rank(model: RemoteModel) -> tuple[Sequence[int], int]:
    numbers = tuple(int(number) for number in re.findall(r"\d+", model.version))
    known = model.architecture in ARCHITECTURES
    return numbers, -ARCHITECTURES.index(model.architecture) if known else -len(ARCHITECTURES)


def _readable(record: Mapping[str, Any]) -> bool:
    """Whether it is a released version (``2.0``, not ``2.0a1``) that the engine can read."""
    match = re.fullmatch(r"(\d+)\.\d+", str(record.get("version", "")))
    return match is not None and 1 <= int(match[1]) <= NEWEST_MAJOR and record.get("fileType") != "qualityModel"


def _firefox_file(record: Mapping[str, Any], files: str) -> RemoteFile:
    attachment = record.get("attachment") or {}
    location = str(attachment.get("location", ""))
    name = str(record.get("name", ""))
    packed = str(attachment.get("filename", name))
    packing = {".zst": "zst", ".gz": "gz"}.get(packed[len(name) :], "")
    return RemoteFile(
        name=name,
        urls=(urljoin(files, location),) if location else (),
        size=_number(attachment.get("size")),
        sha256=attachment.get("hash"),
        unpacked_size=_number(record.get("decompressedSize")),
        unpacked_sha256=record.get("decompressedHash"),
        packing=packing,
    )


def _complete(files: Sequence[RemoteFile]) -> bool:
    """Whether a model and its vocabulary (or both of them) are there, under names that are plain."""
    names = [file.name for file in files]
    plain = all(re.fullmatch(r"[A-Za-z0-9][\w.-]{0,100}", name) for name in names)
    shared = any(name.startswith("vocab.") for name in names)
    split = {"srcvocab.", "trgvocab."} <= {name.partition(".")[0] + "." for name in names}
    return plain and any(name.startswith("model.") for name in names) and (shared or split)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else None


def _json(body: bytes, url: str) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise ModelError(f"{url} is not JSON: {error}") from error
