"""Forecasts against the record: shares five years ahead by sector, and the skill of every horizon."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import style

if TYPE_CHECKING:
    import pandas as pd

_PERSISTENCE = "persistence"
_MODEL = "waterbed"
_METRICS = {"share_distance": "distance of shares", "rmsle": "RMSLE", "wape": "WAPE", "crps": "CRPS"}


def draw(
    forecasts: pd.DataFrame, scores: pd.DataFrame, folder: Path, title: str = "Apprehensions by sector",
    unit: str = "Thousands a fiscal year", dose: str = "agents",
) -> list[Path]:
    """Write ``sectors`` and ``skill`` as SVG and PNG into a folder; tables as ``waterbed validate`` stores them."""
    from ..measures.tables import whole

    written = []
    with style.context():
        for name, fig in (("sectors", sectors(forecasts, title, unit, dose)), ("skill", skill(scores))):
            for kind in ("svg", "png"):
                path = folder / f"{name}.{kind}"
                more: dict[str, Any] = {"metadata": {"Date": None}} if kind == "svg" else {"dpi": 200}
                whole(path, lambda temporary, f=fig, k=kind, m=more: f.savefig(temporary, format=k, **m))
                written.append(path)
    return written


def sectors(forecasts: pd.DataFrame, title: str, unit: str, dose: str) -> Any:
    """A panel a sector, the nine largest: counts observed, and as predicted at the longest horizon, by year."""
    horizon = int(forecasts["horizon"].max())
    far = forecasts[forecasts["horizon"] == horizon]
    size = forecasts.groupby("sector", sort=False)["observed"].mean()
    largest = set(size.sort_values(ascending=False).index[:9])
    names = [name for name in dict.fromkeys(forecasts["sector"]) if name in largest]
    fig = style.figure(style.PAGE, 123)
    top = style.heading(fig, f"{title}, predicted {horizon} years ahead",
                        f"{unit}. Grey: counted. Blue: the model, fitted up to the origin, given only "
                        f"{dose} since, with its 50 and 90 % intervals. Dashes: the origin's count again.")  # fmt: skip
    wide, high = 50.0, 26.0
    for k, sector in enumerate(names):
        ax = style.axes(fig, 10 + k % 3 * 58, top + 4 + k // 3 * 36, wide, high)
        _panel(ax, far[far["sector"] == sector], forecasts[forecasts["sector"] == sector])
        # Names of the record that are written small are places; others are as they should be.
        label = str(sector).title() if str(sector).islower() else str(sector)
        ax.set_title(label, loc="left", fontsize=8, fontweight="bold", color=style.INK, pad=3)
    return fig


def _panel(ax: Any, far: pd.DataFrame, everything: pd.DataFrame) -> None:
    seen = everything.drop_duplicates("year").sort_values("year")
    ax.plot(seen["year"], seen["observed"] / 1e3, color=style.WITHOUT, lw=1.6, marker="o", ms=2.2, zorder=3)
    ours = far[far["forecaster"] == _MODEL].sort_values("year")
    for row in ours.itertuples(index=False):
        ax.plot([row.year] * 2, [row.low / 1e3, row.high / 1e3], color=style.WITH, lw=1.2, alpha=0.35, zorder=2)
        ax.plot([row.year] * 2, [row.low50 / 1e3, row.high50 / 1e3], color=style.WITH, lw=3.2, alpha=0.35, zorder=2)
    ax.plot(ours["year"], ours["point"] / 1e3, "o", color=style.WITH, ms=3.4, zorder=4)
    naive = far[far["forecaster"] == _PERSISTENCE].sort_values("year")
    ax.plot(naive["year"], naive["point"] / 1e3, "_", color=style.INK, ms=7, mew=1.0, zorder=4)
    # Wide intervals would flatten the record, so the axis follows points and counts; what leaves it, leaves it.
    most = max(seen["observed"].max(), ours["point"].max(), naive["point"].max()) / 1e3
    ax.set_ylim(0, 1.25 * most)
    years = range(int(seen["year"].min()), int(seen["year"].max()) + 1)
    ax.set_xticks(list(years)[:: max(1, len(years) // 4)])
    ax.yaxis.set_major_formatter(lambda value, _: style.tick(round(value, 6)))


def skill(scores: pd.DataFrame) -> Any:
    """Skill over persistence by metric and horizon, one row a period, with 90 % block-bootstrap intervals."""
    found = scores[(scores["baseline_name"] == _PERSISTENCE) & scores["metric"].isin(_METRICS)]
    found = found[~found["period"].str.startswith("in sample")]
    periods = list(dict.fromkeys(found["period"]))
    fig = style.figure(style.PAGE, 15 + 42 * len(periods))
    top = style.heading(fig, "Skill of the forecasts over persistence",
                        "1 − error of the model over error of persistence: above 0 the model is the better one. Lines: "
                        "90 % intervals by block bootstrap over origins, where there are three or more.")  # fmt: skip
    for k, period in enumerate(periods):
        for j, horizon in enumerate(sorted(set(found["horizon"]))):
            part = found[(found["period"] == period) & (found["horizon"] == horizon)]
            ax = style.axes(fig, 30 + j * 50, top + 5 + k * 42, 44, 28)
            _skills(ax, part, j == 0)
            n = int(part["n"].iloc[0]) if len(part) else 0
            title = f"{style.plural(horizon, 'year')} ahead, {period} ({n})"
            ax.set_title(title, loc="left", fontsize=7, fontweight="bold", color=style.INK, pad=3)
    return fig


def _skills(ax: Any, part: pd.DataFrame, named: bool) -> None:
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.axvline(0.0, color=style.INK, lw=0.8, zorder=2)
    at = part.set_index("metric")
    for i, metric in enumerate(_METRICS):
        if metric in at.index:
            row = at.loc[metric]
            if row["low"] == row["low"]:
                ax.plot([row["low"], row["high"]], [i, i], color=style.WITH, lw=2.2, solid_capstyle="butt", zorder=3)
            ax.plot([row["skill"]], [i], "o", ms=4.2, color=style.WITH, zorder=4)
    ax.set_yticks(range(len(_METRICS)), list(_METRICS.values()) if named else [""] * len(_METRICS))
    ax.set_ylim(len(_METRICS) - 0.5, -0.5)
    ax.set_xlim(-1.0, 1.0)
    ax.xaxis.set_major_formatter(lambda value, _: style.tick(round(value, 6)))
