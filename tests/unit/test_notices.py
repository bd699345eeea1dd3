"""Whose work TunnelDesk contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk import notices

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_was_packed_is_shown_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "notices.txt"
    packed.write_text("Everybody's licences")
    monkeypatch.setattr(notices, "resource", lambda _name: packed)
    assert notices.notices() == "Everybody's licences"


def test_from_source_each_package_is_named_with_its_licence() -> None:
    said = notices.notices()
    for name in ("httpx", "keyring", "PySide6_Essentials", "segno"):
        (line,) = [line for line in said.splitlines() if line.startswith(name)]
        assert len(line.split()) >= 3
    assert "pytest" not in said
