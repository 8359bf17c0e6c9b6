"""Heat maps of an effect over two factors, each cell with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import style

if TYPE_CHECKING:
    import pandas as pd


def heat_map(axes: Any, table: pd.DataFrame, x: str, y: str, unit: str = "") -> Any:
    """The estimate over two factors: one hue from none to most, or two where the sign changes.

    A number in bold can be told from zero: its 90 % interval excludes it. A cell without an estimate is left white.

    Args:
        table: columns ``x``, ``y``, ``estimate``, ``low``, ``high``, a row a cell.
    """
    from matplotlib.colors import LinearSegmentedColormap

    columns, rows = (list(dict.fromkeys(table[name])) for name in (x, y))
    values, sure = np.full((len(rows), len(columns)), np.nan), np.zeros((len(rows), len(columns)), bool)
    for record in table.to_dict("records"):
        at = rows.index(record[y]), columns.index(record[x])
        values[at] = record["estimate"]
        sure[at] = record["low"] > 0 or record["high"] < 0
    most = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    two = np.nanmin(values, initial=0.0) < 0 < np.nanmax(values, initial=0.0)
    hues = [style.FEWER, "#FFFFFF", style.MORE] if two else ["#FFFFFF", style.WITH]
    scale = LinearSegmentedColormap.from_list("waterbed", hues)
    sign = -1.0 if not two and np.nansum(values) < 0 else 1.0
    axes.imshow(sign * values, cmap=scale, vmin=-most if two else 0.0, vmax=most or 1.0, aspect="auto", origin="lower")
    for (i, j), value in np.ndenumerate(values):
        text = "–" if np.isnan(value) else style.percent(value) if unit.startswith("share") else style.number(value)
        dark = not np.isnan(value) and abs(value) > 0.55 * most and not two
        axes.text(j, i, text, ha="center", va="center", fontsize=7.5, color="white" if dark else style.INK,
                  fontweight="bold" if sure[i, j] else "normal")  # fmt: skip
    for axis, levels in ((axes.xaxis, columns), (axes.yaxis, rows)):
        axis.set_ticks(range(len(levels)), [_short(level) for level in levels])
    axes.grid(False)
    axes.tick_params(length=0)
    return axes


def _short(level: Any) -> str:
    return style.tick(level) if isinstance(level, int | float) else str(level)[:28]
