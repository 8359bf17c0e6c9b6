"""Which days are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

YEAR = 365
_NEARLY_A_YEAR = 355
"""Shortest shift that still passes for 'the same days a year before': the season hardly differs."""


@dataclass(frozen=True)
class Window:
    """Days of a comparison, as half-open ranges; day 0 is the first after the burn-in."""

    first: int
    """First day of any measure in which the two worlds differ."""
    last: int
    """Day after the last of them."""
    after: int
    """End of the window that follows."""
    days: int
    """Days that both worlds have."""

    @property
    def spans(self) -> dict[str, tuple[int, int]]:
        """The windows by name; the widest leads."""
        return {
            "during and after": (self.first, self.after),
            "during": (self.first, self.last),
            "after": (self.last, self.after),
        }

    @property
    def shift(self) -> int:
        """Days back to the same days a year before; 0 where the run does not reach so far."""
        back = min(YEAR, self.first)
        return back if back >= _NEARLY_A_YEAR and self.after - self.first <= back else 0


def differing(x: Mapping[str, Any], y: Mapping[str, Any]) -> dict[str, Any]:
    """Operations or policies of either scenario that the other has not, or has otherwise; x's first."""
    return {n: m for a, b in ((y, x), (x, y)) for n, m in a.items() if b.get(n) != m}


def find_window(x: Scenario, y: Scenario) -> Window:
    """From the first to the last day of the measures in which two scenarios differ, and the days after.

    Operations without officers count: a sweep over officers keeps its window. Where the scenarios differ in
    nothing but parameters, it is the whole run.
    """
    days = min(x.days, y.days)
    operations, policies = differing(x.operations, y.operations), differing(x.policies, y.policies)
    spans = [(o.start, o.start + o.days) for o in operations.values()]
    spans += [(p.start, p.start + p.days if p.days else days) for p in policies.values()]
    if not spans:
        return Window(0, days, days, days)
    first = min(start for start, _ in spans)
    last = min(days, max(end for _, end in spans))
    return Window(first, last, min(days, last + x.compare.after_days), days)
