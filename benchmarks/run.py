"""All benchmarks of the engine in one sitting, as ratios: ``make bench`` or ``python benchmarks/run.py [--quick]``.

Machines differ and are shared, so what counts are ratios between two sides that ran in turn; seconds are told beside
them. Writes one table, a row a figure, with the bar it is held against where there is one. The benchmarks of studies
(``sweeps.py``) and of the teaching app (``app.py``) are run by their own names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import engines
import pandas as pd
import routes
import scale
import start
import variance

from waterbed.scenario.scenario import Scenario

Row = dict[str, Any]


def of_routes(quick: bool) -> Iterator[Row]:
    """The common workload: the engine over each peer."""
    for row in routes.measure(quick):
        if "note" in row:
            print(f"{row['peer']}: {row['note']}", file=sys.stderr)
        elif row["peer"] != "waterbed":
            yield {"what": f"common workload, {row['migrants']:,} migrants: waterbed over {row['peer']}",
                   "value": row["waterbed_over_peer"], "low": row["low"], "high": row["high"], "unit": "ratio",
                   "bar": row["bar"]}  # fmt: skip


def of_engines(quick: bool) -> Iterator[Row]:
    """One rule, two speeds."""
    for row in engines.measure(1 if quick else 3):
        yield {"what": f"compiled over interpreted, {row['migrants']:,} migrants", "unit": "ratio",
               "value": row["interpreted_over_compiled"], "low": row["low"], "high": row["high"]}  # fmt: skip
        yield {"what": "a block of four uniforms, interpreted", "unit": "µs",
               "value": row["microseconds_a_draw_interpreted"]}  # fmt: skip


def of_scale(quick: bool) -> Iterator[Row]:
    """Cost of an event and memory, from 40,000 people to ten million."""
    sizes = (40_000, 100_000) if quick else (40_000, 100_000, 1_000_000, 10_000_000)
    rows = scale.measure(sizes)
    for row, size in zip(rows, sizes, strict=True):
        yield {"what": f"whole model, {size:,} people: CPU time of an event", "unit": "ns", "value": row["ns_an_event"],
               "bar": 400.0 if size == 40_000 else None}  # fmt: skip
    last = rows[-1]
    yield {"what": f"cost of an event, {sizes[-1]:,} people over 100,000", "unit": "ratio", "bar": 2.5,
           "value": last["ns_an_event"] / rows[1]["ns_an_event"]}  # fmt: skip
    yield {"what": "records of a migrant", "unit": "byte", "value": last["record_bytes"], "bar": 100.0}
    yield {"what": f"peak memory, {sizes[-1]:,} people x {scale.DAYS} days", "unit": "MB", "value": last["peak_mb"],
           "bar": 2000.0 if sizes[-1] == 10_000_000 else None}  # fmt: skip


def of_start(quick: bool) -> Iterator[Row]:
    """How soon the command answers, and the main job once compiled."""
    yield from start.measure(3 if quick else 9)


def of_variance(quick: bool) -> Iterator[Row]:
    """What common random numbers buy."""
    base = Scenario.load("classroom").replace({"operations.surge.announced": False})
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        for officers in (4, 24) if quick else (4, 6, 8, 16, 24, 64):
            chosen = base.replace({"operations.surge.officers": officers})
            for row in variance.measure(chosen, 10 if quick else 40, 1000, pool):
                lost = f"{100 * row['lost_share']:.2g} % lost"
                yield {"what": f"variance of {row['flow']}, unpaired over paired, at {lost}", "unit": "ratio",
                       "value": row["unpaired_over_paired"], "low": row["low"], "high": row["high"]}  # fmt: skip


PARTS: dict[str, Callable[[bool], Iterator[Row]]] = {
    "routes": of_routes, "engines": of_engines, "scale": of_scale, "start": of_start, "variance": of_variance,
}  # fmt: skip
FALLING = ("ns", "MB", "byte", "s")
"""Units of which less is better."""


def reached(row: Row) -> str:
    """Whether a figure passes its bar; nothing where it has none."""
    bar = row.get("bar")
    if bar is None:
        return ""
    falling = row["unit"] in FALLING or "cost of" in row["what"] or "--help" in row["what"]
    return "yes" if (row["value"] <= bar if falling else row["value"] >= bar) else "no"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Benchmarks of the engine, as ratios measured in one sitting.")
    parser.add_argument("--quick", action="store_true", help="small sizes and few rounds")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the table as CSV")
    given = parser.parse_args(arguments)
    rows = []
    for name in given.only:
        for row in PARTS[name](given.quick):
            row["reached"] = reached(row)
            band = f" [{row['low']:.3g}, {row['high']:.3g}]" if "low" in row else ""
            bar = f"  (bar {row['bar']:g}: {row['reached']})" if row.get("bar") is not None else ""
            print(f"{row['what']:<78} {row['value']:>8.3g} {row['unit']}{band}{bar}", flush=True)
            rows.append(row)
    if given.out is not None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        columns = ["what", "value", "low", "high", "unit", "bar", "reached"]
        pd.DataFrame(rows).reindex(columns=columns).to_csv(given.out, index=False, float_format="%.4g")


if __name__ == "__main__":
    main(sys.argv[1:])
