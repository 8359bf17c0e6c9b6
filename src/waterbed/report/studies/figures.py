"""Which figures a study gets, by its design; whole figures out of the functions beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .. import style
from .curves import dots, response
from .heat import heat_map
from .scatter import scatter_matrix
from .sensitivity import bars, covariance, growth

if TYPE_CHECKING:
    import pandas as pd

_MOST = 4
_FIRST_KEYS = ("during and after", "", "cohort", "to the end", "treated")


@dataclass(frozen=True)
class Stored:
    """A study's tables, read back."""

    about: dict[str, Any]
    summary: pd.DataFrame
    runs: pd.DataFrame
    sensitivity: pd.DataFrame | None
    convergence: pd.DataFrame | None

    @property
    def factors(self) -> list[str]:
        """Addresses of what varies."""
        columns = list(self.summary.columns)
        return columns[1 : columns.index("effect")]

    @property
    def effects(self) -> list[tuple[str, str, str]]:
        """(effect, key, unit) of those to show: kept ones, each by its first key; at most four."""
        keep = list(self.about["study"]["keep"]) or ["arrivals_lost", "treated_crossings_lost", "displacement_spatial"]
        found = []
        for effect in keep:
            rows = self.summary[self.summary["effect"] == effect]
            keys = sorted(set(rows["key"]), key=lambda k: (_FIRST_KEYS.index(k) if k in _FIRST_KEYS else 9, k))
            if keys:
                found.append((effect, keys[0], str(rows["unit"].iloc[0])))
        every = self.summary[["effect", "key", "unit"]].drop_duplicates().itertuples(index=False)
        return (found or [tuple(name) for name in every])[:_MOST]

    def rows(self, effect: tuple[str, str, str]) -> pd.DataFrame:
        """The summary of one effect, a row a point."""
        table = self.summary
        return table[(table["effect"] == effect[0]) & (table["key"] == effect[1])]


def words(name: str) -> str:
    """An identifier as a reader says it."""
    text = name.rpartition(".")[2].replace("_", " ")
    return text[0].upper() + text[1:]


def title_of(effect: tuple[str, str, str]) -> str:
    """An effect with its key and unit."""
    key = f", {effect[1]}" if effect[1] else ""
    return f"{words(effect[0])}{key} ({effect[2] or '1'})"


def all_figures(stored: Stored) -> dict[str, tuple[Any, str]]:
    """Figures by name, each with a sentence that says what it shows."""
    kind = stored.about["study"]["design"]["kind"]
    numeric = [f for f in stored.factors if stored.summary[f].dtype.kind in "if"]
    out: dict[str, tuple[Any, str]] = {}
    for i, effect in enumerate(stored.effects):
        name = effect[0]
        if kind == "grid" and len(stored.factors) == 2:
            out[f"heat-{name}"] = _heat(stored, effect)
        if kind == "grid" and 1 <= len(stored.factors) <= 2 and numeric:
            out[f"response-{name}"] = _response(stored, effect, numeric[0])
        elif kind == "one-at-a-time":
            out[f"response-{name}"] = _one_at_a_time(stored, effect, numeric)
        elif kind == "table" or kind == "grid" and len(stored.about["study"]["factors"]) and not numeric:
            out[f"points-{name}"] = _points(stored, effect)
        if stored.sensitivity is not None and i < _MOST:
            out |= _sensitivity(stored, effect)
    if stored.sensitivity is not None and numeric and kind != "morris":
        out["scatter"] = _scatter(stored, numeric)
    return out


_FOOT = 11.0
"""Millimetres below axes, for ticks and the factor's name."""


def _drawn(
    effect: tuple[str, str, str], said: str, width: float, high: float, left: float, right: float = 4.0
) -> tuple[Any, Any]:
    """A figure with its heading, and axes ``high`` mm high below it, between margins in mm."""
    trial = style.figure(width, 60.0)
    top = style.heading(trial, title_of(effect), said) + 2.0
    figure = style.figure(width, top + high + _FOOT)
    style.heading(figure, title_of(effect), said)
    return figure, style.axes(figure, left, top, width - left - right, high)


def _heat(stored: Stored, effect: tuple[str, str, str]) -> tuple[Any, str]:
    x, y = stored.factors
    rows = stored.rows(effect)
    said = "Each cell: estimate. In bold: its 90 % interval excludes zero. –: not identified."
    figure, axes = _drawn(effect, said, style.MIDDLE, 9.0 * rows[y].nunique(), 20.0)
    heat_map(axes, rows, x, y, effect[2])
    axes.set_xlabel(words(x))
    axes.set_ylabel(words(y))
    return figure, said


def _response(stored: Stored, effect: tuple[str, str, str], x: str) -> tuple[Any, str]:
    others = [f for f in stored.factors if f != x]
    said = "Line: estimate. Band: its 90 % interval over replicates, which share their seeds at all points."
    if others:
        said += f" Lines are named by {words(others[0]).lower()}."
    figure, axes = _drawn(effect, said, style.MIDDLE, 48.0, 14.0, 20.0 if others else 4.0)
    response(axes, stored.rows(effect), x, others[0] if others else None, effect[2])
    axes.set_xlabel(words(x))
    return figure, said


