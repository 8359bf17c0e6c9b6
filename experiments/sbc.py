"""Is the calibration itself calibrated? Simulation-based calibration (Talts et al. 2018) on a reduced `southwest`.

    python experiments/sbc.py [--fits 100] [--out results/validation/sbc] [--minutes M]

Of each fit the true parameters are drawn from the prior, a border is simulated with them, and ABC-SMC is given what
that run shows. If posteriors are right, the truth lies anywhere in them equally often, and their 90 % intervals hold it
in 90 % of fits. Each fit takes at most 2,000 runs. One row a fit in fits.csv, written as soon as it is done; the same
command goes on after whatever stops it. Leaves coverage.csv, figures and provenance.json beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from waterbed.calibrate import Calibration
from waterbed.calibrate.file import CalibrationFile, Prior, Target
from waterbed.calibrate.posterior import Posterior, quantiles
from waterbed.calibrate.smc import NotConverged, Settings, fit
from waterbed.measures.provenance import provenance
from waterbed.measures.tables import whole
from waterbed.scenario import Scenario

SETTINGS = Settings(seed=0, population=50, populations=15, runs=2000, tolerance=1.5)
"""Of each fit; its seed is its own."""
SEED = 20001
PILOT = 40
"""Runs at the middle of the prior, whose spread makes the scales."""
REDUCED = {"days": 90, "burn_in": 20, "flow": 0.006, "persons_per_agent": 100, "choice.planning_days": 30,
           "world.weather_sd": 0.0}  # fmt: skip
"""Six people of a thousand, 90 days, and no operations."""
PRIORS = {"flow": Prior(bounds=(0.003, 0.012), log=True), "choice.scale": Prior(bounds=(250, 1000), log=True)}
STATISTICS = {
    "crossings": ("crossings", "all", "", "sum"),
    "San Diego": ("departures", "route", "San Diego", "share"),
    "Tucson": ("departures", "route", "Tucson", "share"),
}
"""What a fit is shown, by name: measure, kind, key, and how it is reduced."""


def calibration() -> Calibration:
    """The reduced border with its priors and statistics; what was observed is each fit's own."""
    full = Scenario.load("southwest")
    none = {f"operations.{name}": False for name in full.operations}
    fields = ("measure", "key_kind", "key", "reduce", "observed")
    targets = {name: Target.model_validate(dict(zip(fields, (*about, 1.0), strict=True)))
               for name, about in STATISTICS.items()}  # fmt: skip
    content = CalibrationFile(name="sbc", scenario="southwest", settings=none | REDUCED, parameters=PRIORS,
                              targets=targets)  # fmt: skip
    return Calibration.of(content, Path())


def spread(model: Any) -> list[float]:
    """Standard deviation of each statistic over runs at the middle of the prior."""
    runs = np.array([model([0.5] * len(PRIORS), 10_000 + i) for i in range(PILOT)])
    return [float(sd) for sd in runs.std(axis=0, ddof=1)]


def one(number: int, about: Calibration, scales: list[float]) -> dict[str, Any]:
    """A row: truth, posterior and the truth's place in it, of one fit."""
    began = time.process_time()
    truth = np.random.default_rng([SEED, number]).random(len(PRIORS))
    observed = about.model(truth.tolist(), int(np.random.SeedSequence([SEED, number, 1]).generate_state(1)[0]))
    mine = Settings(SEED + number, SETTINGS.population, SETTINGS.populations, SETTINGS.runs, SETTINGS.tolerance)
    row: dict[str, Any] = {"fit": number}
    try:
        found = fit(about.model, len(PRIORS), observed, scales, mine)
    except NotConverged:
        return row | {"runs": SETTINGS.runs, "converged": False}
    posterior = Posterior(about.axes, found)
    values = posterior.values()
    row |= {"runs": found.runs, "tolerance": found.course[-1]["tolerance"], "converged": not found.trouble,
            "effective_points": found.course[-1]["effective_points"]}  # fmt: skip
    for i, axis in enumerate(about.axes):
        low, _, middle, _, high = quantiles(values[:, i], found.weights)
        row |= {f"{axis.address}.true": axis.value(float(truth[i])), f"{axis.address}.median": middle,
                f"{axis.address}.low": low, f"{axis.address}.high": high,
                f"{axis.address}.place": float(found.weights @ (found.places[:, i] < truth[i])),
                f"{axis.address}.contraction": posterior.contraction(i)}  # fmt: skip
    return row | {"seconds": round(time.process_time() - began, 1)}


