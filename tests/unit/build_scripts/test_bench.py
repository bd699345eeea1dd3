"""The benchmark itself: its arithmetic, its table, what it keeps and how it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from build_scripts.bench import report
from build_scripts.bench.__main__ import main
from build_scripts.bench.bench import Bench
from build_scripts.bench.face import late_beats
from build_scripts.bench.load import Load, Request, in_words, write_requests
from build_scripts.bench.measures import MEASURES
from build_scripts.bench.result import Goal, Result, difference, percentile, ratio, spread
from build_scripts.bench.soak import soak
from build_scripts.bench.tray import icon

ROOT = Path(__file__).resolve().parents[3]

QUICK = Result("icon", "spawn to tray icon", 1.2, "x", Goal(1.25), 0.05, "480 ms", "400 ms")
SLOW = Result("late", "lateness of beats", 61.0, "ms", Goal(50), 0.0, "61 ms")
BUSY = Result("through", "throughput of 1 GB", 0.65, "x", Goal(0.7, at_least=True), 0.02, "650 MB/s", "1 GB/s")


def test_a_goal_is_met_from_its_own_side() -> None:
    assert [each.met for each in (QUICK, SLOW, BUSY)] == [True, False, False]
    assert Goal(0.7, at_least=True).met(0.7)
    assert Goal(50).met(50)


def test_what_was_taken_in_turns_is_compared_by_medians_and_spreads_by_pairs() -> None:
    assert ratio([2, 4, 9], [1, 2, 3]) == (2.0, 0.25)
    assert difference([12, 14, 30], [10, 10, 10]) == (4.0, 4.5)


def test_percentiles_lie_between_neighbours() -> None:
    assert percentile([3, 1, 2], 50) == 2
    assert percentile([0, 10], 99) == pytest.approx(9.9)
    assert percentile([7], 99.9) == 7
    assert spread([1, 2, 3, 4, 5]) == 1
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_the_table_says_what_was_missed_and_what_it_was_last_time() -> None:
    shown = report.table([QUICK, SLOW, BUSY], {"icon: spawn to tray icon": 1.1})
    head, icon, late, through, _, end = shown.splitlines()
    assert head.split()[:3] == ["measure", "what", "result"]
    assert "1.20x" in icon
    assert "± 0.05x" in icon
    assert "at most 1.25x" in icon
    assert icon.endswith("1.10x")
    assert "61.0 ms" in late
    assert "±" not in late
    assert " NO " in late
    assert "at least 0.70x" in through
    assert end.startswith("1 of 3 goals met. ")


def test_results_are_kept_beside_those_of_other_measures(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    report.write([QUICK, SLOW], path)
    better = Result("late", "lateness of beats", 40.0, "ms", Goal(50), 0.0, "40 ms")
    report.write([better], path)
    assert report.last_values(path) == {"icon: spawn to tray icon": 1.2, "late: lateness of beats": 40.0}
    kept = json.loads(path.read_text())
    kept["machine"] = "another one"
    path.write_text(json.dumps(kept))
    report.write([SLOW], path)  # what another machine has measured says nothing here
    assert report.last_values(path) == {"late: lateness of beats": 61.0}


def test_results_stand_in_the_order_of_the_measures_whenever_they_were_taken(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    for each in (BUSY, QUICK, SLOW):
        report.write([each], path, order=["icon", "late", "through"])
    assert [each["measure"] for each in json.loads(path.read_text())["results"]] == ["icon", "late", "through"]


def test_what_is_taken_together_is_taken_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taken: list[str] = []

    def both(_: Bench) -> list[Result]:
        taken.append("both")
        return [QUICK, SLOW]

    def one(_: Bench) -> list[Result]:
        taken.append("one")
        raise OSError("it did not start")

    monkeypatch.setattr("build_scripts.bench.measures.MEASURES", {"icon": both, "one": one, "late": both})
    monkeypatch.setattr("build_scripts.bench.report.OUT", tmp_path / "bench.json")
    monkeypatch.setattr("build_scripts.system_packages.ensure_for_bench", lambda: None)
    written: list[Result] = []
    monkeypatch.setattr("build_scripts.bench.report.write", lambda results, order: written.extend(results))  # noqa: ARG005
    assert main([]) == 1
    assert taken == ["both", "one"]
    assert written == [QUICK, SLOW]
    taken.clear()
    main(["late", "icon"])
    assert taken == ["both"]


def test_a_beat_is_late_by_its_tunnels_most_punctual_one() -> None:
    assert late_beats([[10.0, 11.0, 12.25]]) == [0.0, 0.0, 250.0]
    late = late_beats([[10.4, 11.0, 12.0], [3.0, 5.0]])  # the first came late, and one is missing
    assert late == pytest.approx([400, 0, 0, 0, 0])


def test_requests_are_written_a_line_each(tmp_path: Path) -> None:
    asked = [Request("POST", "/v1/tunnels", token="t", body='{"port":1}'), Request("GET", "/", host="a.test")]
    path = write_requests(tmp_path / "requests", asked)
    assert path.read_text() == 'POST\t/v1/tunnels\t\tt\t{"port":1}\nGET\t/\ta.test\t\t\n'
    assert in_words([Load(1000, 1.5, 9), Load(1200, 1.0, 8), Load(900, 2, 10)]) == "1,000/s, p50 1.5 ms, p99 9.0 ms"


def test_nothing_was_measured_yet(tmp_path: Path) -> None:
    assert report.last_values(tmp_path / "none.json") == {}


def test_the_readme_gets_the_table_in_its_place(tmp_path: Path) -> None:
    kept, readme = tmp_path / "bench.json", tmp_path / "README.md"
    report.write([QUICK, SLOW], kept)
    readme.write_text(f"before\n{report.BEGIN}\nformer\n{report.END}\nafter\n")
    report.put_into_readme(kept, readme)
    text = readme.read_text()
    assert text.startswith(f"before\n{report.BEGIN}\n| measure |")
    assert text.endswith(f"{report.END}\nafter\n")
    assert "| icon | spawn to tray icon | 1.20x ± 0.05x | at most 1.25x | 480 ms | 400 ms |" in text
    assert "| **61.0 ms** |" in text
    assert "former" not in text
    readme.write_text("no place")
    with pytest.raises(ValueError, match="no place for the table"):
        report.put_into_readme(kept, readme)


def test_measures_are_called_by_name() -> None:
    def bench(*words: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "build_scripts.bench", *words]
        return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert bench("--list").stdout.split() == list(MEASURES)
    unknown = bench("saok")
    assert unknown.returncode == 2
    assert 'there is no measure "saok"; there are ' in unknown.stderr


@pytest.mark.slow
def test_a_short_soak_loses_nothing_and_leaves_nothing_running() -> None:
    with Bench("soak") as bench:
        growth, lost = soak(bench, minutes=0.1)
        folder = bench.folder
    assert growth.unit == "%"
    assert (lost.value, lost.met) == (0, True)
    assert not folder.exists()


@pytest.mark.slow
def test_an_icon_is_seen_coming_into_a_real_tray() -> None:
    with Bench("icon") as bench:
        (found,) = icon(bench, starts=1)
    assert found.unit == "x"
    assert 0.1 < found.value < 10


def test_what_was_put_into_the_readme_is_what_is_compared_with_next(tmp_path: Path) -> None:
    kept, last = tmp_path / "bench.json", tmp_path / "last.json"
    report.write([QUICK], kept)
    report.keep(kept, last)
    assert report.last_values(last) == {"icon: spawn to tray icon": 1.2}
