"""What is for macOS, as far as it can be seen without one."""

from __future__ import annotations

import plistlib
import runpy
from pathlib import Path

from build_scripts.packaging import icons, macos_image, targets

APP, ICON, IMAGE = Path("dist/TunnelDesk.app"), Path("icon.icns"), Path("TunnelDesk.dmg")


def test_the_hardened_runtime_is_loosened_in_one_place_only() -> None:
    entitlements = plistlib.loads(macos_image.ENTITLEMENTS.read_bytes())

    assert entitlements == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_the_property_list_can_be_written_and_names_the_windowed_program() -> None:
    plist = plistlib.loads(plistlib.dumps(targets.info_plist("1.2.3")))

    assert plist["CFBundleExecutable"] == "tunneldeskw"
    assert plist["CFBundleIdentifier"] == targets.APP_ID


def test_the_image_shows_the_app_beside_the_folder_it_belongs_into() -> None:
    settings = runpy.run_path(
        str(macos_image.SETTINGS), init_globals={"defines": {"app": str(APP), "icon": "icon.icns"}}
    )

    assert settings["files"] == [str(APP)]
    assert set(settings["icon_locations"]) == {"TunnelDesk.app", "Applications"}
    (_, _), (width, height) = settings["window_rect"]
    assert all(0 < x < width and 0 < y < height for x, y in settings["icon_locations"].values())


def test_nothing_is_signed_without_a_certificate() -> None:
    (only,) = macos_image.commands(APP, ICON, IMAGE, None, "profile")

    assert "dmgbuild" in only


def test_what_is_signed_is_checked_notarised_and_carries_the_answer() -> None:
    done = [command[:2] for command in macos_image.commands(APP, ICON, IMAGE, "Developer ID", "profile")]

    assert done[0] == ["codesign", "--verify"]
    assert done[2:] == [
        ["codesign", "--sign"],
        ["xcrun", "notarytool"],
        ["xcrun", "stapler"],
        ["spctl", "--assess"],
    ]


def test_an_icon_for_macos_says_how_long_it_is() -> None:
    picture = icons.icns()

    assert picture[:4] == b"icns"
    assert int.from_bytes(picture[4:8], "big") == len(picture)
