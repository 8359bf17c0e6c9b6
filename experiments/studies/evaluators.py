"""What a field evaluator says of many single operations, against what happened: the answer of its study."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from told import Answer, Found, panels, said, tidy

from waterbed.report import style
from waterbed.report.studies.curves import ticks

DOSE = "operations.surge.officers"
SPAN = " [during and after]"
BEFORE, TRUE = f"before_after{SPAN}", f"before_after_truth{SPAN}"
WDQ, MOVED, LOST = f"weighted_displacement_quotient{SPAN}", "displacement_spatial", f"treated_crossings_lost{SPAN}"
CLAIM = 0.2
"""A fall of a fifth, on which an evaluator would call an operation a success."""


def _rank_correlation(a: pd.Series, b: pd.Series) -> tuple[float, int]:
    """Spearman's, and of how many operations that have both."""
    both = a.notna() & b.notna()
    return float(a[both].rank().corr(b[both].rank())), int(both.sum())


def _points(axes: Any, runs: pd.DataFrame, true: str, told: str, sign: float, most: float) -> None:
    """An operation a dot, what is said over what is true; the line: no error. Outside is drawn at the edge."""
    axes.axhline(0.0, color=style.INK, lw=0.8)
    axes.axvline(0.0, color=style.INK, lw=0.8)
    axes.plot([-most, most], [-most, most], color=style.NOTE, lw=0.8, ls=":")
    for mask, color, name in ((runs[DOSE] > 0, style.WITH, "operations"), (runs[DOSE] == 0, style.FEWER, "placebos")):
        x, y = runs[true][mask].clip(-most, most), (sign * runs[told][mask]).clip(-most, most)
        axes.scatter(x, y, s=5, color=color, alpha=0.45, lw=0, label=name, zorder=3, clip_on=False)
    axes.set_xlim(-most, most)
    axes.set_ylim(-most, most)
    axes.grid(True, axis="both")
    ticks(axes.xaxis, "share")
    ticks(axes.yaxis, "share")


def evaluator(found: Found) -> Answer:
    """Errors of before-after and of the weighted displacement quotient, placebos among the operations."""
    runs = found.result.runs
    runs = runs[runs["status"] == "ok"]
    doses = found.levels(DOSE)
    placebo, real = runs[DOSE] == 0, runs[DOSE] > 0
    each = int((runs[DOSE] == doses[-1]).sum())
    error = (runs[BEFORE] - runs[TRUE]).abs()
    claimed = found.share(runs[BEFORE] < -CLAIM, placebo & runs[BEFORE].notna())
    wrong = found.share(np.sign(runs[BEFORE]) != np.sign(runs[TRUE]), real & (runs[TRUE].abs() > 0.05))
    answered = found.share(runs[WDQ].notna(), placebo | real)
    phantom = found.share(runs[WDQ] < 0, placebo & runs[WDQ].notna())
    blamed = found.share(runs[WDQ] < 0, real & runs[WDQ].notna() & (runs[MOVED] > 0))
    rank, n = _rank_correlation(-runs[WDQ][real], runs[MOVED][real])
    known, m = _rank_correlation(-runs[BEFORE][real], runs[LOST][real])
    covered = {d: found.of("weighted_displacement_difference_coverage", {DOSE: d}) for d in doses}
    moved = {d: found.of(MOVED, {DOSE: d}) for d in doses[1:]}
    pooled = {d: found.of("weighted_displacement_quotient", {DOSE: d}) for d in doses}
    low, high = (float(q) for q in np.quantile(runs[BEFORE][placebo].dropna(), (0.05, 0.95)))
    lines = [
        f"Of {each} placebos, in which nothing happened, before-after reads {style.span(low, high, True, True)} in "
        f"nine of ten; {said(claimed)} of them would be called a success, with a fall of a fifth or more.",
        f"Of operations with officers that changed detections by over a twentieth, before-after has the wrong sign in "
        f"{said(wrong)}; half of all its errors are greater than {style.percent(float(error[real].median()))}. Over "
        f"{m} operations its rank correlation with the true loss of crossings is {style.number(known)}.",
        f"The weighted displacement quotient has a value in {said(answered)} of all: elsewhere the treated route did "
        "not fall against its control.",
        f"Among placebos with a value it finds displacement in {said(phantom)}: phantoms all, since there was none. "
        f"Among operations in which crossings truly moved, it finds displacement in {said(blamed)}.",
        f"Over {n} operations its rank correlation with the truly displaced share is {style.number(rank)}.",
        "Truly displaced, of the loss: " + ", ".join(f"{said(e)} ({d} officers)" for d, e in moved.items())
        + "; the quotient of all runs together, turned round: "
        + ", ".join(f"{said(e * -1, signed=True)} ({d})" for d, e in pooled.items()) + ".",
        "The 95\u202f% interval of the weighted displacement difference holds the truth in "
        + ", ".join(f"{said(e)} ({d} officers)" for d, e in covered.items())
        + ": it counts chance of small numbers, and no weather.",
    ]  # fmt: skip
    rows = {}
    for d in doses:
        here = runs[DOSE] == d
        rows[f"{d} officers"] = {
            "before-after calls it a success": found.share(runs[BEFORE] < -CLAIM, here & runs[BEFORE].notna()),
            "quotient has a value": found.share(runs[WDQ].notna(), here),
            "quotient finds displacement": found.share(runs[WDQ] < 0, here & runs[WDQ].notna()),
            "difference's interval holds the truth": covered[d],
        }
    title = f"Of placebos, before-after calls {style.percent(claimed.value)} a success, and the quotient finds " \
            f"displacement in {style.percent(phantom.value)}"  # fmt: skip
    figure, axes = panels(title, "A dot an operation, what an evaluator says over what happened; dotted: no error. "
                          "Blue: with officers; orange: placebos. What lies outside is drawn at the edge.",
                          2, 66.0, 16.0, gap=24.0)  # fmt: skip
    _points(axes[0], runs, TRUE, BEFORE, 1.0, 1.5)
    axes[0].set_xlabel("true change of detections, against the twin")
    axes[0].set_ylabel("said: against the year before")
    _points(axes[1], runs.assign(**{MOVED: runs[MOVED].where(real, 0.0)}), MOVED, WDQ, -1.0, 1.5)
    axes[1].set_xlabel("true share of the loss that moved elsewhere")
    axes[1].set_ylabel("said: the quotient, turned round")
    return Answer(lines, tidy(rows, "arm"), figure)
