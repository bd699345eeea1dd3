"""What connectors say, in memory and in a file."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tunneldesk.service.connector_logs import ConnectorLogs
from tunneldesk.storage.rolling import RollingFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def written(file: RollingFile) -> list[str]:
    return file.path.read_text().splitlines() if file.path.exists() else []


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("waited ten seconds")


async def until_written(file: RollingFile, lines: int) -> None:
    await until(lambda: len(written(file)) >= lines)


async def test_a_tunnels_lines_go_on_when_its_connector_is_started_anew() -> None:
    logs = ConnectorLogs()
    logs.of("k").append("the first connector")
    logs.of("k").append("the second one")
    assert list(logs.of("k")) == ["the first connector", "the second one"]
    logs.forget("k")
    assert list(logs.of("k")) == []
    await logs.close()


async def test_the_lines_of_all_tunnels_are_written_under_their_names(tmp_path: Path) -> None:
    file = RollingFile(tmp_path / "connector.log", 10_000)
    logs = ConnectorLogs(file, {"k": "my-app", "l": "api"}.__getitem__)
    logs.of("k").append("one")
    logs.of("l").append("two")
    await until_written(file, 2)
    logs.of("k").append("three")
    await until_written(file, 3)
    assert written(file) == ["my-app  one", "api  two", "my-app  three"]
    await logs.close()


async def test_the_last_words_of_a_tunnel_that_is_gone_are_written_too(tmp_path: Path) -> None:
    file = RollingFile(tmp_path / "connector.log", 10_000)
    logs = ConnectorLogs(file, lambda key: key)
    logs.of("k").append("goodbye")
    logs.forget("k")
    logs.of("l").append("and at the very end")
    await logs.close()
    assert written(file) == ["k  goodbye", "l  and at the very end"]


async def test_ten_thousand_lines_at_once_are_written_without_a_gap(tmp_path: Path) -> None:
    file = RollingFile(tmp_path / "connector.log", 1_000_000)
    logs = ConnectorLogs(file, lambda key: key)
    for number in range(10_000):
        logs.of("k").append(str(number))
        if number % 1_000 == 0:
            await until_written(file, number + 1)
    await logs.close()
    assert [line.split()[1] for line in written(file)] == [str(number) for number in range(10_000)]


async def test_a_log_that_can_not_be_written_is_said_once_and_the_lines_stay_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "in-the-way").write_text("")
    logs = ConnectorLogs(RollingFile(tmp_path / "in-the-way" / "connector.log", 1_000), lambda key: key)
    with caplog.at_level(logging.WARNING):
        for words in ("one", "two"):
            logs.of("k").append(words)
            await until(lambda: bool(caplog.records))
        await logs.close()
    assert len(caplog.records) == 1
    assert list(logs.of("k")) == ["one", "two"]
