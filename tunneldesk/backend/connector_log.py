"""The stand-in's log, in cloudflared's text form (that of zerolog's console writer) and as JSON lines."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

_LEVELS: Final = {"debug": "DBG", "info": "INF", "warn": "WRN", "error": "ERR", "fatal": "FTL"}


class Log:
    """Writes records to stderr and, if asked, to a file.

    Writing blocks when nobody drains stderr; so does cloudflared's.
    """

    def __init__(self, level: str = "info", *, json_output: bool = False, logfile: str | None = None) -> None:
        levels = list(_LEVELS)
        self._shown = set(levels[levels.index(level) :]) if level in levels else set(levels[1:])
        self._json_output = json_output
        self._file: TextIO | None = Path(logfile).open("a", encoding="utf-8") if logfile else None  # noqa: SIM115 - open for good

    def info(self, message: str, **fields: object) -> None:
        """Log what goes as it should."""
        self._write("info", message, fields)

    def warn(self, message: str, **fields: object) -> None:
        """Log what is going wrong in part."""
        self._write("warn", message, fields)

    def error(self, message: str, **fields: object) -> None:
        """Log what went wrong; ``message`` may be empty, and ``error`` says it all."""
        self._write("error", message, fields)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _write(self, level: str, message: str, fields: dict[str, object]) -> None:
        if level not in self._shown:
            return
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        as_json = json.dumps({"level": level, **fields, "time": now, "message": message}) + "\n"
        line = as_json if self._json_output else f"{now} {_LEVELS[level]} {message}{_text(fields)}\n"
        sys.stderr.write(line)
        sys.stderr.flush()
        if self._file is not None:
            self._file.write(as_json)
            self._file.flush()


def _text(fields: dict[str, object]) -> str:
    """Return the fields in zerolog's order: the error first, then by name."""
    names = sorted(fields, key=lambda name: (name != "error", name))
    return "".join(f" {name}={_quoted(str(fields[name]))}" for name in names)


def _quoted(text: str) -> str:
    """Return ``text`` as zerolog writes a value: quoted as Go does when there is anything special in it."""
    if text and all("!" <= sign <= "~" and sign not in '\\"' for sign in text):
        return text
    return json.dumps(text, ensure_ascii=False)
