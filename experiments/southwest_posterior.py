"""What the border's record says of the five shared parameters of `southwest`: their posterior, by ABC-SMC.

    python experiments/southwest_posterior.py [--points 400] [--out results/validation/southwest/posterior]

The fit (tools/fit_southwest.py) gives one point; here pyABC's ABC-SMC (Toni et al. 2009) asks which others would do as
well. Priors are the fit's. A point's one statistic is the fit's own: how far changes of sector shares between pairs of
years up to 2000 lie from the record's, over what persistence misses, each point with the constants under which the
year 2000 is right. Accepted is what is no worse than the fit by more than one standard error of that statistic (a
jackknife over years): the record cannot tell these apart. Flows are the expected ones of waterbed/validate/expected.py.

The predictions hold shares of sectors in all years, given the officers and the shares of 2000. Their narrow band is of
the parameters alone; the wide one has the model's error too, log-normal, as large as the misses of the same point in
pairs of years up to 2000 that are as far apart (at most five). Years after 2000 were not seen by the fit, the tolerance
or the error.

An interrupted fit goes on (build/southwest_posterior). Leaves posterior.csv, course.csv, predicted.csv, figures and
provenance.json. One that does not converge says so, leaves nothing and ends with exit code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from southwest_posterior_figure import sectors

from waterbed.calibrate.posterior import Posterior, quantiles
from waterbed.calibrate.smc import NotConverged, Settings, fit
from waterbed.engine.compiled import version
from waterbed.measures.provenance import provenance
from waterbed.measures.tables import whole
from waterbed.report.calibration import corner, save
from waterbed.scenario import Scenario
from waterbed.validate.expected import Shared, shares_of
from waterbed.validate.fitting import PRIORS, SPAN, Prior, foretold, misfit
from waterbed.validate.record import SECTORS, read
from waterbed.validate.southwest import BUILD_UP, border, dose, fit_until

LAST = BUILD_UP[1]
SEED, ERRORS = 7, 10
"""Of the fit; and draws of the model's error for each point."""
HISTORY = Path("build/southwest_posterior")


@dataclass(frozen=True)
class Axis:
    """A parameter by its place between 0 and 1 in the fit's prior."""

    prior: Prior

    @property
    def address(self) -> str:
        """Its name."""
        return self.prior.name

    @property
    def unit(self) -> str:
        """Its unit."""
        return self.prior.unit

    def value(self, u: float, /) -> float:
        """The prior's quantile."""
        z = NormalDist().inv_cdf(min(1.0 - 1e-9, max(1e-9, u)))
        return self.prior.out(self.prior.centre + self.prior.sd * z)


AXES = tuple(Axis(prior) for prior in PRIORS)


class Paths:
    """Shares of sectors by year under any parameters, constants matched to the last year of the build-up."""

    def __init__(self) -> None:
        self.world, self.record = border(), read()
        self.years, self.agents = dose(self.record)
        self.observed = shares_of(self.record.apprehensions[-len(self.years) :])
        """[year, sector], NaN where a count is missing."""
        self.seen = self.years <= LAST
        self.at = int(np.flatnonzero(self.years == LAST)[0])

    def shares(self, places: Sequence[float]) -> np.ndarray:
        """[year, sector] of the model."""
        values = {axis.address: axis.value(u) for axis, u in zip(AXES, places, strict=True)}
        shared, until = Shared(**values), self.agents[self.seen]
        start = np.zeros(len(SECTORS))
        self.world.fit_constants(shared, until, self.observed[self.at], start)
        return shares_of(self.world.detections(shared, self.agents))

    def statistic(self, shares: np.ndarray, without: int | None = None) -> float:
        """Misfit over persistence's up to the last year, a year left out or none."""
        observed = self.observed[self.seen].copy()
        if without is not None:
            observed[without] = np.nan
        model, naive = misfit(shares[self.seen], observed)
        return model / naive

    def tolerance(self) -> tuple[float, float]:
        """The fit's statistic, and its standard error by the jackknife over years."""
        found = fit_until(self.record, LAST)
        self.world.set_constants(found.constants)
        shares = shares_of(self.world.detections(found.shared, self.agents))
        n = int(self.seen.sum())
        left = np.array([self.statistic(shares, i) for i in range(n)])
        return self.statistic(shares), float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))

    def __call__(self, places: Sequence[float], seed: int) -> list[float]:
        """What ABC-SMC asks; there is no chance in it."""
        found = self.statistic(self.shares(places))
        return [found if np.isfinite(found) else 10.0]


