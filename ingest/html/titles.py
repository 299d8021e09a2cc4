"""The headlines a page gives of itself -> the headline of its article, without the site's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.html.align import key
from ingest.html.view import weight

_SEPARATOR = re.compile(
    r"\s+[-–—|:·•»«/~‹›⋆*]+\s+|\s*[|｜]\s*|\s*[_＿]\s*|\s*--+\s*|\s*::\s*|\s*：\s*|(?<=[^\x00-\xff])\s*[-–—－]\s*"
)
_KICKER = re.compile(rf"(?<=\w):\s+|{_SEPARATOR.pattern}")
_PAGE = re.compile(r"\W+(?:\w+\W+)?\d{1,2}\W*")
_RIGHTS = re.compile(r"[©ⓒ]|\([cC]\)|\bcopyright\b", re.IGNORECASE)
_RIGHTS_LINE = 200
_LEAST = 12
"""How many letters and digits make a headline that is known again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """Where a page states its headline, as it stands there.

    Attributes:
        shared: ``og:title``, the wording for sharing.
        linked: the headlines of the linked data's articles.
        alternative: what the linked data calls alternative headlines.
        tagged: the other meta tags that hold a title.
        shown: the h1 elements that a reader sees.
        window: ``<title>``.
    """

    shared: str | None = None
    linked: tuple[str, ...] = ()
    alternative: tuple[str, ...] = ()
    tagged: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    window: str | None = None

    def ordered(self, site_names: Iterable[str] = ()) -> list[str]:
        """Every wording, in the order of trust: og:title first, unless the page's other carriers say otherwise.

        Otherwise: they agree on another wording (a visible h1, the linked data and one meta tag more; <title> is no
        such tag, for it is mostly made for search engines), or the linked data call og:title's the alternative; or
        there are no linked data, and the h1 and <title> agree on a wording where nothing else says og:title's.
        """
        names = {key(name) for name in site_names} - {""}
        once = self.shown if len({key(text) for text in self.shown}) == 1 else ()
        given = (self.shared, *self.linked, *self.tagged, *once[:1], self.window, *self.shown[:1])
        found = [text for text in given if text]
        first = self._instead(names) or self._as_shown(names) or self._unnumbered(names) or self._without_label(names)
        return [first, *found] if first else found

    def _instead(self, names: set[str]) -> str | None:
        shared, alternative = _bare([self.shared], names), _bare(self.alternative, names)
        shown, tagged = _bare(self.shown, names), _bare(self.tagged, names)
        for text in self.linked:
            said = _bare([text], names)
            if not said & shared and (shared & alternative or (said & shown and said & tagged)):
                return text
        return None

    def _as_shown(self, names: set[str]) -> str | None:
        """The one h1 beside the site's own, where <title> has it and og:title stands alone."""
        own = [text for text in self.shown if not _begins_with_site(text, names)]
        if self.linked or not self.shared or len({key(text) for text in own}) != 1:
            return None
        said, shared = key(own[0]), key(without_site(self.shared, names))
        repeated = _bare((*self.tagged, self.window), names)
        backed = len(said) >= _LEAST and said in key(self.window or "")
        return own[0] if backed and said != shared and shared not in repeated else None

    def _unnumbered(self, names: set[str]) -> str | None:
        """The h1, where og:title only adds the number of the page to it ("Page 2")."""
        shared = without_site(self.shared or "", names)
        heads = (text for text in self.shown if len(key(text)) >= _LEAST and shared.startswith(text))
        return next((text for text in heads if _PAGE.fullmatch(shared[len(text) :])), None)

    def _without_label(self, names: set[str]) -> str | None:
        """The linked data's headline, where og:title adds to it what they call the alternative: its kicker."""
        shared, window = self.shared or "", _bare([self.window], names)
        for kicker, rest in _kickers(without_site(shared, names)):
            if key(rest) in _bare(self.linked, names) & window and key(kicker) in _bare(self.alternative, names):
                return rest
        return None


def _bare(texts: Iterable[str | None], names: set[str]) -> set[str]:
    """The texts as keys, without the site's name."""
    return {key(without_site(text or "", names)) for text in texts}


