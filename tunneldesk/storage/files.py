"""Small JSON files that are whole or untouched, whatever happens while they are written."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tunneldesk.domain.errors import ErrorCode, Failure, LocalFileError
from tunneldesk.domain.reasons import Because, Reason


def write_json(path: Path, value: object) -> None:
    """Replace the file at ``path`` with ``value``, readable by this user only.

    A full disk, a crash or a power cut leaves the old content.

    Raises:
        OSError: The folder can't be written to, or the disk is full; the old content is still there.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in the file at ``path``; an empty one when there is no file.

    Raises:
        DamagedFileError: The file holds something else, and has been set aside; or it can't be read.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        facts = {"path": str(path), "system": error.strerror or str(error)}
        raise DamagedFileError(path, None, Because(Reason.FILE_UNREADABLE, facts)) from error
    except (ValueError, RecursionError) as error:
        raise set_aside(path) from error
    if not isinstance(value, dict):
        raise set_aside(path)
    return value


class DamagedFileError(LocalFileError):
    """A file of ours made no sense.

    Attributes:
        path: Where it was.
        kept_as: Where it is now, for whoever wants to mend it; None when it could not be moved.
    """

    def __init__(self, path: Path, kept_as: Path | None, because: Because) -> None:
        super().__init__(Failure(ErrorCode.FILE_DAMAGED, because=(because,)))
        self.path = path
        self.kept_as = kept_as


class UnreadFileError(PermissionError):
    """A file that could not be read is not written over, since what it holds may be precious.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EACCES, os.strerror(errno.EACCES), str(path))
        self.path = path


def set_aside(path: Path) -> DamagedFileError:
    """Give a damaged file another name, and return the error that says so."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    kept_as = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        path.replace(kept_as)
    except OSError:
        return DamagedFileError(path, None, Because(Reason.FILE_LEFT, {"path": str(path)}))
    facts = {"path": str(path), "kept": str(kept_as)}
    return DamagedFileError(path, kept_as, Because(Reason.FILE_KEPT_ASIDE, facts))
