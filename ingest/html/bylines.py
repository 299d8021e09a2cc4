"""What pages write where the author's name belongs -> names of people (and of agencies, where they wrote it)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ingest.html.align import key
from ingest.html.words import words

_NOT_A_NAME = re.compile(r"https?://|www\.|[@#/\\<>{}=]|\d|\.(?:com|org|net|de|uk|fr)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"^\s*(?:https?:|www\.|@\S+$|//)", re.IGNORECASE)
_PLACE = re.compile(r"^[^=]{1,12}=\s*")
_LABEL = re.compile(r"\s*[^\s:：]{2,8}\s*[:：]\s*\S")
_MAIL = re.compile(r"\(?\S+@\S+\.\w+\)?")
_BRACKETS = re.compile(r"\s*[(\[（【][^)\]）】]*[)\]）】]\s*")
_EAST_ASIAN = re.compile("^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7ff·・ ]{2,12}$")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_HANGUL_NAME = re.compile("^[\uac00-\ud7a3]{2,4}$")
_AGENCY = re.compile(r"^(?:[A-Z]{2,5}|[a-z]{2,5})$")
_EDGE = " \t.,:;|·•–—-*\"'“”()[]（）【】"
_LONGEST = 60


def names(text: str) -> list[str]:
    """The names in one author field or byline: cut at its joiners, freed of roles, places, codes and addresses."""
    if _ADDRESS.match(text):
        return []
    text = _MAIL.sub(" ", _BRACKETS.sub(" ", _unwrapped(text))).strip()
    text = words().before.sub("", words().inside.sub("", _PLACE.sub("", text)))
    found: list[str] = []
    for raw in words().joiners.split(text):
        if raw.rstrip(_EDGE).endswith(words().places) or _LABEL.match(raw):
            continue
        part = words().after.sub("", words().before.sub("", raw)).strip(_EDGE)
        if part and not _NOT_A_NAME.search(part) and len(part) <= _LONGEST and key(part) not in _nobody():
            found.append(" ".join(part.split()))
    people = [name for name in found if is_name(name)]
    if people:
        full = [name for name in people if " " in name]
        # "Jette Brückmann, Kiel": a lone word beside full names is the place they write from
        return list(dict.fromkeys(full if full and not _EAST_ASIAN.match(people[0]) else people))
    return found[:1] if found and len(found[0].split()) <= 5 else []


def _unwrapped(text: str) -> str:
    """The text without brackets around the whole of it."""
    text = text.strip()
    return text[1:-1] if _BRACKETS.fullmatch(text) else text


def is_name(text: str) -> bool:
    """Whether this reads as a person's (or agency's) name: up to five words, each with a capital or a particle."""
    if _EAST_ASIAN.match(text):
        return _HANGUL_NAME.match(text) is not None or (not _HANGUL.search(text) and len(text.replace(" ", "")) <= 7)
    parts = re.split(r"[\s]+", text)
    if not 1 <= len(parts) <= 5:
        return False
    proper = [part for part in parts if part.lower().strip(".'’") not in words().particles]
    return bool(proper) and all(not part[:1].islower() or part[1:2].isupper() for part in proper)


def is_full(text: str) -> bool:
    """Whether the text names someone in full: two words at least, or a name in an East Asian script."""
    return any(" " in name or _EAST_ASIAN.match(name) for name in names(text) if is_name(name))


def is_bare_name(text: str) -> bool:
    """Whether the text is nothing but one name of two to four capitalised words."""
    if _HANGUL_NAME.match(text) or (_EAST_ASIAN.match(text) and 2 <= len(text) <= 4):
        return True
    parts = text.split()
    return 2 <= len(parts) <= 4 and len(text) <= 40 and text.replace(" ", "").isalpha() and is_name(text)


def says_by(text: str, *, full: bool = True) -> bool:
    """Whether the text is a byline: a word such as "by", then nothing but full names, or (not ``full``) an agency."""
    said = words().before.sub("", text)
    if said == text or said.endswith((".", "!", "?", "。")):
        return False
    return is_full(said) or (not full and _AGENCY.match(said) is not None)


def is_joiner(text: str) -> bool:
    """Whether the text only joins two names: "and", a comma."""
    return not words().joiners.sub("", f" {text} ").strip()


def unite(fields: Iterable[str], own_names: Iterable[str]) -> list[str]:
    """The names of several fields, each once, without the site's own (``own_names``).

    A field that gives an address of the site's ("Sound Herald (www.sound.example)") is the site itself.
    """
    listed = list(own_names)
    own = {key(name) for name in listed}
    hosts = [name for name in listed if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name)]
    found: dict[str, str] = {}
    for field in fields:
        if any(host in field.lower() for host in hosts):
            continue
        for name in names(field):
            if not _is_own(key(name), own):
                found.setdefault("".join(sorted(key(name))), name)
    return list(found.values())


def _is_own(said: str, own: Iterable[str]) -> bool:
    """Whether a name is the site's own, perhaps without its article ("Sound Herald" of "The Sound Herald")."""
    return any(said == name or (name.endswith(said) and len(said) > 8 and len(name) - len(said) <= 3) for name in own)


@cache
def _nobody() -> frozenset[str]:
    return frozenset(key(name) for name in words().nobody)
