"""The small decisions of packaging: what stays of Qt and ICU, what a package depends on, what is told of others."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from build_scripts.packaging import (
    command_line,
    completions,
    components,
    icu,
    linux,
    manual,
    notices,
    sbom,
    targets,
    trim,
)
from build_scripts.packaging import system_libraries as libraries
from build_scripts.packaging.components import Component
from tunneldesk.connector.release import Release

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = struct.pack("<HH", 32, 0x27DA) + b"\x14\0\0\0\0\0\x02\0" + b"CmnD" + bytes(16)
PARTS = [
    Component("Alpha", "1.0", "MIT", ("The text of MIT",), "pkg:pypi/alpha@1.0"),
    Component("beta", "2.0", "MIT", ("The text of MIT\n",), "pkg:pypi/beta@2.0"),
]


def test_icus_data_is_the_same_after_a_round_and_in_order() -> None:
    items = {"icudt73l/root.res": b"root", "icudt73l/coll/de.res": b"sorting" * 5, "icudt73l/a.cnv": b""}
    header, unpacked = icu.unpack(icu.pack(HEADER, items))
    assert header == HEADER
    assert list(unpacked) == sorted(items)
    assert {name: content.rstrip(b"\0") for name, content in unpacked.items()} == items


@pytest.mark.parametrize("data", [bytes(64), HEADER.replace(b"CmnD", b"ResB")])
def test_what_is_not_icus_data_is_left_alone(data: bytes) -> None:
    with pytest.raises(icu.NotIcuDataError):
        icu.unpack(data)


@pytest.mark.parametrize(
    ("item", "kept"),
    [
        ("icudt73l/root.res", True),
        ("icudt73l/coll/de.res", True),
        ("icudt73l/nfc.nrm", True),
        ("icudt73l/timezoneTypes.res", True),
        ("icudt73l/de.res", False),
        ("icudt73l/zh_Hant.res", False),
        ("icudt73l/curr/de.res", False),
        ("icudt73l/translit/root.res", False),
        ("icudt73l/ibm-1047.cnv", False),
    ],
)
def test_names_of_languages_and_old_character_sets_go_sorting_stays(item: str, kept: bool) -> None:
    assert icu.is_kept(item) is kept


def test_only_chosen_plugins_stay_and_what_they_are_linked_against() -> None:
    links = {"xcb": ["libxcb-util.so.1", "libQt6Gui.so.6"], "gtk": ["libgtk-3.so.0"]}

    def linked(file: str) -> Iterable[str]:
        return links.get(file, ())

    entries = [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "xcb", "BINARY"),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", "gtk", "BINARY"),
        ("libxcb-util.so.1", "util", "BINARY"),
        ("libQt6Gui.so.6", "gui", "BINARY"),
        ("libgtk-3.so.0", "gtk3", "BINARY"),
        ("libc.so.6", "c", "BINARY"),
        ("PySide6/QtGui.abi3.so", "binding", "EXTENSION"),
    ]
    kept = [name for name, _, _ in trim.chosen_binaries(entries, linked, python="", system=["libc.so.6"])]
    assert kept == [entries[0][0], "libxcb-util.so.1", "libQt6Gui.so.6", "PySide6/QtGui.abi3.so"]


def test_our_code_imports_the_modules_of_qt_that_are_meant_and_no_others() -> None:
    package = Path(targets.__file__).parents[2] / "tunneldesk"
    text = "\n".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    assert set(re.findall(r"^\s*(?:from|import) PySide6\.(\w+)", text, re.MULTILINE)) == trim.QT_MODULES


@pytest.mark.parametrize(
    ("python", "file"),
    [
        ("Python", "Python.framework/Versions/3.11/Python"),
        ("libpython3.11.so.1.0", "libpython3.11.so.1.0"),
        ("python311.dll", "python311.dll"),
    ],
)
def test_pythons_own_library_stays_where_nothing_is_linked_against_it(python: str, file: str) -> None:
    entries = [(file, "python", "BINARY"), ("libother.dylib", "other", "BINARY")]
    kept = trim.chosen_binaries(entries, lambda _: (), python=python)
    assert kept == entries[:1]
    info = ("Python.framework/Versions/3.11/Resources/Info.plist", "info", "DATA")
    assert trim.chosen_data([info], entries, kept, languages=[]) == [info]


def test_windows_finds_a_library_whatever_the_case_of_its_name() -> None:
    entries = [("PySide6/QtCore.pyd", "core", "EXTENSION"), ("msvcp140.dll", "msvc", "BINARY")]
    links = {"core": ["MSVCP140.dll", "KERNEL32.dll"]}
    assert trim.chosen_binaries(entries, lambda file: links.get(file, ()), python="") == entries


def test_qts_own_texts_stay_in_the_languages_that_our_windows_speak() -> None:
    folder = "PySide6/Qt/translations"
    entries = [(f"{folder}/{name}.qm", name, "DATA") for name in ("qtbase_de", "qtbase_fr", "designer_de", "qt_de")]
    kept = trim.chosen_data(entries, [], [], languages=["de"])
    assert [source for _, source, _ in kept] == ["qtbase_de"]


def test_a_package_depends_on_what_its_libraries_ask_for() -> None:
    assert libraries.dependencies(["libc.so.6", "libm.so.6", "libxcb.so.1"], glibc="2.34") == [
        "libc6 (>= 2.34)",
        "libxcb1",
    ]
    with pytest.raises(libraries.UnknownLibraryError, match=r"libstrange\.so\.1"):
        libraries.dependencies(["libstrange.so.1"], glibc="2.34")


def test_a_licence_that_several_have_is_told_once_and_for_whom() -> None:
    text = notices.text(PARTS)
    assert text.count("The text of MIT") == 1
    assert "\nAlpha, beta\n" in text
    assert "Alpha  1.0" in text


def test_the_bill_of_materials_has_every_part_and_depends_on_it() -> None:
    bill = sbom.document(PARTS, version="1.2.3", platform="linux-x86_64", at="2026-11-24T00:00:00Z")
    assert [each["name"] for each in bill["components"]] == ["Alpha", "beta"]
    (depends,) = bill["dependencies"]
    assert depends["dependsOn"] == ["pkg:pypi/alpha@1.0", "pkg:pypi/beta@2.0"]


def test_a_part_without_its_licence_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = Component("bare", "1", "?", (), "pkg:pypi/bare@1")
    monkeypatch.setattr(components, "distributions", lambda: [bare])
    monkeypatch.setattr(components, "_runtime", lambda _files: [])
    with pytest.raises(components.NoLicenceError, match="bare 1"):
        components.all_components([])


def test_manual_and_completions_know_every_command_and_switch() -> None:
    line = command_line.read()
    names = {command.name for command in line.commands}
    assert {"expose", "list", "stop", "doctor", "install-cloudflared"} <= names
    page = manual.page(line, version="1.2.3", date="2026-11-24").replace("\\-", "-")
    for made in (page, completions.bash(line), completions.zsh(line), completions.fish(line)):
        assert all(name in made for name in names)
        assert "connector" in made


def test_the_apps_own_scheme_is_told_to_macos_and_it_has_no_place_in_the_dock() -> None:
    plist = targets.info_plist("1.2.3")
    assert plist["LSUIElement"] is True
    assert plist["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["tunneldesk"]
    assert plist["CFBundleShortVersionString"] == "1.2.3"


def test_who_made_a_package_is_taken_from_what_is_known_and_no_address_is_made_up(tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nauthors = [{ name = "Somebody" }]\n', encoding="utf-8")
    assert targets.maintainer(tmp_path, {"DEBEMAIL": "me@example.org"}) == "Somebody <me@example.org>"
    assert targets.maintainer(tmp_path, {}).endswith(".invalid>")
    project.write_text('[project]\nauthors = [{ name = "Somebody", email = "us@example.org" }]\n', encoding="utf-8")
    assert targets.maintainer(tmp_path, {"DEBEMAIL": "me@example.org"}) == "Somebody <us@example.org>"


def test_a_build_that_is_published_names_the_page_of_who_publishes_it() -> None:
    page = targets.homepage({"GITHUB_REPOSITORY": "acme/tunneldesk"})
    assert page == "https://github.com/acme/tunneldesk"
    assert targets.homepage({}) is None
    facts = linux.Facts("1.2.3", "2026-11-24", "x86_64", page)
    assert f'<url type="homepage">{page}</url>' in linux.metainfo(facts)
    assert f'<url type="bugtracker">{page}/issues</url>' in linux.metainfo(facts)


def test_what_is_hidden_in_other_parts_is_named_too() -> None:
    files = [("cryptography/hazmat/bindings/_rust.abi3.so", Path("x")), ("VCRUNTIME140.dll", Path("y"))]
    found = {each.name: each for each in components._runtime(files)}
    assert "Apache License" in found["OpenSSL"].texts[0]
    assert found["OpenSSL"].version[0].isdigit()
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in found["Python"].texts[0].upper()
    assert found["Microsoft Visual C++ runtime"].texts[0]
    assert "OpenSSL" not in {each.name for each in components._runtime([])}


@pytest.mark.parametrize("name", ["cloudflared", "cloudflared.exe"])
def test_cloudflared_is_named_with_its_licence_where_it_is_packed(name: str) -> None:
    (found,) = components._connector([(name, Path("x"))])
    assert found.version == Release.shipped().version
    assert "Apache License" in found.texts[0]
    assert list(components._connector([("libcloud.so", Path("x"))])) == []
