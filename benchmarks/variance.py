"""What common random numbers buy: variance of a difference between worlds, unpaired over paired.

Each replicate runs both worlds under one seed. Paired, a replicate's difference is x_r - y_r, as in
`waterbed compare`; unpaired, x_r is held against the twin of another seed, whose variance is
var(x) + var(y). The ratio tells how many times more replicates an unpaired comparison would need. The size
of an effect is set by the number of officers and measured, not assumed: the share of the twin's flow that is
lost. The operation is not announced here: an announcement moves beliefs whatever the officers, and would put
all effects above a third of the flow. Intervals are 90 %, by bootstrap over replicates. With full feedback
the system is chaotic, so expect a floor.

    python benchmarks/variance.py [--replicates 40] [--officers 4 6 8 16 24 64] [--scenario classroom]
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np

from waterbed.measures.compare import replicate_seeds, run_pair
from waterbed.measures.intervals import BAND, resamples
from waterbed.measures.window import find_window
from waterbed.scenario.scenario import Scenario


def _flows(job: tuple[str, str, int, int, int]) -> dict[str, tuple[float, float]]:
    """Sums over the window in both worlds (with, without) of one replicate."""
    x, y, seed, first, after = job
    series = run_pair(x, y, seed).series
    return {
        name: tuple(float(s) for s in series[name][:, first:after].sum(axis=1, dtype=float))
        for name in ("treated", "arrivals")
    }


def _ratio(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Unpaired over paired variance along the last axis; infinite where paired differences do not vary."""
    paired = (x - y).var(axis=-1, ddof=1)
    unpaired = x.var(axis=-1, ddof=1) + y.var(axis=-1, ddof=1)
    return np.divide(unpaired, paired, out=np.full(np.shape(paired), np.inf), where=paired > 0)


def measure(scenario: Scenario, replicates: int, seed: int, pool: ProcessPoolExecutor) -> list[dict[str, Any]]:
    """One row a flow: size of the effect, ratio of variances and its interval."""
    twin = scenario.untreated()
    window = find_window(scenario, twin)
    jobs = [
        (scenario.model_dump_json(), twin.model_dump_json(), s, window.first, window.after)
        for s in replicate_seeds(seed, replicates)
    ]
    found = list(pool.map(_flows, jobs))
    # Which replicates a resample holds, from how often it holds each.
    held = [np.repeat(np.arange(replicates), w.astype(int)) for w in resamples(replicates, seed)]
    rows = []
    for flow in found[0]:
        x, y = np.array([f[flow] for f in found]).T
        low, high = np.quantile(_ratio(x[held], y[held]), BAND, method="nearest")
        rows.append({
            "flow": flow, "lost_share": 1.0 - x.sum() / y.sum(), "unpaired_over_paired": float(_ratio(x, y)),
            "low": float(low), "high": float(high), "replicates": replicates,
        })  # fmt: skip
    return rows


def _tell(officers: int, row: dict[str, Any]) -> None:
    band = f"[{row['low']:.1f}, {row['high']:.1f}]"
    print(f"{officers:>6} officers  {row['flow']:>8}  lost {100 * row['lost_share']:7.2f} %  "
          f"unpaired/paired {row['unpaired_over_paired']:8.1f}  {band}", flush=True)  # fmt: skip


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scenario", default="classroom")
    parser.add_argument("--operation", default="surge")
    parser.add_argument("--replicates", type=int, default=40)
    parser.add_argument("--officers", type=int, nargs="+", default=[4, 6, 8, 16, 24, 64])
    parser.add_argument("--seed", type=int, default=1000, help="not among those that defaults were tuned on")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", dest="settings")
    given = parser.parse_args(arguments)
    from waterbed.scenario import with_settings

    quiet = f"operations.{given.operation}.announced=false"
    base = with_settings(Scenario.load(given.scenario), [quiet, *given.settings])
    rows = []
    with ProcessPoolExecutor(given.workers, get_context("spawn")) as pool:
        for officers in given.officers:
            scenario = base.replace({f"operations.{given.operation}.officers": officers})
            for row in measure(scenario, given.replicates, given.seed, pool):
                rows.append({"officers": officers} | row)
                if not given.json:
                    _tell(officers, row)
    if given.json:
        print(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
