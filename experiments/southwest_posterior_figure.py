"""The figure of the border's predictions: a panel a sector, the record and both bands."""

from __future__ import annotations

from typing import Any

import pandas as pd

from waterbed.report import style

_ACROSS = 3
_WIDE, _TALL, _GAP, _UNDER = 50.0, 27.0, 7.0, 12.0


def sectors(predicted: pd.DataFrame, counts: dict[str, Any]) -> Any:
    """Share of apprehensions by sector and year; see experiments/southwest_posterior.py for the columns."""
    words = ("Share of the border's apprehensions, per cent, given the officers and the year 2000. Dots: the record, "
             "filled where the fit saw it, open after. Blue: median; dark: 90\u00a0% of the parameters; light: with "
             "the model's own error.")  # fmt: skip
    title = (f"{counts['unseen_within_90']} of {counts['unseen_shares']} shares after 2000 lie within the 90\u00a0% of "
             "predictions")  # fmt: skip
    with style.context():
        rows = -(-predicted["sector"].nunique() // _ACROSS)
        fig = style.figure(style.PAGE, 21 + rows * (_TALL + _UNDER))
        top = style.heading(fig, title, words)
        for k, (name, table) in enumerate(predicted.groupby("sector", sort=False)):
            x, y = 10 + (k % _ACROSS) * (_WIDE + _GAP), top + 6 + (k // _ACROSS) * (_TALL + _UNDER)
            ax = style.axes(fig, x, y, _WIDE, _TALL)
            _panel(ax, table)
            ax.set_title(str(name).title(), loc="left", fontsize=7.5, fontweight="bold", color=style.INK, pad=3)
    return fig


def _panel(ax: Any, table: pd.DataFrame) -> None:
    years = table["fiscal_year"].to_numpy()
    for low, high, alpha in (("low", "high", 0.16), ("parameters_low", "parameters_high", 0.40)):
        ax.fill_between(years, 100 * table[low], 100 * table[high], color=style.WITH, alpha=alpha, lw=0)
    ax.plot(years, 100 * table["median"], color=style.WITH, lw=1.2)
    seen = ~table["unseen"].to_numpy()
    ax.plot(years[seen], 100 * table["share"][seen], "o", ms=2.6, color=style.INK, zorder=5)
    ax.plot(years[~seen], 100 * table["share"][~seen], "o", ms=3.0, mfc=style.PAPER, mec=style.INK, mew=0.8, zorder=5)
    ax.axvline(2000.5, color=style.SOFT, lw=0.6, ls=":")
    ax.set_ylim(0, None)
    ax.set_xticks([1992, 1996, 2000, 2004])
    ax.yaxis.set_major_formatter(lambda value, _: style.tick(round(value, 6)))
