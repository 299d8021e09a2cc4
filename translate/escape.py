"""Plain text in, Markdown source out that every CommonMark renderer shows as exactly that text.

Only what would be read as markup is escaped, so that English prose stays prose: ``AT&T``, ``3 < 4``, ``snake_case``,
``[sic]`` and ``$5`` need nothing. Rules by section of https://spec.commonmark.org/0.31.2/, with the tables,
strikethrough, task lists and alerts of https://github.github.com/gfm/.
"""

from __future__ import annotations

import re

from translate.visible import visible

_INLINE = re.compile(
    r"""
      \\(?![^\W_])                          # 2.4 backslash: before anything but a letter or digit
    | `                                     # 6.1 code span
    | [*_]+                                 # 6.2 emphasis
    | <(?=[A-Za-z0-9/!?.\#$%&'*+=^_`{|}~-]) # 6.5 autolink, 6.6 raw HTML, 4.6 HTML block
    | &(?=\#?[0-9A-Za-z]+;)                 # 2.5 entity
    | \](?=[(:\[])                          # 6.3 link, 6.4 image, 4.7 reference definition
    | \[(?=\^)                             # footnote
    | [\u2028\u2029]                        # no line ending here, but one to many editors
    """,
    re.VERBOSE,
)
_IDLE = re.compile(r"(?<=[^\W_])_+(?=[^\W_])|(?<=\S[ ])[*_]+(?=[ ]\S)")
"""Underscores within a word, and any run between two words, neither open nor close emphasis."""

_START = re.compile(
    r"""
      \#{1,6}(?=\s|$)           # 4.2 heading
    | >                         # 5.1 quotation
    | [-+](?=\s|$)              # 5.2 bullet
    | \[(?=[ xX]\]|!)           # task list, alert
    | (?=\S)[-=:+|\s]+$         # 4.1 rule, 4.3 heading underline, table delimiter row
    | (?P<number>[0-9]{1,9})[.)](?=\s|$)       # 5.2 ordered list
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(r"(https?|ftp)(?=://[^ \t\n]*(?:\\|&#))|www(?=\.[^ \t\n]*(?:\\|&#))", re.IGNORECASE)
"""GFM turns a bare address into a link before it reads escapes and entities, and would show those within it."""

_CLOSING = re.compile(r"(?:(?<=[ \t])|^)#+$")


def inline(text: str, *, breaks: bool) -> str:
    """Source for ``text`` anywhere within a line; a newline becomes an entity unless line ``breaks`` are allowed."""
    shown = visible(text)
    source = _INLINE.sub(lambda match: _escaped(match, shown), shown)
    if shown.count("~") > 1:  # GFM strikes out between two; a lone one (3~5 %) is text
        source = source.replace("~", r"\~")
    if "\n" not in shown:
        return source
    return source.replace("|", r"\|") if breaks else source.replace("\n", "&#10;")


def _escaped(match: re.Match[str], text: str) -> str:
    found = match[0]
    if found in "\u2028\u2029":
        return f"&#{ord(found)};"
    if found[0] in "*_":
        return found if _IDLE.match(text, match.start()) else "".join(f"\\{char}" for char in found)
    return f"\\{found}"


def paragraph(source: str) -> str:
    """A block of inline ``source``: starts no other kind of block, keeps its outer white space and line breaks."""
    return _unlinked("\\\n".join(_edges(_unstarted(line)) for line in source.split("\n")))


def heading(source: str) -> str:
    """What follows ``# `` for one line of inline ``source``."""
    return _unlinked(_CLOSING.sub(lambda match: f"\\{match[0]}", _edges(source)))


def _unstarted(line: str) -> str:
    start = _START.match(line)
    place = start.end("number") if start and start["number"] else 0
    return f"{line[:place]}\\{line[place:]}" if start else line


def _unlinked(source: str) -> str:
    return _ADDRESS.sub(lambda match: f"{match[0]}\\", source)


def _edges(line: str) -> str:
    """The outermost white space as entities: CommonMark, and its implementations even more, drop it otherwise."""
    if line[:1].isspace():
        line = f"&#{ord(line[0])};{line[1:]}"
    return f"{line[:-1]}&#{ord(line[-1])};" if line[-1:].isspace() else line
