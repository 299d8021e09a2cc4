"""Seven invented documents that use every field, and the files they should become.

``tests/golden_documents/NAME.md`` and ``NAME.json`` hold what is expected. After a change that is meant, write them
anew and read the difference: ``python -m tests.translate.golden``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from ingest.article import EN, Article, Block, Edit, Flag, Kind, Lang, Name, Notice, Provenance, Publisher, Stripped
from tests.translate.strategies import assembled
from translate import markdown
from translate.document import UNTRANSLATED, Document, Duplicate, ModelRef, Part, Segment, Translated
from translate.schema import record

FOLDER = Path(__file__).parents[1] / "golden_documents"
TITLE, DECK, HEADING, PARAGRAPH, ITEM, CAPTION = Kind
KO, JA, DE, AR, SO = (Lang(code) for code in ("ko", "ja", "de", "ar", "so"))


def model(lang: Lang, engine: str = "firefox") -> ModelRef:
    return ModelRef(engine=engine, name=f"{lang}en-base", digest=f"sha256:{lang}0a1b2c", source_lang=lang)


Piece = tuple[Lang, str] | tuple[Lang, str, str]
"""Language and text of a segment that stays, or language, text and English of one that is translated."""


def document(name: str, parts: list[tuple[Kind, Piece | list[Piece]]], **facts: object) -> Document:
    blocks, segments = [], []
    for index, (kind, content) in enumerate(parts):
        pieces = content if isinstance(content, list) else [content]
        blocks.append(Block(kind=kind, text="".join(piece[1] for piece in pieces), line=index + 1))
        segments += segmented(index, pieces)
    article = Article(provenance=provenance(name), blocks=tuple(blocks), **facts)  # type: ignore[arg-type]
    return assembled(article, tuple(segments))


def segmented(index: int, pieces: list[Piece]) -> list[Translated]:
    made, start = [], 0
    for lang, source, *english in pieces:
        segment = Segment(index=index, start=start, end=start + len(source), text=source, lang=lang, confidence=0.99)
        start += len(source)
        if english:
            made.append(Translated(segment=segment, text=english[0], model=model(lang)))
        else:
            made.append(
                Translated(segment=segment, text=source, flags=() if lang == EN else (UNTRANSLATED, "no model"))
            )
    return made


def provenance(name: str) -> Provenance:
    return Provenance(
        source=f"url:https://news.example/{name}",
        target_uri=f"https://news.example/{name}",
        retrieved_at="2025-02-01T08:00:00Z",
        payload_digest=f"sha256:{name.encode().hex():0<64}",
    )


def english() -> Document:
    parts: list[tuple[Kind, Piece | list[Piece]]] = [
        (TITLE, (EN, "Harbour Town’s Ferry Returns After R&D Pause")),
        (DECK, (EN, "Crossings resume on Monday")),
        (DECK, (EN, "Fares stay at $5")),
        (
            PARAGRAPH,
            (
                EN,
                "The ferry will run again, the harbour office said [sic] on Friday – for the 1st time in 3~4 weeks.",
            ),
        ),
        (CAPTION, (EN, "The ferry at pier 2. Photo: harbour office")),
        (HEADING, (EN, "What changes")),
        (ITEM, (EN, "Two more crossings a day")),
        (ITEM, (EN, "No cash on board")),
        (PARAGRAPH, (EN, "See https://ferry.example/time_table_2025 for the reinforcement?centred timetable.")),
    ]
    return document(
        "english",
        parts,
        published="2025-01-31T09:30:00+09:00",
        canonical_url="https://news.example/english?id=1",
        authors=(Name(original="A. Writer"),),
        publisher=Publisher(original="The Harbour Post", domain="news.example"),
        rights="© The Harbour Post. All rights reserved.",
        declared_lang=EN,
        section="Local",
        tags=("ferry", "harbour"),
        stripped=(Stripped(rule="en.rights", text="© The Harbour Post. All rights reserved.", line=10),),
        edits=(Edit(line=0, before="\r\n", after="\n", rule="newline"),),
        flags=(Flag(name="encoding-damage", detail="a lost character: t?c", line=9, start=63),),
    )


def korean() -> Document:
    made = document(
        "korean",
        [
            (TITLE, (KO, "항구 마을, 연락선 다시 뜬다", "Harbour town's ferry runs again")),
            (DECK, (KO, "월요일부터 운항", "Crossings from Monday")),
            (
                PARAGRAPH,
                [
                    (KO, "연락선이 다시 뜬다. ", "The ferry runs again. "),
                    (KO, "요금은 그대로다.", "Fares stay as they are."),
                ],
            ),
            (PARAGRAPH, [(KO, "담당자는 말했다. ", "The official said: "), (EN, "“We are back.”")]),
        ],
        published="2025-01-31",
        authors=(Name(original="홍길동", latin="Hong Gil-dong"),),
        publisher=Publisher(original="항구신문", latin="Hanggu Sinmun", domain="hanggu.example"),
        section="지역",
        tags=("연락선",),
        stripped=(
            Stripped(rule="ko.rights", text="Copyright ⓒ 항구신문. 무단 전재 및 재배포 금지", line=5),
            Stripped(rule="extractor", text="댓글 0", line=6),
        ),
    )
    section = Segment(part=Part.SECTION, index=0, start=0, end=2, text="지역", lang=KO)
    tag = Segment(part=Part.TAG, index=0, start=0, end=3, text="연락선", lang=KO)
    extra = (
        Translated(segment=section, text="Local", model=model(KO, "argos")),
        Translated(segment=tag, text="Ferry", model=model(KO, "argos"), flags=("short",), score=0.5),
    )
    return replace(
        made,
        section="Local",
        tags=("Ferry",),
        segments=made.segments + extra,
        duplicates=(Duplicate(id="b" * 26, source="feed:https://other.example/7", kind="near", score=0.93),),
    )


def noticed() -> Document:
    """No headline, no date; the source says that it was translated."""
    return document(
        "noticed",
        [
            (PARAGRAPH, (EN, 'Following the return of the ferry, "questions" have been raised.')),
            (PARAGRAPH, (EN, "The office did not reply.")),
        ],
        notice=Notice(engine="ChatGPT", source_lang=KO, inferred=True),
        publisher=Publisher(original="항구신문"),
        stripped=(Stripped(rule="ko.translation", text="ChatGPT를 사용하여 번역한 기사입니다.", line=3),),
    )


def left() -> Document:
    """Somali has no model here: it stays, marked."""
    return document(
        "left",
        [
            (TITLE, (DE, "Fähre fährt wieder", "Ferry runs again")),
            (
                PARAGRAPH,
                [
                    (DE, "Sie sagte: ", "She said: "),
                    (SO, "Doontu way soo noqotay. "),
                    (DE, "Dann ging sie.", "Then she left."),
                ],
            ),
            (PARAGRAPH, (SO, "Lacagtu isma beddelin.")),
            (ITEM, [(EN, "In her words: "), (SO, "waan faraxsanahay")]),
            (CAPTION, (SO, "Doonta. Sawir: xafiiska dekedda")),
        ],
    )


def japanese() -> Document:
    return document(
        "japanese",
        [
            (TITLE, (JA, "【速報】渡し船が再開", "[Breaking] Ferry resumes")),
            (HEADING, (JA, "■変わること", "# What changes #")),
            (ITEM, (JA, "1.便数が増える", "1. More crossings")),
            (ITEM, (JA, "2.現金は使えない", "2. No cash")),
            (PARAGRAPH, (JA, "\u3000運賃はそのままだ。", "\u3000Fares stay the same.")),
        ],
        published="2025-01-31T23:59:59Z",
    )


def arabic() -> Document:
    """Bidi controls, joiners and terminal escapes from outside."""
    return document(
        "arabic",
        [
            (TITLE, (AR, "العبّارة تعود", "The ferry is \u202eback\u202c")),
            (PARAGRAPH, (AR, "قال المكتب", "The office \u2066said\u2069 so\x1b[31m in red.\r")),
            (PARAGRAPH, (AR, "\u200fالعبّارة\u200f 👩\u200d✈️")),
        ],
        authors=(Name(original="\u202eevil\x07", latin=None),),
    )


def nasty() -> Document:
    """Everything that Markdown, YAML and HTML would read as theirs."""
    return document(
        "nasty",
        [
            (TITLE, (EN, "# <script>alert(1)</script> & [link](http://a.example) ##")),
            (DECK, (EN, "[!NOTE] *not* a **note**")),
            (PARAGRAPH, (EN, "---\nkey: value\n---")),
            (PARAGRAPH, (EN, "    indented\n\n\tcode &copy; &#169; `x` ~~gone~~ ![i](j.png)\\")),
            (PARAGRAPH, (EN, "| a | b |\n|---|---|\n| 1 | 2 |")),
            (HEADING, (EN, "closed ##")),
            (ITEM, (EN, "[ ] do\n- nested\n> quoted")),
            (ITEM, (EN, "- 1) <http://a.example> <a@b.example>")),
            (PARAGRAPH, (EN, "Setext\n===\n[ref]: http://a.example 'x'\n***\n+ plus")),
            (PARAGRAPH, (EN, "  spaces around  ")),
        ],
        authors=(Name(original="no"), Name(original="1e3", latin="2025-01-30"), Name(original="- a: b # c")),
        rights="line one\nline two\u2028\x85😀 \\U0001F600",
        section="null",
        tags=("~", "", " x "),
    )


@cache
def documents() -> dict[str, Document]:
    makers = (english, korean, noticed, left, japanese, arabic, nasty)
    return {maker.__name__: maker() for maker in makers}


def files() -> dict[str, bytes]:
    """Name and expected content of each golden file, as the code makes it now."""
    made = {}
    for name, one in documents().items():
        made[f"{name}.md"] = markdown.render(one)
        made[f"{name}.json"] = (json.dumps(record(one), ensure_ascii=False, indent=1) + "\n").encode()
    return made


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, data in files().items():
        (FOLDER / name).write_bytes(data)
