"""Figures of what next: four outcomes of every lever and pair, and which lever comes first."""

from __future__ import annotations

from typing import Any

import pandas as pd
from story_figures import BARS, WIDTH, line, page_for, signed
from story_words import NOUNS, SHORT, beyond, share, short, singles, three
from story_worlds import LEVERS, REPEAT

from waterbed.report import dots, style
from waterbed.report.dots import Row
from waterbed.report.style import MARGIN, count, listed, percent, plural

PANELS = {
    "crossings": "Disruption: crossings", "displacement": "Displacement",
    "exploited person-days": "Days of exploitation", "deaths": "Deaths",
}  # fmt: skip


def next_title(table: pd.DataFrame) -> str:
    """Which single lever lowers what most, as far as that is more than one more officer does."""
    at = table.set_index(["world", "years", "outcome"])
    last = table[(table["years"] == 3) & table["world"].isin([*LEVERS, REPEAT])]
    best: dict[str, list[str]] = {}
    for outcome, words in (("crossings", "crossings"), ("exploited person-days", "days of exploitation"),
                           ("deaths", "deaths")):  # fmt: skip
        found = last[(last["outcome"] == outcome) & (last["change"] < 0)].sort_values("change")
        found = found[[beyond(at, world, outcome) for world in found["world"]]]
        if len(found):
            most = found.iloc[0]
            best.setdefault(most["world"], []).append(f"{words} ({share(*three(most))})")
    if not best:
        return "At this cost no lever lowers crossings, exploitation or deaths by more than one more officer does"
    return "Three years on, " + listed([f"{NOUNS[w]} lowers {listed(said)} most" for w, said in best.items()])


def _lines(table: pd.DataFrame, outcome: str, worlds: list[str]) -> list[Row]:
    rows = []
    at = table[table["outcome"] == outcome].set_index(["world", "years"])
    every = table.set_index(["world", "years", "outcome"])
    for world in worlds:
        last, one = at.loc[(world, 3)], at.loc[(world, 1)]
        row = line(short(world), last, plus=outcome != "displacement")
        if outcome == "displacement" and not (row.known and beyond(every, world, "crossings")):
            row = Row(row.name, why="no fall of crossings beyond one more officer's")
        if row.known and one["change"] == one["change"]:
            rival = tuple(100 * one[c] for c in ("change", "change_low", "change_high"))
            row = Row(**(vars(row) | {"rival": rival}))
        rows.append(row)
    return rows


def draw_next(table: pd.DataFrame, officer_days: float, pairs: int) -> Any:
    """Four outcomes of every lever and pair, three years on (filled) and one (hollow)."""
    pairs_of = [w for w in dict.fromkeys(table["world"]) if " + " in w]
    groups = [(outcome, _lines(table, outcome, [*singles(), *pairs_of])) for outcome in PANELS]
    half = (WIDTH - 4) / 2
    tall = dots.height(groups[0][1]) + 3
    below = (
        f"{plural(pairs, 'pair')} of runs. Filled: three years on; hollow: one year. Each lever costs "
        f"{count(officer_days)} officer-days a year, a pair half each; costs.csv has the prices. One more officer is "
        "a check: what chance alone makes of next to nothing. Displacement: of what the legs that lose most have "
        f"lost, the share that crossed elsewhere, net; those legs are chosen by their loss, which flatters it. {BARS}"
    )
    with style.context():
        fig, top = page_for(
            next_title(table), "What comes after the operation, against doing nothing more, at equal cost.",
            2 * tall, below,
        )  # fmt: skip
        for i, (outcome, rows) in enumerate(groups):
            unit = "of 100 lost, moved" if outcome == "displacement" else "per cent"
            show = style.tick if outcome == "displacement" else signed
            dots.group(fig, MARGIN + (half + 4) * (i % 2), top + tall * (i // 2), half, PANELS[outcome], unit, rows,
                       show, ("", ""), layout=dots.Layout(0.38, 0.25))  # fmt: skip
    return fig


_SHORTEST = {"crossings": "Crossings", "exploited person-days": "Exploitation", "deaths": "Deaths"}


def ranking_title(table: pd.DataFrame) -> str:
    """Who comes first three years on, and how sure that is."""
    last = table[(table["years"] == 3) & (table["outcome"] == "exploited person-days")]
    best = last.sort_values("first_both", ascending=False).iloc[0]
    return (
        f"Against exploitation, {NOUNS[best['lever']]} comes first in {percent(best['first_both'])} of draws of "
        "chance and prices"
    )


def draw_ranking(table: pd.DataFrame, pairs: int) -> Any:
    """How often each lever comes first: a cell an outcome, horizon and what is drawn."""
    order = [*LEVERS, REPEAT]
    outcomes = list(dict.fromkeys(table["outcome"]))
    below = (
        f"{plural(pairs, 'pair')} of runs, 2\u202f000 draws. Chance: bootstrap over pairs at central prices. Prices: "
        "each lever's cost drawn from its range in costs.csv, log-uniform, effects at their estimates. Lower is "
        "better."
    )
    with style.context():
        fig, top = page_for(
            ranking_title(table), "Per cent of draws in which a lever, given all the money, does most.",
            8.0 + 6.0 * len(order) + 2.0, below,
        )  # fmt: skip
        left, name = MARGIN, 38.0
        wide = (WIDTH - name) / (len(outcomes) * 2)
        for i, lever in enumerate(order):
            style.text(fig, left, top + 11.3 + 6.0 * i, SHORT[lever], fontsize=7.4, fontweight="bold", va="center")
        for column, (outcome, years) in enumerate((o, y) for o in outcomes for y in (1, 3)):
            x = left + name + wide * column
            words = f"{_SHORTEST[outcome]}, {plural(years, 'year')}"
            style.text(fig, x + 0.5, top, words, fontsize=6.6, color=style.SOFT)
            found = table[(table["outcome"] == outcome) & (table["years"] == years)].set_index("lever")
            for k, why in enumerate(("chance", "price", "both")):
                part = wide / 3
                style.text(fig, x + part * (k + 0.5), top + 4.2, {"both": "both"}.get(why, why), fontsize=6.3,
                           color=style.NOTE, ha="center")  # fmt: skip
                for i, lever in enumerate(order):
                    _cell(fig, x + part * k, top + 8.6 + 6.0 * i, part - 0.6, 5.4, found.loc[lever, f"first_{why}"])
    return fig


def _cell(fig: Any, left: float, top: float, width: float, height: float, share: float) -> None:
    axes = style.axes(fig, left, top, width, height, bare=True)
    axes.add_patch(
        _rectangle(width * style.MM * 72, height * style.MM * 72, style.WITH, 0.04 + 0.86 * float(share))
    )
    axes.text(width * style.MM * 36, height * style.MM * 36, f"{100 * share:.0f}", ha="center", va="center",
              fontsize=7, color=style.PAPER if share > 0.5 else style.INK)  # fmt: skip


def _rectangle(width: float, height: float, colour: str, alpha: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((0, 0), width, height, color=colour, alpha=alpha, lw=0)
