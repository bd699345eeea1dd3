"""The disk image for macOS, and its signature and notarisation where the means are configured.

PyInstaller signs the app itself, with the hardened runtime, when `CODESIGN_IDENTITY` names a certificate.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from build_scripts.packaging import icons

SETTINGS = Path(__file__).resolve().parent / "macos" / "dmg_settings.py"
ENTITLEMENTS = SETTINGS.with_name("entitlements.plist")
IDENTITY_VARIABLE = "CODESIGN_IDENTITY"
"""Names the certificate, "Developer ID Application: ..."; without it nothing is signed."""
PROFILE_VARIABLE = "NOTARY_PROFILE"
"""Names what `notarytool store-credentials` has put into the keychain; without it nothing is notarised."""


def build(app: Path, version: str, machine: str, work: Path, out: Path) -> Path:
    """Make the disk image and return its file.

    Args:
        app: `TunnelDesk.app`.
        version: The program's.
        machine: The processor it is for.
        work: Folder for what is made on the way.
        out: Folder for the image.
    """
    icon = work / "icon.icns"
    icon.write_bytes(icons.icns())
    image = out / f"TunnelDesk-{version}-macos-{machine}.dmg"
    for command in commands(app, icon, image, os.environ.get(IDENTITY_VARIABLE), os.environ.get(PROFILE_VARIABLE)):
        subprocess.run(command, check=True)
    return image


def commands(app: Path, icon: Path, image: Path, identity: str | None, profile: str | None) -> list[list[str]]:
    """Return what is run, in order: what is signed is checked, what is notarised carries the answer with it."""
    make = [sys.executable, "-m", "dmgbuild", "-s", str(SETTINGS)]
    found = [[*make, f"-Dapp={app}", f"-Dicon={icon}", "TunnelDesk", str(image)]]
    if identity:
        found.insert(0, ["codesign", "--verify", "--deep", "--strict", str(app)])
        found.append(["codesign", "--sign", identity, "--timestamp", str(image)])
        if profile:
            found.append(["xcrun", "notarytool", "submit", str(image), "--keychain-profile", profile, "--wait"])
            found.append(["xcrun", "stapler", "staple", str(image)])
            found.append(["spctl", "--assess", "--type=open", "--context=context:primary-signature", str(image)])
    return found
