"""Fixtures shared by every part of the test suite."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

import hypothesis
import pytest

from tests.backend_process import Backend, running_backend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# How fast the machine is says nothing about the program.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

# Tests of what some systems lack, in modules that could not even be imported there.
_NEEDS = {
    "jeepney": (  # Linux
        *(f"contract/machine/test_{name}.py" for name in ("awake", "logind", "wake")),
        *(f"e2e/test_{name}.py" for name in ("browser_sign_in", "desktop_sign_in", "notifier_tray", "whole_story")),
        "e2e/faults/test_faults.py",
        "packaging/test_frozen.py",
        "ui/test_notification_service.py",
    ),
    "termios": ("e2e/test_secrets.py", "e2e/test_terminal_expose.py"),  # everything but Windows
}
collect_ignore = [path for module, paths in _NEEDS.items() if find_spec(module) is None for path in paths]

SYSTEM = sys.platform
"""The system that the suite is run on."""

# What a test needs of the system, as a mark and the reason in it: `@pytest.mark.posix("sends signals")`.
_NOT_ON = {"posix": {"win32"}, "linux": {"win32", "darwin"}}

PRINTED = "printed"
"""Name of a test's property (`record_property`) that is printed at the end, for whoever reads the log of CI."""


class StartBackend(Protocol):
    """Starts a paired server that is stopped at the end of the test."""

    def __call__(self, *, data_dir: Path | None = None, **switches: object) -> Backend:
        """Start one; ``lease_timeout=3`` stands for ``--lease-timeout 3``."""


@pytest.fixture
def anyio_backend() -> str:
    """Run the async tests on asyncio, the only loop TunnelDesk uses."""
    return "asyncio"


@pytest.fixture
def start_backend(tmp_path: Path) -> Iterator[StartBackend]:
    """Start paired servers with switches of one's own: ``start_backend(dialect="newer")``."""
    with ExitStack() as running:

        def start(*, data_dir: Path | None = None, **switches: object) -> Backend:
            return running.enter_context(running_backend(tmp_path / "backend", data_dir=data_dir, **switches))

        yield start


@pytest.fixture
def backend(start_backend: StartBackend) -> Backend:
    """Run a paired server with its default switches, free ports and ``--control``."""
    return start_backend()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this system can't have, and say why; on Linux that is nothing."""
    for item in items:
        for mark in item.iter_markers():
            if SYSTEM in _NOT_ON.get(mark.name, ()):
                item.add_marker(pytest.mark.skip(reason=f"needs {mark.name}: {mark.args[0]}"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where `dev.py check` says so, fail for what was skipped: all that it takes can be had there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    told = os.environ.get("TEST_SKIPS") == "fail" and not hasattr(session.config, "workerinput")
    if told and reporter is not None and reporter.stats.get("skipped"):
        for report in reporter.stats["skipped"]:
            reporter.write_line(f"Skipped, which it may not be here: {report.nodeid}: {report.longrepr[-1]}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have measured, and how many faults were survived.

    It is done here, since xdist's controller looks into no folder below.
    """
    outcomes: dict[str, bool] = {}
    for kind in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(kind, []):
            if "test_faults.py::test_fault[" in report.nodeid:
                outcomes[report.nodeid] = outcomes.get(report.nodeid, True) and kind == "passed"
            # A module that could not be imported has none.
            for name, value in getattr(report, "user_properties", ()):
                if name == PRINTED and report.when == "call":
                    terminalreporter.ensure_newline()
                    terminalreporter.write_line(str(value))
    if outcomes:
        terminalreporter.write_line(f"{sum(outcomes.values())} faults survived of {len(outcomes)}")
