"""The bytes of a page -> the charsets it claims to be in, and how well a decoding of them reads."""

from __future__ import annotations

import codecs
import re
from collections import Counter

ALIASES = {
    # The web's names for charsets mean the supersets that browsers read: https://encoding.spec.whatwg.org/#names-and-labels
    "euc-kr": "cp949",
    "euckr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "ks_c_5601-1989": "cp949",
    "korean": "cp949",
    "uhc": "cp949",
    "windows-949": "cp949",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "chinese": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "latin5": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "koi8": "koi8_r",
    "unicode": "utf_16_le",
    "utf8": "utf_8",
    "unicode-1-1-utf-8": "utf_8",
}
"""Charset label (lower case) -> Python codec, where the two differ."""

BOMS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)

BY_LANGUAGE = {
    # What pages of a language were written in before UTF-8, likeliest first:
    # https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
    "ko": ("cp949",),
    "ja": ("euc_jp", "cp932"),
    "zh": ("gb18030", "big5hkscs"),
    "zh-tw": ("big5hkscs", "gb18030"),
    "zh-hk": ("big5hkscs", "gb18030"),
    "zh-hant": ("big5hkscs", "gb18030"),
    "ru": ("cp1251", "koi8_r", "iso8859_5"),
    "uk": ("cp1251", "koi8_u"),
    "bg": ("cp1251",),
    "ar": ("cp1256",),
    "fa": ("cp1256",),
    "he": ("cp1255",),
    "el": ("cp1253",),
    "tr": ("cp1254",),
    "th": ("cp874",),
    "vi": ("cp1258",),
    "cs": ("cp1250",),
    "hu": ("cp1250",),
    "pl": ("iso8859_2", "cp1250"),
    "lt": ("cp1257",),
    "lv": ("cp1257",),
}

_META = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_LANG = re.compile(rb"""<html[^>]{0,300}?\blang\s*=\s*["']?([A-Za-z-]+)""", re.IGNORECASE)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_MARKUP = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_HEAD = 20_000
"""How many bytes are searched for a declaration: real pages put theirs after long scripts."""

_DETECTABLE = (
    "cp949", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp1251", "koi8_r", "iso8859_5", "cp1252", "cp1250",
    "iso8859_2", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
)  # fmt: skip

# What sparse UTF-8 holds: accented Latin letters and their signs, quotation marks, dashes, the euro, emoji.
_LATIN = (
    rb"(?:\xc2[\xa0-\xbf]|[\xc3-\xc5][\x80-\xbf]|\xe2(?:\x80[\x90-\xba]|\x82\xac|\x84\xa2)|\xf0\x9f[\x80-\xbf]{2})"
)
_SEQUENCE = rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2})"
# Such a run stands between ASCII, but not at the end of a word in capitals: a legacy letter and a quotation mark
# after it pass for one there.
_RUN = re.compile(
    rb"(?<![\x80-\xffA-Z])%(latin)b+(?![\x80-\xff])|(?<![\x80-\xff])(?:%(latin)b+(?=[a-z])|%(any)b{3,}(?![\x80-\xff]))"
    % {b"latin": _LATIN, b"any": _SEQUENCE}
)

_WIDE = frozenset({"cp949", "gb18030", "big5hkscs", "cp932", "euc_jp"})
_NOISE = 0.15

