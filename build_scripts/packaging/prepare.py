"""Runs before everything else in a frozen start.

PyInstaller's bootloader points LD_LIBRARY_PATH at our own libraries. The linker has read it by now, so it is put
back at once: browsers, connectors and whatever else we start are to find the system's libraries and not ours. Its
own notes go too; a start of ours that found them would take itself for a part of this one.

The guard comes before every connector, so its start is paid for at every expose: it gets no further than this.
"""

from __future__ import annotations

import os
import sys

for _name in [name for name in os.environ if name.startswith("_PYI_")]:
    del os.environ[_name]
if sys.platform == "linux":
    os.environ.pop("LD_LIBRARY_PATH", None)
    _original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if _original is not None:
        os.environ["LD_LIBRARY_PATH"] = _original

if sys.argv[1:2] == ["guard"]:
    from tunneldesk.connector.guard import main

    sys.exit(main(sys.argv[2:]))
