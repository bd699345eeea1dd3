"""Which libraries are left to a Linux system, and what Debian calls the packages that bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEBIAN_PACKAGES: Mapping[str, str] = {
    # The linker's name of a library that is left to the system: the Debian packages that bring it.
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libc.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "libresolv.so.2": "libc6",
    "librt.so.1": "libc6",
    "libutil.so.1": "libc6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libcrypto.so.3": "libssl3 | libssl3t64",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "liblzma.so.5": "liblzma5",
    "libsqlite3.so.0": "libsqlite3-0",
    "libssl.so.3": "libssl3 | libssl3t64",
    "libstdc++.so.6": "libstdc++6",
    "libuuid.so.1": "libuuid1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""Libraries that every desktop system has. They stay out of the package, so that the system's own mends reach us
and its OpenSSL finds the system's certificates. The xcb-util family is small and often missing: it goes in."""


class UnknownLibraryError(Exception):
    """Something in the package is linked against a library that is neither in it nor known to be the system's."""


def dependencies(needed: Iterable[str], *, glibc: str) -> list[str]:
    """Return what a Debian package that needs these libraries depends on, as its control file says it.

    Args:
        needed: The linker's names of the libraries.
        glibc: The oldest C library that will do, such as ``2.36``.

    Raises:
        UnknownLibraryError: `DEBIAN_PACKAGES` lacks one of them.
    """
    unknown = sorted(set(needed) - set(DEBIAN_PACKAGES))
    if unknown:
        raise UnknownLibraryError(f"not in the package and unknown: {', '.join(unknown)}")
    packages = {DEBIAN_PACKAGES[name] for name in needed}
    return sorted(f"libc6 (>= {glibc})" if package == "libc6" else package for package in packages)
