"""The notes of a release: what the changelog says of the version, and a check that the tag names that version.

python build_scripts/release_notes.py v1.2.3
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


class NotReadyError(Exception):
    """The source tree is not that of the release; the text says why."""


def notes(tag: str, version: str, changelog: str) -> str:
    """Return what is new in a version.

    Args:
        tag: The release's tag, ``v1.2.3``.
        version: What the source tree calls itself.
        changelog: In the form of Keep a Changelog.

    Raises:
        NotReadyError: The tag is another version's, or the changelog has nothing for it.
    """
    if tag != f"v{version}":
        raise NotReadyError(f"The tag is {tag}, and the source is version {version}.")
    sections = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    found = next((each for each in sections if each.startswith(f"[{version}]")), None)
    text = found.partition("\n")[2].strip() if found else ""
    if not text:
        raise NotReadyError(f"CHANGELOG.md has nothing under [{version}].")
    return text + "\n"


def main(arguments: list[str]) -> int:
    """Print the notes of the tag named; status 1 when the source is not ready for it."""
    (tag,) = arguments
    source = (ROOT / "tunneldesk" / "__init__.py").read_text(encoding="utf-8")
    (version,) = _VERSION.findall(source)
    try:
        text = notes(tag, version, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    except NotReadyError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
