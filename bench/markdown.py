"""Random texts in, how many of them renderers we did not write show exactly out.

Needs ``pip install cmarkgfm commonmark``: cmarkgfm is GitHub's own renderer, with its tables, strikethrough,
bare links, task lists and footnotes; commonmark is the reference implementation's port. Run:
``python -m bench.markdown [EXAMPLES]``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from html import unescape

from hypothesis import HealthCheck, given, settings

from tests.translate.strategies import solid_texts
from translate import escape
from translate.visible import visible

BEFORE = "<p>before</p>\n"
LINK = re.compile(r'<a href="[^"]*">|</a>')


def renderers() -> dict[str, Callable[[str], str]]:
    import cmarkgfm
    import commonmark
    from cmarkgfm.cmark import Options

    extensions = ["table", "autolink", "strikethrough", "tasklist"]
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES

    def github(source: str) -> str:
        return str(cmarkgfm.markdown_to_html_with_extensions(source, options=options, extensions=extensions))

    return {"cmark-gfm": github, "commonmark.py": commonmark.commonmark}


def shown(html: str, tag: str) -> str:
    """The text of the one element that follows the first paragraph; a bare address may have become a link."""
    inner = html.removeprefix(BEFORE).rstrip("\n").removeprefix(f"<{tag}>").removesuffix(f"</{tag}>")
    inner = LINK.sub("", inner.replace("<br />\n", "\n"))
    return inner if "<" in inner else unescape(inner)


def wrong(render: Callable[[str], str], examples: int) -> list[str]:
    """Sources whose rendering is not the text they were made from."""
    found: list[str] = []

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(solid_texts)
    def try_one(text: str) -> None:
        said = visible(text)
        breaks = all(line.strip() for line in said.split("\n"))
        paragraph = escape.paragraph(escape.inline(text, breaks=breaks))
        heading = f"## {escape.heading(escape.inline(text, breaks=False))}"
        for source, tag in ((paragraph, "p"), (heading, "h2")):
            if shown(render(f"before\n\n{source}"), tag) != said:
                found.append(source)

    try_one()
    return found


def main() -> None:
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    for name, render in renderers().items():
        bad = wrong(render, examples)
        print(f"{name}: {examples - len(bad)} of {examples} texts shown exactly", *bad[:3])


if __name__ == "__main__":
    main()
