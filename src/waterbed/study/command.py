"""What ``waterbed study`` does: it runs, shows progress, says what was found, and how to go on."""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from .. import console
from ..errors import InputError, require_folder
from ..interrupt import heed

if TYPE_CHECKING:
    from .runner import Tally
    from .study import Study, StudyResult

FAILED, INTERRUPTED = 1, 130
_SHOWN = 3
"""Effects that are told on the terminal."""


def is_study(source: str) -> bool:
    """Whether a name on the command line is a file that means to be a study."""
    path = Path(source)
    if not path.is_file():
        return False
    from .file import is_study as looks_like_one

    return looks_like_one(path.read_text("utf-8-sig", errors="replace"))


def _is_scenario(file: Path) -> bool:
    """Whether a file has what only scenarios have."""
    try:
        tree = tomllib.loads(file.read_text("utf-8-sig", errors="replace"))
    except tomllib.TOMLDecodeError:
        return False
    return bool({"network", "base", "operations", "policies"} & tree.keys())


def check(file: Path, as_json: bool) -> None:
    """Tell every fault of a study; if there is none, the runs and the time to expect."""
    from ..network import load_world
    from ..scenario.expectation import expect
    from .study import Study

    study = Study.load(file)
    assert study.base is not None
    one = expect(study.base, load_world(study.base.network))
    runs = len(study.plan)
    seconds = 2 * runs * one["seconds"]
    if as_json:
        console.print_json({"study": study.file.name, "faults": [], "points": len(study.points), "runs": runs,
                            "memory_mb": one["memory_mb"], "seconds": seconds})  # fmt: skip
        return
    print(f"{study.file.name}: no faults.")
    factors = len(study.points.axes)
    print(f"{len(study.points):,} points ({study.file.design.kind}) of {factors} factor{'s' * (factors != 1)}, "
          f"{study.file.replicates} replicates: {runs:,} pairs of runs.")  # fmt: skip
    print(f"At most {2 * one['memory_mb']:,.0f} MB a worker and {_span(seconds)} on one core; less where points share "
          "a twin.")  # fmt: skip


def run(
    file: Path, workers: int | None, dask: str | None, out: Path | None, store: Path | None, status: bool, as_json: bool
) -> int:
    """Run a study, or tell how far it is; returns the exit code. Raises InputError for what it cannot start with."""
    from .study import Study

    if file.is_file() and not is_study(str(file)) and _is_scenario(file):
        raise InputError(f"{file}: is a scenario, not a study; run it with: waterbed compare {file}. A study is "
                         f'another file, with scenario = "{file}" and [factors]')  # fmt: skip
    study = Study.load(file)
    if out is not None:
        require_folder(out)
    if status:
        return _status(study, out, store, as_json)
    if workers and dask:
        raise InputError("--workers and --dask: give one of them; a cluster brings its own workers")
    return _run(study, file, workers, dask, out, store, as_json)


def _status(study: Study, out: Path | None, store: Path | None, as_json: bool) -> int:
    from .store import Store

    where = store if store is not None else None if out is None else out / "store"
    if where is None:
        raise InputError("--status: needs --out DIR (or --store DIR), where the study keeps its runs")
    kept = Store(where, read_only=True)
    kept.verify()
    tally = study.status(kept)
    for name in kept.damaged:
        print(f"waterbed: {where / name} is damaged; what it holds alone will be run again", file=sys.stderr)
    left = tally.total - tally.done - tally.failed
    if as_json:
        console.print_json({"study": study.file.name, "runs": tally.total, "done": tally.done, "failed": tally.failed,
                            "left": left})  # fmt: skip
    else:
        print(f"{study.file.name}: {tally.done:,} of {tally.total:,} runs done, {tally.failed:,} failed, {left:,} left")
    return 0