def key(about: Calibration) -> str:
    """What decides a fit: rows of another are not gone on from."""
    said = repr((about.key, SETTINGS, SEED, PILOT))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def run(fits: int, out: Path, minutes: float) -> pd.DataFrame:
    """All fits that the table does not hold yet, each written when it is done."""
    about = calibration()
    mine, path, end = key(about), out / "fits.csv", time.monotonic() + 60 * minutes
    rows: list[dict[str, Any]] = []
    if path.is_file():
        kept = pd.read_csv(path)
        rows = kept[kept["key"] == mine].to_dict("records")
    done = {row["fit"] for row in rows}
    if done >= set(range(fits)):
        return pd.DataFrame(rows)
    scales = spread(about.model)
    for number in range(fits):
        if number in done or time.monotonic() > end:
            continue
        began = time.monotonic()
        rows.append(one(number, about, scales) | {"key": mine})
        text = pd.DataFrame(rows).sort_values("fit").to_csv(index=False, float_format="%.5g", lineterminator="\n")
        whole(path, lambda temporary, text=text: temporary.write_text(text, "utf-8"))
        last = rows[-1]
        print(f"fit {number}: {last['runs']} runs, converged {last['converged']}, {time.monotonic() - began:.0f} s",
              flush=True)  # fmt: skip
    return pd.DataFrame(rows)


def coverage(fits: pd.DataFrame) -> pd.DataFrame:
    """A row a parameter: how often its 90 and 50 % intervals held the truth, with the binomial band of that many fits.

    ``uniform_p`` is the p-value of a Kolmogorov-Smirnov test of the truth's places against the uniform distribution.
    """
    from scipy.stats import binom, kstest

    good = fits[fits["converged"].astype(bool)]
    n, rows = len(good), []
    for name in PRIORS:
        place = good[f"{name}.place"].to_numpy(float)
        row: dict[str, Any] = {"parameter": name, "fits": n}
        for share in (0.9, 0.5):
            held = float(((place >= 0.5 - share / 2) & (place <= 0.5 + share / 2)).mean())
            low, high = binom.interval(0.95, n, share)
            label = f"{share:.0%}".rstrip("%")
            row |= {f"within_{label}": held, f"band_{label}_low": low / n, f"band_{label}_high": high / n}
        row["contraction"] = float(good[f"{name}.contraction"].median())
        rows.append(row | {"uniform_p": float(kstest(place, "uniform").pvalue)})
    return pd.DataFrame(rows)


def main() -> None:
    """Fit, count, draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fits", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path("results/validation/sbc"))
    parser.add_argument("--minutes", type=float, default=1e6, help="begin no fit after this many minutes")
    args = parser.parse_args()
    fits = run(args.fits, args.out, args.minutes)
    table = coverage(fits)
    text = table.to_csv(index=False, float_format="%.4g", lineterminator="\n")
    whole(args.out / "coverage.csv", lambda temporary: temporary.write_text(text, "utf-8"))
    from waterbed.report.calibration import places, save

    good = fits[fits["converged"].astype(bool)]
    save(places({name: good[f"{name}.place"].to_numpy(float) for name in PRIORS}), args.out / "figures", "places")
    about = provenance("sbc", calibration().base, fits=len(fits), converged=len(good), runs=int(fits["runs"].sum()))
    whole(args.out / "provenance.json", lambda temporary: temporary.write_text(json.dumps(about, indent=2) + "\n"))
    print(table.to_string(index=False))


if __name__ == "__main__":
    main()
