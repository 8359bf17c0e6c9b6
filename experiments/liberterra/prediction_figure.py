"""The picture of the predictions: operations by outcome, each interval with what was published in it or beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from waterbed.report import style

COLUMNS = {
    "arrests_trafficking_smuggling": "Arrests, trafficking\nor smuggling",
    "arrests": "All arrests",
    "victims_protected": "Potential\nvictims",
    "irregular_migrants_detected": "Irregular migrants\ndetected",
    "investigations_opened": "New\ninvestigations",
}
_ROW, _NAMES, _GAP = 6.4, 24.0, 5.0


def draw(predicted: pd.DataFrame, left_out: pd.DataFrame, runs: int) -> Any:
    """Rows: earlier operations, each predicted from the others, then the one predicted from all of them."""
    one = predicted[predicted["countries"] == "by rule"]
    rows = [*left_out["operation"].drop_duplicates(), one["operation"].iloc[0]]
    held = one[one["row"] != "arrests_trafficking_smuggling"]
    better = int((held["crps"] < held["naive_spread_crps"]).sum())
    title = (
        f"{one['operation'].iloc[0]}: {_words(int(held['in90'].sum()), len(held))} within the 90\u202f% interval; "
        f"{better} closer than the naive forecast"
    )
    words = (
        "Blue: 50 and 90\u202f% of what the model predicts. Grey: 90\u202f% of the naive forecast (rate of the same "
        "operations times countries and days, with their spread). Diamond: published; hollow where the model's "
        "90\u202f% miss it. Closer: smaller continuous ranked probability score. Each earlier operation is predicted "
        f"from the others; {runs} simulated runs each. Logarithmic scales."
    )
    foot = style.note_height(words, style.PAGE)
    tall = 29 + _ROW * (len(rows) + 0.6) + foot
    fig = style.figure(style.PAGE, tall)
    top = style.heading(fig, title, "What INTERPOL's operations reported, and what was predicted of it.") + 9.5
    wide = (style.PAGE - 2 * style.MARGIN - _NAMES) / len(COLUMNS) - _GAP
    high = _ROW * (len(rows) + 0.6)
    every = pd.concat([left_out, one])
    for i, name in enumerate(rows):
        last = i == len(rows) - 1
        at = top + _ROW * (i + 0.5 + (0.6 if last else 0))
        style.text(fig, style.MARGIN, at, name, fontsize=7.2, va="center", fontweight="bold" if last else "normal")
    for j, (outcome, heading) in enumerate(COLUMNS.items()):
        left = style.MARGIN + _NAMES + j * (wide + _GAP)
        axes = style.axes(fig, left, top, wide, high)
        _panel(axes, every[every["row"] == outcome], rows)
        style.text(fig, left, top - 1.2, heading, fontsize=7.2, fontweight="bold", va="bottom", linespacing=0.95)
    style.note(fig, words)
    return fig


def _words(held: int, of: int) -> str:
    return f"{'none' if held == 0 else held} of the {of} outcomes {'is' if held == 1 else 'are'}"


def _panel(axes: Any, found: pd.DataFrame, rows: list[str]) -> None:
    axes.set_xscale("log")
    ends = found[["low", "high", "naive_low", "naive_high", "published"]]
    axes.set_xlim(ends.min().min() / 1.2, ends.max().max() * 1.2)
    axes.set_ylim(len(rows) + 0.1, -0.5)
    axes.axhspan(len(rows) - 0.95, len(rows) + 0.1, color=style.OPERATION, lw=0, zorder=0)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.minorticks_off()
    axes.tick_params(axis="x", length=0, labelsize=6)
    axes.xaxis.set_major_formatter(lambda x, _: style.tick(x))
    for r in style.records(found):
        y = rows.index(r.operation) + (0.6 if r.operation == rows[-1] else 0.0)
        axes.plot([r.naive_low, r.naive_high], [y + 0.24] * 2, color=style.WITHOUT, lw=1.0, alpha=0.75, zorder=2)
        axes.plot([r.low, r.high], [y - 0.08] * 2, color=style.WITH, lw=1.0, zorder=3)
        axes.plot([r.low50, r.high50], [y - 0.08] * 2, color=style.WITH, lw=3.2, alpha=0.55, solid_capstyle="butt",
                  zorder=3)  # fmt: skip
        axes.plot([r.published], [y - 0.08], "D", ms=3.6, mfc=style.FEWER if r.in90 else style.PAPER, mec=style.FEWER,
                  mew=1.0, zorder=5)  # fmt: skip
