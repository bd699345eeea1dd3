"""cloudflared's command line, as the stand-in takes it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from tunneldesk.backend.connector_options import (
    StartError,
    UsageError,
    format_duration,
    parse,
    parse_duration,
)
from tunneldesk.backend.connector_token import TokenError, decode_token

if TYPE_CHECKING:
    from pathlib import Path


def test_flags_in_their_places() -> None:
    options = parse(
        [
            "tunnel",
            "--no-autoupdate",
            "--metrics=127.0.0.1:0",
            "-loglevel",
            "debug",
            "--grace-period",
            "5s",
            "run",
            "--protocol",
            "http2",
            "name",
        ],
        {"TUNNEL_TOKEN": "tok"},
    )
    assert options.command == "run"
    assert (options.metrics, options.loglevel, options.grace_period) == ("127.0.0.1:0", "debug", 5.0)
    assert (options.protocol, options.token) == ("http2", "tok")
    assert options.given == {
        "grace-period": "5s",
        "loglevel": "debug",
        "metrics": "127.0.0.1:0",
        "no-autoupdate": "true",
        "protocol": "http2",
        "token": "*****",
    }
    assert "tok'" not in repr(options)


def test_a_flag_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("# mine\nloglevel: warn\nprotocol: http2\nmetrics: 'a:1'\ningress:\n  - service: x\n")
    options = parse(
        ["tunnel", "--config", str(config), "--metrics", "c:3", "run"],
        {"TUNNEL_METRICS": "b:2", "TUNNEL_TRANSPORT_PROTOCOL": "quic", "OTHER": "x"},
    )
    assert (options.metrics, options.protocol, options.loglevel) == ("c:3", "quic", "warn")


def test_either_place_takes_the_protocol() -> None:
    assert parse(["tunnel", "--protocol", "quic", "run"], {}).protocol == "quic"


@pytest.mark.parametrize(
    "argv",
    [
        ["tunnel", "--nonsense", "run"],
        ["tunnel", "--token", "x", "run"],
        ["tunnel", "run", "--no-autoupdate"],
        ["tunnel", "--no-autoupdate=maybe", "run"],
        ["tunnel", "--retries", "many", "run"],
        ["tunnel", "--grace-period"],
    ],
)
def test_what_it_can_not_take(argv: list[str]) -> None:
    with pytest.raises(UsageError):
        parse(argv, {})


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="no such file"):
        parse(["tunnel", "--config", str(tmp_path / "none"), "run"], {})
    with pytest.raises(StartError, match="open"):
        parse(["tunnel", "--config", str(tmp_path), "run"], {})
    with pytest.raises(StartError, match="token file"):
        parse(["tunnel", "run", "--token-file", str(tmp_path / "none")], {})


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("1m30s", 90), ("500ms", 0.5), ("1.5h", 5400), ("0", 0), ("1m4s", 64)]
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "s", "5 s", "5x", "-5s"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="invalid duration"):
        parse_duration(text)


@pytest.mark.parametrize(("seconds", "text"), [(1, "1s"), (32, "32s"), (64, "1m4s"), (3600, "1h0m0s")])
def test_durations_as_go_writes_them(seconds: int, text: str) -> None:
    assert format_duration(seconds) == text


def encode(**values: object) -> str:
    return base64.b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    ("edge", "host", "port", "shown"),
    [("127.0.0.1:88", "127.0.0.1", 88, "127.0.0.1:88"), ("[::1]:88", "::1", 88, "[::1]:88")],
)
def test_a_token_names_the_edge(edge: str, host: str, port: int, shown: str) -> None:
    token = decode_token(encode(a="a", t="tunnel", s="secret", e=edge))
    assert (token.tunnel_id, token.host, token.port, token.edge) == ("tunnel", host, port, shown)
    assert "secret" not in repr(token)


@pytest.mark.parametrize(
    "text",
    [
        "?",
        encode(t="t", s="s"),
        encode(t="t", s="s", e="host"),
        encode(t="t", s="s", e="host:0"),
        encode(t="t", s="s", e="host:x"),
        encode(t="t", s="s\r\nX: 1", e="host:1"),
        encode(t="t t", s="s", e="host:1"),
        encode(t=1, s="s", e="host:1"),
        base64.b64encode(b"[]").decode(),
    ],
)
def test_tokens_of_others_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(TokenError) as refused:
        decode_token(text)
    assert text not in str(refused.value)
    assert refused.value.__cause__ is None