def _run(
    study: Study, file: Path, workers: int | None, dask: str | None, out: Path | None, store: Path | None, as_json: bool
) -> int:
    from ..engine.warm import compile_where_needed
    from .pools import dask as on_dask
    from .runner import ExecutorLost

    if study.base is not None:
        compile_where_needed(study.base.plugins)
    with on_dask(dask) if dask else nullcontext() as executor, _progress(study) as tell:
        last: list[Tally] = []

        def note(tally: Tally) -> None:
            last[:] = [tally]
            tell(tally)

        try:
            result = _result(study, workers, executor, out, store, note)
        except (KeyboardInterrupt, ExecutorLost) as error:
            kept = out is not None or store is not None
            done = f"{last[0].done:,} of {last[0].total:,} runs" if last else "0 runs"
            where = f" and stored in {store or out}; the same command goes on from there" if kept else (
                "; nothing is kept without --out DIR")  # fmt: skip
            what = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
            print(f"waterbed: {what}: {done} were done{where}", file=sys.stderr)
            return INTERRUPTED if isinstance(error, KeyboardInterrupt) else FAILED
    _show(result, out, as_json)
    for name in result.damaged:
        print(f"waterbed: {name} in the store was damaged and set aside; what it held was run again", file=sys.stderr)
    if result.failed:
        rows = result.runs[result.runs["status"] == "failed"]
        first = rows.iloc[0]
        where = f"the first at point {first['point']}, replicate {first['replicate']}: {first['error']}"
        print(f"waterbed: {result.failed:,} of {len(result.runs):,} runs failed, {where}; the same command tries them "
              "again", file=sys.stderr)  # fmt: skip
        return FAILED
    return 0


def _result(
    study: Study, workers: int | None, executor: Executor | None, out: Path | None, store: Path | None,
    note: Callable[[Tally], None],
) -> StudyResult:  # fmt: skip
    result = study.run(out, workers=workers, executor=executor, store=store, progress=note)
    if out is not None:
        from ..report.studies import write_study_report

        write_study_report(out, result)
    return result


@contextmanager
def _progress(study: Study) -> Iterator[Callable[[Tally], None]]:
    """A bar with rate and time left on standard error, where that is a terminal."""
    told = [""]

    def say(tally: Tally) -> None:
        """Once, what it waits for; and stop where that was asked."""
        heed()
        if tally.waiting != told[0] and tally.waiting:
            print(f"waterbed: {tally.waiting}", file=sys.stderr)
        told[0] = tally.waiting

    if not sys.stderr.isatty():
        yield say
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(study.file.name, total=len(study.plan), rate="starting")
        said = [0.0]

        def tell(tally: Tally) -> None:
            say(tally)
            if time.perf_counter() - said[0] > 0.1:
                said[0] = time.perf_counter()
                rate = f"{tally.rate:,.1f} runs/s, {_span(tally.left)} left" if tally.rate else "starting"
                failed = f", {tally.failed:,} failed" if tally.failed else ""
                bar.update(task, total=tally.total, completed=tally.done + tally.failed, rate=rate + failed)

        yield tell


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:,.0f} s"
    return f"{seconds / 60:,.0f} min" if seconds < 5400 else f"{seconds / 3600:,.1f} h"


def _show(result: StudyResult, out: Path | None, as_json: bool) -> None:
    """The estimates of the first effects by point, or all as JSON."""
    table = result.summary
    if as_json:
        sensitivity = [] if result.sensitivity is None else console.records(result.sensitivity)
        console.print_json({"study": result.study.file.name, "digest": result.digest, "failed": result.failed,
                            "summary": console.records(table), "sensitivity": sensitivity,
                            "out": str(out) if out else None})  # fmt: skip
        return
    print(f"{result.study.file.name}: {len(result.study.points):,} points, {len(result.runs):,} pairs of runs; "
          f"digest {result.digest[:16]}")  # fmt: skip
    effects = list(dict.fromkeys(table["effect"]))
    for effect in effects[:_SHOWN]:
        _show_points(result, result.results.one(effect))
    if len(effects) > _SHOWN:
        where = "in summary.csv" if out is not None else "with --out DIR or --json"
        print(f"… and {len(effects) - _SHOWN} effects more, {where}")
    if out is not None and (out / "report.html").is_file():
        print(f"Report: {(out / 'report.html').resolve()}")


def _show_points(result: StudyResult, effect: tuple[str, str, str]) -> None:
    table = result.summary
    rows = table[(table["effect"] == effect[0]) & (table["key"] == effect[1])]
    print(f"{effect[0]} {f'({effect[1]})' if effect[1] else ''}, {effect[2]}: estimate and its 90 % interval")
    factors = [axis.address for axis in result.study.points.axes]
    for row in rows.head(20).to_dict("records"):
        where = ", ".join(f"{name.rpartition('.')[2]} {row[name]:g}" if isinstance(row[name], int | float) else
                          f"{name.rpartition('.')[2]} {row[name]}" for name in factors[:4])  # fmt: skip
        if row["status"] == "not identified" and not row["estimate"] == row["estimate"]:
            print(f"  {where}: {row['status']}: {row['note']}")
        else:
            print(console.line(where, row["estimate"], row["low"], row["high"]))
    if len(rows) > 20:
        print(f"  … and {len(rows) - 20:,} points more, in summary.csv")
