"""What figures and tables of a study call its effects, factors, levels and points, in plain words with units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .. import style
from ..words import group_and_name

if TYPE_CHECKING:
    from .stored import Stored

_MANY = {"person": "people", "country": "countries"}
_BARE = ("", "1", "share", "probability")
"""Units that are no noun to stand behind a number."""
_FACTORS = 3
"""Factors that a caption names."""


def words(name: str) -> str:
    """An identifier as a reader says it."""
    text = name.rpartition(".")[2].replace("_", " ")
    return text[0].upper() + text[1:]


def lower(name: str) -> str:
    """A name inside a sentence."""
    return name[0].lower() + name[1:]


def effect_name(effect: tuple[str, str, str]) -> str:
    """An effect with its key, as the report of a comparison calls it."""
    return group_and_name(effect[0], effect[1])[1]


def title_of(effect: tuple[str, str, str]) -> str:
    """An effect with its key and the unit its numbers are shown in."""
    unit = re.sub(r"^share", "per cent", effect[2])
    return effect_name(effect) + (f" ({_MANY.get(unit, unit)})" if unit not in ("", "1") else "")


def factor_name(stored: Stored, address: str) -> str:
    """A factor with the measure that it is of and its declared unit."""
    leaf, unit = words(address), stored.unit(address)
    parts = address.split(".")
    owner = f" of {'operation' if parts[0] == 'operations' else 'policy'} {parts[1]}" if (
        parts[0] in ("operations", "policies") and len(parts) == 3) else ""  # fmt: skip
    if unit in ("", "1"):
        return leaf + owner
    return f"{leaf}{owner} ({'number' if _many(unit) == leaf.lower() else unit})"


def level(stored: Stored, address: str, value: Any) -> str:
    """A level of a factor that says what it is: '12 days'; text as it is. Two of one name have their owner beside."""
    if isinstance(value, str):
        return value[:40]
    leaf, unit = lower(words(address)), stored.unit(address)
    twins = sum(words(other) == words(address) for other in stored.factors) > 1
    owner = f" ({address.split('.')[-2]})" if twins and "." in address else ""
    if str(value) in ("True", "False"):
        return f"{leaf}{owner}: {'yes' if value else 'no'}"
    number = style.tick(float(value))
    if unit in _BARE:
        return f"{leaf}{owner} = {number}"
    return f"{number} {_many(unit) if value != 1 else unit}{owner}"


def point(stored: Stored, row: dict[str, Any], factors: list[str]) -> str:
    """A point by the levels of some factors."""
    return ", ".join(level(stored, factor, row[factor]) for factor in factors)


def about(stored: Stored) -> str:
    """Scenario, study, design and replicates: what every caption says."""
    study = stored.about["study"]
    over = [lower(factor_name(stored, factor).partition(" (")[0]) for factor in stored.factors]
    varied = style.listed(over) if len(over) <= _FACTORS else f"{len(over)} factors"
    where = f"Scenario {study['scenario']}, study" if study["scenario"] else "Study"
    pairs = "pairs of runs, with and without the measure," if study["scenario"] else "runs"
    return (
        f"{where} {study['name']}: {study['design']['kind']} design of {style.plural(stored.about['points'], 'point')} "
        f"over {varied}; {style.plural(study['replicates'], 'replicate')} a point, {pairs} that share their seeds at "
        "all points."
    )


def chance(share: float) -> str:
    """The share of a variance that is chance; of a model without any it is rounding, and no number."""
    return f"under 0.1{style.THIN}%" if share < 0.001 else style.percent(share)


def _many(unit: str) -> str:
    """The plural of a unit that is a noun; another as it is."""
    return _MANY.get(unit, unit + "s") if re.fullmatch(r"[a-z]+(-[a-z]+)?", unit) else unit
