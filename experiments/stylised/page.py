"""docs/facts.md, from the tables of the experiment: every number of the page comes out of them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from waterbed.report.style import listed, number, percent, records, span

from .catalogue import FACTS, ONE_READING, UNTESTABLE
from .space import axes

TEMPLATE = """\
# Stylised facts

[This page is written by `experiments/facts.py` from its tables. Do not edit it.]

What is known of smuggling and enforcement is mostly qualitative: that displacement is partial, that deterrence decays,
that fees rise less than in proportion. Of 29 such findings {tested} can be tested on this model. Each test compares
worlds that differ in one thing, under the same chance, and its band was declared before the runs that decide it
(`experiments/stylised/catalogue.py`).

**{held} of {tested} hold at the shipped parameters; {failed} do not: {failing}.** Many can be read in more than one
way. Of those that hold, {readings} would not, or not wholly, in another reading; the notes below say which.

A fact holds where all quantities that it demands lie in their bands, mostly with the whole 95 % interval (bootstrap
over pairs of runs). The deciding one is shown: one that lies outside, else the last. All are in
[facts.csv](../results/validation/facts/facts.csv). Designs of the tests were tried on seeds 0-39; what is shown comes
from seeds 5000 on. Bands are the authors' reading of the sources, and a fact that holds here says that the model can
show it, not that it is true of the world.

Of the tests {renewed} were declared anew after a first run had failed; they are reported on seeds from 9000 on, which
nobody had seen. What was wrong with the first declaration:

{again}

![All facts with their bands and shares](../results/validation/facts/facts.png)

{table}

## What has to be said of them
{notes}

## Parameter space
The last column is the share of {points} points of a Latin hypercube over {factors} parameters, those of judgement that
the screening names, each within its plausible range, at which the estimates of {per_point} pairs of runs lie in all
bands of the fact, with Wilson's 95 % interval ([space.csv](../results/validation/facts/space.csv)). Parameters that a
test sets itself keep its values. There the estimate alone decides: so few pairs let chance decide near the edge of a
band, and a fact whose interval is too wide at the shipped parameters can hold at many points. Among the facts tried the
share goes from {least} to {most}, with a median of {median}. {untried}

## Not testable
The model has no mechanism for {untestable}. They were declared so before any test was written.
"""


def _cell(row: Any) -> str:
    value = f"{number(row.value)} [{span(row.low, row.high)}]"
    unit = "" if row.unit in ("1", "share") else f" {row.unit}"
    return f"{row.quantity}: {value}{unit}"


def _share(row: Any) -> str:
    if not math.isfinite(row.share_of_parameter_space):
        return "–"
    ends = f"{100 * row.share_low:.0f}–{100 * row.share_high:.0f}"
    return f"{percent(row.share_of_parameter_space)} ({ends})"


def text(table: pd.DataFrame, space: pd.DataFrame) -> str:
    """The page.

    Args:
        table: a row a fact, as in ``facts.csv``.
        space: a row a fact, point and quantity.
    """
    heads = ("#", "fact; source", "band", "found [95 %]", "verdict", "share of space (95 %)")
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    rows = records(table.fillna({"why": ""}))
    for r in rows:
        verdict = r.verdict if r.verdict == "holds" else f"**{r.verdict}**"
        lines.append(f"| {r.fact} | {r.title}; *{r.source}* | {r.band} | {_cell(r)} | {verdict} | {_share(r)} |")
    tried = table[table["points"] > 0]["share_of_parameter_space"]
    left = [f"{r.fact} ({r.title[0].lower()}{r.title[1:]})" for r in rows if not r.points]
    failing = [str(r.fact) for r in rows if r.verdict == "fails"]
    anew = [f for f in FACTS if f.again]
    page = TEMPLATE.format(
        tested=len(table), held=len(table) - len(failing), failed=len(failing), failing=listed(failing),
        table="\n".join(lines), notes="\n".join(f"- **{r.fact}, {r.verdict}.** {r.why}" for r in rows if r.why),
        renewed=len(anew), readings=listed([str(n) for n in ONE_READING]),
        again="\n".join(f"- **{f.number}**: {f.again}" for f in anew),
        points=space["point"].nunique(), factors=len(axes()), per_point=int(space["pairs"].max()),
        least=percent(tried.min()), most=percent(tried.max()), median=percent(tried.median()),
        untried=f"Left out, since their worlds are larger: {listed(left)}." if left else "",
        untestable=listed([f"{what} ({n})" for n, what in UNTESTABLE.items()]),
    )  # fmt: skip
    return page
