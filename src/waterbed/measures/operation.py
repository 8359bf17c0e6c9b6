"""The operation's own table, in the rows that INTERPOL publishes."""

from __future__ import annotations

import math
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from .reduce import Reduced

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

ROWS = ("arrests", "victims_protected", "irregular_migrants_detected", "investigations_opened", "officers", "countries")


def operation_table(reduced: list[Reduced], scenario: Scenario) -> pd.DataFrame:
    """Each operation's outcomes: published where known, simulated with 50 and 90 % of runs, naive forecast."""
    import pandas as pd

    known = pd.read_csv(str(files("waterbed.measures") / "published.csv"))
    rows = []
    for name, operation in scenario.operations.items():
        facts = known[known["operation"] == name].set_index("row")
        for row in ROWS:
            values = np.array([r.operations[name][row] for r in reduced], float)
            low, low50, high50, high = np.quantile(values, [0.05, 0.25, 0.75, 0.95])
            published = float(facts["published"].get(row, math.nan))
            rate = float(facts["per_country_day"].get(row, math.nan))
            naive = rate * reduced[0].operations[name]["countries"] * operation.days
            rows.append(
                (
                    name,
                    row,
                    "person" if "victims" in row or "migrants" in row else "1",
                    published,
                    values.mean(),
                    low,
                    high,
                    low50,
                    high50,
                    naive,
                )
            )
    columns = ["operation", "row", "unit", "published", "mean", "low", "high", "low50", "high50", "naive"]
    return pd.DataFrame(rows, columns=columns)
