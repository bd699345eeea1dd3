"""What of PyInstaller's harvest goes into the package: what the program uses, and nothing else of Qt or the system.

PyInstaller takes every plugin of each Qt module, and with them GTK, QML and half a desktop. Here the plugins are
chosen by name, and a shared library stays only when something that stays is linked against it.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Entry = tuple[str, str, str]
    """PyInstaller's: the name in the package, the file it comes from, the kind."""

QT_MODULES = frozenset({"QtCore", "QtDBus", "QtGui", "QtNetwork", "QtWidgets"})
"""The modules of PySide6 that our code may import; a test compares."""

QT_PLUGINS = (
    "iconengines/*qsvgicon*",
    "imageformats/*qico*",
    "imageformats/*qsvg*",
    "platforms/*qcocoa*",
    "platforms/*qoffscreen*",
    "platforms/*qwayland*",
    "platforms/*qwindows*",
    "platforms/*qxcb*",
    "platforminputcontexts/*compose*",
    "platforminputcontexts/*ibus*",
    "platformthemes/*xdgdesktopportal*",
    "styles/*",
    "wayland-decoration-client/*",
    "wayland-shell-integration/*qt-shell*",
    "wayland-shell-integration/*xdg-shell*",
)
"""Plugins that stay. No TLS (httpx has its own), no GTK, no OpenGL integration (the widgets are painted by the
CPU), no pictures but SVG, ICO and Qt's built-in PNG."""

PYTHON_EXCLUDES = (
    # What only the tools of development use, and what libraries would use if it were there.
    *("pygments", "rich", "markdown_it", "mdurl", "click.testing", "httpx._main", "trio", "anyio._backends._trio"),
    *("uvloop", "watchfiles", "websockets", "wsproto", "h2", "socksio", "brotli", "brotlicffi", "zstandard"),
    *("requests", "urllib3", "charset_normalizer", "chardet", "simplejson", "dotenv", "IPython", "PIL", "numpy"),
    *("pytest", "hypothesis", "setuptools", "pkg_resources", "_distutils_hack", "_pytest", "coverage", "mypy"),
    # Parts of Python.
    *("tkinter", "_tkinter", "turtle", "idlelib", "lib2to3", "ensurepip", "venv", "test"),
    *("doctest", "pdb", "pydoc", "pydoc_data", "unittest", "xmlrpc", "curses", "readline", "smtplib", "ftplib"),
    *("antigravity", "_pydecimal", "_pyio", "bdb", "cmd", "sqlite3.dbapi2.test"),
)

_QT_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/(.+)")
_QT_TRANSLATION = re.compile(r"PySide6/(?:Qt/)?translations/(.+)\.qm")
_FRAMEWORK = re.compile(r"([^/]+)\.framework/")
_EXTENSION = re.compile(r"\.(?:abi3|cpython-[^/]*|cp[^/]*|[^/]*-darwin)\.so$|\.pyd$|lib-dynload/")


def chosen_binaries(
    entries: Sequence[Entry],
    links_to: Callable[[str], Iterable[str]],
    *,
    python: str,
    system: Iterable[str] = (),
) -> list[Entry]:
    """Return the binaries that stay.

    Args:
        entries: All that PyInstaller has found.
        links_to: Returns the file names of the libraries that a file itself is linked against.
        python: File name of Python's own library. The bootloader opens it; on macOS nothing is linked against it.
        system: Libraries that are left to the system.
    """
    left_out = set(map(str.lower, system))
    candidates = [entry for entry in entries if _is_chosen_plugin(entry[0]) and _base(entry[0]) not in left_out]
    by_name: dict[str, list[Entry]] = {}
    for entry in candidates:
        by_name.setdefault(_base(entry[0]), []).append(entry)
    waiting = [entry for entry in candidates if _stands_alone(entry) or _base(entry[0]) == python.lower()]
    kept: set[str] = set()
    while waiting:
        name, file, _kind = waiting.pop()
        if name not in kept:
            kept.add(name)
            for linked in links_to(file):
                waiting.extend(by_name.get(linked.lower(), ()))
    return [entry for entry in candidates if entry[0] in kept]


def chosen_data(
    entries: Iterable[Entry], found: Iterable[Entry], kept: Iterable[Entry], *, languages: Iterable[str]
) -> list[Entry]:
    """Return the data files and links that stay: none of a binary left out, of Qt's texts those we have use for.

    Args:
        entries: All that PyInstaller has found.
        found: All binaries that it has found.
        kept: Those of them that stay.
        languages: Which of them our windows speak; the texts of Qt's own dialogs stay for these.
    """
    texts = {f"qtbase_{language}" for language in languages}
    staying = {_base(entry[0]) for entry in kept}
    gone = {_base(entry[0]) for entry in found} - staying

    def stays(entry: Entry) -> bool:
        name, target, kind = _slashes(entry[0]), _slashes(entry[1]), entry[2]
        framework = _FRAMEWORK.search(name)
        translation = _QT_TRANSLATION.match(name)
        return not (
            (translation is not None and translation[1] not in texts)
            or (kind == "SYMLINK" and _base(target) in gone)
            or (framework is not None and framework[1].lower() in gone)
        )

    return [entry for entry in entries if stays(entry)]


def _is_chosen_plugin(name: str) -> bool:
    plugin = _QT_PLUGIN.match(_slashes(name))
    return plugin is None or any(PurePath(plugin[1]).match(pattern) for pattern in QT_PLUGINS)


def _stands_alone(entry: Entry) -> bool:
    """Whether it is loaded by name, and not because something is linked against it."""
    name = _slashes(entry[0])
    plugin = _QT_PLUGIN.match(name) is not None
    return entry[2] == "EXTENSION" or plugin or bool(_EXTENSION.search(name))


def _base(name: str) -> str:
    """Return the file's name; in small letters, for Windows does not tell MSVCP140.dll from msvcp140.dll."""
    return _slashes(name).rpartition("/")[2].lower()


def _slashes(name: str) -> str:
    return name.replace("\\", "/")
