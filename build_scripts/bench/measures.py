"""All measures, in the order they are taken: the name for the command line, and what takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from build_scripts.bench.soak import soak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from build_scripts.bench.bench import Bench
    from build_scripts.bench.result import Result

MEASURES: Mapping[str, Callable[[Bench], list[Result]]] = {
    "soak": soak,
}
