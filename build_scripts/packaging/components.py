"""Everything in the package that others have made: its name, version and licence, from the build's own metadata."""

from __future__ import annotations

import ast
import os
import platform
import re
import ssl
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LICENCES = Path(__file__).resolve().parent / "licences"
_LICENCE_FILE = re.compile(r"^(licen[cs]e|copying|notice|copyright)", re.IGNORECASE)
_ICU = re.compile(r"libicudata\.so\.(\d+)$")
_MICROSOFTS = re.compile(r"(vcruntime|msvcp|concrt|ucrtbase)", re.IGNORECASE)
_MICROSOFT = """\
Python and Qt for Python bring Microsoft's runtime library for C++ along, which may be passed on with programs that
were made with Visual Studio ("Distributable Code"). Its terms: https://visualstudio.microsoft.com/license-terms/
"""
_CLASSIFIER = "License :: OSI Approved :: "


class NoLicenceError(Exception):
    """A part of the package comes without a text of its licence."""


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that others have made.

    Attributes:
        name: As its makers write it.
        version: The one in this package.
        licence: In short, an SPDX expression where its makers give one.
        texts: The licence's texts.
        purl: Where it is from, as package URL.
    """

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    purl: str


def all_components(collected: Iterable[tuple[str, Path]]) -> list[Component]:
    """Return every component of the package, by name.

    Args:
        collected: Name in the package and source of every file that PyInstaller has taken.

    Raises:
        NoLicenceError: One comes without a text of its licence.
    """
    files = list(collected)
    found = [*distributions(), *_runtime(files), *_connector(files)]
    if sys.platform == "linux":
        found += _from_debian(files)
    for component in found:
        if not component.texts:
            raise NoLicenceError(f"{component.name} {component.version} brings no text of its licence")
    return sorted(found, key=lambda each: each.name.lower())


def read_collected(toc: Path) -> list[tuple[str, Path]]:
    """Return name in the package and source of every file, as PyInstaller has noted them (`COLLECT-00.toc`)."""
    entries = ast.literal_eval(toc.read_text(encoding="utf-8"))[0]
    return [(name, Path(source)) for name, source, kind in entries if kind != "SYMLINK"]


def distributions(root: str = "tunneldesk") -> Iterator[Component]:
    """Yield the Python packages that ours needs here, directly or not."""
    from packaging.requirements import Requirement

    waiting, seen = [root], set[str]()
    while waiting:
        name = waiting.pop()
        distribution = metadata.distribution(name)
        for line in distribution.requires or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                key = requirement.name.lower().replace("_", "-")
                if key not in seen:
                    seen.add(key)
                    waiting.append(key)
        if name != root:
            yield of_distribution(distribution)


def of_distribution(distribution: metadata.Distribution) -> Component:
    """Return a Python package as a component."""
    about = distribution.metadata
    classifiers = [
        each.removeprefix(_CLASSIFIER) for each in about.get_all("Classifier", []) if _CLASSIFIER in each
    ]
    named = (about[field] for field in ("License-Expression", "License") if field in about)
    short = next(filter(None, named), None) or ", ".join(classifiers) or "see its text"
    name, version = about["Name"], distribution.version
    texts = [
        file.read_text(encoding="utf-8")
        for file in distribution.files or ()
        if ".dist-info" in file.parts[0] and _LICENCE_FILE.match(file.name)
    ]
    if not texts and "LGPL-3.0" in short:  # Qt for Python: the texts, which its wheels lack
        texts = [_text("LGPL-3.0"), _text("GPL-3.0")]
        short = "LGPL-3.0-only"
    key = re.sub(r"[-_.]+", "-", name).lower()
    return Component(name, version, short.partition("\n")[0], tuple(texts), f"pkg:pypi/{key}@{version}")


def _runtime(collected: Iterable[tuple[str, Path]]) -> Iterator[Component]:
    """Yield what is no Python package: Python, Qt, ICU, and PyInstaller's part that starts it all."""
    version = platform.python_version()
    yield Component("Python", version, "PSF-2.0", (_pythons_licence(),), f"pkg:generic/python@{version}")
    qt = metadata.version("PySide6-Essentials")
    texts = (_text("LGPL-3.0"), _text("GPL-3.0"))
    yield Component("Qt", qt, "LGPL-3.0-only", texts, f"pkg:generic/qt@{qt}")
    yield from _openssl(collected)
    for name, _source in collected:
        if icu := _ICU.search(name):
            yield Component("ICU", icu[1], "Unicode-3.0", (_text("Unicode-3.0"),), f"pkg:generic/icu@{icu[1]}")
    if any(_MICROSOFTS.match(Path(name).name) for name, _source in collected):
        yield Component(
            "Microsoft Visual C++ runtime", "14", "redistributable", (_MICROSOFT,), "pkg:generic/vcruntime@14"
        )
    starter = of_distribution(metadata.distribution("pyinstaller"))
    yield Component(
        "PyInstaller bootloader",
        starter.version,
        "GPL-2.0-or-later WITH Bootloader-exception",
        starter.texts,
        starter.purl,
    )


