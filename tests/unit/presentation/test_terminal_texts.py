"""Small things that many screens say."""

from __future__ import annotations

import pytest

from tunneldesk.presentation.texts import duration, plain


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (41, "41 s"),
        (60, "1 min"),
        (310, "5 min 10 s"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
    ],
)
def test_lengths_of_time_read_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_foreign_text_stays_on_one_printable_line() -> None:
    assert plain("a\r\n\x1b[31mb\u200e  c") == "a [31mb c"
    assert plain("word " * 100, 12) == "word word..."
    assert plain("short", 5) == "short"