def _one_at_a_time(stored: Stored, effect: tuple[str, str, str], numeric: list[str]) -> tuple[Any, str]:
    rows = stored.rows(effect)
    base = rows.iloc[0]
    across, each, high = 3, (style.PAGE - 4.0) / 3, 28.0
    down = -(-len(numeric) // across)
    said = "One factor at a time, all others as in the scenario. Line: estimate. Band: its 90 % interval."
    figure = style.figure(style.PAGE, 14.0 + down * (high + _FOOT + 2.0))
    top = style.heading(figure, title_of(effect), said) + 2.0
    for i, factor in enumerate(numeric):
        mine = rows
        for other in stored.factors:
            mine = mine if other == factor else mine[mine[other] == base[other]]
        at = top + (i // across) * (high + _FOOT + 2.0)
        axes = style.axes(figure, 12.0 + (i % across) * each, at, each - 16.0, high)
        response(axes, mine, factor, None, effect[2])
        axes.set_xlabel(words(factor))
    return figure, said


def _points(stored: Stored, effect: tuple[str, str, str]) -> tuple[Any, str]:
    rows = stored.rows(effect).head(40)
    names = [", ".join(str(row[f])[:40] for f in stored.factors) for row in rows.to_dict("records")]
    said = "Dot: estimate. Bar: its 90 % interval over replicates, which share their seeds at all points."
    figure, axes = _drawn(effect, said, style.PAGE, 6.0 * max(2, len(rows)), _room(names))
    dots(axes, rows, names, effect[2])
    return figure, said


def _room(names: list[str]) -> float:
    """Millimetres that names at the left of axes take."""
    return 6.0 + max((style.extent(name, 7)[0] for name in names), default=0.0) / 72 / style.MM


def _sensitivity(stored: Stored, effect: tuple[str, str, str]) -> dict[str, tuple[Any, str]]:
    assert stored.sensitivity is not None
    table = stored.sensitivity[(stored.sensitivity["effect"] == effect[0]) & (stored.sensitivity["status"] == "ok")]
    if table.empty:
        return {}
    kinds = list(dict.fromkeys(table["index"]))
    out = {}
    if "mu_star" in kinds:
        said = "Across: mean absolute change over the factor's range (μ*), with its 90 % interval. Up: its spread (σ)."
        figure, axes = _drawn(effect, said, style.MIDDLE, 70.0, 14.0)
        covariance(axes, table)
        axes.set_xlabel("μ*")
        axes.set_ylabel("σ")
        out[f"morris-{effect[0]}"] = (figure, said)
    indices = [k for k in ("S1", "ST") if k in kinds] or [k for k in kinds if k not in ("mu", "sigma", "S2")][:3]
    out[f"sensitivity-{effect[0]}"] = _bars(effect, table, indices)
    if stored.convergence is not None:
        grown = stored.convergence[stored.convergence["effect"] == effect[0]]
        if grown["n"].nunique() > 1:
            out[f"growth-{effect[0]}"] = _grown(effect, grown, indices[-1])
    return out


def _bars(effect: tuple[str, str, str], table: pd.DataFrame, indices: list[str]) -> tuple[Any, str]:
    chance = float(table["chance_share"].iloc[0])
    factors = sorted(set(table.loc[table["index"] == indices[-1], "factor"]))
    said = f"{_named(indices)}, with 90 % intervals."
    if chance == chance:
        said += f" Dashed: the share of the variance between points that is chance, {style.percent(chance)}."
    figure, axes = _drawn(effect, said, style.PAGE, 4.0 + 6.5 * len(factors), _room(factors))
    bars(axes, table, indices, chance if indices[-1] != "mu_star" else float("nan"))
    return figure, said


def _named(indices: list[str]) -> str:
    said = {"S1": "first order (S1)", "ST": "with all interactions (ST)", "mu_star": "mean absolute change (μ*)"}
    named = [said.get(index, index) for index in indices]
    if len(named) > 1:
        named = [f"{hue}: {text}" for hue, text in zip(("dark", "light", "grey"), named, strict=False)]
    text = "; ".join(named)
    return text[0].upper() + text[1:]


def _grown(effect: tuple[str, str, str], table: pd.DataFrame, index: str) -> tuple[Any, str]:
    name = "μ*" if index == "mu_star" else index
    said = f"{name} from a quarter, half and all of the points. Level lines have settled."
    figure, axes = _drawn(effect, said, style.MIDDLE, 42.0, 12.0, 32.0)
    growth(axes, table, index)
    axes.set_xlabel("points of the design")
    return figure, said


def _scatter(stored: Stored, numeric: list[str]) -> tuple[Any, str]:
    factors, effects = numeric[:5], stored.effects[:3]
    wide = stored.rows(effects[0])[["point", *factors]].copy()
    for effect in effects:
        wide[effect[0]] = stored.rows(effect)["estimate"].to_numpy()
    high = 34.0 * len(effects)
    figure = style.figure(style.PAGE, 16.0 + high + _FOOT)
    said = "A dot a point of the design; the line: means over an eighth of the points at a time."
    top = style.heading(figure, "Effects over the factors", said) + 2.0
    tall = figure.get_figheight() / style.MM
    area = (18.0 / style.PAGE, 1.0 - (top + high) / tall, 1.0 - 20.0 / style.PAGE, high / tall)
    scatter_matrix(figure, wide, factors, [(e[0], e[2]) for e in effects], area)
    return figure, said
