"""`dev.py bench`: takes the measures that were named, or all of them."""

from __future__ import annotations

import argparse
import compileall
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from build_scripts.bench.bench import Bench
    from build_scripts.bench.result import Result


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, write the JSON; 1 when a goal was missed or a measure broke."""
    parser = argparse.ArgumentParser(
        prog="dev.py bench",
        description="Measure what TunnelDesk costs and how fast it is, beside something real in the same run.",
    )
    parser.add_argument("names", nargs="*", metavar="MEASURE", help="which (default: all)")
    parser.add_argument("--list", action="store_true", help="say which there are")
    parser.add_argument(
        "--readme", action="store_true", help="put the table into the README, to be compared with from then on"
    )
    options = parser.parse_args(arguments)

    from build_scripts.bench.bench import ROOT, Bench
    from build_scripts.bench.measures import MEASURES
    from build_scripts.bench.report import OUT, keep, last_values, put_into_readme, table, write
    from build_scripts.progress import SetUpError
    from build_scripts.system_packages import ensure_for_bench

    if options.list:
        print("\n".join(MEASURES))
        return 0
    unknown = [name for name in options.names if name not in MEASURES]
    if unknown:
        parser.error(f'there is no measure "{unknown[0]}"; there are {", ".join(MEASURES)}')
    try:
        ensure_for_bench()
    except SetUpError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    # As an installer does; nor may it depend on whether this environment lets Python keep what it has compiled.
    for folder in ("tunneldesk", "build_scripts"):
        compileall.compile_dir(ROOT / folder, quiet=1)
    results = []
    broken = []
    # Some are taken together: whoever names one of them gets the others with it.
    takers: dict[Callable[[Bench], list[Result]], str] = {}
    for name in options.names or MEASURES:
        takers.setdefault(MEASURES[name], name)
    for take, name in takers.items():
        started = time.monotonic()
        with Bench(name) as bench:
            try:
                results += take(bench)
            except (TimeoutError, OSError) as error:
                broken.append(name)
                bench.say(f"broke: {error}\n")
            else:
                bench.say(f"taken in {time.monotonic() - started:.0f} s\n")
    if results:
        print(f"\n{table(results, last_values())}")
        write(results, order=list(MEASURES))
        print(f"Kept in {OUT}.")
    if options.readme and results:
        put_into_readme()
        keep()
    return 1 if broken or not all(each.met for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())
