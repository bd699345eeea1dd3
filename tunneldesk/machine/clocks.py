"""The machine's clocks that nobody can set: one that goes on while it sleeps, and one that stands still then.

What each system calls them, and where it says so:

- Linux: ``CLOCK_BOOTTIME`` is ``CLOCK_MONOTONIC`` plus the time the system was suspended (clock_gettime(2)).
- macOS: ``CLOCK_MONOTONIC_RAW`` goes on in sleep, ``CLOCK_UPTIME_RAW`` is the same without it (clock_gettime(3)).
  ``CLOCK_MONOTONIC`` goes on too, but has been seen to step backwards there (erlang/otp pull request 5825); C++'s
  steady clock is the raw one as well (LLVM D74341). Not tried on macOS yet.
- Windows: `time.monotonic` is ``GetTickCount64``, or ``QueryPerformanceCounter`` from Python 3.13 on; both include
  sleep and hibernation (Microsoft: "Windows Time", "QueryPerformanceCounter"). ``QueryUnbiasedInterruptTime`` would
  be the one without; a look that comes late tells as much.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

through_sleep: Callable[[], float]
"""Seconds since some moment, the machine's sleep included."""

awake: Callable[[], float] | None
"""Seconds since some moment, less the machine's sleep; None where no clock says it."""

if sys.platform == "linux":
    through_sleep = partial(time.clock_gettime, time.CLOCK_BOOTTIME)
    awake = partial(time.clock_gettime, time.CLOCK_MONOTONIC)
elif sys.platform == "darwin":
    through_sleep = partial(time.clock_gettime, time.CLOCK_MONOTONIC_RAW)
    awake = partial(time.clock_gettime, time.CLOCK_UPTIME_RAW)
else:
    through_sleep = time.monotonic
    awake = None
