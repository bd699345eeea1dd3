"""The disk image's window, as `dmgbuild` reads it: the app on the left, the folder it is dragged to on the right.

Run by dmgbuild, which gives it `defines`; the names are those of dmgbuild's settings.
"""

from __future__ import annotations

from pathlib import PurePosixPath

app: str = defines["app"]  # type: ignore[name-defined] # noqa: F821 - dmgbuild puts it there
_name = PurePosixPath(app).name

format = "ULMO"
files = [app]
symlinks = {"Applications": "/Applications"}
icon: str = defines["icon"]  # type: ignore[name-defined] # noqa: F821
icon_locations = {_name: (150, 170), "Applications": (450, 170)}
window_rect = ((200, 200), (600, 360))
icon_size = 112
text_size = 13
default_view = "icon-view"
show_status_bar = False
show_tab_view = False
show_toolbar = False
show_pathbar = False
show_sidebar = False
