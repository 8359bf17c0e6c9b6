"""Screen, then quantify: Morris over all factors, then Sobol' indices of those that matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from .designs import design_points
from .outcome import StudyResult
from .results import collect
from .runner import Tally

if TYPE_CHECKING:
    from .file import StudyFile
    from .store import Store
    from .study import Study

FOLDER = "screen"
"""Where the screening's own tables lie, in the study's folder."""


def run_screen(study: Study, run: Callable[[Study, Path | None], StudyResult], out: Path | None) -> StudyResult:
    """Run the screening, choose the factors of greatest μ*, and run a saltelli design over these.

    All other factors stay as the scenario has them. Returns the second study, with the screening in it; the screening
    alone where runs of it failed.
    """
    first = run(screening(study), None if out is None else out / FOLDER)
    if first.failed:
        result = first
    else:
        result = replace(run(quantify(study, chosen(first)), None), screening=first)
    if out is not None:
        result.save(out)
    return result


def screening(study: Study) -> Study:
    """The first stage: its tables also show the effects that factors are ranked by."""
    kept, by = study.file.keep, study.file.design.by
    ranked = (by,) if isinstance(by, str) else by
    more = tuple(effect for effect in ranked if effect and effect not in kept) if kept else ()
    return replace(study, file=study.file.model_copy(update={"keep": kept + more}))


def tally(study: Study, store: Store) -> Tally:
    """What of both stages is done, failed and left; before the first is done, the second is counted by its size."""
    first = screening(study)
    one = first.tally(store)
    if one.done == one.total:
        results = collect(first.plan, store, first.file.keep)
        two = quantify(study, chosen(StudyResult(first, results, 0.0))).tally(store)
    else:
        content = _quantified(study, list(study.file.factors)[: study.file.design.keep_factors])
        points = design_points(content, study.base, study.folder, study.origin)
        two = Tally(len(points) * content.replicates)
    return Tally(one.total + two.total, one.done + two.done, one.failed + two.failed)


def chosen(screening: StudyResult) -> list[str]:
    """The factors with the greatest μ*, in the order of the study's file.

    Ranked by several effects, a factor counts by the one that it moves most, in shares of that effect's greatest μ*.
    Raises InputError where an effect has no index to rank by.
    """
    design, table = screening.study.file.design, screening.sensitivity
    assert table is not None
    effects = (design.by,) if isinstance(design.by, str) else design.by
    scores: dict[str, float] = {}
    for effect in effects:
        effect = effect or screening.results.names[0][0]
        rows = table[(table["effect"] == effect) & (table["index"] == "mu_star")]
        if rows.empty:
            said = table.loc[table["effect"] == effect, "note"].iloc[0]
            raise InputError(f"design.by: {effect} cannot rank the factors: {said}")
        most = float(rows["value"].max())
        for factor, value in zip(rows["factor"], rows["value"], strict=True):
            scores[factor] = max(scores.get(factor, 0.0), value / most)
    best = sorted(scores, key=lambda factor: -scores[factor])[: design.keep_factors]
    return [address for address in screening.study.file.factors if address in best]


def quantify(study: Study, factors: list[str]) -> Study:
    """The study of these factors alone, by a saltelli design of the same size and seed."""
    return type(study).of(_quantified(study, factors), study.folder, study.origin, study.model)


def _quantified(study: Study, factors: list[str]) -> StudyFile:
    about = study.file
    design = about.design.model_copy(update={"kind": "saltelli", "analyse": ()})
    kept = {address: factor for address, factor in about.factors.items() if address in factors}
    return type(about).model_validate(
        about.model_dump() | {"design": design.model_dump(), "factors": {a: f.model_dump() for a, f in kept.items()}}
    )
