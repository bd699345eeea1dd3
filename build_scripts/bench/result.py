"""What a measure has found, and whether that is good enough."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached.

    Attributes:
        limit: The number, in the result's unit.
        at_least: Whether more is better.
    """

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Whether ``value`` reaches it."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Attributes:
        measure: The measure's name.
        what: What was measured, in words.
        value: What is judged: a ratio, a difference, or where there is nothing to stand beside, the thing itself.
        unit: Of `value`: "x" for a ratio.
        goal: What is to be reached.
        spread: Half the distance between the quartiles of `value`, in its unit; 0 where it was taken once.
        ours: What was measured, in its own unit, as text.
        beside: What stood beside it, the same way; empty where there is nothing.
    """

    measure: str
    what: str
    value: float
    unit: str
    goal: Goal
    spread: float
    ours: str
    beside: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.goal.met(self.value)


def ratio(ours: Sequence[float], beside: Sequence[float]) -> tuple[float, float]:
    """Return how ``ours`` compare with ``beside``, as a ratio of medians, and how far that spreads.

    Both were taken in turns; so each pair is a ratio of its own, and the spread is that of the pairs.
    """
    pairs = [mine / other for mine, other in zip(ours, beside, strict=True)]
    return median(ours) / median(beside), spread(pairs)


def difference(ours: Sequence[float], beside: Sequence[float]) -> tuple[float, float]:
    """Return how much more ``ours`` take than ``beside`` (medians), and how far that spreads."""
    pairs = [mine - other for mine, other in zip(ours, beside, strict=True)]
    return median(ours) - median(beside), spread(pairs)


def spread(values: Sequence[float]) -> float:
    """Return half the distance between the quartiles."""
    return (percentile(values, 75) - percentile(values, 25)) / 2


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which ``part`` per cent of ``values`` lie, between neighbours in proportion."""
    if not values:
        raise ValueError("no values were taken")
    ordered = sorted(values)
    place = (len(ordered) - 1) * part / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
