"""A block's text and a headline in, whether the block only says the headline again, out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.html import titles
from ingest.html.align import key

LONG = 20
"""A headline or a block must have more letters and digits than this to be known again inside the other."""

CUT = ("…", "...")
"""What a headline that is cut off ends with."""

_STOP = re.compile(r"[.!?。！？।۔։؟][\"'”’»」』)\]）】]*$")
_SET_OFF = re.compile(r"[^\w\s\"'“”„«»‘’「『(（.,;!?…]\s*$")
_MOST_WORDS, _MOST_SIGNS = 4, 40


def repeats(text: str, headline: str, site: Iterable[str] = ()) -> bool:
    """Whether ``text`` says nothing but ``headline``: all of it or most, perhaps with kicker, site and section.

    Text that goes on with words of its own says more, as a first paragraph does that begins with its words;
    so does a sentence with its stop whose end alone the headline is. A headline that is cut off is the beginning of
    any line that is no sentence.

    Args:
        text: the block's text.
        headline: a headline of the page, as it stands there.
        site: the names of the site and of the article's section, which may stand beside a headline.
    """
    said, title = key(text), key(headline)
    if said == title:
        return len(said) >= 8
    if min(len(said), len(title)) <= LONG:
        return False
    if said in title:
        return 2 * len(said) > len(title)
    return title in said and len(said) < 2 * len(title) and _says_no_more(text, headline, site)


def _says_no_more(text: str, headline: str, site: Iterable[str]) -> bool:
    """Whether what stands around the headline in a text is no word of its own."""
    if _is_sentence(text) and not _is_sentence(headline):
        return False
    before, after = _around(text, key(headline))
    if headline.endswith(CUT) and not key(before):
        return True
    if key(after) and not key(after).isdecimal():
        bare = titles.choose([text], site)
        return bare is not None and key(bare) != key(text) and repeats(bare, headline)
    return not key(before) or _is_kicker(before)


def _is_sentence(text: str) -> bool:
    return _STOP.search(text) is not None and not text.endswith(CUT)


def _is_kicker(before: str) -> bool:
    """Whether what stands before a headline is set off from it, or a few words."""
    return _SET_OFF.search(before) is not None or (len(before.split()) <= _MOST_WORDS and len(before) <= _MOST_SIGNS)


def _around(text: str, said: str) -> tuple[str, str]:
    """What stands before and after the first place where a text says the letters and digits of ``said``."""
    places = [place for place, sign in enumerate(text) for _ in key(sign)]
    start = key(text).find(said)
    return text[: places[start]], text[places[start + len(said) - 1] + 1 :]
