"""How long it takes until the icon is in the tray: the frozen program beside the source tree. Linux only.

    .venv/bin/python -m build_scripts.packaging.start_up build/package/frozen/tunneldesk

Both are started in turns, first with their files in memory, as when it is started again, then with their files on
the disk only, as after a login. Files that another program holds stay in memory, which helps the source tree most:
so nothing else should run from its environment meanwhile.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from build_scripts.bench.bench import Bench, end
from build_scripts.bench.screen import TrayWatch, open_screen

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
STARTS = 7


@dataclass(frozen=True, slots=True)
class StartUp:
    """How long both took, in milliseconds, each in turn.

    Attributes:
        where: Where their files were.
        frozen: Of the frozen program.
        source: Of the source tree.
    """

    where: str
    frozen: tuple[float, ...]
    source: tuple[float, ...]

    def __str__(self) -> str:
        """Say it in a line."""
        return (
            f"{median(self.frozen):7.0f} ms  from the start to the icon, frozen, {self.where} "
            f"({min(self.frozen):.0f} to {max(self.frozen):.0f}); from source {median(self.source):.0f} ms "
            f"({min(self.source):.0f} to {max(self.source):.0f})"
        )


def measure(folder: Path, *, starts: int = STARTS) -> tuple[StartUp, StartUp]:
    """Start both in turns, and see when the icon of each is in a tray.

    Args:
        folder: The frozen program's.
        starts: How often each.
    """
    programs = {"frozen": [str(folder / "tunneldeskw")], "source": [sys.executable, "-m", "tunneldesk"]}
    files = {"frozen": (folder,), "source": (ROOT / "tunneldesk", Path(sys.prefix), Path(sys.base_prefix))}
    found = []
    with Bench("start-up") as bench:
        bench.server()
        display = open_screen(bench)
        with TrayWatch(display) as watch:
            for where in ("files in memory", "files on disk"):
                taken: dict[str, list[float]] = {"frozen": [], "source": []}
                for number in range(starts + 1):  # the first fills the system's caches
                    for name, argv in programs.items():
                        if where == "files on disk":
                            _forget(files[name])
                        bench.say(f"{where}, start {number} of {starts}: {name}")
                        watch.forget()
                        began = time.monotonic()
                        child = bench.start(argv)
                        taken[name].append((watch.icon_comes() - began) * 1000)
                        end(child)
                found.append(StartUp(where, tuple(taken["frozen"][1:]), tuple(taken["source"][1:])))
    in_memory, on_disk = found
    return in_memory, on_disk


def _forget(folders: Sequence[Path]) -> None:
    """Have the system drop what it keeps in memory of all files there."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                file = os.open(path, os.O_RDONLY)
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(file)


def main() -> int:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(prog="start_up", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the frozen program's folder")
    parser.add_argument("--starts", type=int, default=STARTS, help=f"how often each is started (default: {STARTS})")
    options = parser.parse_args()
    for each in measure(options.folder.absolute(), starts=options.starts):
        print(each)
    return 0


if __name__ == "__main__":
    sys.exit(main())
