"""`dev.py translations`: bring the translations up to date with the code, and say what is still missing.

The texts are found by Qt's own tool. A new text is added to each `resources/translations/*.ts`, to be translated
there by hand or in Qt Linguist; what is finished goes into the `.qm` file beside it, which the app loads.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
SPOKEN = ("tunneldesk/presentation", "tunneldesk/ui")
"""Where texts for the desktop are; the terminal speaks English."""


def main() -> int:
    """Update all translations; the status is 1 when a text is not translated."""
    parser = argparse.ArgumentParser(prog="dev.py translations", description="Bring the translations up to date.")
    parser.parse_args()
    missing = 0
    for file in sorted(FOLDER.glob("*.ts")):
        collect(file)
        release(file, file.with_suffix(".qm"))
        texts = untranslated(file)
        missing += len(texts)
        print(f"{file.relative_to(ROOT)}: {f'{len(texts)} texts to translate' if texts else 'complete'}")
        for text in texts:
            print(f"  {text}")
    return 1 if missing else 0


def collect(file: Path) -> None:
    """Add the texts of the code that ``file`` lacks, and drop those that are gone."""
    sources = [str(path.relative_to(ROOT)) for part in SPOKEN for path in sorted((ROOT / part).rglob("*.py"))]
    options = ["-ts", str(file), "-no-obsolete", "-locations", "none", "-silent"]
    _tool("lupdate", *sources, *options)


def release(file: Path, into: Path) -> None:
    """Make what the app loads."""
    _tool("lrelease", str(file), "-qm", str(into), "-silent")


def untranslated(file: Path) -> list[str]:
    """Return the texts that have no finished translation."""
    found = []
    for message in ElementTree.parse(file).getroot().iter("message"):  # noqa: S314 - our own file
        translation = message.find("translation")
        if translation is None or translation.get("type") or not translation.text:
            found.append(message.findtext("source") or "")
    return found


def _tool(name: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{name}")
    subprocess.run([str(program), *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
