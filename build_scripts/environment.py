"""The virtual environment in `.venv`: made on first use, brought up to the lock files, repaired when broken.

There is one environment in two sizes. `run` holds what TunnelDesk needs, `dev` adds what its tests and checks need;
the larger one serves for both. What was installed is noted in `.venv/set-up.json`, so that a run with nothing to do
reads three small files and no more. While something is being installed `.venv/set-up.unfinished` exists: the
next run that finds it, with no set-up under way, starts over with an empty folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from build_scripts import system_packages
from build_scripts.progress import SetUpError, run_step, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
Size = Literal["run", "dev"]
LOCKS: dict[Size, str] = {"run": "requirements.lock", "dev": "requirements-dev.lock"}


def ensure(size: Size, root: Path = ROOT) -> Path:
    """Make the environment ready and return its Python.

    Raises:
        SetUpError: It can't be made here; the text says why.
        KeyboardInterrupt: Ctrl-C came while it was being made.
        SystemExit: SIGTERM came.
    """
    venv = root / ".venv"
    python = python_in(venv)
    wanted = wanted_stamp(size, root)
    if is_ready(venv, python, wanted):
        return python
    try:
        with _alone(root), _sigterm_as_exit():
            # Another run may have done it while this one waited its turn.
            if not is_ready(venv, python, wanted):
                _set_up(size, root, venv, python, wanted)
    except OSError as error:
        raise SetUpError(
            f"The environment can't be set up in {venv}: {error.strerror} ({error.filename})."
        ) from error
    return python


def python_in(venv: Path) -> Path:
    """Return where a virtual environment has its Python."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted_stamp(size: Size, root: Path) -> dict[str, str]:
    """Return what the stamp must say for the environment to be ready: the Python, the lock, the recipe."""
    recipe = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    package = {"project": recipe["project"], "build": recipe["build-system"], "hatch": recipe["tool"]["hatch"]}
    return {
        "python": f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}",
        "package": _digest(json.dumps(package, sort_keys=True).encode()),
        # The root is in it because an environment that was moved or copied still points to the old place.
        "root": str(root),
        size: _digest((root / LOCKS[size]).read_bytes()),
    }


def is_ready(venv: Path, python: Path, wanted: dict[str, str]) -> bool:
    """Return whether the environment holds all that is wanted and no set-up was broken off."""
    if _marker(venv).exists() or not python.exists():
        return False
    stamp = _read_stamp(venv)
    return all(stamp.get(key) == value for key, value in wanted.items())


def _set_up(size: Size, root: Path, venv: Path, python: Path, wanted: dict[str, str]) -> None:
    stamp = _read_stamp(venv)
    fits = all(stamp.get(key, wanted[key]) == wanted[key] for key in ("python", "root"))
    if _marker(venv).exists() or not fits or not _has_pip(python):
        _make_venv(venv)
        stamp = {}
    else:
        say(f"Bringing {venv} up to date")
    _marker(venv).touch()
    try:
        if stamp.get(size) != wanted[size]:
            _install_lock(python, root / LOCKS[size])
            # The larger lock names the smaller one's packages too, in the same versions (`dev.py lock`).
            stamp |= {"run": wanted_stamp("run", root)["run"], size: wanted[size]}
            _write_stamp(venv, stamp | {key: wanted[key] for key in ("python", "root")})
        if stamp.get("package") != wanted["package"]:
            _pip(
                python, "Installing TunnelDesk itself", "--no-build-isolation", "--no-deps", "--editable", str(root)
            )
    except SetUpError as error:
        # pip looks everything up before it changes anything: up to there a failure has broken nothing.
        if "Installing collected packages" not in error.output:
            _marker(venv).unlink()
        raise
    _write_stamp(venv, stamp | wanted)
    _marker(venv).unlink()
    say("")


def _make_venv(venv: Path) -> None:
    say(f"Setting up TunnelDesk's environment in {venv} (once; about a minute)")
    _ensure_debian_basics()
    if venv.exists():
        shutil.rmtree(venv)
    venv.mkdir()
    _marker(venv).touch()
    # Of a Python that itself runs in a virtual environment, take the one below: this folder may just have held it.
    base = getattr(sys, "_base_executable", sys.executable)
    run_step("Making a virtual environment", [base, "-m", "venv", str(venv)], env=_clean_environ())


def _ensure_debian_basics() -> None:
    """Install the parts of Python and the certificates that Debian packs apart."""
    if not system_packages.has_apt():
        return
    packages = []
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        packages.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
        if not CERTIFICATES.exists():
            packages.append("ca-certificates")
    if packages:
        system_packages.install("Making a virtual environment", packages)


def _install_lock(python: Path, lock: Path) -> None:
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
    _pip(
        python,
        f"Installing the packages of {lock.name} (at most {count})",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
        f"--requirement={lock}",
    )


def _pip(python: Path, title: str, *arguments: str) -> None:
    """Run `pip install`, with the user's own settings for everything that is not said here."""
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    try:
        run_step(title, [str(python), "-m", "pip", "install", *options, *arguments], env=_clean_environ())
    except SetUpError as error:
        raise SetUpError(f"{title} failed. {_advice(error.output)}", error.output) from error


def _advice(output: str) -> str:
    """Say in one sentence what pip's output most likely means."""
    signs = ("NewConnectionError", "ConnectTimeout", "NameResolutionError", "ProxyError", "SSLError", "Retrying (")
    if any(sign in output for sign in signs):
        return "pip could not reach a package index: check the network, or pip's settings (pip config list)."
    if "No space left" in output:
        return "The disk is full."
    if "DO NOT MATCH THE HASHES" in output:
        return "A package differs from the one that was locked, so it was not installed."
    if "No matching distribution" in output:
        return "The package index that pip is set to use does not have what the lock file names for this Python."
    return "pip's words are above."


def _clean_environ() -> dict[str, str]:
    """Return the environment for pip: without what would lead it out of this virtual environment."""
    environ = {
        key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET"}
    }
    return {**environ, "PIP_USER": "0", "PYTHONUTF8": "1"}


def _has_pip(python: Path) -> bool:
    try:
        return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold off a second set-up of the same clone; where there is no `flock` (Windows) do without."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (root / "pyproject.toml").open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run is setting up this environment; waiting for it ...")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _sigterm_as_exit() -> Iterator[None]:
    """End the programs of the set-up on SIGTERM as on Ctrl-C."""

    def leave(signum: int, _frame: FrameType | None) -> None:
        sys.exit(128 + signum)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _read_stamp(venv: Path) -> dict[str, str]:
    try:
        content = json.loads(_stamp(venv).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_stamp(venv: Path, stamp: dict[str, str]) -> None:
    _stamp(venv).write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")


def _stamp(venv: Path) -> Path:
    return venv / "set-up.json"


def _marker(venv: Path) -> Path:
    return venv / "set-up.unfinished"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