def _openssl(collected: Iterable[tuple[str, Path]]) -> Iterator[Component]:
    """Yield OpenSSL as often as it is in there: in cryptography, and Python's own where the system has none."""
    names = {Path(name).name for name, _source in collected}
    found = set()
    if any(name.startswith("_rust.") for name in names):
        from cryptography.hazmat.backends.openssl.backend import backend

        found.add(backend.openssl_version_text().split()[1])
    if any(name.startswith("libcrypto") for name in names):
        found.add(ssl.OPENSSL_VERSION.split()[1])
    for version in sorted(found):
        yield Component("OpenSSL", version, "Apache-2.0", (_text("Apache-2.0"),), f"pkg:generic/openssl@{version}")


def _pythons_licence() -> str:
    """Return Python's licence, which lies beside its library or its program; Debian's packages put it elsewhere."""
    for place in (Path(os.__file__).with_name("LICENSE.txt"), Path(sys.base_prefix, "LICENSE.txt")):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    part = metadata.distribution("typing_extensions")  # of Python, under Python's licence
    return of_distribution(part).texts[0]


def _connector(collected: Iterable[tuple[str, Path]]) -> Iterator[Component]:
    """Yield cloudflared, where it was there to be packed."""
    from tunneldesk.connector.release import Release

    if any(Path(name).stem == "cloudflared" for name, _source in collected):
        version = Release.shipped().version
        purl = f"pkg:github/cloudflare/cloudflared@{version}"
        yield Component("cloudflared", version, "Apache-2.0", (_text("Apache-2.0"),), purl)


def _from_debian(collected: Iterable[tuple[str, Path]]) -> Iterator[Component]:
    """Yield the packages of Debian that shared libraries were taken from."""
    packages = set()
    system = platform.freedesktop_os_release()["ID"]  # "debian", "ubuntu"
    ours = (Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve())
    for _name, source in collected:
        # What Python itself was built with lies in /usr/local or another prefix of its own.
        if ".so" in source.name and not any(source.resolve().is_relative_to(each) for each in ours):
            packages.add(_debian_package(source))
    for package in sorted(filter(None, packages)):
        version = _said("dpkg-query", "--show", "--showformat", "${Version}", package).strip()
        name = package.partition(":")[0]
        notice = Path("/usr/share/doc", name, "copyright")
        texts = (notice.read_text(encoding="utf-8", errors="replace"),) if notice.exists() else ()
        yield Component(name, version, "see its text", texts, f"pkg:deb/{system}/{name}@{version}")


def _debian_package(file: Path) -> str:
    for path in {file, file.resolve(), Path("/", *file.resolve().parts[2:])}:  # /usr/lib is /lib to dpkg, at times
        try:
            return _said("dpkg", "--search", str(path)).partition(": ")[0].partition(",")[0]
        except (OSError, subprocess.CalledProcessError):
            continue
    return ""


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _text(name: str) -> str:
    return (LICENCES / f"{name}.txt").read_text(encoding="utf-8")
