"""Writing never holds up the loop, and notices when nobody reads any more."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tunneldesk.terminal import output as output_module
from tunneldesk.terminal.interrupts import Interrupts
from tunneldesk.terminal.output import Output, same_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, TextIO


@pytest.fixture
def pipe() -> Iterator[tuple[BinaryIO, TextIO]]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "w", encoding="utf-8") as writer:
        yield reader, writer


async def until(condition: asyncio.Event) -> None:
    await asyncio.wait_for(condition.wait(), 5)


async def test_everything_arrives_in_order(pipe: tuple[BinaryIO, TextIO]) -> None:
    reader, writer = pipe
    output = Output(writer, gone=lambda: None)
    for number in range(100):
        output.write(f"{number} \u2581\n")
    await output.close()
    assert os.read(reader.fileno(), 65536).decode() == "".join(f"{number} \u2581\n" for number in range(100))
    assert not output.behind


async def test_a_reader_that_stalls_holds_up_neither_the_loop_nor_the_end(
    pipe: tuple[BinaryIO, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_module, "_LAST_WORDS", 0.05)
    reader, writer = pipe
    output = Output(writer, gone=lambda: None)
    started = time.monotonic()
    for _ in range(40):
        output.write("x" * 10_000)
    await asyncio.sleep(0)
    assert output.behind
    await output.close()
    assert time.monotonic() - started < 2
    received = 0
    while received < 400_000:  # let the thread go before the pipe is closed under it
        received += len(os.read(reader.fileno(), 65536))


@pytest.mark.posix("pipes are watched")
async def test_a_reader_that_leaves_is_noticed_before_the_next_write(pipe: tuple[BinaryIO, TextIO]) -> None:
    reader, writer = pipe
    gone = asyncio.Event()
    output = Output(writer, gone=gone.set)
    reader.close()
    await until(gone)
    await output.close()


async def test_writing_to_nobody_is_told_once_and_harms_nothing(pipe: tuple[BinaryIO, TextIO]) -> None:
    reader, writer = pipe
    told: list[None] = []
    gone = asyncio.Event()

    def note() -> None:
        told.append(None)
        gone.set()

    output = Output(writer, gone=note)
    reader.close()
    output.write("a\n")
    output.write("b\n")
    await until(gone)
    await output.close()
    assert len(told) == 1


@pytest.mark.posix("pipes that do not block")
async def test_a_terminal_that_somebody_made_non_blocking_is_waited_for(pipe: tuple[BinaryIO, TextIO]) -> None:
    reader, writer = pipe
    os.set_blocking(writer.fileno(), False)
    output = Output(writer, gone=lambda: None)
    output.write("x" * 200_000)
    received = 0
    async with asyncio.timeout(5):
        while received < 200_000:
            received += len(await asyncio.to_thread(os.read, reader.fileno(), 65536))
    await output.close()


def test_streams_that_lead_to_one_place_are_known_as_one(pipe: tuple[BinaryIO, TextIO]) -> None:
    _, writer = pipe
    with os.fdopen(os.dup(writer.fileno()), "w", encoding="utf-8") as same:
        assert same_file(writer, same)
    with open(os.devnull, "w", encoding="utf-8") as other:  # noqa: PTH123 - a device, not a path of ours
        assert not same_file(writer, other)


@pytest.mark.posix("on Windows a signal is the end of its process")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
async def test_signals_reach_whoever_is_at_work(name: str) -> None:
    number = signal.Signals[name]
    before = signal.getsignal(number)
    with Interrupts() as interrupts:
        for count in (1, 2):
            reached = asyncio.Event()
            interrupts.react = reached.set
            os.kill(os.getpid(), number)
            await until(reached)
            assert interrupts.count == count
    assert signal.getsignal(number) == before


@pytest.mark.posix("on Windows a signal is the end of its process")
async def test_a_command_that_was_told_to_outlive_its_terminal_does() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0.01)
            assert interrupts.count == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