def _begins_with_site(text: str, names: set[str]) -> bool:
    """Whether an h1 is the site's own, a name and perhaps a motto, and not the article's."""
    said = key(text)
    return any(len(name) > 4 and said.startswith(name) for name in names)


def choose(candidates: Sequence[str | None], site_names: Iterable[str]) -> str | None:
    """The headline: of several candidates, given in the order of trust, the first, cleaned of the site's name.

    A candidate that is nothing but the site's name is passed over, one that is cut off made whole by another.
    A part of it goes where there is evidence: it is the site's name, or the rest is what other candidates say, and
    no fewer of them than say the whole.
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
    return next((other for other in others if len(start) >= _LEAST and key(other).startswith(start)), title)


def without_site(title: str, names: set[str], others: Sequence[str] = ()) -> str:
    """``title`` without the ends that name the site (``names``, as keys), or that ``others`` leave out."""
    voices = Counter(key(other) for other in others)
    before, colon, rest = title.partition(": ")
    if colon and key(rest) and key(before) in names:
        title = rest.strip()
    changed = True
    while changed:
        changed = False
        spots = list(_SEPARATOR.finditer(title))
        for spot in (*reversed(spots), *spots):
            head, tail = title[: spot.start()].strip(), title[spot.end() :].strip()
            if key(head) and (_is_site(tail, names) or voices[key(head)] >= max(1, voices[key(title)])):
                title, changed = head, True
                break
            if key(tail) and _is_site(head, names):
                title, changed = tail, True
                break
    return title


def ends(window: str) -> list[str]:
    """The first and the last part of a <title> of several parts: one of them is mostly the site's name."""
    spots = list(_SEPARATOR.finditer(window))
    return [window[: spots[0].start()].strip(), window[spots[-1].end() :].strip()] if spots else []


def owners(window: str, lines: Iterable[str]) -> list[str]:
    """The first or last part of a <title>, where a line of the page names it as the holder of the rights."""
    claims = [key(line) for line in lines if len(line) <= _RIGHTS_LINE and _RIGHTS.search(line)]
    return [end for end in ends(window) if weight(key(end)) > 3 and any(key(end) in claim for claim in claims)]


def with_shown(given: Sequence[str], title: str | None, lines: Iterable[str]) -> list[str]:
    """The headlines ``given``, before them the line that says all of the ``title`` chosen of them but a short end.

    Where no headline of the page is marked as one, the line that repeats the beginning of <title> is it.
    """
    said = {key(line) for line in lines} if title else set()
    if not title or key(title) in said:
        return list(given)
    for spot in reversed(list(_SEPARATOR.finditer(title))):
        head, tail = key(title[: spot.start()]), key(title[spot.end() :])
        if head in said and weight(head) >= max(_LEAST, weight(tail)):
            return [title[: spot.start()].strip(), *given]
    return list(given)


def without_kicker(title: str, shown: Iterable[str]) -> str:
    """``title`` without its kicker, where a headline that the page shows has another kicker before the same words.

    Two kickers before one headline ("Strait: Plant opens", "Energy - Plant opens") are both no part of it; one that
    stands in one place alone may be, and stays. Kickers with a word in common are two wordings of one sentence.
    """
    kickers = [cut for text in shown for cut in _kickers(text)]
    for kicker, rest in _kickers(title):
        if any(key(rest) == key(other) and not _words(kicker) & _words(seen) for seen, other in kickers):
            return rest
    return title


def _kickers(title: str) -> list[tuple[str, str]]:
    """The cuts of a headline into a kicker and a longer rest."""
    cuts = [(title[: spot.start()].strip(), title[spot.end() :].strip()) for spot in _KICKER.finditer(title)]
    return [(kicker, rest) for kicker, rest in cuts if _words(kicker) and max(_LEAST, len(kicker)) <= len(rest)]


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w+", text)}


def _is_site(part: str, names: set[str]) -> bool:
    """Whether this part is a name of the site: one of them, with or without "The", ".com" or a place around it."""
    said = key(part)
    if not said or len(said) > 50:
        return False
    return any(
        said == name or (min(len(said), len(name)) > 3 and (said in name or name in said) and len(part.split()) <= 6)
        for name in names
    )
