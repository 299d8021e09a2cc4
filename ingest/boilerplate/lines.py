"""One line of text in, what its shape says of it out: its matching view, its pieces, whether it reads as prose."""

from __future__ import annotations

import re
import unicodedata

MAX_LINE = 1_500
"""A longer line is never furniture: footers are short, and what is tried on a line has a bound."""

MAX_PIECE = 320
"""A longer piece is never matched: with it every rule runs in bounded time on every input."""

MAX_PIECES = 48

PROSE_WEIGHT = 40
"""From this weight on (some seven words), a line that ends as a sentence does is prose."""

HEADLINE_WEIGHT = 240
"""The heaviest line that can still be a headline, deck line or link."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys([0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F], " ") | {0x3000: "\t"}
_INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
SAME = dict.fromkeys(map(ord, "ㆍᆞ‧∙•･・⋅᛫‣●◦・"), "·") | {
    ord("："): ":",
    ord("／"): "/",
    ord("　"): " ",
    ord("ⓒ"): "©",
    **dict.fromkeys([0x640, *range(0x64B, 0x653)], ""),  # Arabic marks of vowels, and what stretches a word
}
"""The part of the view that a pattern goes through too, so that rules may be written as the lines are."""

_VARIANTS = {ord("㈜"): "(주)", ord("㈔"): "(사)", ord("ⓒ"): "©", ord("Ⓒ"): "©", ord("ℂ"): "©", ord("℗"): "©"} | (
    dict.fromkeys(map(ord, "│┃¦❘ㅣᅵ║∣ǀ丨"), "|")
)
_TABLE = _FULL_WIDTH | SAME | _SPACES | _INVISIBLE | _VARIANTS

WIDE = re.compile(r"[ᄀ-ᇿ⺀-鿿가-힣豈-﫿]")
_QUOTES = re.compile(r"[\"“”„«»「」『』‟]|(?:^|\s)[‘'‚]|[’'](?:\s|$)")
_SEPARATOR = re.compile(r"\s*\|\s*|\s+[·/■□◆▲△▶►◇※*]+\s+|\s*[■◆▶►※]\s*|\t+|\s{3,}")
_STOP = re.compile(r"[.!?…]+[)\]>]*\s+|[。！？]+[)\]>」』”]*\s*|(?<=[다오요됨함음]\.)(?=[가-힣A-Z(<\[])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(.])(?:[^\W\d_]|co|ltd|inc|corp|bros|no|nr|nos|tel|fax|st|mr|mrs|ms|dr|prof|jr|sr|vol|ph|hrsg|vgl|bzw|art"
    r"|str|tlf|av|núm|nº|est|dept|ext|reg|ул|тел|г|им|стр|д|оф|e\.v|gmbh & co|u\.s|p\.o|s\.a|d\.c)\.$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？…।؟۔።։:：;；,，、]$")
_UNSTOPPED = re.compile(r"[฀-໿က-႟ក-៿]{30}")
"""Thai, Lao, Burmese and Khmer write sentences without stops."""

_CLOSING = "\"'”’»」』)]）】>*_ "
_PAIRS = {"(": ")", "[": "]", "<": ">", "{": "}", "【": "】", "〈": "〉", "《": "》", "〔": "〕", "［": "］"}
_DECOR = " \t-–—―=~_*#|·•※▶►▷▸➤→»›■□◆◇●○◎★☆▲△▼▽☞◀◁✔✓❖⊙/,:;"


def view(text: str) -> str:
    """The text as rules see it: NFC, half-width, without invisible characters, one kind of dot and bar.

    Only for matching; what is kept or stripped is always the text itself.
    """
    return unicodedata.normalize("NFC", text).translate(_TABLE).strip()


def weight(text: str) -> int:
    """How much text this is: characters, those of Han, kana and Hangul counted twice."""
    return len(text) + len(WIDE.findall(text))


def bare(seen: str) -> str:
    """The view without the brackets and ornaments around it."""
    while seen:
        if _PAIRS.get(seen[0]) == seen[-1] and seen.find(_PAIRS[seen[0]]) == len(seen) - 1:
            seen = seen[1:-1]
            continue
        trimmed = seen.lstrip(_DECOR).rstrip(_DECOR.replace(":", ""))
        if trimmed == seen:
            return seen
        seen = trimmed
    return seen


def pieces(seen: str) -> list[str]:
    """The view cut at separators and sentence ends, each piece bare; empty pieces are left out."""
    parts = (part for chunk in _SEPARATOR.split(seen) for part in _sentences(chunk))
    found = [piece for part in parts if (piece := bare(part.strip()))]
    return found if len(found) <= MAX_PIECES else [seen]


def _sentences(chunk: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for stop in _STOP.finditer(chunk):
        following = chunk[stop.end() : stop.end() + 1]
        dotted = stop[0].startswith(".") and not stop[0].startswith("..")
        if dotted and (
            following.islower() or _ABBREVIATION.search(chunk, max(start, stop.start() - 12), stop.start() + 1)
        ):
            continue
        parts.append(chunk[start : stop.end()])
        start = stop.end()
    parts.append(chunk[start:])
    return parts


def quotes(seen: str) -> bool:
    """Whether somebody is quoted: what stands in quotation marks is told, not meant."""
    return _QUOTES.search(seen) is not None


def ends_sentence(seen: str) -> bool:
    """Whether the line ends as sentences and their parts do."""
    return _SENTENCE_END.search(seen.rstrip(_CLOSING)) is not None or _UNSTOPPED.search(seen) is not None


def has_sentence(seen: str) -> bool:
    """Whether a sentence ends in the line, at its end or before."""
    return ends_sentence(seen) or len(_sentences(seen)) > 1


def is_prose(seen: str) -> bool:
    """Whether the line reads as a sentence or more: it ends as one, or is too heavy for anything else."""
    size = weight(seen)
    return size > HEADLINE_WEIGHT or (size >= PROSE_WEIGHT and ends_sentence(seen))


def is_label(piece: str) -> bool:
    """Whether a piece no rule knows may be a name, a place, a number, a few words: no sentence, nothing quoted."""
    short = weight(piece) <= 64 and len(piece.split()) <= 9
    return short and not quotes(piece) and not has_sentence(piece)


def is_link(seen: str) -> bool:
    """Whether the line may be the headline of another article: short, and without the stop of a sentence."""
    return weight(seen) <= HEADLINE_WEIGHT and not re.search(r"[.。।۔։]$", seen.rstrip(_CLOSING))
