"""What a study found of an effect, as far as its intervals tell: titles of its figures, and the headline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..style import interval, number, percent, whole
from .names import effect_name, lower, point, words

if TYPE_CHECKING:
    from .stored import Stored

_TOTAL = ("ST", "mu_star", "DGSM", "delta", "PAWN (median)")
"""Indices that rank factors, the best first."""


def finding(stored: Stored, effect: tuple[str, str, str]) -> str:
    """The points that are furthest apart, where their intervals are; else at how many it can be told from zero."""
    name, share = effect_name(effect), effect[2].startswith("share")
    rows = stored.rows(effect).dropna(subset=["estimate"])
    if rows.empty:
        return f"{name}: not identified at any point"
    known = rows.dropna(subset=["low", "high"])
    if known.empty:
        ends = " and ".join((percent if share else number)(rows["estimate"].agg(end)) for end in ("min", "max"))
        return f"Estimates of {lower(name)} lie between {ends}; there are no intervals to tell them apart"
    least, most = (known.loc[at].to_dict() for at in (known["estimate"].idxmin(), known["estimate"].idxmax()))
    if most["low"] > least["high"]:
        differ = [factor for factor in stored.factors if least[factor] != most[factor]]
        return f"{name}: " + "; ".join(
            f"{_value(row, share)} with {point(stored, row, differ)}" for row in (least, most)
        )
    sure = int(((known["low"] > 0) | (known["high"] < 0)).sum())
    if not sure:
        return f"{name}: cannot be told from zero at any point"
    points = len(stored.rows(effect))
    return f"{name}: can be told from zero at {'all' if sure == points else f'{whole(sure)} of'} {whole(points)} points"


def _value(row: dict[str, Any], share: bool) -> str:
    said = (percent if share else number)(row["estimate"])
    if row["low"] == row["high"]:
        return said
    return f"{said} ({interval(row['low'], row['high'], share)})"


def leading(stored: Stored, effect: tuple[str, str, str]) -> str:
    """Which factors an effect depends on, as far as they can be told from chance; nothing without indices.

    A factor is named where its interval lies above what a factor that does nothing has; the first matters most where
    its interval lies above all others'.
    """
    found = stored.sensitivity
    if found is None:
        return ""
    rows = found[(found["effect"] == effect[0]) & (found["status"] == "ok")]
    index = next((name for name in _TOTAL if (rows["index"] == name).any()), None)
    if index is None:
        return ""
    ranked = rows[rows["index"] == index].sort_values("value", ascending=False)
    name = effect_name(effect)
    if ranked["low"].isna().all():
        greatest = lower(words(ranked["factor"].iloc[0]))
        return f"{name}: greatest index for {greatest}, without an interval to tell it from chance"
    told = ranked[ranked["low"] > ranked["null"]]
    if told.empty:
        return f"{name}: no factor can be told from chance"
    first, *others = told.to_dict("records")
    factor = lower(words(first["factor"]))
    if first["low"] > ranked.loc[ranked["factor"] != first["factor"], "high"].max():
        return f"{name}: depends most on {factor}"
    if not others:
        return f"{name}: depends on {factor}; no other factor can be told from chance"
    return f"{name}: depends on {factor} and {lower(words(others[0]['factor']))}; which matters more cannot be told"


def headline(stored: Stored) -> str:
    """What the study says of its first effect, in one sentence."""
    if not stored.effects:
        return "No run succeeded"
    return leading(stored, stored.effects[0]) or finding(stored, stored.effects[0])
