"""Bytes are read as the text their author wrote, whatever the page says about itself."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import charsets, repair
from ingest.article import Edit, Provenance, RawPage
from ingest.decode import MAX_BYTES, decode
from ingest.errors import InputError

ALPHABETS = tomllib.loads(resources.files("ingest").joinpath("alphabets.toml").read_text("utf-8"))
SAMPLES = {
    "ko": "시 의회는 목요일에 새 교통 조례를 통과시켰다. "
    "시민들은 다음 달부터 버스 요금이 내려갈 것으로 기대하고 있다.",
    "ja": "市議会は木曜日、新しい交通条例を可決した。"
    "住民は来月からバスの料金が下がると期待している。カタカナの店も多い。",
    "zh": "市议会星期四通过了新的交通条例。市民期待下个月起公共汽车票价下降。记者从会议上获悉了这一消息。",
    "zh-tw": "市議會星期四通過了新的交通條例。市民期待下個月起公車票價下降。記者從會議上獲悉了這項消息。",
    "ru": "Городской совет принял в четверг новые правила движения. "
    "Жители надеются, что проезд на автобусах подешевеет.",
    "de": "Der Stadtrat hat am Donnerstag neue Regeln für den Verkehr beschlossen. "
    "Die Bürger hoffen, dass Fahrten günstiger werden und die Züge früher fahren.",
    "fr": "Le conseil municipal a adopté jeudi de nouvelles règles. Les habitants espèrent que les tarifs baisseront"
    " dès l'été, a déclaré la mairie à la presse.",
    "pl": "Rada miasta przyjęła w czwartek nowe przepisy. "
    "Mieszkańcy mają nadzieję, że ceny biletów spadną już wkrótce.",
    "tr": "Belediye meclisi perşembe günü yeni kuralları kabul etti. Şehirliler ücretlerin "
    "yakında düşeceğini umuyor.",
    "ar": "أقر مجلس المدينة يوم الخميس قواعد مرور جديدة. يأمل السكان أن تنخفض أسعار الحافلات في الشهر المقبل.",
    "el": "Το δημοτικό συμβούλιο ενέκρινε την Πέμπτη νέους κανόνες. Οι κάτοικοι ελπίζουν ότι οι τιμές θα πέσουν.",
    "he": "מועצת העיר אישרה ביום חמישי כללי תנועה חדשים. התושבים מקווים שהמחירים ירדו בחודש הבא.",
    "th": "สภาเมืองผ่านกฎจราจรใหม่เมื่อวันพฤหัสบดี ชาวเมืองหวังว่าค่าโดยสารจะลดลงในเดือนหน้า",
}

CHARSETS = [
    ("ko", "cp949", "euc-kr"),
    ("ja", "cp932", "shift_jis"),
    ("ja", "euc_jp", "euc-jp"),
    ("ja", "iso2022_jp", "iso-2022-jp"),
    ("zh", "gb18030", "gb2312"),
    ("zh", "gbk", "gbk"),
    ("zh-tw", "big5", "big5"),
    ("ru", "cp1251", "windows-1251"),
    ("ru", "koi8_r", "koi8-r"),
    ("de", "cp1252", "iso-8859-1"),
    ("fr", "cp1252", "windows-1252"),
    ("pl", "iso8859_2", "iso-8859-2"),
    ("tr", "cp1254", "iso-8859-9"),
    ("ar", "cp1256", "windows-1256"),
    ("el", "cp1253", "windows-1253"),
    ("he", "cp1255", "windows-1255"),
    ("th", "cp874", "tis-620"),
]


def page(payload: bytes, charset: str | None = None, media_type: str = "text/html") -> RawPage:
    provenance = Provenance(source="test", target_uri=None, retrieved_at="2026-03-01T00:00:00Z", payload_digest="")
    return RawPage(provenance=provenance, payload=payload, media_type=media_type, charset=charset)


def html(text: str, meta: str = "", lang: str = "") -> str:
    language = f' lang="{lang}"' if lang else ""
    return f"<html{language}><head>{meta}<title>{text[:20]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(("lang", "codec", "label"), CHARSETS)
def test_a_legacy_page_is_read_by_the_charset_its_meta_declares(lang: str, codec: str, label: str) -> None:
    source = html(SAMPLES[lang], f'<meta charset="{label}">')
    assert decode(page(source.encode(codec))).text == source


@pytest.mark.parametrize(("lang", "codec", "label"), CHARSETS)
def test_a_legacy_page_is_read_by_the_charset_its_http_header_declares(lang: str, codec: str, label: str) -> None:
    source = html(SAMPLES[lang])
    assert decode(page(source.encode(codec), charset=label)).text == source


@pytest.mark.parametrize(("lang", "codec", "label"), CHARSETS)
def test_a_legacy_page_that_calls_itself_utf_8_is_read_all_the_same(lang: str, codec: str, label: str) -> None:
    source = html(SAMPLES[lang], '<meta charset="utf-8">', lang)
    assert decode(page(source.encode(codec))).text == source


@pytest.mark.parametrize(("lang", "codec", "label"), CHARSETS)
def test_a_legacy_page_without_a_declaration_is_read_by_its_language(lang: str, codec: str, label: str) -> None:
    source = html(SAMPLES[lang], lang=lang)
    assert decode(page(source.encode(codec))).text == source


@pytest.mark.parametrize(("lang", "codec"), [(lang, codec) for lang, codec, _ in CHARSETS])
def test_a_legacy_page_without_declaration_and_language_is_detected(lang: str, codec: str) -> None:
    source = html(SAMPLES[lang])
    assert decode(page(source.encode(codec))).text == source


@pytest.mark.parametrize("lang", SAMPLES)
@pytest.mark.parametrize("lie", ["iso-8859-1", "euc-kr", "gb2312", "shift_jis", "windows-1251"])
def test_valid_utf_8_wins_over_a_wrong_declaration(lang: str, lie: str) -> None:
    source = html(SAMPLES[lang], f'<meta charset="{lie}">')
    decoded = decode(page(source.encode(), charset=lie))
    assert (decoded.text, decoded.charset) == (source, "utf_8")


def test_valid_utf_8_is_never_noise_however_odd_its_letters() -> None:
    text = "Sabah Işığı kapandı\nGazetenin son sayısı çıktı"
    assert decode(page(text.encode(), media_type="text/plain")).text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_with_and_without_a_byte_order_mark(encoding: str) -> None:
    source = html(SAMPLES["ko"], '<meta charset="euc-kr">')
    decoded = decode(page(source.encode(encoding), charset="euc-kr"))
    assert decoded.text == source
    marked = encoding in {"utf-8-sig", "utf-16", "utf-32"}
    assert bool(decoded.edits) is marked


def test_a_byte_order_mark_is_an_edit_of_the_whole_payload() -> None:
    decoded = decode(page(b"\xef\xbb\xbfA line of text.", media_type="text/plain"))
    assert decoded.edits == (Edit(line=0, before="\ufeff", after="", rule="byte-order-mark"),)


def test_a_few_broken_bytes_do_not_change_the_charset_and_are_flagged() -> None:
    payload = (SAMPLES["fr"] + "\n").encode() * 20 + b"caf\xe9 \n"
    decoded = decode(page(payload, media_type="text/plain"))
    assert decoded.charset == "utf_8"
    assert [(flag.name, flag.detail, flag.line) for flag in decoded.flags] == [("encoding-damage", "\ufffd", 21)]


SPARSE = [
    "A letter from the café on the quay. The naïve reader will not believe a word of it. It closes in May. {}",
    "The mayor — who was not asked — left. {} It’s not known where to.",
    "{} O presidente disse que o custo será de dois milhões no fim do ano.",
    "Ten years on, the harbour of 潮見町 has been opened again. {} The first boats came in at dawn.",
    "The café of the Müllers is open.{}",
]
"""UTF-8 with few characters beyond ASCII, and the place of what is broken."""

BROKEN = [b"\xef", b"caf\xe9", b"\xff", b"\x96", b"caf\xc3", b"\xe2\x80"]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("text", SPARSE)
def test_one_broken_byte_among_few_accents_leaves_utf_8_and_is_flagged(text: str, broken: bytes) -> None:
    payload = text.encode().replace(b"{}", broken)
    decoded = decode(page(payload, media_type="text/plain"))
    assert (decoded.text, decoded.charset) == (payload.decode("utf-8", "replace"), "utf_8")
    assert [(flag.name, flag.detail) for flag in decoded.flags] == [("encoding-damage", "\ufffd")]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("meta", ["", '<meta charset="utf-8">', '<meta charset="iso-8859-1">'])
def test_a_page_with_one_broken_byte_among_few_accents_is_utf_8(meta: str, broken: bytes) -> None:
    payload = html(SPARSE[0], meta).encode().replace(b"{}", broken)
    assert decode(page(payload)).text == payload.decode("utf-8", "replace")


def test_one_sound_character_for_each_broken_byte_will_do_where_utf_8_is_declared() -> None:
    payload = "It is a café.".encode() + b" It is a caf\xe9."
    assert decode(page(payload, charset="utf-8")).text == "It is a café. It is a caf\ufffd."
    assert decode(page(payload)).charset != "utf_8"


def test_no_piece_of_a_legacy_text_is_taken_for_damaged_utf_8() -> None:
    pieces = {
        SAMPLES[lang][start : start + length].encode(codec)
        for lang, codec, _ in CHARSETS
        for length in (3, 5, 8, 13, 40)
        for start in range(len(SAMPLES[lang]) - length)
    }
    broken = [piece for piece in pieces if b"\xef\xbf\xbd" in piece.decode("utf-8", "replace").encode()]
    assert len(broken) > 3000
    assert [piece for piece in broken if charsets.is_sparse_utf8(piece, declared=True)] == []


@pytest.mark.parametrize(
    "text", ["“VOLTO AMANHÔ, disse.", "„Das macht Spaß“, sagt er.", "« Le CAFÉ », dit-il.", "Smørrebrød"]
)
def test_a_letter_before_a_quotation_mark_is_no_utf_8(text: str) -> None:
    assert decode(page(text.encode("cp1252"), charset="utf-8", media_type="text/plain")).text == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
def test_turkish_that_calls_itself_latin_1_is_read_as_turkish(label: str) -> None:
    text = "Başkan, yeni yolun bu yıl açılacağını ve köylerin daha çabuk ulaşılır olacağını söyledi."
    for source in (html(text, f'<meta charset="{label}">'), html(SAMPLES["tr"], f'<meta charset="{label}">', "tr")):
        decoded = decode(page(source.encode("cp1254"), charset=label))
        assert (decoded.text, decoded.charset) == (source, "cp1254")


@pytest.mark.parametrize(
    "text",
    [
        # Icelandic and Faroese, where the letters in question are at home, and names from there among other words
        "Bæjarstjórnin samþykkti nýjar reglur um umferð. Íbúar vona að það verði ódýrara að ferðast með strætó.",
        "Býráðið samtykti í gær nýggjar reglur fyri ferðslu. Fólk vónar, at ferðaseðlarnir verða bíligari.",
        "El señor Þórður Guðnason y la señora Ýrr Sigurðardóttir visitaron de nuevo el puerto de la ciudad.",
        "Guðrún Þórðardóttir and Ýmir Sveinsson said that the harbour at Suðureyri would stay shut.",
        "Malý starý mlýn stojí za vsí a nový most je krásný, ale prý je moc úzký.",
        "Die Fähre über den Sund fährt nicht, weil der Sturm größer wird.",
        "A região não tem água desde a manhã e as aulas foram suspensas.",
    ],
)
def test_other_text_declared_as_latin_1_is_not_turkish(text: str) -> None:
    decoded = decode(page(text.encode("cp1252"), charset="iso-8859-1", media_type="text/plain"))
    assert (decoded.text, decoded.charset, decoded.flags) == (text, "cp1252", ())


@pytest.mark.parametrize(("codec", "label"), [("iso8859_2", "iso-8859-2"), ("cp1250", "windows-1250")])
def test_czech_is_read_as_it_is_declared(codec: str, label: str) -> None:
    text = ALPHABETS["cs"]["example"]
    decoded = decode(page(text.encode(codec), charset=label, media_type="text/plain"))
    assert (decoded.text, decoded.charset, decoded.flags) == (text, codec, ())


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(400), "PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8, "JPEG image"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x00" * 5000, "empty"),
        (b"text" + b"\x00" * 500, "NUL"),
        (bytes(range(1, 32)) * 50, "control characters"),
        (b"\x90\xfe\xfd\x80\x81 \xff" * 300, "known charset"),
        (b"a" * (MAX_BYTES + 1), "too large"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode(page(payload))


@pytest.mark.parametrize(
    ("codec", "example"),
    [(codec, entry["example"]) for entry in ALPHABETS.values() for codec in entry["charsets"]],
)
def test_one_sentence_of_latin_letters_tells_its_charset_or_is_flagged(codec: str, example: str) -> None:
    decoded = decode(page(example.encode(codec), media_type="text/plain"))
    assert decoded.text == example or [flag.name for flag in decoded.flags] == ["charset-guessed"]


def test_nearly_every_sentence_of_latin_letters_is_read_right() -> None:
    samples = [(codec, entry["example"]) for entry in ALPHABETS.values() for codec in entry["charsets"]]
    right = [decode(page(text.encode(codec), media_type="text/plain")).text == text for codec, text in samples]
    assert sum(right) >= len(right) - 2


@pytest.mark.parametrize("text", ["Smørrebrød", "Skål", "Españoles"])
def test_where_the_bytes_alone_do_not_decide_they_are_western_and_flagged(text: str) -> None:
    decoded = decode(page(f"{text}\n".encode("cp1252"), media_type="text/plain"))
    assert (decoded.text, decoded.charset) == (f"{text}\n", "cp1252")
    assert [(flag.name, flag.detail) for flag in decoded.flags] == [("charset-guessed", "cp1252")]


def test_a_few_east_asian_characters_without_a_declaration_are_a_guess() -> None:
    decoded = decode(page("길이 없다\n".encode("cp949"), media_type="text/plain"))
    assert [flag.name for flag in decoded.flags] == ["charset-guessed"]


def test_a_declared_charset_is_no_guess() -> None:
    assert decode(page("Smørrebrød\n".encode("cp1252"), charset="iso-8859-1", media_type="text/plain")).flags == ()


@pytest.mark.parametrize(
    "line", ["The U.S.?China talks went on.", "They won 2?1 at home.", "a learning?centered way"]
)
def test_a_sign_lost_between_letters_or_digits_is_flagged(line: str) -> None:
    text, edits, flags = repair.line(line, 1)
    assert (text, edits) == (line, ())
    assert [(flag.name, flag.start) for flag in flags] == [("encoding-damage", line.index("?"))]


def test_a_question_mark_inside_a_word_is_flagged_and_left_alone() -> None:
    line = "The core lies in a reinforcement learning?centered approach."
    decoded = decode(page(f"First.\n{line}\n".encode(), media_type="text/plain"))
    assert decoded.text.split("\n")[1] == line
    (flag,) = decoded.flags
    assert (flag.name, flag.line, flag.start) == ("encoding-damage", 2, line.index("?"))


@pytest.mark.parametrize(
    "line",
    [
        "Why now? Nobody knows.",
        "See https://example.org/watch?v=abc for more.",
        "你好吗?我很好。",
        "갈까?라고 물었다.",
        "Really?Yes.",
        "Was it 2? 1 is more likely.",
        "And then...?No answer came.",
        "Was it the U.S.? China denied it.",
    ],
)
def test_an_ordinary_question_mark_is_no_damage(line: str) -> None:
    assert repair.line(line, 1)[2] == ()


@pytest.mark.parametrize("original", ["Der schöne Bürger sagt „nein“.", "L’été à Orléans", "Город принял правила"])
def test_certain_mojibake_is_repaired_and_the_edit_undoes_it(original: str) -> None:
    wrong = original.encode().decode("latin-1")
    text, edits, flags = repair.line(wrong, 7)
    assert (text, flags) == (original, ())
    assert edits == (Edit(line=7, before=wrong, after=original, rule="mojibake"),)


def test_mojibake_beside_sound_text_is_only_flagged() -> None:
    line = "Der schöne Tag, so der BÃ¼rger â€” „nein“."
    text, edits, flags = repair.line(line, 1)
    assert (text, edits) == (line, ())
    assert {flag.name for flag in flags} == {"mojibake"}


def test_left_over_entities_are_repaired() -> None:
    text, edits, _ = repair.line("Smith &amp; Sons said &quot;no&quot; &#8211; twice", 3)
    assert text == 'Smith & Sons said "no" – twice'
    assert [edit.rule for edit in edits] == ["entities"]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["", "one", "two words", "é"]), max_size=8),
    st.lists(st.sampled_from(["\n", "\r\n", "\r"])),
)
def test_newline_edits_give_the_input_back(lines: list[str], ends: list[str]) -> None:
    given_text = "".join(line + (ends[i] if i < len(ends) else "\n") for i, line in enumerate(lines))
    text, edits = repair.newlines(given_text)
    whole = next((edit.before for edit in edits if edit.line == 0), "\n")
    by_line = {edit.line: edit.before for edit in edits}
    parts = text.split("\n")
    undone = "".join(part + by_line.get(i, whole) for i, part in enumerate(parts[:-1], start=1)) + parts[-1]
    assert undone == given_text


@settings(deadline=None)
@given(st.text(max_size=200))
def test_line_edits_undo_to_the_line(text: str) -> None:
    repaired, edits, _ = repair.line(text, 1)
    for edit in reversed(edits):
        assert edit.after == repaired
        repaired = edit.before
    assert repaired == text


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "utf-7", "utf-16", "euc-kr", "rot13", "x" * 30, "shift_jis"]))
def test_any_bytes_give_clean_text_or_a_reason(payload: bytes, charset: str | None) -> None:
    try:
        text = decode(page(payload, charset=charset)).text
    except InputError:
        return
    text.encode("utf-8")  # raises on a lone surrogate
    assert "\0" not in text
