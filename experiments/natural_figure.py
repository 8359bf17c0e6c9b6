"""The figure of the natural experiments: simulated shares with intervals, declared bands, and the record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from waterbed.measures.tables import whole
from waterbed.report import style

WINDOWS = (12, 18, 24)
SUBTITLE = (
    "Gain elsewhere over the drop, per cent: 12 months before against the 12 that end 12, 18 and 24 months after. "
    "Blue: simulated with its 90 % interval (thin: single runs). Open: against the twin without the shock. "
    "Cross: the record. Sand: the band declared before."
)


def draw(results: pd.DataFrame, titles: dict[str, str], folder: Path) -> None:
    """Write natural_experiments as SVG and PNG."""
    with style.context():
        fig = figure(results, titles)
        for kind in ("svg", "png"):
            more: dict[str, Any] = {"metadata": {"Date": None}} if kind == "svg" else {"dpi": 200}
            path = folder / f"natural_experiments.{kind}"
            whole(path, lambda temporary, k=kind, m=more: fig.savefig(temporary, format=k, **m))


def figure(results: pd.DataFrame, titles: dict[str, str]) -> Any:
    """A panel a shock, raw share by window; below, the matched shares."""
    fig = style.figure(style.PAGE, 76)
    top = style.heading(fig, "How much of a closed route's fall turns up elsewhere", SUBTITLE)
    for k, (name, title) in enumerate(titles.items()):
        ax = style.axes(fig, 18 + k * 57, top + 6, 38, 44)
        _panel(ax, results[results["experiment"] == name].set_index("quantity"))
        ax.set_title(title, loc="left", fontsize=8, fontweight="bold", color=style.INK, pad=3)
    return fig


def _panel(ax: Any, rows: pd.DataFrame) -> None:
    names = [(f"raw {w}", f"{w} months", f"against the twin {w}") for w in WINDOWS]
    names += [(f"matched {w}", f"matched, {w}", "") for w in (12, 24)]
    for i, (name, _, twin) in enumerate(names):
        row = rows.loc[name]
        if row["band_low"] == row["band_low"]:
            ax.plot([100 * row["band_low"], 100 * row["band_high"]], [i, i], color="#EBD9A8", lw=9,
                    solid_capstyle="butt", zorder=1)  # fmt: skip
        ax.plot([100 * row["run_low"], 100 * row["run_high"]], [i, i], color=style.WITH, lw=0.8, zorder=3)
        ends = [100 * row["low"], 100 * row["high"]]
        ax.plot(ends, [i, i], color=style.WITH, lw=2.4, solid_capstyle="butt", zorder=4)
        ax.plot(100 * row["simulated"], i, "o", color=style.WITH, ms=4, zorder=5)
        if twin:
            ax.plot(100 * rows.loc[twin, "simulated"], i, "o", mfc=style.PAPER, mec=style.WITH, ms=4, zorder=6)
        if row["record"] == row["record"]:
            ax.plot(100 * row["record"], i, "x", color=style.MORE, ms=5, mew=1.4, zorder=7)
    ax.axvline(0.0, color=style.INK, lw=0.8, zorder=2)
    ax.set_yticks(range(len(names)), [label for _, label, _ in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.xaxis.set_major_formatter(lambda value, _: style.tick(round(value, 6)))
