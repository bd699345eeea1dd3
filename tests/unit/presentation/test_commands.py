"""The faces' side and the service's side of what may be asked for are one."""

from __future__ import annotations

import inspect

from tunneldesk.presentation.commands import Commands
from tunneldesk.service.desk import Desk


def asked_for(kind: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(function)
        for name, function in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def test_the_service_carries_out_every_command_as_it_is_asked_for() -> None:
    promised = asked_for(Commands)
    kept = asked_for(Desk)
    assert promised
    assert {name: kept.get(name) for name in promised} == promised
