"""What TunnelDesk needs from the operating system beside Python, and how to get it on Debian and Ubuntu.

Only Linux lacks anything: the wheels for macOS and Windows bring all they need. The libraries are those that the
PySide6 libraries, its X11 platform plugin and its offscreen one are linked against and do not carry themselves
(`readelf -d`, PySide6-Essentials 6.11.3), less what every glibc system has.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.progress import SetUpError, run_step, say

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

QT_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}

# The tests' own screen, window manager, tray, hands, clipboard, screen reader and keyring.
TEST_PROGRAMS: Mapping[str, str] = {
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "Xvfb": "xvfb",
    "curl": "curl",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "openbox": "openbox",
    "trayer": "trayer",
    "xclip": "xclip",
    "xdotool": "xdotool",
}

# The browser in which the tests sign in, and what drives it (121 MB to fetch, 400 MB on disk).
BROWSER_PROGRAMS: Mapping[str, str] = {
    "chromedriver": "chromium-driver",
    "chromium": "chromium",
}

# What the benchmark has beside the tests' screen: an origin, and a client that is faster than what it measures.
BENCH_PROGRAMS: Mapping[str, str] = {
    "nginx": "nginx",
    "wrk": "wrk",
}

SERVERS_TOO = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
"""Search path that has servers on it; an ordinary user's has not, on Debian."""


# What the packages are built with, and what looks them over.
PACKAGE_PROGRAMS: Mapping[str, str] = {
    "dpkg-deb": "dpkg",
    "objdump": "binutils",
    "rpmbuild": "rpm",
}
PACKAGE_TEST_PROGRAMS: Mapping[str, str] = {
    **PACKAGE_PROGRAMS,
    "7z": "p7zip-full",
    "appstreamcli": "appstream",
    "debootstrap": "debootstrap",
    "desktop-file-validate": "desktop-file-utils",
    "fish": "fish",
    "lintian": "lintian",
    "makensis": "nsis",
    "mandoc": "mandoc",
    "mksquashfs": "squashfs-tools",
    "openssl": "openssl",
    "zsh": "zsh",
}


def missing_libraries(
    wanted: Collection[str],
    listed: Collection[str] | None = None,
    loads: Callable[[str], bool] | None = None,
) -> list[str]:
    """Return which shared libraries this system lacks.

    Args:
        wanted: Library names such as `libEGL.so.1`.
        listed: What the linker's cache knows; asked of `ldconfig` when None.
        loads: Tries to load one that the cache does not know, for systems that keep no cache (NixOS, musl).
    """
    listed = _linker_cache() if listed is None else listed
    loads = _loads if loads is None else loads
    return [name for name in wanted if name not in listed and not loads(name)]


def missing_programs(wanted: Collection[str], path: str | None = None) -> list[str]:
    """Return which programs are not there: by name on the search path (`PATH` unless given), or where they say."""
    return [name for name in wanted if shutil.which(name, path=path) is None]


def ensure_for_qt() -> None:
    """See to it that Qt can show a window and a tray icon here.

    Raises:
        SetUpError: Something is lacking and only the user can install it.
    """
    if sys.platform == "linux":
        _ensure("Qt", missing_libraries(QT_LIBRARIES), QT_LIBRARIES)


def ensure_for_tests() -> None:
    """See to it that all that the tests drive is here: Qt's libraries, a virtual desktop's programs, a browser.

    Raises:
        SetUpError: Something is lacking and only the user can install it.
    """
    if sys.platform == "linux":
        programs = {**TEST_PROGRAMS, **(BROWSER_PROGRAMS if has_chromium() else {})}
        missing = missing_libraries(QT_LIBRARIES) + missing_programs(programs)
        _ensure("The test suite", missing, {**QT_LIBRARIES, **programs})


def ensure_for_bench() -> None:
    """See to it that all that the benchmark drives is here: what the tests drive, a web server and wrk.

    Raises:
        SetUpError: Something is lacking and only the user can install it.
    """
    if sys.platform == "linux":
        missing = missing_libraries(QT_LIBRARIES) + missing_programs(TEST_PROGRAMS)
        missing += missing_programs(BENCH_PROGRAMS, SERVERS_TOO)
        _ensure("The benchmark", missing, {**QT_LIBRARIES, **TEST_PROGRAMS, **BENCH_PROGRAMS})


def ensure_for_packages() -> None:
    """See to it that this system's packages can be built.

    Raises:
        SetUpError: Something is lacking and only the user can install it.
    """
    if sys.platform == "linux":
        missing = missing_libraries(QT_LIBRARIES) + missing_programs(PACKAGE_PROGRAMS)
        _ensure("Building packages", missing, {**QT_LIBRARIES, **PACKAGE_PROGRAMS})


def ensure_for_package_tests() -> None:
    """See to it that packages can be built, looked over and tried out.

    Raises:
        SetUpError: Something is lacking and only the user can install it.
    """
    if sys.platform == "linux":
        missing = missing_programs(PACKAGE_TEST_PROGRAMS)
        _ensure("Testing packages", missing, PACKAGE_TEST_PROGRAMS)


def install(what_for: str, packages: Sequence[str]) -> None:
    """Install Debian packages when run as root; else say how.

    Args:
        what_for: What needs them, as the beginning of a sentence.
        packages: Debian's names.

    Raises:
        SetUpError: With the exact command when this is not root, or with apt-get's own words.
    """
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        raise SetUpError(
            f"{what_for} needs system packages that are not installed. Install them with\n\n"
            f"    sudo {' '.join(command)}\n\nand run this command again."
        )
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = [command[0], "-o", "DPkg::Lock::Timeout=300", *command[1:]]
    say(f"{what_for} needs system packages: {' '.join(packages)}")
    if any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        try:
            run_step("Installing system packages", patient, env=env)
        except SetUpError:
            say("\nThe package lists may be out of date; trying once more with new ones.")
        else:
            return
    run_step("Fetching the lists of system packages", ["apt-get", "update"], env=env)
    run_step("Installing system packages", patient, env=env)


def has_apt() -> bool:
    """Return whether this is Debian, Ubuntu or one of their kin."""
    return shutil.which("apt-get") is not None


def has_chromium(release: Path = Path("/etc/os-release")) -> bool:
    """Return whether this system's packages hold a Chromium: Ubuntu's are empty, and send for a snap."""
    try:
        return "ID=ubuntu" not in release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return True


def _ensure(what_for: str, missing: Sequence[str], packages: Mapping[str, str]) -> None:
    if not missing:
        return
    if not has_apt():
        # Other distributions name their packages differently; they may also have these under another name.
        say(f"{what_for} may not work: not found on this system: {', '.join(missing)}")
        return
    install(what_for, sorted({packages[name] for name in missing}))


def _linker_cache() -> frozenset[str]:
    # Not on an ordinary user's PATH on Debian.
    ldconfig = shutil.which("ldconfig") or shutil.which("ldconfig", path="/sbin:/usr/sbin")
    if ldconfig is None:
        return frozenset()
    listing = subprocess.run([ldconfig, "-p"], capture_output=True, text=True, check=False).stdout
    return parse_linker_cache(listing)


def parse_linker_cache(listing: str) -> frozenset[str]:
    """Return the library names in what `ldconfig -p` printed."""
    return frozenset(line.split(maxsplit=1)[0] for line in listing.splitlines() if "=>" in line)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