def misses(paths: Paths, shares: np.ndarray) -> list[float]:
    """Root mean square of the log errors of a point's forecasts by years ahead, over all complete years seen."""
    told = foretold(shares[paths.seen], paths.observed[paths.seen])
    return [0.0, *(float(np.sqrt(((np.log(late) - np.log(guess)) ** 2).mean())) for _, _, guess, late in told)]


def predict(paths: Paths, posterior: Posterior, draws: int) -> pd.DataFrame:
    """A row a year and sector: the record, the median, and both bands."""
    rng = np.random.default_rng(SEED)
    alone, whole_error = [], []
    for places in posterior.draws(draws, SEED):
        shares = paths.shares(places)
        made = shares_of(paths.observed[paths.at] * shares / shares[paths.at])
        alone.append(made)
        errors = misses(paths, shares)
        sd = np.array([errors[min(abs(int(year) - LAST), SPAN)] for year in paths.years])
        whole_error += [shares_of(made * np.exp(sd[:, None] * rng.standard_normal(made.shape))) for _ in range(ERRORS)]
    with_error, without, rows = np.array(whole_error), np.array(alone), []
    for i, year in enumerate(paths.years):
        for j, sector in enumerate(SECTORS):
            wide, narrow = quantiles(with_error[:, i, j]), quantiles(without[:, i, j])
            rows.append((int(year), sector, bool(year > LAST), paths.observed[i, j], narrow[2], wide[0], wide[-1],
                         narrow[0], narrow[-1]))  # fmt: skip
    columns = ["fiscal_year", "sector", "unseen", "share", "median", "low", "high", "parameters_low", "parameters_high"]
    return pd.DataFrame(rows, columns=columns)


def held(predicted: pd.DataFrame) -> dict[str, Any]:
    """How many shares lie within the bands, to the last year seen (that year itself left out) and after it."""
    out: dict[str, Any] = {}
    parts = {"seen": predicted["fiscal_year"] < LAST, "unseen": predicted["unseen"]}
    for name, rows in ((name, predicted[part]) for name, part in parts.items()):
        known = rows.dropna(subset="share")
        out[f"{name}_shares"] = len(known)
        out[f"{name}_within_90"] = int(known["share"].between(known["low"], known["high"]).sum())
        out[f"{name}_within_parameters"] = int(
            known["share"].between(known["parameters_low"], known["parameters_high"]).sum()
        )
    return out


def main() -> int:
    """Fit, predict, draw; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=400)
    parser.add_argument("--out", type=Path, default=Path("results/validation/southwest/posterior"))
    given = parser.parse_args()
    paths = Paths()
    best, error = paths.tolerance()
    print(f"the fit: {best:.3f} of persistence, standard error {error:.3f}", flush=True)
    settings = Settings(SEED, given.points, 12, 40 * given.points, best + error)
    key = hashlib.sha256(repr((settings, PRIORS, version())).encode()).hexdigest()[:12]
    HISTORY.mkdir(parents=True, exist_ok=True)
    try:
        found = fit(paths, len(AXES), [0.0], [1.0], settings, history=HISTORY / f"{key}.db", look=_say)
    except NotConverged as trouble:
        return _failed(str(trouble))
    if found.trouble:
        return _failed(found.trouble)
    _write(given.out, paths, Posterior(AXES, found), {"best": best, "jackknife_error": error})
    return 0


def _say(runs: int) -> None:
    if runs % 200 == 0:
        print(f"{runs:,} runs", file=sys.stderr, flush=True)


def _failed(why: str) -> int:
    print(f"{why}; nothing is written", file=sys.stderr)
    return 1


def _write(out: Path, paths: Paths, posterior: Posterior, about: dict[str, float]) -> None:
    predicted = predict(paths, posterior, 200)
    tables = {"posterior": posterior.summary(), "course": pd.DataFrame(posterior.fit.course), "predicted": predicted}
    for name, table in tables.items():
        text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        whole(out / f"{name}.csv", lambda temporary, text=text: temporary.write_text(text, "utf-8"))
    counts = held(predicted)
    save(corner(posterior, "The border's shared parameters"), out / "figures", "posterior")
    save(sectors(predicted, counts), out / "figures", "predicted")
    facts = provenance("southwest", Scenario.load("southwest"), points=len(posterior.fit.weights),
                       runs=posterior.fit.runs, **about, **counts)  # fmt: skip
    whole(out / "provenance.json", lambda temporary: temporary.write_text(json.dumps(facts, indent=2) + "\n"))
    print(tables["posterior"].to_string(index=False), counts, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
