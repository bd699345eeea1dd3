"""The settings file: what the user has chosen, and what is remembered for their convenience."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.model import MAX_RECENT, Wish
from tunneldesk.domain.preferences import EdgeProtocol, Notice, Preferences, Theme, TrayStyle
from tunneldesk.domain.validation import parse_port, parse_slug
from tunneldesk.storage.files import DamagedFileError, UnreadFileError, read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.domain.errors import Failure

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings file's content.

    Attributes:
        preferences: What the user has chosen.
        recent: Port and name pairs exposed lately, newest first.
    """

    preferences: Preferences = Preferences()
    recent: tuple[Wish, ...] = ()


class SettingsFile:
    """Reads and writes the settings of one home.

    A value that makes no sense counts as not set; a file that makes none is set aside, see `trouble`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._untouchable = False
        self.trouble: Failure | None = None
        """What was wrong with the file when it was last read."""

    def read(self) -> Settings:
        """Return the settings; those of a first run when there is no file."""
        try:
            stored = read_json(self._path)
        except DamagedFileError as damaged:
            self.trouble = damaged.failure
            self._untouchable = damaged.kept_as is None
            stored = {}
        default = Preferences()
        return Settings(
            preferences=Preferences(
                connector=_value(stored, "connector", _path, None),
                protocol=_value(stored, "protocol", EdgeProtocol, default.protocol),
                authority=_value(stored, "authority", _path, None),
                copy_when_live=_value(stored, "copyWhenLive", _flag, default.copy_when_live),
                reopen_at_start=_value(stored, "reopenAtStart", _flag, default.reopen_at_start),
                theme=_value(stored, "theme", Theme, default.theme),
                notices=_value(stored, "notices", _notices, default.notices),
                ask_on_quit=_value(stored, "askOnQuit", _flag, default.ask_on_quit),
                ask_on_close=_value(stored, "askOnClose", _flag, default.ask_on_close),
                tray_style=_value(stored, "trayStyle", TrayStyle, default.tray_style),
                look_for_updates=_value(stored, "lookForUpdates", _flag, default.look_for_updates),
            ),
            recent=_value(stored, "recent", _wishes, ()),
        )

    def write(self, settings: Settings) -> None:
        """Replace the file.

        Raises:
            OSError: It can't be written; the old one is still there.
        """
        if self._untouchable:
            raise UnreadFileError(self._path)
        chosen = settings.preferences
        write_json(
            self._path,
            {
                "connector": str(chosen.connector) if chosen.connector else None,
                "protocol": chosen.protocol,
                "authority": str(chosen.authority) if chosen.authority else None,
                "copyWhenLive": chosen.copy_when_live,
                "reopenAtStart": chosen.reopen_at_start,
                "theme": chosen.theme,
                "notices": sorted(chosen.notices),
                "askOnQuit": chosen.ask_on_quit,
                "askOnClose": chosen.ask_on_close,
                "trayStyle": chosen.tray_style,
                "lookForUpdates": chosen.look_for_updates,
                "recent": [{"port": wish.port, "name": wish.slug} for wish in settings.recent],
            },
        )


def _value(stored: dict[str, Any], name: str, read: Callable[[Any], T], default: T) -> T:
    try:
        return default if stored.get(name) is None else read(stored[name])
    except (AttributeError, KeyError, TypeError, ValueError, InvalidValueError):
        return default


def _path(value: str) -> Path | None:
    return Path(value) if value else None


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _notices(value: list[str]) -> frozenset[Notice]:
    return frozenset(map(Notice, value))


def _wishes(value: list[dict[str, Any]]) -> tuple[Wish, ...]:
    return tuple(Wish(parse_port(str(item["port"])), parse_slug(item.get("name") or "")) for item in value)[
        :MAX_RECENT
    ]
