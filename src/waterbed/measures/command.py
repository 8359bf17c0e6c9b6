"""What ``waterbed compare`` does: it runs pairs, stores them with their report, and says what matters of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import console, inputs
from ..errors import InputError
from ..guard import INTERRUPTED, leave
from .doses import at_doses, factors

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario import Scenario
    from .comparison import Comparison


def run(
    source: str, against: str | None, replicates: int, seed: int, workers: int | None, settings: list[str] | None,
    out: Path | None, *, force: bool = False, csv: bool = False, trace: int = 0, as_json: bool = False,
    doses: str | None = None,
) -> None:  # fmt: skip
    """Compare two worlds, store and show it; raises :class:`~waterbed.errors.InputError` before any work."""
    chosen, other = _worlds(source, against, settings)
    wanted = read_doses(doses)
    at_doses(chosen, other or chosen.untreated(), wanted)  # here too, since what comes next may compile for a minute
    inputs.require_free(out, force)
    from ..engine.warm import compile_where_needed
    from .compare import compare

    compile_where_needed(chosen.plugins)
    with console.progress(f"{chosen.name}: {replicates} pairs of runs", replicates) as advance:
        result = compare(chosen, other, replicates=replicates, seed=seed, workers=workers,
                         progress=lambda done, *_: advance(done), doses=wanted)  # fmt: skip
    diaries = None
    if trace:
        from .diary import diaries as write_diaries

        diaries = write_diaries(chosen, other, result.provenance["seeds"][0], trace)
    page = _store(result, diaries, out, csv, force, workers) if out is not None else None
    if as_json:
        console.print_json(_as_json(result, out, diaries))
    else:
        _show(result, diaries, out, page)
    if result.provenance.get("interrupted"):
        kept = f"and are stored in {out}" if out else "and are shown above"
        leave(f"interrupted: {result.replicates} of {replicates} pairs were done {kept}. The same command "
              f"{'with --force ' if out and not force else ''}does them all.", INTERRUPTED)  # fmt: skip


def read_doses(text: str | None) -> tuple[float, ...]:
    """Factors from '0.5,2'. Raises InputError."""
    try:
        return () if text is None else factors([float(part) for part in text.split(",")])
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"--doses {text}: is no list of numbers; give factors on the officers, as 0.5,2") from error


def _worlds(source: str, against: str | None, settings: list[str] | None) -> tuple[Scenario, Scenario | None]:
    """The scenario, and what it is held against where that is not itself without its measures."""
    from ..scenario.expectation import require_memory
    from .fates import comparable_window

    chosen, world = inputs.checked(source, settings)
    require_memory(chosen, world)
    other = inputs.checked(against, None)[0] if against else None
    if other is None and not chosen.operations and not chosen.policies:
        raise InputError(f"{source}: has no operations or policies, so there is nothing to compare; "
                         "add one, or name another scenario with --against")  # fmt: skip
    comparable_window(chosen, other or chosen.untreated())  # here too, since what comes next may compile for a minute
    return chosen, other


def _store(
    result: Comparison, diaries: pd.DataFrame | None, out: Path, csv: bool, force: bool, workers: int | None
) -> Path:
    """Write tables, figures and page into a folder; returns the path of the page."""
    from ..processes import cores
    from ..report import write_report
    from .tables import write_table

    result.save(out, csv=csv, force=force)
    if diaries is not None:
        write_table(diaries, out / "diaries.parquet", csv)
    return write_report(result, out, workers=cores(workers))


def _show(result: Comparison, diaries: pd.DataFrame | None, out: Path | None, page: Path | None) -> None:
    """The finding and six figures with both intervals; where everything is."""
    from ..report import doses
    from ..report.story import cards, headline

    pairs = f"{result.replicates} pair{'s' * (result.replicates != 1)} of runs"
    console.print_text(f"{result.name}, {pairs}: {headline(result)}.")
    print()
    margin = " " * 15
    for card in cards(result):
        console.print_text(card.words, f"  {card.value:<12} ", margin)
        console.print_text("; ".join(card.below), margin, margin)
    if result.doses is not None:
        console.print_text(f"{doses.title(result)}.")
    if diaries is not None:
        console.print_diaries(diaries)
    if page is not None:
        print(f"\nReport: {page.resolve()}")
        print(f"All {len(result.effects)} effects: effects.csv beside it")
    else:
        print(f"\nAll {len(result.effects)} effects, with figures and a page: add --out DIR; as JSON: --json")


def _as_json(result: Comparison, out: Path | None, diaries: pd.DataFrame | None) -> dict[str, Any]:
    from .operation import beside_published

    traced = {} if diaries is None else {"diaries": console.records(diaries)}
    if result.doses is not None:
        traced["doses"] = console.records(result.doses)
    return traced | {
        "scenario": result.name,
        "effects": console.records(result.effects),
        "operation": console.records(beside_published(result.operation)),
        "fates": console.records(result.fates),
        "out": str(out) if out else None,
    }
