"""What the desktop face is asked for when it is launched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DesktopOptions:
    """What the command line asks of the desktop face; one that runs already is handed all of it.

    Attributes:
        demo: Use the embedded server on this computer.
        server: API base address.
        expose_port: Port to expose at once.
        expose_name: Requested name for it.
        link: A link of ours to be followed, just as it came.
        background: Started at login: show nothing but the icon.
        activation: What a Wayland desktop gave this launch for bringing its window to the front.
        quit: End the app that runs: an installer wants to replace or remove it.
    """

    demo: bool = False
    server: str | None = None
    expose_port: int | None = None
    expose_name: str | None = None
    link: str | None = None
    background: bool = False
    activation: str | None = None
    quit: bool = False
