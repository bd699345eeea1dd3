"""Which problem is shown when: none twice, none on top of another, none while nobody is looking."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

from tunneldesk.domain.errors import CONNECTOR_DOWNLOAD_CODES, ErrorCode
from tunneldesk.domain.lifecycle import Phase
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.download import download_view
from tunneldesk.presentation.problem import Action, ActionKind, Subject
from tunneldesk.presentation.window import problem_of, room
from tunneldesk.ui.dialogs import bring_up

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import AppState, Tunnel
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.presentation.problem import Problem
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.problem_dialog import ProblemDialog
    from tunneldesk.ui.telling import Telling

APP = None
"""The topic of what concerns no tunnel in particular."""

OURSELVES = "ourselves"
"""The topic of faults of the desktop face itself; no tunnel has this key."""

_SECOND = 1000


class ProblemHost(Protocol):
    """What the problems need of the desktop face."""

    telling: Telling

    def host_of(self, key: str | None) -> QWidget | None:
        """Return the window the dialog belongs to."""

    def in_background(self) -> bool:
        """Whether no window of ours is on the screen."""


@dataclass(frozen=True, slots=True)
class _Pending:
    failure: Failure
    problem: Problem


class Problems(QObject):
    """Opens one dialog at a time for what is wrong, and closes it when it is no longer wrong."""

    def __init__(self, host: ProblemHost, intents: Intents, commands: Commands, clock: Clock) -> None:
        super().__init__()
        self._host = host
        self._intents = intents
        self._commands = commands
        self._clock = clock
        self._state: AppState | None = None
        self._seen: dict[str | None, Failure] = {}
        self._queue: list[str | None] = []
        self._own: Failure | None = None
        self._due: dict[str | None, float] = {}
        self._topic: str | None = None
        self.dialog: ProblemDialog | None = None
        self._counting = QTimer(self, interval=_SECOND)
        self._counting.timeout.connect(self._count)

    def render_state(self, state: AppState) -> None:
        """Take note of what is wrong now."""
        self._state = state
        pending = self._pending(state)
        for topic in [topic for topic in self._seen if topic not in pending]:
            del self._seen[topic]
            self._due.pop(topic, None)
        if self.dialog is not None:
            self.dialog.render_download(download_view(state.download))
            # What is being put right by a download stays for as long as that takes.
            mending = state.download is not None and self.dialog.offers_download
            if self._topic not in pending and not mending:
                self._close()
        for topic, item in pending.items():
            if self._seen.get(topic) == item.failure:
                continue
            self._seen[topic] = item.failure
            if item.problem.countdown is not None and not self._service_waits(state, topic):
                self._due[topic] = self._clock.monotonic() + item.problem.countdown
            if item.problem.quiet or self._host.in_background():
                self._tell(topic, item)
            else:
                self._show(topic, item)
        if self.dialog is not None:
            self.dialog.render_room(room(state, self._topic))
        self._count()

    def report(self, failure: Failure) -> None:
        """Show a fault of the desktop face itself."""
        self._own = failure
        if self._state is not None:
            self.render_state(self._state)

    def show(self, topic: str | None) -> None:
        """Open the dialog of what is wrong with this topic, if anything is; after the one that is open."""
        item = self._pending(self._state).get(topic) if self._state else None
        if item is None:
            return
        if self.dialog is not None and self._topic == topic and self.dialog.problem == item.problem:
            self.dialog.raise_()
            self.dialog.activateWindow()
        else:
            self._show(topic, item)

    def _tell(self, topic: str | None, item: _Pending) -> None:
        """Tell of it by the desktop's own means; a click on that shows it."""

        def is_wrong(state: AppState) -> bool:
            now = self._pending(state).get(topic)
            return now is not None and now.failure == item.failure

        title, text, grave = item.problem.title, item.problem.text, not item.problem.quiet
        self._host.telling.tell(title, text, partial(self._show_told, topic), is_wrong, grave=grave)

    def _show_told(self, topic: str | None) -> None:
        self._intents.show_window()
        self.show(topic)

    def _show(self, topic: str | None, item: _Pending) -> None:
        if self._state is None:
            return
        if self.dialog is not None and self._topic != topic:
            # That a download failed is told in place of what asked for it.
            answered = self.dialog.offers_download and item.failure.code in CONNECTOR_DOWNLOAD_CODES
            if not answered:
                if topic not in self._queue:
                    self._queue.append(topic)
                return
        self._close(go_on=False)
        from tunneldesk.ui.problem_dialog import ProblemDialog  # with luck, never

        dialog = self.dialog = ProblemDialog(item.problem, self._host.host_of(topic))
        self._topic = topic
        dialog.chosen.connect(lambda action: self._chosen(topic, action))
        dialog.download_unwanted.connect(self._commands.cancel_download)
        dialog.room_wanted.connect(lambda tunnel_id: self._make_room(topic, tunnel_id))
        dialog.finished.connect(lambda: self._finished(dialog))
        dialog.rejected.connect(lambda: self._dismissed(topic))
        if any(action.kind is ActionKind.MAKE_ROOM for action in item.problem.actions):
            self._commands.refresh()
        dialog.render_room(room(self._state, topic))
        dialog.render_download(download_view(self._state.download))
        self._count()
        bring_up(dialog)

    def close(self) -> None:
        """Close what is open and show no more of it."""
        self._queue.clear()
        self._counting.stop()
        self._close(go_on=False)

    def _pending(self, state: AppState) -> dict[str | None, _Pending]:
        pending: dict[str | None, _Pending] = {}
        for tunnel in state.tunnels:
            shown = problem_of(state, tunnel) if _is_told(tunnel) else None
            if shown is not None and tunnel.failure is not None:
                pending[tunnel.key] = _Pending(tunnel.failure, shown)
        app = problem_of(state, None)
        if app is not None and state.failure is not None:
            pending[APP] = _Pending(state.failure, app)
        if self._own is not None:
            pending[OURSELVES] = _Pending(self._own, problem(self._own, Subject()))
        return pending

    def _service_waits(self, state: AppState, topic: str | None) -> bool:
        tunnel = state.tunnel(topic) if topic is not None else None
        return tunnel is not None and tunnel.phase is Phase.WAITING

    def _count(self) -> None:
        """Say how long a wait still takes, and end those that are ours to end."""
        now = self._clock.monotonic()
        if self.dialog is not None and self._state is not None:
            tunnel = self._state.tunnel(self._topic) if self._topic is not None else None
            left = self._due[self._topic] - now if self._topic in self._due else None
            if tunnel is not None and tunnel.retry_at is not None:
                left = (tunnel.retry_at - self._clock.now()).total_seconds()
            self.dialog.render_countdown(left)
        for topic in [topic for topic, due in self._due.items() if due <= now]:
            del self._due[topic]
            if self.dialog is not None and self._topic == topic:
                self._close()
            self._intents.act(topic, Action(ActionKind.TRY_AGAIN, ""))
        shows_wait = self.dialog is not None and self.dialog.problem.countdown is not None
        if self._due or shows_wait:
            if not self._counting.isActive():
                self._counting.start()
        else:
            self._counting.stop()

    def _chosen(self, topic: str | None, action: Action) -> None:
        self._due.pop(topic, None)
        if topic == OURSELVES:
            self._forget_own()
        else:
            self._intents.act(topic, action)

    def _make_room(self, topic: str | None, tunnel_id: str) -> None:
        if topic is not None:
            self._commands.make_room(topic, tunnel_id)

    def _dismissed(self, topic: str | None) -> None:
        if topic is APP:
            self._due.pop(topic, None)
            self._commands.dismiss_failure()
        elif topic == OURSELVES:
            self._forget_own()

    def _forget_own(self) -> None:
        self._own = None
        self._seen.pop(OURSELVES, None)
        if self._state is not None:
            self._host.telling.take_back(self._state)

    def _finished(self, dialog: ProblemDialog) -> None:
        dialog.deleteLater()
        if self.dialog is dialog:
            self.dialog = None
            self._next()

    def _close(self, *, go_on: bool = True) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.blockSignals(True)
            dialog.close()
            dialog.deleteLater()
        if go_on:
            self._next()

    def _next(self) -> None:
        if self._queue:
            self.show(self._queue.pop(0))


def _is_told(tunnel: Tunnel) -> bool:
    """Whether what is wrong with the tunnel is told by itself; what is being repaired shows on its card."""
    if tunnel.phase is Phase.WAITING:
        return tunnel.failure is not None and tunnel.failure.code is ErrorCode.RATE_LIMITED
    return not tunnel.active
