"""Installing models from a server, a file or a folder: whole, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zstandard

from ingest.article import Lang
from ingest.errors import FetchError, ModelError
from tests.translate.loopback import PlainDownload, Shelf, serving
from tests.translate.packages import Recipe, archive, build
from tests.translate.test_engine_argos import TEXT
from tests.translate.test_engine_firefox import real_model
from tests.translate.test_models import english
from translate import pins
from translate.catalog import RemoteFile, RemoteModel, argos_index, best_into_english, firefox_records
from translate.install import Shop, Sources, find, import_path, install, mirror, pin_key, remove, verify
from translate.models import Installed, Settings
from translate.registry import InstalledModel, Places, scan
from translate.unpack import Caps, unpack_file, unpack_zip

KO = Lang("ko")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving() as shelf:
        yield shelf


@pytest.fixture
def shop(shelf: Shelf, tmp_path: Path) -> Shop:
    places = Places(folder=tmp_path / "models", argos=tmp_path / "models" / "argos")
    return Shop(places=places, download=PlainDownload(), sources=mirror(shelf.url))


@pytest.fixture(scope="module")
def korean(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    made = tmp_path_factory.mktemp("korean")
    return archive(build(made, TEXT), made / "ko.argosmodel").read_bytes()


def put_argos(shelf: Shelf, body: bytes, **more: str) -> None:
    entry = {"type": "translate", "from_code": "ko", "to_code": "en", "package_version": "1.9", **more}
    shelf.files["/index.json"] = json.dumps([{**entry, "links": ["/ko.argosmodel", "ipfs://Qm"]}]).encode()
    shelf.files["/records.json"] = b'{"data": []}'
    shelf.files["/ko.argosmodel"] = body


def put_firefox(shelf: Shelf, folder: Path, version: str = "3.0", pair: tuple[str, str] = ("pt", "en")) -> None:
    records = []
    for path in (*folder.glob("model.*"), *folder.glob("vocab.*"), *folder.glob("lex.*")):
        packed = zstandard.compress(path.read_bytes(), 1)
        shelf.files[f"/main/{path.name}.zst"] = packed
        records.append(
            {
                "name": path.name,
                "sourceLanguage": pair[0],
                "targetLanguage": pair[1],
                "version": version,
                "architecture": "tiny",
                "fileType": path.name.partition(".")[0],
                "decompressedSize": path.stat().st_size,
                "decompressedHash": hashlib.sha256(path.read_bytes()).hexdigest(),
                "attachment": {
                    "filename": f"{path.name}.zst",
                    "location": f"main/{path.name}.zst",
                    "size": len(packed),
                    "hash": hashlib.sha256(packed).hexdigest(),
                },
            }
        )
    shelf.files["/records.json"] = json.dumps({"data": records}).encode()
    shelf.files.setdefault("/index.json", b"[]")


def there(shop: Shop) -> list[InstalledModel]:
    return [each for each in scan(shop.places) if isinstance(each, InstalledModel)]


def test_an_argos_package_is_installed_and_translates(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    put_argos(shelf, korean)
    model = install(find(KO, shop), shop)
    assert (model.engine, model.name, model.version) == ("argos", "ko-en", "1.9")
    installed = Installed(shop.places.folder, settings=Settings(device="cpu", workers=1))
    best = installed.best(KO)
    assert best is not None
    assert english(best, TEXT) == list(TEXT)
    installed.close()


def test_a_firefox_model_is_installed_and_translates(shelf: Shelf, shop: Shop) -> None:
    put_firefox(shelf, real_model())
    model = install(find(Lang("pt-br"), shop), shop)
    assert (model.engine, model.name, model.version) == ("firefox", "pt-en", "3.0")
    installed = Installed(shop.places.folder, settings=Settings(workers=1))
    best = installed.best(Lang("pt"))
    assert best is not None
    assert best.model.digest == model.digest()
    assert english(best, ["O porto abre amanhã."]) == ["The port opens tomorrow."]
    installed.close()


def test_the_better_engine_by_scores_is_installed_unless_one_is_named(
    shelf: Shelf, shop: Shop, korean: bytes
) -> None:
    put_argos(shelf, korean)
    put_firefox(shelf, real_model(), pair=("ko", "en"))
    assert find(KO, shop).engine == "firefox"
    assert find(KO, shop, "argos").engine == "argos"


def test_what_is_installed_is_not_downloaded_again(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    put_argos(shelf, korean)
    first = install(find(KO, shop), shop)
    shelf.asked.clear()
    assert install(find(KO, shop), shop).folder == first.folder
    assert "/ko.argosmodel" not in {path for path, _ in shelf.asked}


def test_nothing_is_left_beside_what_was_installed(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    put_argos(shelf, korean)
    install(find(KO, shop), shop)
    assert sorted(path.name for path in shop.places.folder.iterdir()) == [".incoming", "argos", pins.NAME]
    assert list((shop.places.folder / ".incoming").iterdir()) == []
    assert [path.name for path in shop.places.argos.iterdir()] == ["translate-ko_en-1_9"]


def test_an_interrupted_download_goes_on_in_the_next_run(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    put_argos(shelf, korean)
    shelf.cut["/ko.argosmodel"] = 10_000
    stopped = replace(shop, progress=_stop_after(20_000))
    with pytest.raises(KeyboardInterrupt):
        install(find(KO, shop), stopped)
    assert there(shop) == []
    shelf.cut.clear()
    shelf.asked.clear()
    install(find(KO, shop), shop)
    assert next(start for path, start in shelf.asked if path == "/ko.argosmodel") >= 10_000


def _stop_after(count: int) -> Callable[[str, int, int | None], None]:
    def stop(_name: str, done: int, _total: int | None) -> None:
        if done >= count:
            raise KeyboardInterrupt

    return stop


def test_a_language_that_nobody_offers_is_an_error_with_the_way_out(shelf: Shelf, shop: Shop) -> None:
    shelf.files |= {"/index.json": b"[]", "/records.json": b'{"data": []}'}
    with pytest.raises(ModelError, match="models import FILE"):
        find(KO, shop)


@pytest.mark.parametrize(("path", "body"), [("/index.json", b"<html>"), ("/index.json", b"{}"), ("/index.json", b"")])
def test_a_list_that_is_none_is_an_error_of_ours(shelf: Shelf, shop: Shop, path: str, body: bytes) -> None:
    shelf.files |= {"/records.json": b'{"data": []}', path: body}
    with pytest.raises(ModelError, match=r"index\.json"):
        find(KO, shop)


def test_a_server_that_is_not_there_is_a_fetch_error(shop: Shop) -> None:
    with pytest.raises(FetchError):
        find(KO, shop)


def test_a_corrupted_file_installs_nothing(shelf: Shelf, shop: Shop) -> None:
    put_firefox(shelf, real_model())
    path = next(path for path in shelf.files if path.startswith("/main/vocab"))
    shelf.files[path] = shelf.files[path][:-4] + b"\0\0\0\0"
    with pytest.raises(ModelError, match="not the file that was published"):
        install(find(Lang("pt"), shop), shop)
    assert there(shop) == []


def test_a_file_that_unpacks_to_more_than_its_record_says_installs_nothing(shelf: Shelf, shop: Shop) -> None:
    put_firefox(shelf, real_model())
    records = json.loads(shelf.files["/records.json"])
    bomb = zstandard.compress(b"\0" * 300_000_000, 1)
    for record in records["data"]:
        if record["fileType"] == "vocab":
            shelf.files["/main/bomb"] = bomb
            record["attachment"] |= {"location": "main/bomb", "size": len(bomb)}
            record["attachment"]["hash"] = hashlib.sha256(bomb).hexdigest()
    shelf.files["/records.json"] = json.dumps(records).encode()
    with pytest.raises(ModelError, match="larger"):
        install(find(Lang("pt"), shop), shop)
    assert there(shop) == []


def test_a_package_without_its_model_installs_nothing(
    shelf: Shelf, shop: Shop, korean: bytes, tmp_path: Path
) -> None:
    put_argos(shelf, _zip({"half/metadata.json": b'{"from_code": "ko", "to_code": "en"}'}))
    with pytest.raises(ModelError, match=r"no model/model\.bin"):
        install(find(KO, shop), shop)
    assert there(shop) == []
    put_argos(shelf, korean)
    assert install(find(KO, shop), shop).name == "ko-en"


def test_an_unpinned_download_is_pinned_and_may_not_change_later(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    put_argos(shelf, korean)
    remove(install(find(KO, shop), shop), shop.places)
    put_argos(shelf, korean + b"x")
    with pytest.raises(ModelError, match="not the file that was published"):
        install(find(KO, shop), shop)
    assert there(shop) == []


def test_a_changed_file_of_an_installed_model_is_noticed(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    put_argos(shelf, korean)
    model = install(find(KO, shop), shop)
    assert verify(model, shop.places) is None
    with (model.folder / "model" / "model.bin").open("ab") as file:
        file.write(b"x")
    assert "not those installed" in str(verify(there(shop)[0], shop.places))


def test_a_removed_model_is_gone_and_its_pin_too(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    put_argos(shelf, korean)
    model = install(find(KO, shop), shop)
    remove(model, shop.places)
    assert there(shop) == []
    assert pin_key(model) not in pins.load(shop.places.folder).models


def test_a_bundled_model_is_not_ours_to_remove(shop: Shop) -> None:
    bundle = Places(folder=shop.places.folder, argos=shop.places.argos, bundled=(real_model().parent,))
    model = next(each for each in scan(bundle) if isinstance(each, InstalledModel))
    with pytest.raises(ModelError, match="Python package"):
        remove(model, shop.places)
    assert model.folder.exists()


def test_a_newer_model_takes_the_place_of_the_older(shelf: Shelf, shop: Shop) -> None:
    put_firefox(shelf, real_model(), version="2.0")
    install(find(Lang("pt"), shop), shop)
    put_firefox(shelf, real_model(), version="3.0")
    install(find(Lang("pt"), shop), shop)
    assert [each.version for each in there(shop)] == ["3.0"]


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_an_argos_package_is_imported(shop: Shop, tmp_path: Path, form: str) -> None:
    folder = build(tmp_path / "made", TEXT)
    path = folder if form == "folder" else archive(folder, tmp_path / "ko.argosmodel")
    assert import_path(path, shop.places).name == "ko-en"
    assert folder.exists()
    assert len(there(shop)) == 1


@pytest.mark.parametrize("form", ["folder", "archive"])
def test_a_firefox_model_is_imported(shop: Shop, tmp_path: Path, form: str) -> None:
    folder = Path(shutil.copytree(real_model(), tmp_path / "made" / "pten"))
    path = folder if form == "folder" else archive(folder, tmp_path / "pt.zip")
    assert (import_path(path, shop.places).name, len(there(shop))) == ("pt-en", 1)


def test_what_is_no_model_is_not_imported(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("no model", "utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("note.txt", "empty", "nowhere"):
        with pytest.raises(ModelError):
            import_path(tmp_path / name, shop.places)
    assert there(shop) == []


def _zip(files: dict[str, bytes], *, link: str | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, body in files.items():
            out.writestr(name, body)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            out.writestr(info, "/etc/passwd")
    return made.getvalue()


@pytest.mark.parametrize(
    ("files", "link"),
    [
        ({"../evil.txt": b"x", "a/b": b"x"}, None),
        ({"/tmp/evil.txt": b"x"}, None),
        ({"a/../../evil.txt": b"x"}, None),
        ({"a\\..\\evil.txt": b"x", "a/b": b"x"}, None),
        ({"c:/evil.txt": b"x"}, None),
        ({"a/b": b"x"}, "a/link"),
        ({"a/b": b"x", "b/c": b"x"}, None),
        ({"b": b"x"}, None),
        ({"a/" * 20 + "b": b"x"}, None),
        ({f"a/{number}": b"" for number in range(30)}, None),
        ({"a/zeros": b"\0" * 3_000_000}, None),
        ({}, None),
    ],
)
def test_an_archive_of_something_else_writes_nothing_outside(
    tmp_path: Path, files: dict[str, bytes], link: str | None
) -> None:
    path = tmp_path / "evil.zip"
    path.write_bytes(_zip(files, link=link))
    inside = tmp_path / "deep" / "inside"
    inside.mkdir(parents=True)
    with pytest.raises(ModelError):
        unpack_zip(path, inside, Caps(bytes=1_000_000, files=20))
    outside = {each.name for each in tmp_path.rglob("*") if inside not in each.parents}
    assert outside == {"evil.zip", "deep", "inside"}


@pytest.mark.parametrize("cut", [0, 10, 1000])
def test_a_damaged_archive_is_an_error_of_ours(tmp_path: Path, korean: bytes, cut: int) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(korean[:cut] + korean[cut + 500 :] if cut else korean[:5000])
    with pytest.raises(ModelError):
        unpack_zip(path, tmp_path / "out")


@pytest.mark.parametrize("packing", ["zst", "gz"])
def test_a_damaged_packed_file_is_an_error_of_ours(tmp_path: Path, packing: str) -> None:
    (tmp_path / "packed").write_bytes(b"rubbish")
    with pytest.raises(ModelError):
        unpack_file(tmp_path / "packed", tmp_path / "out", packing, 10_000)


def test_a_file_larger_than_its_cap_is_refused(tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(gzip.compress(b"\0" * 5_000_000))
    with pytest.raises(ModelError, match="larger"):
        unpack_file(tmp_path / "packed", tmp_path / "out", "gz", 1_000_000)


def record(**changes: Any) -> dict[str, Any]:
    return {
        "name": "model.koen.bin",
        "sourceLanguage": "ko",
        "targetLanguage": "en",
        "version": "3.0",
        "architecture": "tiny",
        "attachment": {"location": "m", "filename": "model.koen.bin.zst", "size": 1, "hash": "aa"},
        **changes,
    }


def collection(*records: dict[str, Any]) -> bytes:
    vocabularies = [{**each, "name": each["name"].replace("model.", "vocab.")} for each in records]
    return json.dumps({"data": [*records, *vocabularies]}).encode()


def test_the_newest_version_then_the_best_size_is_chosen() -> None:
    body = collection(
        record(version="1.0", architecture="base-memory"),
        record(version="3.0", architecture="tiny"),
        record(version="3.0", architecture="base-memory"),
        record(version="2.1", architecture="base"),
    )
    best = best_into_english(firefox_records(body, "x"), [KO])
    assert best is not None
    assert (best.version, best.architecture) == ("3.0", "base-memory")


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "3.1a1"},
        {"version": "9.0"},
        {"filter_expression": "env.channel == 'nightly'"},
        {"name": "../model.koen.bin"},
        {"attachment": {}},
        {"sourceLanguage": "en", "targetLanguage": "ko"},
    ],
)
def test_records_that_are_not_for_us_are_left_out(changes: dict[str, Any]) -> None:
    assert best_into_english(firefox_records(collection(record(**changes)), "x"), [KO]) is None


def test_records_of_the_older_schema_are_read() -> None:
    old = record(fromLang="ko", toLang="en", version="1.0")
    del old["sourceLanguage"], old["targetLanguage"], old["architecture"]
    old["attachment"]["filename"] = old["name"]
    best = best_into_english(firefox_records(collection(old), "x"), [KO])
    assert best is not None
    assert best.files[0].packing == ""


def test_an_argos_index_maps_its_own_codes_and_leaves_other_packages_out() -> None:
    entries = [
        {
            "from_code": "zt",
            "to_code": "en",
            "package_version": "1.9",
            "links": ["https://example.org/zt.argosmodel"],
        },
        {"from_code": "../x", "to_code": "en", "links": ["file:///etc/passwd", "ipfs://Qm"]},
        {"type": "sbd", "from_codes": ["ko"]},
    ]
    models = argos_index(json.dumps(entries).encode(), "https://example.org/index.json")
    assert [(each.source, each.files[0].name, len(each.files[0].urls)) for each in models] == [
        ("zh-hant", "translate-zh-hant_en.argosmodel", 1),
        ("und", "translate-und_en.argosmodel", 0),
    ]


def test_a_model_may_come_from_somewhere_else_than_the_two_lists(shelf: Shelf, shop: Shop, korean: bytes) -> None:
    shelf.files["/x.argosmodel"] = korean
    file = RemoteFile(name="x.argosmodel", urls=(f"{shelf.url}/x.argosmodel",), packing="zip")
    model = RemoteModel(engine="argos", source=KO, target=Lang("en"), version="1.9", files=(file,))
    assert install(model, replace(shop, sources=Sources(argos=None, firefox=None))).name == "ko-en"


def test_two_steps_of_an_imported_pair_stand_side_by_side(shop: Shop, tmp_path: Path) -> None:
    for source, target in (("ko", "ja"), ("ja", "en")):
        import_path(build(tmp_path, TEXT, Recipe(source=source, target=target)), shop.places)
    assert [each.name for each in there(shop)] == ["ja-en", "ko-ja"]


def test_a_model_folder_that_cannot_be_written_is_an_error_of_ours(shop: Shop, tmp_path: Path, korean: bytes) -> None:
    blocked = replace(shop.places, folder=tmp_path / "file", argos=tmp_path / "file" / "argos")
    blocked.folder.write_text("in the way", "utf-8")
    archive = tmp_path / "ko.argosmodel"
    archive.write_bytes(korean)
    with pytest.raises(ModelError, match="File exists") as caught:
        import_path(archive, blocked)
    assert "--models" in str(caught.value.hint)


def test_a_list_that_cannot_be_read_is_named_with_the_ways_around_it(shelf: Shelf, shop: Shop) -> None:
    with pytest.raises(FetchError, match="the list of firefox models cannot be read") as caught:
        find(Lang("ko"), shop)
    assert "models import FILE" in str(caught.value.hint)
    assert not list(shop.places.folder.glob("*"))
