"""The stand-in's command line: cloudflared's flags, each where cloudflared takes it, and its environment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Command = Literal["run", "help", "version", "short-version"]
Value = str | bool | float

HELP: Final = """\
NAME:
   cloudflared tunnel run - TunnelDesk's stand-in for cloudflared: serves TunnelDesk's own edge only

USAGE:
   cloudflared tunnel [tunnel flags] run [run flags]

TUNNEL FLAGS (before run):
   --no-autoupdate         accepted; the stand-in never replaces itself
   --metrics value         address of the metrics server [$TUNNEL_METRICS]
   --loglevel value        debug, info, warn, error, fatal (default: info) [$TUNNEL_LOGLEVEL]
   --output value          default or json
   --logfile value         write the log to this file as JSON lines, too [$TUNNEL_LOGFILE]
   --pidfile value         write the process id there after the first registration [$TUNNEL_PIDFILE]
   --grace-period value    how long requests in flight may take at the end (default: 30s) [$TUNNEL_GRACE_PERIOD]
   --retries value         accepted [$TUNNEL_RETRIES]
   --config value          configuration file
   --label value           accepted

RUN FLAGS (after run):
   --token value           the tunnel token [$TUNNEL_TOKEN]
   --token-file value      file that holds the tunnel token [$TUNNEL_TOKEN_FILE]

EITHER SIDE:
   --protocol value        auto, quic or http2 (default: auto) [$TUNNEL_TRANSPORT_PROTOCOL]
   --post-quantum          accepted [$TUNNEL_POST_QUANTUM]
"""

DEFAULT_METRICS: Final = "localhost:0"
"""Not an address to listen on: it means the first free one of the known ports."""


class UsageError(Exception):
    """The command line can't be taken; cloudflared prints its help and exits 0."""


class StartError(Exception):
    """The connector can't start or go on; cloudflared prints this line and exits 1."""


@dataclass(frozen=True, slots=True)
class _Flag:
    place: Literal["tunnel", "run", "either"]
    kind: Literal["text", "bool", "duration", "count"]
    variable: str | None = None


_FLAGS: Final = {
    "no-autoupdate": _Flag("tunnel", "bool", "NO_AUTOUPDATE"),
    "metrics": _Flag("tunnel", "text", "TUNNEL_METRICS"),
    "loglevel": _Flag("tunnel", "text", "TUNNEL_LOGLEVEL"),
    "output": _Flag("tunnel", "text"),
    "logfile": _Flag("tunnel", "text", "TUNNEL_LOGFILE"),
    "pidfile": _Flag("tunnel", "text", "TUNNEL_PIDFILE"),
    "grace-period": _Flag("tunnel", "duration", "TUNNEL_GRACE_PERIOD"),
    "retries": _Flag("tunnel", "count", "TUNNEL_RETRIES"),
    "config": _Flag("tunnel", "text"),
    "label": _Flag("tunnel", "text"),
    "token": _Flag("run", "text", "TUNNEL_TOKEN"),
    "token-file": _Flag("run", "text", "TUNNEL_TOKEN_FILE"),
    "protocol": _Flag("either", "text", "TUNNEL_TRANSPORT_PROTOCOL"),
    "post-quantum": _Flag("either", "bool", "TUNNEL_POST_QUANTUM"),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the stand-in was told.

    Attributes:
        command: What to do.
        token: The tunnel token as given; never shown.
        metrics: Address of the metrics server.
        grace_period: Seconds requests in flight may take at the end.
        loglevel: Least level logged.
        protocol: auto, quic or http2 (not checked yet).
        json_output: Whether stderr gets JSON instead of text.
        logfile: File that gets the log as JSON lines.
        pidfile: File that gets the process id.
        given: What was set, by flag, environment or file, as the "Settings" line shows it.
        empty_config: Path of a configuration file with nothing in it.
    """

    command: Command
    token: str = field(default="", repr=False)
    metrics: str = DEFAULT_METRICS
    grace_period: float = 30.0
    loglevel: str = "info"
    protocol: str = "auto"
    json_output: bool = False
    logfile: str | None = None
    pidfile: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    empty_config: str | None = None


def parse(argv: Sequence[str], environment: Mapping[str, str]) -> Options:
    """Read command line, environment and configuration file, in this order of precedence.

    Raises:
        UsageError: An unknown flag, a flag in the wrong place, or a value of the wrong kind.
        StartError: A file that was named can't be read.
    """
    command, given = _command_line(argv)
    if command != "run":
        return Options(command)
    for name, flag in _FLAGS.items():
        text = environment.get(flag.variable, "") if flag.variable else ""
        if text and name not in given:
            given[name] = _value(name, text)
    config = given.get("config")
    empty_config = None
    if config is not None:
        from_file = _config_file(str(config))
        empty_config = None if from_file else str(config)
        given = from_file | given
    return Options(
        command=command,
        token=_token(given),
        metrics=str(given.get("metrics", DEFAULT_METRICS)),
        grace_period=float(given.get("grace-period", 30.0)),
        loglevel=str(given.get("loglevel", "info")),
        protocol=str(given.get("protocol", "auto")),
        json_output=given.get("output") == "json",
        logfile=_optional(given, "logfile"),
        pidfile=_optional(given, "pidfile"),
        given={name: _shown(name, value) for name, value in sorted(given.items())},
        empty_config=empty_config,
    )


def parse_duration(text: str) -> float:
    """Return the seconds of a duration as Go writes it (``1m30s``, ``500ms``).

    Raises:
        ValueError: It is none.
    """
    if text == "0":
        return 0.0
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    parts = re.findall(r"(\d+(?:\.\d+)?)(h|ms|m|s)", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f'time: invalid duration "{text}"')
    return sum(float(number) * units[unit] for number, unit in parts)


def format_duration(seconds: float) -> str:
    """Return whole seconds as Go writes them: ``32s``, ``1m4s``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if hours or minutes else "") + f"{rest}s"


