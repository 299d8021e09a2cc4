"""The lists of Argos and Firefox in, the models that are for us out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ingest.article import Lang
from translate.catalog import argos_index, best_into_english, firefox_records

KO = Lang("ko")


def record(**changes: Any) -> dict[str, Any]:
    return {
        "name": "model.koen.bin",
        "sourceLanguage": "ko",
        "targetLanguage": "en",
        "version": "3.0",
        "architecture": "tiny",
        "attachment": {"location": "m", "filename": "model.koen.bin.zst", "size": 1, "hash": "aa"},
        **changes,
    }


def collection(*records: dict[str, Any]) -> bytes:
    vocabularies = [{**each, "name": each["name"].replace("model.", "vocab.")} for each in records]
    return json.dumps({"data": [*records, *vocabularies]}).encode()


def test_the_newest_version_then_the_best_size_is_chosen() -> None:
    body = collection(
        record(version="1.0", architecture="base-memory"),
        record(version="3.0", architecture="tiny"),
        record(version="3.0", architecture="base-memory"),
        record(version="2.1", architecture="base"),
    )
    best = best_into_english(firefox_records(body, "x"), [KO])
    assert best is not None
    assert (best.version, best.architecture) == ("3.0", "base-memory")


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "3.1a1"},
        {"version": "9.0"},
        {"filter_expression": "env.channel == 'nightly'"},
        {"name": "../model.koen.bin"},
        {"attachment": {}},
        {"sourceLanguage": "en", "targetLanguage": "ko"},
    ],
)
def test_records_that_are_not_for_us_are_left_out(changes: dict[str, Any]) -> None:
    assert best_into_english(firefox_records(collection(record(**changes)), "x"), [KO]) is None


def test_records_of_the_older_schema_are_read() -> None:
    old = record(fromLang="ko", toLang="en", version="1.0")
    del old["sourceLanguage"], old["targetLanguage"], old["architecture"]
    old["attachment"]["filename"] = old["name"]
    best = best_into_english(firefox_records(collection(old), "x"), [KO])
    assert best is not None
    assert best.files[0].packing == ""


def test_an_argos_index_maps_its_own_codes_and_leaves_other_packages_out() -> None:
    entries = [
        {
            "from_code": "zt",
            "to_code": "en",
            "package_version": "1.9",
            "links": ["https://example.org/zt.argosmodel"],
        },
        {"from_code": "../x", "to_code": "en", "links": ["file:///etc/passwd", "ipfs://Qm"]},
        {"type": "sbd", "from_codes": ["ko"]},
    ]
    models = argos_index(json.dumps(entries).encode(), "https://example.org/index.json")
    assert [(each.source, each.files[0].name, len(each.files[0].urls)) for each in models] == [
        ("zh-hant", "translate-zh-hant_en.argosmodel", 1),
        ("und", "translate-und_en.argosmodel", 0),
    ]
