"""The worker's shared things, and the count at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.faults.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Hold what the rows of this worker share."""
    place = Place(tmp_path_factory.mktemp("faults"))
    yield place
    place.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many faults were survived; under xdist the reports of all workers come together here."""
    outcomes: dict[str, bool] = {}
    for kind in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(kind, []):
            if "test_faults.py::test_fault[" in report.nodeid:
                outcomes[report.nodeid] = outcomes.get(report.nodeid, True) and kind == "passed"
    if outcomes:
        terminalreporter.write_line(f"{sum(outcomes.values())} faults survived of {len(outcomes)}")
