"""What each estimator of a field evaluation would have said, for many simulated operations of known truth.

On the classroom world officers are sent to the Central route for a while. An evaluator has monthly detections by
route of that world alone; the truth is the same count in the twin without the operation, under the same chance. The
placebo is the twin read as if there had been an operation. West is the control, East the buffer, as a map would have
it; both take up displaced people, so that the control is not clean: that is the case of interest.

    python experiments/evaluators.py [--seeds 40] [--workers 2] [--out results/evaluators]

Interrupted time series by statsmodels (a Poisson regression with trend and season, robust errors). Leaves bench.csv,
the figure bench and provenance.json.
"""

from __future__ import annotations

import argparse
import json
import math
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from waterbed.engine.run import simulate
from waterbed.engine.world import CROSSINGS, DETECTIONS
from waterbed.measures.evaluators import tne, wdd, wdq
from waterbed.measures.provenance import provenance
from waterbed.report import style
from waterbed.scenario.scenario import Scenario

START, MONTH, AFTER = 1080, 30, 90
"""First day of the operation, days of a month, days after its end that still count."""
SETTINGS = {"placebo": (0, 90), "100 officers, 90 days": (100, 90), "200 officers, 12 days": (200, 12),
            "400 officers, 180 days": (400, 180)}  # fmt: skip
ROUTES = ("Central", "East", "West")
"""Treated, buffer, control."""
Z = 1.645
"""Of a 90 % interval."""
type Said = tuple[float, float, float]
"""Estimate, low, high."""


def scenario(officers: int, days: int) -> Scenario:
    """Classroom, five times as many people, with an operation of that size on the Central route."""
    return Scenario.load("classroom").replace({
        "days": START + 300, "flow": 5.0, "operations.surge.start": START, "operations.surge.days": days,
        "operations.surge.officers": officers,
    })  # fmt: skip


