"""Which figures a study gets, by its design; whole figures out of the functions beside this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import style
from .curves import dots, response
from .findings import finding, leading
from .heat import heat_map
from .names import about, chance, effect_name, factor_name, level, point, title_of
from .scatter import scatter_matrix
from .sensitivity import bars, covariance, growth
from .stored import MOST, Stored

if TYPE_CHECKING:
    import pandas as pd

def all_figures(stored: Stored) -> dict[str, tuple[Any, str]]:
    """Figures by name, each with a caption that says what it shows to one who reads nothing else."""
    made = _figures(stored)
    return {name: (figure, f"{named}. {about(stored)} {ends}") for name, (figure, named, ends) in made.items()}


_OVER_RUNS = "Intervals are 90\u202f% bootstrap intervals over the replicates: they hold chance alone."
_OVER_POINTS = "Intervals are 90\u202f% bootstrap intervals over the points of the design."
Drawn = tuple[Any, str, str]
"""A figure, what it is of with its unit, and what its intervals are."""


def _figures(stored: Stored) -> dict[str, Drawn]:
    kind = stored.about["study"]["design"]["kind"]
    numeric = [f for f in stored.factors if stored.summary[f].dtype.kind in "if"]
    out: dict[str, Drawn] = {}
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
        if stored.sensitivity is not None and i < MOST:
            out |= _sensitivity(stored, effect)
    if stored.sensitivity is not None and numeric and kind != "morris":
        out["scatter"] = _scatter(stored, numeric)
    return out


_FOOT = 11.0
"""Millimetres below axes, for ticks and the factor's name."""


def _blank(title: str, said: str, width: float, high: float) -> tuple[Any, float]:
    """A figure with its heading, ``high`` mm of room below that, and where the room begins."""
    top = style.heading(style.figure(width, 60.0), title, said) + 2.0
    figure = style.figure(width, top + high)
    style.heading(figure, title, said)
    return figure, top


def _drawn(title: str, said: str, width: float, high: float, left: float, right: float = 4.0) -> tuple[Any, Any]:
    """A figure with its heading, and axes ``high`` mm high below it, between margins in mm."""
    figure, top = _blank(title, said, width, high + _FOOT)
    return figure, style.axes(figure, left, top, width - left - right, high)


def _heat(stored: Stored, effect: tuple[str, str, str]) -> Drawn:
    x, y = stored.factors
    rows = stored.rows(effect)
    levels = [level(stored, y, value) for value in dict.fromkeys(rows[y])]
    said = f"{title_of(effect)}. Each cell: estimate. In bold: its 90\u202f% interval excludes zero. –: not identified."
    figure, axes = _drawn(finding(stored, effect), said, style.MIDDLE, 9.0 * len(levels), _room(levels))
    heat_map(axes, rows, x, y, effect[2])
    axes.set_yticks(range(len(levels)), levels)
    axes.set_xlabel(factor_name(stored, x))
    return figure, title_of(effect), f"Bold: told from zero. {_OVER_RUNS}"


def _response(stored: Stored, effect: tuple[str, str, str], x: str) -> Drawn:
    group = next((f for f in stored.factors if f != x), None)
    said = f"{title_of(effect)}. Line: estimate. Band: its 90\u202f% interval."
    rows = stored.rows(effect)
    if group is not None:
        rows = rows.assign(**{group: [level(stored, group, value) for value in rows[group]]})
    right = _room(list(rows[group])) if group is not None else 4.0
    figure, axes = _drawn(finding(stored, effect), said, style.MIDDLE, 48.0, 14.0, right)
    response(axes, rows, x, group, effect[2])
    axes.set_xlabel(factor_name(stored, x))
    return figure, title_of(effect), f"Line: estimate; band: its interval. {_OVER_RUNS}"


