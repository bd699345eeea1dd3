"""The licence notices of everything in the package, for the package and the About window."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from build_scripts.packaging.components import Component

_RULE = "-" * 78
_BEGINNING = """\
TunnelDesk contains the following works of others.

Qt and Qt for Python (PySide6, shiboken6) are used under the GNU Lesser General Public License, version 3. They are
shared libraries beside the program and can be replaced by other builds of the same version. Their sources are at
https://download.qt.io/official_releases/ and https://code.qt.io/. TunnelDesk has left them as they are, but for
debugging symbols and, on Linux, ICU's data, of which it keeps a part.

Qt and Python contain works of others themselves, which are listed with their licences at
https://doc.qt.io/qt-6/licenses-used-in-qt.html and
https://docs.python.org/3/license.html#licenses-and-acknowledgements-for-incorporated-software.
"""


def text(components: Sequence[Component]) -> str:
    """Return the notices: a table, then the text of every licence, each text once."""
    width = max(len(each.name) for each in components)
    lines = [_BEGINNING]
    lines += [f"{each.name:<{width}}  {each.version:<14}  {each.licence}" for each in components]
    owners: dict[str, list[str]] = {}
    for component in components:
        for licence in component.texts:
            owners.setdefault(licence.strip(), []).append(component.name)
    for licence, names in owners.items():
        lines += ["", _RULE, ", ".join(dict.fromkeys(names)), _RULE, "", licence]
    return "\n".join(lines) + "\n"
