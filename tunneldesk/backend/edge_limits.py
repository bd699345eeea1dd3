"""How long and how much the edge puts up with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds; each has a default fit for use, and tests shorten them.

    Attributes:
        head: From the first byte of a request (or the connection's opening) to the end of its head.
        idle: Between two requests of one connection.
        body: Between two pieces of a request body that the edge is ready to take.
        response: From the end of a request, or the last bytes of it the origin took, to the answer's head.
        carrier: For a connector to dial in when all its idle connections are taken.
        half_closed: Between two pieces of an answer when the visitor has closed its side: it may be gone.
        linger: For a visitor to stop sending what nobody reads any more.
        idle_carriers: Idle connections each tunnel is kept supplied with.
        idle_carriers_kept: Idle connections kept at most after a rush.
    """

    head: float = 10.0
    idle: float = 75.0
    body: float = 60.0
    response: float = 30.0
    carrier: float = 10.0
    half_closed: float = 60.0
    linger: float = 5.0
    idle_carriers: int = 8
    idle_carriers_kept: int = 64
