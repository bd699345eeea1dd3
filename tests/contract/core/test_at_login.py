"""What is entered into the system's list of what is started at login."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.contract.core.conftest import Desk
from tests.desktop import wait_for
from tunneldesk.domain.model import SessionStatus

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.core.conftest import StartDesk


@pytest.mark.linux("other systems keep other lists")
async def test_what_is_started_at_login_is_told_its_home(start_desk: StartDesk, tmp_path: Path) -> None:
    """By a word of its command line, which every system can hand over; there need be no `env`."""
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "xdg"), "TUNNELDESK_HOME": str(tmp_path / "my home")}
    async with start_desk.opened(None, None, environ, {}) as core:
        await Desk(core).until(lambda state: state.session.status is SessionStatus.SIGNED_OUT)
        core.commands.prefer(replace(core.store.state.preferences, start_at_login=True))
        line = await asyncio.to_thread(wait_for, "the entry", lambda: _starts(tmp_path / "xdg" / "autostart"))
    assert line.endswith(f'--background --home "{tmp_path}/my home"')
    assert not line.startswith("Exec=env ")


def _starts(folder: Path) -> str | None:
    """Return what the entry has started, once there is one."""
    lines = [line for file in folder.glob("*.desktop") for line in file.read_text().splitlines()]
    return next((line for line in lines if line.startswith("Exec=")), None)
