"""The latest lines of something that talks a lot."""

from __future__ import annotations

from tunneldesk.domain.lines import Lines


def test_the_latest_lines_are_remembered_and_the_oldest_forgotten() -> None:
    lines = Lines(kept=3)
    for number in range(5):
        lines.append(str(number))
    assert list(lines) == ["2", "3", "4"]
    assert (len(lines), lines.written) == (3, 5)


def test_a_follower_is_told_once_until_it_reads_however_much_is_written() -> None:
    lines = Lines()
    told: list[int] = []
    follower = lines.follow(lambda: told.append(lines.written))
    for number in range(100):
        lines.append(str(number))
    assert (told, follower.waiting) == ([1], 100)
    assert len(follower.read()) == 100
    lines.append("one more")
    assert (told, follower.read()) == ([1, 101], ("one more",))


def test_a_follower_that_falls_behind_misses_only_what_is_forgotten() -> None:
    lines = Lines(kept=2)
    follower = lines.follow(lambda: None)
    for number in range(5):
        lines.append(str(number))
    assert follower.read() == ("3", "4")
    assert follower.read() == ()


def test_one_that_only_takes_note_is_told_again_and_still_reads_everything() -> None:
    lines = Lines()
    told: list[None] = []
    follower = lines.follow(lambda: told.append(None))
    lines.append("first")
    follower.note()
    lines.append("second")
    assert (len(told), follower.read()) == (2, ("first", "second"))


def test_one_that_has_left_hears_nothing() -> None:
    lines = Lines()
    told: list[None] = []
    follower = lines.follow(lambda: told.append(None))
    follower.close()
    follower.close()
    lines.append("to nobody")
    assert told == []
