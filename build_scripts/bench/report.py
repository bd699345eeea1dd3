"""The table, its JSON, and how it compares with the last one that was committed."""

from __future__ import annotations

import json
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from build_scripts.bench.result import Result

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "build" / "bench.json"
LAST = Path(__file__).with_name("last.json")
"""The last result that was committed."""

README = ROOT / "README.md"
BEGIN, END = "<!-- bench: made by dev.py bench --readme -->", "<!-- /bench -->"


def machine() -> str:
    """Return what it ran on, in one line."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE)
        model = found.group(1).strip() if found else platform.machine()
    system = f"{platform.system()} {platform.release()}"
    return f"{system}, {model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def number(value: float, unit: str) -> str:
    """Return a value as it is shown: `1.06x`, `12.3 ms`, `0.4 %`."""
    digits = 0 if abs(value) >= 100 else 2 if unit in {"x", "%"} else 1
    return f"{value:.{digits}f}{'' if unit == 'x' else ' '}{unit}"


def rows(results: Sequence[Result], last: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Return the cells of the table, its head first."""
    head = ("measure", "what", "result", "spread", "goal", "met", "ours", "beside it", "last time")
    return [
        head,
        *(
            (
                each.measure,
                each.what,
                number(each.value, each.unit),
                f"± {number(each.spread, each.unit)}" if each.spread else "",
                f"{'at least' if each.goal.at_least else 'at most'} {number(each.goal.limit, each.unit)}",
                "yes" if each.met else "NO",
                each.ours,
                each.beside,
                number(last[key(each)], each.unit) if key(each) in last else "",
            )
            for each in results
        ),
    ]


def table(results: Sequence[Result], last: Mapping[str, float]) -> str:
    """Return the table for a terminal."""
    cells = rows(results, last)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]
    met = sum(each.met for each in results)
    return "\n".join([*lines, "", f"{met} of {len(results)} goals met. {machine()}"])


def key(result: Result) -> str:
    """Return what tells a line from the others."""
    return f"{result.measure}: {result.what}"


def document(results: Sequence[Result]) -> dict[str, Any]:
    """Return the results as they are kept."""
    return {
        "machine": machine(),
        "results": [
            {
                "measure": each.measure,
                "what": each.what,
                "value": round(each.value, 4),
                "spread": round(each.spread, 4),
                "unit": each.unit,
                "goal": each.goal.limit,
                "atLeast": each.goal.at_least,
                "met": each.met,
                "ours": each.ours,
                "beside": each.beside,
            }
            for each in results
        ],
    }


def last_values(path: Path = LAST) -> dict[str, float]:
    """Return what was measured when a result was committed last; nothing where none was."""
    if not path.exists():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))["results"]
    return {f"{each['measure']}: {each['what']}": float(each["value"]) for each in kept}


def write(results: Sequence[Result], path: Path = OUT, order: Sequence[str] = ()) -> None:
    """Write the results as JSON; those of measures that were not taken now stay.

    Args:
        results: What was found.
        path: Where to.
        order: Names of measures, in the order in which they are to stand there.
    """
    taken = {each.measure for each in results}
    made = document(results)
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["machine"] == made["machine"]:
            made["results"] = [each for each in kept["results"] if each["measure"] not in taken] + made["results"]
    places = {name: place for place, name in enumerate(order)}
    made["results"].sort(key=lambda each: places.get(each["measure"], len(places)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def markdown(kept: Mapping[str, Any]) -> str:
    """Return the table for the README, out of what `write` has kept."""
    lines = ["| measure | what | result | goal | ours | beside it |", "|---|---|---|---|---|---|"]
    for each in kept["results"]:
        unit, value = each["unit"], number(each["value"], each["unit"])
        value += f" ± {number(each['spread'], unit)}" if each["spread"] else ""
        goal = f"{'at least' if each['atLeast'] else 'at most'} {number(each['goal'], unit)}"
        shown = value if each["met"] else f"**{value}**"
        lines.append(
            f"| {each['measure']} | {each['what']} | {shown} | {goal} | {each['ours']} | {each['beside']} |"
        )
    return "\n".join([*lines, "", f"On {kept['machine']}. What misses its goal is in bold."])


def keep(path: Path = OUT, last: Path = LAST) -> None:
    """Make these the results that later ones are compared with, once they are committed."""
    last.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")


def put_into_readme(path: Path = OUT, readme: Path = README) -> None:
    """Replace the table in the README.

    Raises:
        ValueError: The README has no place for it.
    """
    text = readme.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme} has no place for the table: {BEGIN} ... {END}")
    made = markdown(json.loads(path.read_text(encoding="utf-8")))
    readme.write_text(f"{head}{BEGIN}\n{made}\n{END}{tail}", encoding="utf-8")
