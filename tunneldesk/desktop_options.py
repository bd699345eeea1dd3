"""What the desktop face is asked for when it starts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DesktopOptions:
    """What the command line asks of the desktop face.

    Attributes:
        demo: Use the embedded server on this computer.
        server: API base address.
        expose_port: Port to expose at once.
        expose_name: Requested name for it.
        link: A link of ours to be followed.
        background: Started at login: show nothing but the icon.
    """

    demo: bool = False
    server: str | None = None
    expose_port: int | None = None
    expose_name: str | None = None
    link: str | None = None
    background: bool = False
