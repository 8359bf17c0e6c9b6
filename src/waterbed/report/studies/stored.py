"""A study's tables, read back, and which of its effects are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MOST = 4
"""Effects that are shown."""
_FIRST_KEYS = ("during and after", "", "cohort", "to the end", "treated")


@dataclass(frozen=True)
class Stored:
    """A study's tables, read back."""

    about: dict[str, Any]
    summary: pd.DataFrame
    runs: pd.DataFrame
    sensitivity: pd.DataFrame | None
    convergence: pd.DataFrame | None

    @property
    def factors(self) -> list[str]:
        """Addresses of what varies."""
        columns = list(self.summary.columns)
        return columns[1 : columns.index("effect")]

    def unit(self, factor: str) -> str:
        """The declared unit of a factor; none for a function's."""
        return str(self.runs.attrs.get("units", {}).get(factor, ""))

    @property
    def effects(self) -> list[tuple[str, str, str]]:
        """(effect, key, unit) of those to show: kept ones, each by its first key; at most four."""
        keep = list(self.about["study"]["keep"]) or ["arrivals_lost", "treated_crossings_lost", "displacement_spatial"]
        found = []
        for effect in keep:
            rows = self.summary[self.summary["effect"] == effect]
            keys = sorted(set(rows["key"]), key=lambda k: (_FIRST_KEYS.index(k) if k in _FIRST_KEYS else 9, k))
            if keys:
                found.append((effect, keys[0], str(rows["unit"].iloc[0])))
        every = self.summary[["effect", "key", "unit"]].drop_duplicates().itertuples(index=False)
        return (found or [tuple(name) for name in every])[:MOST]

    def rows(self, effect: tuple[str, str, str]) -> pd.DataFrame:
        """The summary of one effect, a row a point."""
        table = self.summary
        return table[(table["effect"] == effect[0]) & (table["key"] == effect[1])]
