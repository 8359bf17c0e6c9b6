"""Which parameters of judgement matter: the answer of the screening and of what came after it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from told import Answer, Found, panels

from waterbed.report import style
from waterbed.report.studies.sensitivity import bars, covariance

EFFECTS = {
    "treated_crossings_lost": ("disruption", "Crossings lost on the treated route"),
    "displaced_of_treated": ("displacement", "Net displaced, of those on the treated route"),
}
FEW = 0.1
"""Share of the greatest μ* below which a factor counts as of no weight."""


def _of(table: pd.DataFrame, effect: str, index: str) -> pd.DataFrame:
    rows = table[(table["effect"] == effect) & (table["index"] == index) & (table["status"] == "ok")]
    return rows.sort_values("value", ascending=False)


def _list(rows: pd.DataFrame, count: int) -> str:
    return "; ".join(f"{r.factor} {style.number(r.value)} ({style.interval(r.low, r.high)})"
                     for r in rows.head(count).itertuples())  # fmt: skip


def _screened(table: pd.DataFrame, effect: str) -> str:
    """What Morris says of an effect."""
    mu, sigma = (_of(table, effect, index).set_index("factor") for index in ("mu_star", "sigma"))
    light = int((mu["value"] < FEW * mu["value"].max()).sum())
    bent = int((sigma["value"].reindex(mu.index).head(10) > mu["value"].head(10)).sum())
    left_out = f" ({mu['note'].iloc[0]})" if mu["note"].iloc[0] else ""
    return (
        f"Morris, {EFFECTS[effect][0]}{left_out}: of {len(mu)} parameters {light} move it by less than a tenth of "
        f"what the first one does. The greatest mean absolute changes over a parameter's range (μ*) are "
        f"{_list(mu.reset_index(), 5)}. Of the first ten, {bent} have σ above μ*: what they do depends on the others."
    )


def _quantified(table: pd.DataFrame, effect: str) -> str:
    """What Sobol' indices say of an effect."""
    first, total = (_of(table, effect, index) for index in ("S1", "ST"))
    if first.empty:
        note = table.loc[table["effect"] == effect, "note"].iloc[0]
        return f"Sobol', {EFFECTS[effect][0]}: not identified ({note})."
    left_out = f" ({first['note'].iloc[0]})" if first["note"].iloc[0] else ""
    chance, alone = float(first["chance_share"].iloc[0]), float(first["value"].sum())
    return (
        f"Sobol', {EFFECTS[effect][0]}{left_out}: "
        f"with all interactions, the variance is owed to {_list(total, 4)}; alone, to "
        f"{_list(first, 4)}. The eight by themselves explain {style.percent(alone)}, the rest is interactions and "
        f"chance, of which chance between replicates is {style.percent(chance)}."
    )


def _settled(grown: pd.DataFrame, effect: str) -> str:
    """How far the total indices moved from half of the sample to all of it."""
    rows = grown[(grown["effect"] == effect) & (grown["index"] == "ST")]
    rows = rows.pivot(index="factor", columns="n", values="value")
    if rows.shape[1] < 2:
        return ""
    half, every = rows.columns[-2:]
    moved = float((rows[every] - rows[half]).abs().max())
    return f"From {half:,} to {every:,} points no total index of {EFFECTS[effect][0]} moved by more than {moved:.2g}."


def screening(found: Found) -> Answer:
    """Morris over all, Sobol' over the eight that matter."""
    result = found.result
    first = result.screening
    assert first is not None and first.sensitivity is not None
    assert result.sensitivity is not None and result.convergence is not None
    kept = [axis.address for axis in result.study.points.axes]
    lines = [
        f"Screened: {len(first.study.points):,} points, {len(first.runs):,} pairs of runs; then "
        f"{len(result.study.points):,} points of {len(kept)} parameters, {len(result.runs):,} pairs.",
        *(_screened(first.sensitivity, effect) for effect in EFFECTS),
        f"Handed on, each for the effect that it moves most: {', '.join(kept)}.",
        *(_quantified(result.sensitivity, effect) for effect in EFFECTS),
        *filter(None, (_settled(result.convergence, effect) for effect in EFFECTS)),
    ]
    every = pd.concat([first.sensitivity.assign(design="morris"), result.sensitivity.assign(design="saltelli")])
    table = every[every["index"].isin(["mu_star", "sigma", "S1", "ST"])]
    table = table[["design", "effect", "factor", "index", "value", "low", "high", "n", "chance_share"]]
    figures = {"morris": _morris(first.sensitivity), "sobol": _sobol(result.sensitivity)}
    return Answer(lines, table, {name: figure for name, figure in figures.items() if figure is not None})


def _morris(table: pd.DataFrame) -> Any:
    tops = [_of(table, effect, "mu_star")["factor"].iloc[0] for effect in EFFECTS]
    title = f"Disruption moves most with {_word(tops[0])}, displacement with {_word(tops[1])}"
    figure, axes = panels(title, "Across: mean absolute change over the parameter's range (μ*), with its 90\u202f% "
                          "interval. Up: its spread (σ). Above the dotted line, what a parameter does depends on the "
                          "others more than not.", 2, 74.0, 14.0)  # fmt: skip
    for panel, (effect, (_, name)) in zip(axes, EFFECTS.items(), strict=True):
        covariance(panel, table[(table["effect"] == effect) & (table["status"] == "ok")])
        panel.set_title(name, loc="left", fontsize=7.5)
        panel.set_xlabel("μ*")
        panel.set_ylabel("σ")
    return figure


def _sobol(table: pd.DataFrame) -> Any:
    ok = [effect for effect in EFFECTS if not _of(table, effect, "ST").empty]
    if not ok:
        return None
    names = sorted(set(table["factor"]) - {""})
    room = 6.0 + max(style.extent(name, 7)[0] for name in names) / 72 / style.MM
    tops = [_of(table, effect, "ST")["factor"].iloc[0] for effect in ok]
    said = ", ".join(f"{EFFECTS[e][0]} most to {_word(top)}" for e, top in zip(ok, tops, strict=True))
    figure, axes = panels(f"Variance is owed: {said}", "Dark: first order. Light: with all interactions. Lines: "
                          "90\u202f% intervals. Dashed: the share of the variance between points that is chance.",
                          len(ok), 60.0, room, gap=room + 4.0)  # fmt: skip
    for panel, effect in zip(axes, ok, strict=True):
        rows = table[(table["effect"] == effect) & (table["status"] == "ok")]
        bars(panel, rows, ["S1", "ST"], float(rows["chance_share"].iloc[0]))
        panel.set_title(EFFECTS[effect][1], loc="left", fontsize=7.5)
    return figure


def _word(address: str) -> str:
    return address.rpartition(".")[2].replace("_", " ")
