"""The headlines a page gives of itself -> the headline of its article, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.html.align import key

_SEPARATOR = re.compile(
    r"\s+[-–—|:·•»«/~‹›⋆*]+\s+|\s*[|｜]\s*|\s*[_＿]\s*|\s*--+\s*|\s*::\s*|\s*：\s*|(?<=[^\x00-\xff])\s*[-–—－]\s*"
)


def choose(candidates: Sequence[str | None], site_names: Iterable[str]) -> str | None:
    """The headline: of several candidates, given in the order of trust, the first, cleaned of the site's name.

    A candidate that is nothing but the site's name is passed over, one that is cut off made whole by another.
    A part of it goes where there is evidence: it is the site's name, or the rest is what another candidate says.
    """
    given = [candidate for candidate in candidates if candidate and key(candidate)]
    if not given:
        return None
    names = {key(name) for name in site_names} - {""}
    told = [candidate for candidate in given if key(candidate) not in names] or given
    return without_site(_whole(told[0], told[1:]), names, told)


def _whole(title: str, others: Sequence[str]) -> str:
    """The candidate that a cut-off ``title`` ("The sea now powers…") is the beginning of."""
    if not title.endswith(("…", "...")):
        return title
    start = key(title)
    return next((other for other in others if len(start) >= 12 and key(other).startswith(start)), title)


def without_site(title: str, names: set[str], others: Sequence[str] = ()) -> str:
    """``title`` without the parts at its ends that name the site (``names``, as keys)."""
    said = {key(other) for other in others if other != title}
    before, colon, rest = title.partition(": ")
    if colon and key(rest) and key(before) in names:
        title = rest.strip()
    changed = True
    while changed:
        changed = False
        spots = list(_SEPARATOR.finditer(title))
        for spot in (*reversed(spots), *spots):
            head, tail = title[: spot.start()].strip(), title[spot.end() :].strip()
            if key(head) and (_is_site(tail, names) or key(head) in said):
                title, changed = head, True
                break
            if key(tail) and _is_site(head, names):
                title, changed = tail, True
                break
    return title


def _is_site(part: str, names: set[str]) -> bool:
    """Whether this part is a name of the site: one of them, with or without "The", ".com" or a place around it."""
    said = key(part)
    if not said or len(said) > 50:
        return False
    return any(
        said == name or (min(len(said), len(name)) > 3 and (said in name or name in said) and len(part.split()) <= 6)
        for name in names
    )
