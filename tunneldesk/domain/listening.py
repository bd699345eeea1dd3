"""What listens on this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listener:
    """A port of this machine on which a program waits for connections.

    Attributes:
        port: Which.
        process: What the program is called; None where the system does not tell us.
        framework: What it seems to be ("Vite"); None where nobody can guess.
    """

    port: int
    process: str | None = None
    framework: str | None = None
