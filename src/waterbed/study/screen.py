"""Screen, then quantify: Morris over all factors, then Sobol' indices of those that matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from .study import Study, StudyResult

FOLDER = "screen"
"""Where the screening's own tables lie, in the study's folder."""


def run_screen(study: Study, run: Callable[[Study, Path | None], StudyResult], out: Path | None) -> StudyResult:
    """Run the screening, choose the factors of greatest μ*, and run a saltelli design over these.

    All other factors stay as the scenario has them. Returns the second study, with the screening in it.
    """
    first = run(study, None if out is None else out / FOLDER)
    if first.failed:
        return first
    second = run(quantify(study, chosen(first)), None)
    result = replace(second, screening=first)
    if out is not None:
        result.save(out)
    return result


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
    about = study.file
    design = about.design.model_copy(update={"kind": "saltelli"})
    kept = {address: factor for address, factor in about.factors.items() if address in factors}
    content = type(about).model_validate(
        about.model_dump() | {"design": design.model_dump(), "factors": {a: f.model_dump() for a, f in kept.items()}}
    )
    return type(study).of(content, study.folder, "study", study.model)