def _one_at_a_time(stored: Stored, effect: tuple[str, str, str], numeric: list[str]) -> Drawn:
    rows = stored.rows(effect)
    base = rows.iloc[0]
    across, each, high = 3, (style.PAGE - 4.0) / 3, 28.0
    step = high + _FOOT + 4.0
    said = (
        f"{title_of(effect)}. One factor at a time, all others at their base. Line: estimate. Band: its 90\u202f% "
        "interval."
    )
    figure, top = _blank(finding(stored, effect), said, style.PAGE, -(-len(numeric) // across) * step)
    for i, factor in enumerate(numeric):
        mine = rows
        for other in stored.factors:
            mine = mine if other == factor else mine[mine[other] == base[other]]
        axes = style.axes(figure, 12.0 + (i % across) * each, top + (i // across) * step, each - 16.0, high)
        response(axes, mine, factor, None, effect[2])
        axes.set_xlabel("\n".join(style.wrap(factor_name(stored, factor), (each - 8.0) * style.MM * 72, 7.5)))
    return figure, title_of(effect), f"Line: estimate; band: its interval. {_OVER_RUNS}"


def _points(stored: Stored, effect: tuple[str, str, str]) -> Drawn:
    rows = stored.rows(effect).head(40)
    names = [point(stored, row, stored.factors) for row in rows.to_dict("records")]
    said = f"{title_of(effect)}. Dot: estimate. Bar: its 90\u202f% interval."
    figure, axes = _drawn(finding(stored, effect), said, style.PAGE, 6.0 * max(2, len(rows)), _room(names))
    dots(axes, rows, names, effect[2])
    return figure, title_of(effect), f"Dot: estimate; bar: its interval. {_OVER_RUNS}"


def _room(names: list[str]) -> float:
    """Millimetres that names at the left of axes take."""
    return 6.0 + max((style.extent(name, 7)[0] for name in names), default=0.0) / 72 / style.MM


def _sensitivity(stored: Stored, effect: tuple[str, str, str]) -> dict[str, Drawn]:
    assert stored.sensitivity is not None
    table = stored.sensitivity[(stored.sensitivity["effect"] == effect[0]) & (stored.sensitivity["status"] == "ok")]
    if table.empty:
        return {}
    kinds = list(dict.fromkeys(table["index"]))
    out = {}
    if "mu_star" in kinds:
        said = (
            f"{title_of(effect)}. Across: mean absolute change over the factor's range (μ*), with its 90\u202f% "
            "interval. Up: its spread (σ)."
        )
        figure, axes = _drawn(leading(stored, effect), said, style.MIDDLE, 70.0, 14.0)
        covariance(axes, table)
        axes.set_xlabel("μ*")
        axes.set_ylabel("σ")
        about_it = "μ*: mean absolute change over the factor's range; σ: its spread, both in the effect's unit."
        out[f"morris-{effect[0]}"] = (figure, title_of(effect), f"{about_it} {_OVER_POINTS}")
    indices = [k for k in ("S1", "ST") if k in kinds] or [k for k in kinds if k not in ("mu", "sigma", "S2")][:3]
    out[f"sensitivity-{effect[0]}"] = _bars(stored, effect, table, indices)
    if stored.convergence is not None:
        grown = stored.convergence[stored.convergence["effect"] == effect[0]]
        if grown["n"].nunique() > 1:
            out[f"growth-{effect[0]}"] = _grown(stored, effect, grown, indices[-1])
    return out


_SHARES = ("S1", "ST", "S1 (RBD-FAST)", "S1 (HDMR)", "ST (HDMR)")
"""Indices that are shares of the variance."""


def _bars(stored: Stored, effect: tuple[str, str, str], table: pd.DataFrame, indices: list[str]) -> Drawn:
    shares = all(index in _SHARES for index in indices)
    noise = float(table["chance_share"].iloc[0]) if shares else float("nan")
    shown = table[table["index"].isin(indices)]
    nulls = not shares and bool((shown["null"] > 0).any())
    factors = [factor_name(stored, f) for f in sorted(set(table.loc[table["index"] == indices[-1], "factor"]))]
    bounded = bool(shown["low"].notna().any())
    said = f"{effect_name(effect)}. {_named(indices)}{', with 90\u202f% intervals' if bounded else ''}."
    if noise == noise:
        said += f" Dashed: the share of the variance between points that is chance, {chance(noise)}."
    if nulls:
        said += " Stroke: what a factor that does nothing has by chance."
    title = leading(stored, effect) or effect_name(effect)
    figure, axes = _drawn(title, said, style.PAGE, 4.0 + 6.5 * len(factors), _room(factors))
    bars(axes, table, indices, noise, nulls)
    axes.set_yticks(axes.get_yticks(), [factor_name(stored, t.get_text()) for t in axes.get_yticklabels()])
    what = "shares of its variance between points" if shares else "what moves its distribution"
    unit = title_of(effect) if indices[-1] == "mu_star" else f"{effect_name(effect)}: {what}"
    return figure, unit, f"{_named(indices)}. {_OVER_POINTS if bounded else 'This method gives no intervals.'}"


def _named(indices: list[str]) -> str:
    said = {"S1": "first order (S1)", "ST": "with all interactions (ST)", "mu_star": "mean absolute change (μ*)"}
    named = [said.get(index, index) for index in indices]
    if len(named) > 1:
        named = [f"{hue}: {text}" for hue, text in zip(("dark", "light", "grey"), named, strict=False)]
    text = "; ".join(named)
    return text[0].upper() + text[1:]


def _grown(stored: Stored, effect: tuple[str, str, str], table: pd.DataFrame, index: str) -> Drawn:
    name = "μ*" if index == "mu_star" else index
    said = f"{name} from a quarter, half and all of the points, with 90\u202f% intervals. Level lines have settled."
    figure, axes = _drawn(leading(stored, effect) or effect_name(effect), said, style.MIDDLE, 42.0, 12.0, 32.0)
    growth(axes, table, index)
    axes.set_xlabel("points of the design")
    return figure, effect_name(effect), f"{name} as the number of points grows. {_OVER_POINTS}"


def _scatter(stored: Stored, numeric: list[str]) -> Drawn:
    factors, effects = numeric[:5], stored.effects[:3]
    wide = stored.rows(effects[0])[["point", *factors]].copy()
    named = ["\n".join(style.wrap(title_of(e), 26.0 * style.MM * 72, 7)) for e in effects]
    for effect, name in zip(effects, named, strict=True):
        wide[name] = stored.rows(effect)["estimate"].to_numpy()
    high = 34.0 * len(effects)
    said = "A dot a point of the design; the line: means over an eighth of the points at a time."
    figure, top = _blank("Effects over the factors", said, style.PAGE, high + _FOOT)
    tall = figure.get_figheight() / style.MM
    area = (18.0 / style.PAGE, 1.0 - (top + high) / tall, 1.0 - 20.0 / style.PAGE, high / tall)
    scatter_matrix(figure, wide, factors, [(n, e[2]) for n, e in zip(named, effects, strict=True)], area)
    return figure, "; ".join(title_of(effect) for effect in effects), f"{said} Dots are without their intervals."
