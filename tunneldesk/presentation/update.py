"""A newer TunnelDesk as the window tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk import __version__
from tunneldesk.presentation.texts import fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.model import AppState


@dataclass(frozen=True, slots=True)
class UpdateView:
    """A newer version.

    Attributes:
        words: "TunnelDesk 1.2.0 is available. You have 1.1.0."
        notes: What is new, as plain text; may be empty.
        page: Where it can be had.
    """

    words: str
    notes: str
    page: str


def update_view(state: AppState) -> UpdateView | None:
    """Return what to tell of a newer version; None while none is known or none is wanted."""
    update = state.update
    if update is None or not state.preferences.look_for_updates:
        return None
    words = translate("Update", "TunnelDesk {new} is available. You have {old}.")
    return UpdateView(fill(words, {"new": update.version, "old": __version__}), update.notes, update.page)
