"""What ``waterbed calibrate`` does: it fits, shows progress, says what was found, or that it did not converge."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from .. import console
from ..guard import FAILED, INTERRUPTED
from ..processes import cores
from .calibration import ABOUT, HISTORY, Calibration
from .smc import NotConverged

if TYPE_CHECKING:
    from .calibration import Result


def run(file: Path, workers: int | None, out: Path | None, force: bool, as_json: bool) -> int:
    """Calibrate by a file; returns the exit code. Raises InputError for what it cannot start with."""
    about = Calibration.load(file)
    if out is None:
        with tempfile.TemporaryDirectory() as nowhere:
            return _run(about, Path(nowhere), None, workers, as_json)
    from ..measures.tables import claim

    claim(out, force)
    if force:
        for name in (HISTORY, ABOUT):
            (out / name).unlink(missing_ok=True)
    return _run(about, out, out, workers, as_json)


def _run(about: Calibration, folder: Path, out: Path | None, workers: int | None, as_json: bool) -> int:
    done = [0]
    try:
        with console.progress(f"{about.file.name}: runs", about.file.runs) as advance:

            def look(runs: int) -> None:
                done[0] = runs
                advance(runs)

            result = about.run(folder, workers=cores(workers), progress=look)
    except KeyboardInterrupt:
        kept = (f"whole populations are kept in {out}; the same command goes on from there" if out else
                "nothing is kept without --out DIR")  # fmt: skip
        print(f"waterbed: interrupted: {done[0]:,} runs were done; {kept}", file=sys.stderr)
        return INTERRUPTED
    except NotConverged as error:
        kept = f"its populations are kept in {out}, from which a larger budget goes on" if out else "nothing is kept"
        print(f"waterbed: {about.file.name}: {error}. No result is written; {kept}", file=sys.stderr)
        return FAILED
    if out is not None:
        result.save(out)
    _show(result, out, as_json)
    return 0


def _show(result: Result, out: Path | None, as_json: bool) -> None:
    about, found, summary = result.calibration.file, result.posterior.fit, result.posterior.summary()
    if as_json:
        console.print_json({"calibration": about.name, "runs": found.runs, "tolerance": found.course[-1]["tolerance"],
                            "parameters": console.records(summary), "predictive": console.records(result.predictive),
                            "out": str(out) if out else None})  # fmt: skip
        return
    print(f"{about.name}: converged in {len(found.course)} populations and {found.runs:,} runs")
    print("Parameters: median of the posterior and its 90 % interval")
    for row in summary.itertuples(index=False):
        print(console.line(row.parameter, row.median, row.low, row.high, "" if row.unit == "1" else row.unit))
    print("New runs of the posterior: median, 90 % of runs, and what was observed")
    for row in result.predictive.itertuples(index=False):
        where = "" if row.within_90 else " (outside)"
        label = f"{row.target}, observed {console.short(row.observed)}{where}"
        print(console.line(label, row.median, row.low, row.high))
    if out is not None:
        print(f"Stored in {out}")
