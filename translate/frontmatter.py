"""Plain data in, a YAML front matter block out that reads back equal (and back).

The bytes do not depend on whether PyYAML was built with libyaml. A string is written in double quotes unless it is
plain to YAML 1.1 and 1.2 alike, so ``1e3``, ``no`` and a date stay strings in every reader.
"""

from __future__ import annotations

import re
from typing import Any, cast

import yaml

from ingest.errors import RecordError
from translate.visible import BIDI

_PLAIN = re.compile(
    rf"(?=[^\W\d_])[^\\\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\U00010000-\U0010ffff{BIDI}]+"
)
_YAML_1_1_BOOLEAN = frozenset("yYnN")  # PyYAML leaves these bare, other YAML 1.1 readers take them for booleans
_ESCAPED_ASTRAL = re.compile(r"(?<!\\)((?:\\\\)*)\\U([0-9A-F]{8})")
_BIDI = re.compile(f"[{BIDI}]")


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(value) and value not in _YAML_1_1_BOOLEAN
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


def _dumper(base: type) -> type[yaml.SafeDumper]:
    made = cast("type[yaml.SafeDumper]", type("FrontMatterDumper", (base,), {"ignore_aliases": lambda *_: True}))
    made.add_representer(str, _text)
    return made


PURE = _dumper(yaml.SafeDumper)
FAST = _dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper))
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def dump(data: dict[str, Any], dumper: type[yaml.SafeDumper] = FAST) -> str:
    """The block, with its ``---`` lines, keys in the order given."""
    text = yaml.dump(data, Dumper=dumper, allow_unicode=True, sort_keys=False, width=2**31 - 1)
    # Every string with a backslash, an astral or a bidi character stands in double quotes: an escape is an escape.
    text = _ESCAPED_ASTRAL.sub(lambda match: match[1] + chr(int(match[2], 16)), text)
    text = _BIDI.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"---\n{text}---\n"


def split(page: str) -> tuple[dict[str, Any], str]:
    """The front matter of a page, and what follows it.

    Raises:
        RecordError: the page has no front matter, or it is no YAML mapping.
    """
    start, separator, rest = page.partition("\n---\n")
    if not start.startswith("---\n") or not separator:
        raise RecordError("Markdown", "has no front matter")
    try:
        data = yaml.load(start[4:], Loader=_LOADER)  # noqa: S506 - a safe loader, C or pure
    except yaml.YAMLError as error:
        raise RecordError("front matter", str(error).splitlines()[0]) from error
    if not isinstance(data, dict):
        raise RecordError("front matter", "is no mapping")
    return data, rest
