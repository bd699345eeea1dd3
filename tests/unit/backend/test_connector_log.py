"""The stand-in's log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tunneldesk.backend.connector_log import Log
from tunneldesk.backend.connector_metrics import Metrics

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"connIndex": 0, "connection": "x", "event": 0}, "connIndex=0 connection=x event=0"),
        ({"b": 1, "error": "two words"}, 'error="two words" b=1'),
        ({"x": 'say "hi"\\'}, r'x="say \"hi\"\\"'),
        ({"x": ""}, 'x=""'),
        ({"x": "a\nb"}, r'x="a\nb"'),
    ],
)
def test_fields_are_written_as_zerolog_does(
    capsys: pytest.CaptureFixture[str], fields: dict[str, object], shown: str
) -> None:
    Log().info("Message", **fields)
    assert capsys.readouterr().err.partition("Z ")[2] == f"INF Message {shown}\n"


def test_a_level_silences_what_is_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    log = Log("warn")
    log.info("quiet")
    log.warn("loud")
    log.error("", error="louder")
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("Z ")[2] for line in lines] == ["WRN loud", "ERR  error=louder"]


def test_json_on_stderr_and_in_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = Log(json_output=True, logfile=str(tmp_path / "log"))
    log.info("Message", connIndex=1)
    log.close()
    shown = capsys.readouterr().err
    assert shown == (tmp_path / "log").read_text()
    record = json.loads(shown)
    assert (record["level"], record["message"], record["connIndex"]) == ("info", "Message", 1)


def test_labels_are_escaped_in_the_metrics() -> None:
    metrics = Metrics("me", "tunnel", "edge:1")
    metrics.refusals['no "way"\n'] += 1
    assert r'register_fail{error="no \"way\"\n",rpcName="registerConnection"} 1' in metrics.exposition()