def counts(officers: int, days: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Detections and completed crossings by day and route, each [day, ROUTES]."""
    run = simulate(scenario(officers, days), seed)
    route = run.world.network.legs["route"].to_numpy()
    by_route = np.stack([run.legs[:, route == name].sum(axis=1) for name in ROUTES], axis=1)
    return by_route[..., DETECTIONS], by_route[..., CROSSINGS]


# Estimators of a route's relative change: before is the same days a year earlier, or all months before --------------


def before_after(series: np.ndarray, route: int, days: int) -> Said:
    """Counts now over counts a year before; interval of Poisson counts."""
    now, before = _windows(series, days)
    return _ratio(math.log(now[route] / before[route]), 1 / now[route] + 1 / before[route])


def difference_in_differences(series: np.ndarray, route: int, days: int) -> Said:
    """The same over the control's change."""
    now, before = _windows(series, days)
    log = math.log(now[route] / before[route]) - math.log(now[2] / before[2])
    return _ratio(log, sum(1 / n for n in (now[route], before[route], now[2], before[2])))


def synthetic_control(series: np.ndarray, route: int, days: int) -> Said:
    """The other routes' mixture that follows the route best before; interval from as long windows before."""
    from scipy.optimize import nnls

    monthly = _monthly(series[:START])
    scaled = monthly / monthly.mean(axis=0)
    donors = [r for r in range(3) if r != route]
    # A heavy row makes the weights add up to 1.
    matrix = np.vstack([scaled[:, donors], np.full((1, 2), 100.0)])
    weights = nnls(matrix, np.append(scaled[:, route], 100.0))[0]
    mean = series[:START].mean(axis=0)

    def gap(first: int) -> float:
        part = series[first : first + days + AFTER].sum(axis=0) / mean
        return math.log(max(part[route], 1e-9) / max(float(part[donors] @ weights), 1e-9))

    past = np.array([gap(first) for first in range(0, START - days - AFTER + 1, MONTH)])
    return _ratio(gap(START), float((past**2).mean()))


def interrupted_time_series(series: np.ndarray, route: int, days: int) -> Said:
    """Poisson regression on months: trend, two harmonics of the year, a step while it counts; robust errors."""
    import statsmodels.api as sm

    counts = _monthly(series[:, route : route + 1])[:, 0]
    t = np.arange(len(counts), dtype=float)
    first, months = START // MONTH, -(-(days + AFTER) // MONTH)
    keep = t < first + months
    angle = 2 * math.pi * t * MONTH / 365.25
    columns = [np.ones_like(t), t / 12, *(f(k * angle) for k in (1, 2) for f in (np.sin, np.cos)), t >= first]
    fitted = sm.GLM(counts[keep], np.column_stack(columns)[keep], family=sm.families.Poisson()).fit(
        cov_type="HAC", cov_kwds={"maxlags": 3}
    )
    return _ratio(float(fitted.params[-1]), float(fitted.bse[-1]) ** 2)


ESTIMATORS = {"before-after": before_after, "difference in differences": difference_in_differences,
              "synthetic control": synthetic_control, "interrupted time series": interrupted_time_series}  # fmt: skip


def _windows(series: np.ndarray, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts by route from the start to the end of the window after, and on the same days a year before."""
    span = days + AFTER
    now, before = series[START : START + span].sum(axis=0), series[START - 365 : START - 365 + span].sum(axis=0)
    return np.maximum(now, 0.5), np.maximum(before, 0.5)


def _monthly(series: np.ndarray) -> np.ndarray:
    months = len(series) // MONTH
    return series[: months * MONTH].reshape(months, MONTH, -1).sum(axis=1)


def _ratio(log: float, variance: float) -> Said:
    half = Z * math.sqrt(variance)
    return math.exp(log) - 1, math.exp(log - half) - 1, math.exp(min(50.0, log + half)) - 1


# One pair of worlds ------------------------------------------------------------------------------------------------


type Counts = tuple[np.ndarray, np.ndarray]


def judge(setting: str, treated: Counts, untreated: Counts) -> list[dict[str, Any]]:
    """What every estimator says of a pair of worlds, beside the truth; and what became of crossings, unseen."""
    days = SETTINGS[setting][1]
    (with_it, crossed), (without, crossed_without) = treated, untreated
    crossings = _windows(crossed, days)[0] / _windows(crossed_without, days)[0] - 1
    now, before = _windows(with_it, days)
    twin, _ = _windows(without, days)
    rows = []
    for name, estimate in ESTIMATORS.items():
        for route, part in ((0, "effect"), (1, "displacement")):
            said, low, high = estimate(with_it, route, days)
            rows.append({"setting": setting, "estimator": name, "quantity": part, "unit": "share",
                         "truth": now[route] / twin[route] - 1, "crossings": crossings[route],
                         "said": said, "low": low, "high": high})  # fmt: skip
    a, b, c = ((before[r], now[r]) for r in range(3))
    change = now - twin
    found = wdd(a, b, c)
    low, high = found.interval(Z)
    quotient = change[1] / change[0] if change[0] < 0 else math.nan
    rows += [
        {"setting": setting, "estimator": "WDQ", "quantity": "displacement", "unit": "1", "truth": quotient,
         "said": wdq(a, b, c) if now[0] / now[2] < before[0] / before[2] else math.nan},
        {"setting": setting, "estimator": "WDD", "quantity": "net effect", "unit": "detection",
         "truth": change[0] + change[1], "said": found.value, "low": low, "high": high},
        {"setting": setting, "estimator": "TNE", "quantity": "net effect", "unit": "detection",
         "truth": -(change[0] + change[1]), "said": tne(a, b, c)},
    ]  # fmt: skip
    return rows


def one(seed: int) -> list[dict[str, Any]]:
    """All settings of a seed; the twin is run once."""
    twin = counts(0, 90, seed)
    rows = []
    for setting, (officers, days) in SETTINGS.items():
        rows += judge(setting, counts(officers, days, seed) if officers else twin, twin)
    return [row | {"seed": seed} for row in rows]


def summary(runs: pd.DataFrame) -> pd.DataFrame:
    """Bias with its 90 % bootstrap interval, coverage of the 90 % intervals, and displacement found.

    ``crossings`` is the true change of completed crossings on the route, ``truth`` that of detections, which is what
    the estimators are after. ``found`` is the share of runs in which displacement is claimed: a 90 % interval of the
    buffer above 0, or a WDQ below 0 where the treated route fell against its control. Under placebo every such claim
    is false.
    """
    rng = np.random.default_rng(1)
    rows = []
    for key, part in runs.groupby(["setting", "estimator", "quantity", "unit"], sort=False):
        error = (part["said"] - part["truth"]).to_numpy(float)
        if key[:2] == ("placebo", "WDQ"):
            error = part["said"].to_numpy(float)  # nothing was done, so any displacement is an error
        error = error[np.isfinite(error)]
        means = rng.choice(error, (4000, len(error))).mean(axis=1) if len(error) else np.array([math.nan])
        told = part["low"].notna()
        within = ((part["low"] <= part["truth"]) & (part["truth"] <= part["high"]))[told]
        claim = part["said"] < 0 if key[1] == "WDQ" else part["low"] > 0
        rows.append((*key, len(part), part["crossings"].mean(), part["truth"].mean(), part["said"].mean(),
                     error.mean() if len(error) else math.nan,
                     *np.quantile(means, (0.05, 0.95)), within.mean() if told.any() else math.nan,
                     claim.mean() if key[2] == "displacement" else math.nan))  # fmt: skip
    return pd.DataFrame(rows, columns=["setting", "estimator", "quantity", "unit", "runs", "crossings", "truth", "said",
                                       "bias", "bias_low", "bias_high", "coverage", "found"])  # fmt: skip


def draw(table: pd.DataFrame) -> Any:
    """Bias of the effect, its coverage, and displacement found, by estimator; a mark a setting."""
    fig = style.figure(style.PAGE, 78)
    top = style.heading(fig, "What evaluators would have said of operations whose truth is known",
                        "Classroom, detections by month. Left: estimate of the treated route's change less the truth, "
                        "with 90 % intervals. Middle: how often 90 % intervals hold it. Right: how often displacement "
                        "to the neighbour is claimed, also where nothing was done.")  # fmt: skip
    names, hues = list(ESTIMATORS), (style.NOTE, *style.ROUTES)
    panels = (("bias of the effect", "effect", "bias"), ("coverage of 90 % intervals", "effect", "coverage"),
              ("displacement found", "displacement", "found"))  # fmt: skip
    for j, (title, quantity, column) in enumerate(panels):
        shown = [*names, "WDQ"] if column == "found" else names
        ax = style.axes(fig, 36 + j * 48, top + 5, 41, 40)
        ax.grid(True, axis="x")
        ax.grid(False, axis="y")
        for s, setting in enumerate(SETTINGS):
            part = table[(table["setting"] == setting) & (table["quantity"] == quantity)].set_index("estimator")
            for i, name in enumerate(shown):
                row, y = part.loc[name], i + 0.16 * (s - 1.5)
                if column == "bias":
                    ax.plot([row["bias_low"], row["bias_high"]], [y, y], color=hues[s], lw=1.6, zorder=3)
                ax.plot([row[column]], [y], "o", ms=3.4, color=hues[s], zorder=4, label=setting if not i else None)
        ax.axvline({"bias": 0.0, "coverage": 0.9, "found": 0.05}[column], color=style.INK, lw=0.8, zorder=2)
        ax.set_yticks(range(5 if column == "found" else 4), shown if j == 0 else [""] * len(shown))
        ax.set_ylim(4.6, -0.5)
        if column == "found":
            ax.annotate("WDQ", (0, 4), xytext=(-4, 0), textcoords="offset points", xycoords=("axes fraction", "data"),
                        ha="right", va="center", fontsize=7, color=style.SOFT)  # fmt: skip
        if column != "bias":
            ax.set_xlim(-0.03, 1.03)
        ax.xaxis.set_major_formatter(lambda value, _: style.tick(round(value, 6)))
        ax.set_title(title, loc="left", fontsize=8, fontweight="bold", color=style.INK, pad=3)
        if j == 0:
            ax.legend(loc="upper left", bbox_to_anchor=(-0.85, -0.16), ncols=4, frameon=False, fontsize=7,
                      handletextpad=0.2)  # fmt: skip
    return fig


def main() -> None:
    """Run, judge, and leave the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("results/evaluators"))
    args = parser.parse_args()
    simulate(scenario(0, 90).replace({"days": START + 91}), 0)  # compile before the workers start
    with ProcessPoolExecutor(args.workers, get_context("spawn")) as pool:
        rows = [row for part in pool.map(one, range(3000, 3000 + args.seeds)) for row in part]
    table = summary(pd.DataFrame(rows))
    args.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(args.out / "bench.csv", index=False, float_format="%.4g")
    with style.context():
        fig = draw(table)
        fig.savefig(args.out / "bench.svg", metadata={"Date": None})
        fig.savefig(args.out / "bench.png", dpi=200)
    about = provenance("evaluators", scenario(0, 90), seeds=args.seeds)
    (args.out / "provenance.json").write_text(json.dumps(about, indent=2) + "\n")
    print(table.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
