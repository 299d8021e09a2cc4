"""Installing models from a server, a file or a folder: whole, or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from ingest.article import Lang
from ingest.errors import FetchError, ModelError
from tests.translate.loopback import PlainDownload, Shelf, serving
from tests.translate.packages import Recipe, archive, build, zipped
from tests.translate.test_engine_argos import TEXT
from tests.translate.test_engine_firefox import real_model
from tests.translate.test_models import english
from translate import pins
from translate.catalog import RemoteFile, RemoteModel
from translate.install import Shop, Sources, find, import_path, install, mirror, pin_key, remove, verify
from translate.models import Installed, Settings
from translate.registry import InstalledModel, Places, scan

KO = Lang("ko")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving() as shelf:
        yield shelf


@pytest.fixture
def shop(shelf: Shelf, tmp_path: Path) -> Shop:
    places = Places(folder=tmp_path / "models", argos=tmp_path / "models" / "argos")
    return Shop(places=places, download=PlainDownload(), sources=mirror(shelf.url))


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
    put_argos(shelf, zipped({"half/metadata.json": b'{"from_code": "ko", "to_code": "en"}'}))
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
