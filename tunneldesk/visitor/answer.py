"""What a visitor is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tunneldesk.domain.health import AddressState


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to one request.

    Attributes:
        status: HTTP status.
        headers: By lower-case name.
        text: The beginning of the body; empty when it came packed, though we asked for it plain.
    """

    status: int
    headers: Mapping[str, str]
    text: str

    def header(self, name: str) -> str:
        """Return a header in lower case; empty when there is none."""
        return self.headers.get(name, "").strip().lower()


class NoAnswerError(Exception):
    """Nothing came that could be called an answer.

    Attributes:
        state: What came instead.
    """

    def __init__(self, state: AddressState) -> None:
        super().__init__(state.value)
        self.state = state
