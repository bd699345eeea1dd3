"""The desktop face: event loop, wiring and ordered shutdown."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import signal
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from tunneldesk.child_watch import notice_ends_without_threads
from tunneldesk.domain.lines import Lines
from tunneldesk.storage.rolling import RollingFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from PySide6.QtWidgets import QSystemTrayIcon

    from tunneldesk.desktop_options import DesktopOptions
    from tunneldesk.domain.errors import Failure
    from tunneldesk.storage.paths import Paths
    from tunneldesk.ui.application import Application
    from tunneldesk.ui.opened_links import OpenedLinks
    from tunneldesk.ui.single_instance import SingleInstance
    from tunneldesk.ui.theme import Look
    from tunneldesk.ui.tray_icon import TrayIcon

_log = logging.getLogger(__name__)

_LOG_BYTES = 4_000_000
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def run(
    app: Application, instance: SingleInstance, icon: QSystemTrayIcon, options: DesktopOptions, paths: Paths
) -> None:
    """Run the desktop face until the user quits, going on with the icon that is shown already."""
    from qasync import QEventLoop

    from tunneldesk.ui.language import speak
    from tunneldesk.ui.theme import Look
    from tunneldesk.ui.tray_icon import TrayIcon

    log = _keep_log(paths)
    speak(app)
    look = Look(app)
    tray = TrayIcon(look, icon)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_Desktop(app, look, instance, options, log).run(tray))


class _Desktop:
    """One run of the desktop face, from the icon to the last clean-up."""

    def __init__(
        self, app: Application, look: Look, instance: SingleInstance, options: DesktopOptions, log: Lines
    ) -> None:
        self._app = app
        self._look = look
        self._instance = instance
        self._options = options
        self._log = log
        self._quit: Callable[[], None] | None = None
        self._quit_early = asyncio.Event()
        self._report: Callable[[Failure], None] | None = None
        self._links: OpenedLinks | None = None

    async def run(self, tray: TrayIcon) -> None:
        """Bring in everything else; end when the user has quit."""
        self._watch_faults()
        notice_ends_without_threads()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows has no graceful signals
                loop.add_signal_handler(number, self._ask_to_quit)
        # The end of the session is not held up: nothing is asked, and we end by ourselves as far as there is time.
        self._app.quit_wanted.connect(self._ask_to_quit)
        if hasattr(self._app, "commitDataRequest"):  # not where Qt was built without session management
            self._app.commitDataRequest.connect(self._ask_to_quit)
        try:
            await asyncio.sleep(0)  # the icon is drawn before the rest is imported
            await self._serve(tray)
        finally:
            tray.hide()

    async def _serve(self, tray: TrayIcon) -> None:
        from tunneldesk.core import CoreOptions, open_core
        from tunneldesk.service.clock import SystemClock
        from tunneldesk.ui.desktop import Desktop
        from tunneldesk.ui.help import Ours
        from tunneldesk.ui.store_bridge import StoreBridge

        options = self._options
        async with open_core(CoreOptions(server=options.server, demo=options.demo)) as core:
            bridge = StoreBridge(core.store)
            desktop = Desktop(
                *(bridge, core.commands, SystemClock()),
                look=self._look,
                tray=tray,
                ours=Ours(self._log, core.paths.logs, core.paths.window),
                quietly=options.background,
            )
            self._quit, self._report = core.commands.quit, desktop.report
            self._instance.hear(desktop.launches)
            desktop.launches.first(options)
            if sys.platform == "darwin":  # elsewhere there is a second launch, and a link comes with it
                from tunneldesk.ui.opened_links import OpenedLinks

                self._links = OpenedLinks(self._app, desktop.launches.follow)
                self._app.opened_again.connect(desktop.launches.activated)
            if self._quit_early.is_set():
                core.commands.quit()
            await core.quitting.wait()
        self._report = None
        if self._links is not None:
            self._links.close()
        desktop.close()

    def _ask_to_quit(self, *_: object) -> None:
        if self._quit is None:
            self._quit_early.set()
        else:
            self._quit()

    def _watch_faults(self) -> None:
        """Log every exception that nobody caught, and show it as a problem instead of losing it."""

        def hook(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
            _log.error("Unexpected: %s", "".join(traceback.format_exception(kind, fault, trace)))
            self._show(fault)

        def handler(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
            fault = context.get("exception")
            cause = fault if isinstance(fault, BaseException) else None
            _log.error("Unexpected in the loop: %s", context.get("message"), exc_info=cause)
            if cause is not None:
                self._show(cause)

        sys.excepthook = hook
        asyncio.get_running_loop().set_exception_handler(handler)

    def _show(self, fault: BaseException) -> None:
        from datetime import UTC, datetime

        from tunneldesk.domain.errors import ErrorCode, Failure

        if self._report is not None:
            self._report(Failure(ErrorCode.UNEXPECTED, type(fault).__name__, at=datetime.now(UTC)))


class _LatestLines(logging.Handler):
    """Keeps the latest lines for the logs window."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines()

    def emit(self, record: logging.LogRecord) -> None:
        for line in self.format(record).splitlines():
            self.lines.append(line)


class _Written(logging.Handler):
    """Writes lines into a file that stays within its limit."""

    def __init__(self, file: RollingFile) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._file.write([self.format(record)])
        except OSError:
            self.handleError(record)


def _keep_log(paths: Paths) -> Lines:
    """Log into the home's log folder, where crashes leave their traces too; without one, to stderr.

    Returns:
        The latest lines, as they come.
    """
    root = logging.getLogger()
    latest = _LatestLines()
    latest.setFormatter(logging.Formatter(_LOG_FORMAT))
    root.addHandler(latest)
    root.setLevel(logging.INFO)
    logging.raiseExceptions = False  # what can't be written to a full disk is no reason to print stacks about it
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log every heartbeat
    try:
        paths.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        crashes = (paths.logs / "crash.log").open("a", encoding="utf-8")
    except OSError as error:
        root.addHandler(logging.StreamHandler())
        _log.warning("There is no log file: %s", error)
        return latest.lines
    handler = _Written(RollingFile(paths.logs / "desktop.log", _LOG_BYTES))
    handler.setFormatter(logging.Formatter(_LOG_FORMAT))
    root.addHandler(handler)
    faulthandler.enable(crashes)
    return latest.lines
