"""INTERPOL's operations predicted: the next one from the earlier ones, and each of these from the others.

How each is simulated is in :mod:`.staging`, how effects are calibrated in :mod:`.effects`. Beside every forecast stand
two naive ones from the same operations: their rate times countries and days, as a point, and with a spread of its own
that is fitted as the model's is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .effects import BLOCKS, DRAWS, PARAMETERS, Calibration, fit, fit_rate, known, surfaces_of
from .scores import sample_crps
from .staging import PREDICTED, operations, shipped

if TYPE_CHECKING:
    import pandas as pd

ROWS = ("arrests_trafficking_smuggling", "arrests", "victims_protected", "irregular_migrants_detected",
        "investigations_opened")  # fmt: skip


def crps(draws: np.ndarray, y: float) -> float:
    """Continuous ranked probability score of a sample of draws: E|X - y| - E|X - X'|/2 (Gneiting & Raftery 2007).

    In the unit of what is scored; the less, the better.
    """
    return float(sample_crps(draws, y))


SCORE_COLUMNS = (
    "operation", "row", "countries", "published", "simulated", "median", "low", "high", "low50", "high50", "in50",
    "in90", "crps", "naive", "naive_median", "naive_low", "naive_high", "naive_in90", "naive_crps",
    "naive_spread_crps", "width", "naive_width", "known",
)  # fmt: skip


def _score(name: str, listed: str, row: str, found: Calibration, lists: list[int], seed: int) -> tuple[Any, ...]:
    """A row of the tables: forecast, naive forecasts of the same operations, and how both did."""
    at, names = operations().loc[name], found.names
    draws, y = _forecast(name, row, found, lists, seed), float(at[row])
    told = operations().loc[known(row, names)]
    size = at["countries"] * at["days"]
    point = float(told[row].sum() / (told["countries"] * told["days"]).sum() * size)
    d = fit_rate(row, names, seed)
    naive = np.exp(d["rate"] + np.log(size) + np.exp(d["spread"]) * _noise(seed + 7))
    low, low50, median, high50, high = np.quantile(draws, (0.05, 0.25, 0.5, 0.75, 0.95))
    n_low, n_median, n_high = np.quantile(naive, (0.05, 0.5, 0.95))
    return (name, row, listed, y, found.simulated(row, name, lists), median, low, high, low50, high50,
            bool(low50 <= y <= high50), bool(low <= y <= high), crps(draws, y), point, n_median, n_low, n_high,
            bool(n_low <= y <= n_high), abs(point - y), crps(naive, y),
            high / low, n_high / n_low, len(told))  # fmt: skip


def _noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(DRAWS)


def _forecast(name: str, row: str, found: Calibration, lists: list[int], seed: int) -> np.ndarray:
    """Draws of an outcome; each list of countries serves an equal part of them."""
    draws = np.zeros(DRAWS)
    noise = _noise(seed)
    for i, draw in enumerate(lists):
        part = slice(i, None, len(lists))
        mean, sd = found.forecast(row, name, draw)
        draws[part] = np.exp(mean + sd * noise)[part]
    return draws


def _earlier() -> list[str]:
    return operations().index[operations()["use"] == "earlier"].tolist()


def predict(table: pd.DataFrame | None = None, *, name: str = PREDICTED, seed: int = 1) -> pd.DataFrame:
    """An operation predicted from the earlier ones, for countries by rule and (where simulated) at random.

    Args:
        table: what :func:`.staging.responses` gives; the table shipped with the package, if left out.
        seed: of the draws; the same seed, the same table.

    Returns:
        A row an outcome and way of choosing the countries: published, what the simulation gives by itself at the
        calibrated effects, median of the forecast, 50 and 90 % interval, whether they
        hold, CRPS (in the outcome's unit), then the naive forecasts (rate of the same operations times countries and
        days, as a point and with its own spread), and the ratio of the ends of both 90 % intervals.
    """
    import pandas as pd

    surfaces = surfaces_of(shipped() if table is None else table)
    names = [n for n in _earlier() if n != name]
    found = fit(names, surfaces, seed)
    lists = {"by rule": [0], "at random": sorted(d for n, d in surfaces if n == name and d > 0)}
    return pd.DataFrame(
        [_score(name, listed, row, found, draws, seed) for listed, draws in lists.items() if draws for row in ROWS],
        columns=list(SCORE_COLUMNS),
    )  # fmt: skip


def leave_one_out(table: pd.DataFrame | None = None, *, seed: int = 1) -> pd.DataFrame:
    """Each earlier operation predicted from the other earlier ones; rows and columns as :func:`predict` gives them.

    ``table`` is as there.
    """
    import pandas as pd

    surfaces = surfaces_of(shipped() if table is None else table)
    rows = []
    for name in _earlier():
        others = [n for n in _earlier() if n != name]
        found = fit(others, surfaces, seed)
        rows += [_score(name, "by rule", row, found, [0], seed) for row in ROWS if known(row, [name])]
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS))


def coverage(left_out: pd.DataFrame) -> pd.DataFrame:
    """How often the intervals held, beside nominal, and mean CRPS over the naive one's; by row and over all.

    ``low`` and ``high`` are the 95 % interval of the share within 90 % (Clopper & Pearson). Scores of rows of
    different size are added as shares of what was published. ``left_out`` is what :func:`leave_one_out` gives.
    """
    import pandas as pd
    from scipy.stats import binomtest

    rows = []
    for row in (*ROWS, "all"):
        part = left_out if row == "all" else left_out[left_out["row"] == row]
        n, held = len(part), int(part["in90"].sum())
        bounds = binomtest(held, n).proportion_ci(0.95)
        score = {c: float((part[c] / part["published"]).mean()) for c in ("crps", "naive_crps", "naive_spread_crps")}
        widths = [np.exp(np.log(part[c]).mean()) for c in ("width", "naive_width")]
        rows.append((row, n, part["in50"].mean(), held / n, bounds.low, bounds.high, part["naive_in90"].mean(),
                     *score.values(), *widths))  # fmt: skip
    return pd.DataFrame(rows, columns=["row", "n", "in50", "in90", "low", "high", "naive_in90", "crps", "naive_crps",
                                       "naive_spread_crps", "width", "naive_width"])  # fmt: skip


def parameters_table(table: pd.DataFrame | None = None, *, seed: int = 1) -> pd.DataFrame:
    """Prior and posterior (median, 5 and 95 %) of every parameter, calibrated on the earlier operations.

    ``effective`` is the number of independent draws that the weights of its block are worth, of :data:`DRAWS`;
    ``table`` is as for :func:`predict`.
    """
    import pandas as pd

    found = fit(_earlier(), surfaces_of(shipped() if table is None else table), seed)
    block = {m: b for b, members in BLOCKS.items() for m in members}
    rows = []
    for p in PARAMETERS.values():
        low, median, high = p.value(np.quantile(found.draws[p.name], (0.05, 0.5, 0.95)))
        rows.append((p.name, p.layer, p.unit, float(p.value(p.prior(np.array(0.5)))), p.low, p.high, median, low, high,
                     found.effective[block[p.name]], p.meaning, p.source))  # fmt: skip
    return pd.DataFrame(rows, columns=["parameter", "layer", "unit", "prior", "prior_low", "prior_high", "median",
                                       "low", "high", "effective", "meaning", "source"])  # fmt: skip
