"""How Python imports, once PySide has put itself in the way."""

from __future__ import annotations

import builtins
import linecache


def import_without_features() -> None:
    """Take PySide's `__feature__` out of every import that follows; PySide6 has to be imported already.

    To know who wants `snake_case` names, PySide reads the source of each module that is imported and looks for its
    own name in there (pyside-setup, shibokensupport/feature.py, `_mod_uses_pyside`). The source of every module
    then stays in `linecache`, 9 MB of it for us, and each late import pays for a frame of Python. Nothing here uses
    `__feature__`, and where there is no source, as in our packages, PySide does without all the same. It keeps what
    it has replaced as `builtins.__orig_import__` (signature/loader.py).
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    linecache.clearcache()