_CONTROL = re.compile("[\ufffd\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_LETTERS = re.compile(r"[^\W\d_]+")
_SYMBOL_IN_WORD = re.compile("(?<=[^\\W\\d_])[\u00a1-\u00bf\u00d7\u00f7\u2020-\u2030\u2122\u20ac](?=[^\\W\\d_])")
_HAN_IN_WORD = re.compile("(?<=[a-z])[\u3400-\u9fff\uac00-\ud7a3](?![^\x00-\x7f])")
_ACCENTS = re.compile("[\u00c0-\u024f]{4,}")
_GREEK_CYRILLIC = re.compile("[\u0370-\u052f]")
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA_OR_HANGUL = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")
_EVERY_CHINESE_TEXT = frozenset(
    "的一是不了在有人我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會年月日者"
)
_HALF_KANA = re.compile("[\uff61-\uff9f]")


def codec(label: str | None) -> str | None:
    """The Python codec that a browser would use for a charset label; None where there is no such charset."""
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name.replace("-", "_") if is_text and found.name not in {"utf-7", "idna", "punycode"} else None


def bom(payload: bytes) -> tuple[str, bytes] | None:
    """The codec that a byte order mark names, and the mark."""
    return next(((name, mark) for mark, name in BOMS if payload.startswith(mark)), None)


def declared(payload: bytes, header: str | None) -> list[str]:
    """The codecs that the page claims, the transport's word first, each once."""
    head = payload[:_HEAD]
    labels = [header]
    for pattern in (_XML, _META):
        hit = pattern.search(head)
        labels.append(hit.group(1).decode("ascii") if hit else None)
    names = [codec(label) for label in labels]
    # A declaration that could be read byte by byte cannot be UTF-16 (the HTML standard says the same).
    names = ["utf_8" if name and name.startswith(("utf_16", "utf_32")) else name for name in names]
    return list(dict.fromkeys(name for name in names if name))


def by_language(payload: bytes) -> tuple[str, ...]:
    """The legacy codecs of the language that ``<html lang>`` names."""
    hit = _LANG.search(payload[:_HEAD])
    if not hit:
        return ()
    tag = hit.group(1).decode("ascii").lower()
    return BY_LANGUAGE.get(tag) or BY_LANGUAGE.get(tag.split("-")[0], ())


def is_iso_2022_jp(payload: bytes) -> bool:
    """Whether this is seven-bit Japanese: it would pass for UTF-8, so it is asked first."""
    return (
        b"\x1b" in payload
        and _ISO_2022_JP.search(payload) is not None
        and not any(byte > 0x7F for byte in payload[:_HEAD])
    )


def unmarked_utf16(payload: bytes) -> str | None:
    """The codec of UTF-16 without a byte order mark: every other byte of its markup is NUL."""
    head = payload[:4096]
    if len(head) < 8:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.3 * half and even < 0.02 * half:
        return "utf_16_le"
    if even > 0.3 * half and odd < 0.02 * half:
        return "utf_16_be"
    return None


def is_mostly_utf8(text: str) -> bool:
    """Whether bytes read as UTF-8 (what is not replaced) are that but for some damage, as by a cut or a stray byte.

    Of legacy bytes one pair in ten happens to be valid UTF-8, not four in five.
    """
    lost = text.count("\ufffd")
    return foreign(text) - lost > 4 * lost


def is_sparse_utf8(prose: bytes, *, declared: bool) -> bool:
    """Whether bytes of few characters beyond ASCII are damaged UTF-8; they hold no markup (`prose`).

    A lead byte followed by exactly its continuation bytes, with ASCII around them, is next to never anything else:
    one such for every broken byte will do where UTF-8 is declared, two where it is not.
    """
    sound = sum(len(run.decode("utf-8", "ignore")) for run in _RUN.findall(prose))
    lost = prose.decode("utf-8", "replace").count("\ufffd")
    return sound > 0 and sound >= (lost if declared else 2 * lost)


def prose(payload: bytes) -> bytes:
    """The payload without its markup and scripts: what a detector should look at."""
    return _MARKUP.sub(b" ", payload)


def detected(prose: bytes) -> list[str]:
    """What a statistical detector takes the bytes for, likeliest first; they hold no markup (`prose`)."""
    from charset_normalizer import from_bytes

    sample = b"\n".join(line.strip() for line in prose.splitlines() if any(byte > 0x7F for byte in line))[:_HEAD]
    if not sample:
        return []
    found = from_bytes(sample, cp_isolation=list(_DETECTABLE), threshold=0.5, language_threshold=0.05)
    names = (codec(match.encoding) for match in found)
    return list(dict.fromkeys(name for name in names if name))


def control_share(text: str) -> float:
    """The share of control characters in the text's first part; of real text well under a hundredth."""
    head = text[:_HEAD]
    return len(_NOT_TEXT.findall(head)) / max(1, len(head))


def is_wide(name: str) -> bool:
    """Whether a codec is one of the East Asian ones, with two bytes and more to a character."""
    return name in _WIDE


def is_noise(text: str) -> bool:
    """Whether a decoding, the best that could be had, is no writing: much of it is foreign, and that reads badly."""
    head = text[:_HEAD]
    return foreign(head) > len(head) // 20 and oddness(head) > _NOISE


def foreign(text: str) -> int:
    """How many characters are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def oddness(text: str) -> float:
    """How badly a decoding reads: 0 where nothing is odd, towards 1 where every non-ASCII letter is.

    Counted are replaced and control characters, symbols inside words, runs of accented letters, words whose capitals
    follow small letters, half-width kana, single Chinese or Korean letters in Latin words: the marks of bytes read in
    a charset they were not written in.
    """
    strange = foreign(text)
    if not strange:
        return 0.0
    bad = len(_CONTROL.findall(text)) + len(_SYMBOL_IN_WORD.findall(text)) + len(_HALF_KANA.findall(text))
    bad += len(_HAN_IN_WORD.findall(text))
    bad += sum(len(run) for run in _ACCENTS.findall(text))
    bad += _odd_words(text) + _odd_han(text)
    return min(1.0, bad / strange)


def _odd_han(text: str) -> int:
    """The Chinese characters of a text that holds none of those every Chinese text holds: Korean read as Chinese."""
    han = _HAN.findall(text)
    if len(han) < 40 or _KANA_OR_HANGUL.search(text):
        return 0
    return len(han) if sum(char in _EVERY_CHINESE_TEXT for char in han) < 0.02 * len(han) else 0


def _odd_words(text: str) -> int:
    """Letters of the words in Greek or Cyrillic whose case runs the wrong way, or that mix scripts."""
    counts: Counter[bool] = Counter()
    for word in _LETTERS.findall(text):
        if len(word) < 3 or not _GREEK_CYRILLIC.search(word):
            continue
        wrong = (word[0].islower() and any(c.isupper() for c in word[1:])) or _mixes(word)
        counts[wrong] += len(word)
    return counts[True]


def _mixes(word: str) -> bool:
    return any(c.isascii() for c in word) or any("\u00a0" <= c <= "\u024f" for c in word)
