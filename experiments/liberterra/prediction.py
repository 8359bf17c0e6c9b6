"""Liberterra III predicted from the operations before it, and each of those from the others.

Every operation is simulated on the world ``liberterra`` as it was published, at a grid of effects of its officers; the
effects are calibrated on the operations before November 2025 and Liberterra III is predicted. The simulations are kept
in OUT/responses, a file for each operation and list of countries, so that an interrupted command goes on where it
stopped; those of another version of the model's rules are made anew.

    python experiments/liberterra/prediction.py [--replicates 10] [--seed 1] [--workers 2] [--out DIR] [--ship]

Leaves prediction.csv, leave_one_out.csv, coverage.csv, parameters.csv, prediction.svg and .png and provenance.json.
With --ship the simulated responses go into the package, from where waterbed.validate.operations takes them; the
calibrated effects in the scenario liberterra are the medians in parameters.csv, to two digits.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import prediction_figure

from waterbed.engine.compiled import version
from waterbed.measures.provenance import provenance
from waterbed.report import style
from waterbed.validate import effects, operations, staging

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "src" / "waterbed" / "validate" / "responses.csv"
SHOWN = ["row", "countries", "published", "median", "low", "high", "in90", "crps", "naive", "naive_crps",
         "naive_spread_crps"]  # fmt: skip


def simulated(folder: Path, replicates: int, seed: int, workers: int) -> pd.DataFrame:
    """Responses of all operations, those that are not in the folder yet made and left there."""
    folder.mkdir(parents=True, exist_ok=True)
    work = staging.tasks(replicates, seed=seed)
    at = {t: folder / f"{t[0].lower().replace(' ', '-')}-{t[1]}-{_key(t)}.csv" for t in map(_frozen, work)}
    missing = [t for t, path in at.items() if not path.exists()]
    if missing:
        staging.respond(missing[0][0], missing[0][1], missing[0][2][:1])  # compiles before the workers start
        began = time.perf_counter()
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            calls = {pool.submit(staging.respond, *t): t for t in missing}
            try:
                for n, call in enumerate(as_completed(calls), 1):
                    path = at[calls[call]]
                    table = pd.DataFrame(call.result(), columns=list(staging.RESPONSE_COLUMNS))
                    table.to_csv(path.with_suffix(".part"))
                    path.with_suffix(".part").replace(path)
                    say(f"{n} of {len(missing)} simulated, {time.perf_counter() - began:.0f} s: {path.stem}")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return pd.concat([pd.read_csv(path, index_col=0) for path in at.values()], ignore_index=True)


def _frozen(task: tuple[str, int, list[int]]) -> tuple[str, int, tuple[int, ...]]:
    return task[0], task[1], tuple(task[2])


def _key(task: tuple[str, int, tuple[int, ...]]) -> str:
    """What a response depends on: scenario, grid, seeds, version of the rules."""
    scenario = staging.staged(task[0], task[1])
    text = f"{scenario.key}{staging.EFFECTS}{staging.SEARCHES}{task[2]}{version()}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def say(words: str) -> None:
    """Progress, on standard error."""
    print(words, file=sys.stderr, flush=True)


def main() -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=10, help="runs of each operation (10)")
    parser.add_argument("--seed", type=int, default=1, help="of runs and draws (1)")
    parser.add_argument("--workers", type=int, default=2, help="processes (2)")
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "liberterra_prediction")
    parser.add_argument("--ship", action="store_true", help="leave the responses in the package")
    given = parser.parse_args()
    if given.replicates < 1 or given.workers < 1:
        parser.error("--replicates and --workers: give a whole number from 1 on")
    try:
        found = simulated(given.out / "responses", given.replicates, given.seed, given.workers)
    except KeyboardInterrupt:
        say("interrupted; the same command goes on from what is done")
        return 130
    predicted = operations.predict(found, seed=given.seed)
    left_out = operations.leave_one_out(found, seed=given.seed)
    tables = {
        "prediction": predicted, "leave_one_out": left_out,
        "coverage": operations.coverage(left_out), "parameters": operations.parameters_table(found, seed=given.seed),
    }  # fmt: skip
    for name, table in tables.items():
        table.map(_short).to_csv(given.out / f"{name}.csv", index=False)
    if given.ship:
        found.assign(model_version=version()).map(_short).to_csv(SHIPPED, index=False)
    with style.context():
        figure = prediction_figure.draw(predicted, left_out, given.replicates)
        figure.savefig(given.out / "prediction.svg", metadata={"Date": None})
        figure.savefig(given.out / "prediction.png", dpi=200)
    _write_provenance(given)
    with pd.option_context("display.width", 200, "display.max_columns", 30, "display.float_format", "{:,.2f}".format):
        print(predicted[SHOWN].to_string(index=False))
        print(tables["coverage"].to_string(index=False))
        print(tables["parameters"].drop(columns=["meaning", "source"]).to_string(index=False))
    print("\n".join(verdicts(predicted)))
    return 0


def verdicts(predicted: pd.DataFrame) -> list[str]:
    """Whether three of the four outcomes lie within 90 %, and the CRPS below the naive forecasts'; in words."""
    rows = predicted[predicted["row"] != "arrests_trafficking_smuggling"]
    words = []
    for listed, part in rows.groupby("countries", sort=False):
        held = ", ".join(part["row"][part["in90"]]) or "none"
        better = [int((part["crps"] < part[c]).sum()) for c in ("naive_crps", "naive_spread_crps")]
        words.append(f"Countries {listed}: {int(part['in90'].sum())} of {len(part)} within 90 % ({held}); CRPS below "
                     f"the naive point's in {better[0]}, below the naive with spread's in {better[1]}.")  # fmt: skip
    return words


def _short(value: Any) -> Any:
    return float(f"{value:.5g}") if isinstance(value, float) else value


def _write_provenance(given: argparse.Namespace) -> None:
    scenario = staging.staged(staging.PREDICTED)
    more = {"replicates": given.replicates, "seed": given.seed, "draws": effects.DRAWS, "model_version": version()}
    text = json.dumps(provenance("prediction", scenario, **more), indent=2) + "\n"
    (given.out / "provenance.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
