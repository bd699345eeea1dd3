"""Watches the machine it runs on, and prints what it notices, a line each: run as a program by the tests beside it.

Beside disturbances it prints `look` for every look at the way out, and `ready` before the first one.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.machine.senses import this_machine
from tunneldesk.service.clock import SystemClock
from tunneldesk.service.wake import Disturbance, Wake

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.machine.way_out import WayOut


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what it is for


def tell(disturbance: Disturbance) -> None:
    say(f"{disturbance.kind.value} {disturbance.seconds:.1f}")


async def watch(tick: float) -> None:
    """Watch until SIGTERM."""
    clock, senses, ended = SystemClock(), this_machine(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)

    def look() -> WayOut:
        say("look")
        return senses.way_out()

    wake = asyncio.create_task(Wake(clock, disturbed=tell, senses=replace(senses, way_out=look), tick=tick).run())
    say("ready")
    await ended.wait()
    wake.cancel()
    await asyncio.wait({wake})
    say("cancelled" if wake.cancelled() else repr(wake.exception()))


def qt_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes the desktop's event loop."""
    from PySide6.QtCore import QCoreApplication
    from qasync import QEventLoop

    application = QCoreApplication([])
    return lambda: QEventLoop(application)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--loop", choices=["asyncio", "qt"], default="asyncio")
    arguments.add_argument("--tick", type=float, required=True)
    options = arguments.parse_args()
    with asyncio.Runner(loop_factory=qt_loop() if options.loop == "qt" else None) as runner:
        runner.run(watch(options.tick))
