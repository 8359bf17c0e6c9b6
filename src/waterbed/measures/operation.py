"""The operation's own table, in the rows that INTERPOL publishes."""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from .reduce import Reduced

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

ROWS = {
    "arrests_trafficking_smuggling": "arrest", "arrests": "arrest", "victims_protected": "person",
    "irregular_migrants_detected": "person", "investigations_opened": "investigation", "officers": "officer",
    "countries": "country",
}  # fmt: skip
OUTCOMES = tuple(ROWS)[:5]
"""Rows that come of an operation; the others are what it was given."""
ALIKE = ("arrests_trafficking_smuggling", "irregular_migrants_detected", "investigations_opened")
"""Outcomes that are published of what is simulated: of arrests those for trafficking or smuggling, and no victims,
who are simulated before they are reported."""
REPORTED_PER_VICTIM = 21
"""Potential victims reported for one whom officers free or recognise in the model; calibrated (docs/prediction.md)."""
_SIMULATED = {"arrests_trafficking_smuggling": "arrests"}
"""Rows under another name in a run: whom officers arrest in the model are traffickers and smugglers."""
COLUMNS = ("row", "unit", "published", "mean", "low", "high", "low50", "high50", "naive", "operation")
_QUANTILES = (0.05, 0.95, 0.25, 0.75)


def operation_table(reduced: list[Reduced], scenario: Scenario) -> pd.DataFrame:
    """What each operation reports: published where known, mean and 50 and 90 % of runs, naive forecast.

    ``published`` is filled for the scenario and operation that a row of ``published.csv`` names.
    """
    import pandas as pd

    known = _table("published.csv")
    known = known[known["scenario"] == scenario.name]
    rows = []
    for name, operation in scenario.operations.items():
        facts = known[known["operation"] == name].set_index("row")["published"]
        for row, unit in ROWS.items():
            values = np.array([r.operations[name][_SIMULATED.get(row, row)] for r in reduced], float)
            band = np.quantile(values, _QUANTILES) if len(values) > 1 else np.full(4, math.nan)
            country_days = reduced[0].operations[name]["countries"] * operation.days
            rows.append((row, unit, float(facts.get(row, math.nan)), values.mean(), *band,
                         naive_rate(row) * country_days, name))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def beside_published(table: pd.DataFrame) -> pd.DataFrame:
    """The table for readers: the naive forecast only of operations of which something is published.

    A rate of INTERPOL's operations says nothing of one that nobody carried out, in a world that is invented.
    """
    real = table["published"].notna().groupby(table["operation"]).transform("any")
    return table.assign(naive=table["naive"].where(real))


@cache
def naive_rate(row: str) -> float:
    """Outcomes per country and day of earlier operations, as a ratio of sums; ``nan`` for what is an input.

    The naive forecast of an operation is this rate times its countries and days. Earlier operations are
    those before Liberterra III of which this outcome is published (``operations.csv``; days as there).
    """
    if row not in OUTCOMES:
        return math.nan
    known = _table("operations.csv")
    earlier = known[(known["use"] == "earlier") & known[row].notna()]
    return float(earlier[row].sum() / (earlier["countries"] * earlier["days"]).sum())


@cache
def _table(name: str) -> pd.DataFrame:
    import pandas as pd

    with (files("waterbed.measures") / name).open(encoding="utf-8") as file:
        return pd.read_csv(file)