def _command_line(argv: Sequence[str]) -> tuple[Command, dict[str, Value]]:
    rest = list(argv)
    if rest[:1] in (["--version"], ["-v"], ["-V"]):
        return "version", {}
    if rest[:1] == ["version"]:
        return ("short-version" if rest[1:] in (["--short"], ["-s"]) else "version"), {}
    if rest[:1] != ["tunnel"]:
        return "help", {}
    given: dict[str, Value] = {}
    place: Literal["tunnel", "run"] = "tunnel"
    words = iter(rest[1:])
    for word in words:
        if word in ("--help", "-h"):
            return "help", {}
        if word == "run" and place == "tunnel":
            place = "run"
        elif word.startswith("-"):
            name, equals, text = word.lstrip("-").partition("=")
            flag = _FLAGS.get(name)
            if flag is None or flag.place not in (place, "either"):
                raise UsageError(f"flag provided but not defined: -{name}")
            if not equals:
                text = "true" if flag.kind == "bool" else next(words, "")
                if not text and flag.kind != "text":
                    raise UsageError(f"flag needs an argument: -{name}")
            given[name] = _value(name, text)
        elif place == "tunnel":
            return "help", {}
        # a tunnel's name behind `run` is taken and not needed: the token says which tunnel it is
    return ("run" if place == "run" else "help"), given


def _value(name: str, text: str) -> Value:
    kind = _FLAGS[name].kind
    try:
        if kind == "duration":
            return parse_duration(text)
        if kind == "count":
            return int(text)
    except ValueError as error:
        raise UsageError(f'invalid value "{text}" for flag -{name}: {error}') from error
    if kind == "bool":
        if text.lower() not in ("true", "false", "1", "0", "t", "f"):
            raise UsageError(f'invalid boolean value "{text}" for -{name}: parse error')
        return text.lower() in ("true", "1", "t")
    return text


def _config_file(path: str) -> dict[str, Value]:
    """Read the flat ``key: value`` lines of a configuration file; anything deeper is not known to the stand-in."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise StartError(f"open {path}: no such file or directory") from error
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"open {path}: {error}") from error
    found: dict[str, Value] = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon and name in _FLAGS:
            found[name] = _value(name, value.strip().strip("\"'"))
    return found


def _token(given: dict[str, Value]) -> str:
    if "token" in given:
        return str(given["token"]).strip()
    if "token-file" not in given:
        return ""
    path = str(given["token-file"])
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"Failed to read token file: open {path}: {error}") from error


def _optional(given: dict[str, Value], name: str) -> str | None:
    return str(given[name]) if given.get(name) else None


def _shown(name: str, value: Value) -> str:
    if name == "token":
        return "*****"
    if isinstance(value, bool):
        return str(value).lower()
    if _FLAGS[name].kind == "duration":
        return format_duration(float(value))
    return str(value)
