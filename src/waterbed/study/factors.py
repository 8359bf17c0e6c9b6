"""Factors: what varies, between which bounds, and how a point of the unit cube becomes values.

Designs and sensitivity analyses work on the unit cube; here, and nowhere else, is it laid on the parameters.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..scenario.addresses import addresses, unknown
from ..scenario.parameter import Declaration

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
    from .file import Factor

MEASURES = ("operations.", "policies.")
"""Addresses that begin so touch measures alone: points that differ in nothing else share their twin."""


@dataclass(frozen=True)
class Axis:
    """One factor, resolved: its levels, or its bounds."""

    address: str
    unit: str
    levels: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    log: bool = False
    names: tuple[str, ...] = ()
    """What tables call the levels; none: by their values."""

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers, and so can be an axis of a figure."""
        return not self.names and all(_is_number(level) for level in self.levels)

    @property
    def of_measures(self) -> bool:
        """Whether it leaves the twin as it is."""
        return f"{self.address}.".startswith(MEASURES)

    def shown(self, value: Any) -> Any:
        """A value as a table's column takes it: by its level's name, numbers as they are, all else as text."""
        return self.names[self.levels.index(value)] if self.names else shown(value)

    def value(self, u: float) -> Any:
        """The value at a place of the unit interval; levels and whole numbers have equal shares of it."""
        if self.levels:
            return self.levels[min(int(u * len(self.levels)), len(self.levels) - 1)]
        if self.whole:
            count = round(self.high - self.low) + 1
            if not self.log:
                return round(self.low) + min(int(u * count), count - 1)
        if self.log:
            value = math.exp(math.log(self.low) + u * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + u * (self.high - self.low)
        value = min(max(value, self.low), self.high)
        return round(value) if self.whole else value

    def at(self, value: Any) -> float:
        """The place in the unit interval of a value: the middle of its share where it has one."""
        if self.levels:
            return (self.levels.index(value) + 0.5) / len(self.levels)
        if self.log:
            return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        if self.whole:
            return (value - self.low + 0.5) / (self.high - self.low + 1)
        return (value - self.low) / (self.high - self.low)

    def spread(self, steps: int) -> list[Any]:
        """Its levels, or as many values from bound to bound, both included."""
        if self.levels:
            return list(self.levels)
        values = []
        for i in range(steps):
            share = i / (steps - 1)
            width = self.high - self.low
            value = self.low * (self.high / self.low) ** share if self.log else self.low + share * width
            values.append(round(value) if self.whole else value)
        return list(dict.fromkeys(values))


def resolve(
    factors: Mapping[str, Factor], base: Scenario | None, origin: str, table: str = "factors"
) -> list[Axis]:
    """Factors against the declarations of the scenario's parameters; ``table`` is what their file calls them.

    Raises:
        InputError: with every fault: unknown addresses, values that the scenario refuses, missing bounds.
    """
    faults: list[str] = []
    axes: list[Axis] = []
    known = addresses(base) if base is not None else {}
    if not factors:
        faults.append(f'{table}: none is named; give at least one, as [{table}."flow"]')
    for address, factor in factors.items():
        try:
            axes.append(_axis(address, factor, base, known))
        except InputError as error:
            faults += [f"{table}: {fault}" for fault in error.faults]
    if base is not None:
        faults += [f"{table}: {inner}: lies within {outer}, which varies too, and would be undone by it; keep one of "
                   "them" for outer in factors for inner in factors if inner.startswith(f"{outer}.")]  # fmt: skip
    if faults:
        raise InputError([f"{origin}: {fault}" for fault in faults])
    return axes


def _axis(address: str, factor: Factor, base: Scenario | None, known: dict[str, tuple[Any, Declaration]]) -> Axis:
    if base is None:
        if not factor.bounds and not factor.levels:
            raise InputError(f"{address}: has neither bounds nor levels, and no scenario that declares them")
        low, high = factor.bounds or (0.0, 1.0)
        return Axis(address, "", factor.levels, low, high, log=factor.log, names=factor.names)
    if address not in known:
        _require_table(address, factor, base, known)
        return Axis(address, "", factor.levels, names=factor.names)
    value, declared = known[address]
    whole = isinstance(value, int) and not isinstance(value, bool)
    if factor.levels:
        levels = tuple(float(v) if isinstance(value, float) and type(v) is int else v for v in factor.levels)
        _try(base, address, levels)
        return Axis(address, declared.unit, levels, names=factor.names)
    if isinstance(value, bool):
        return Axis(address, declared.unit, (False, True))
    if not isinstance(value, int | float):
        raise InputError(f"{address}: is {value!r}, not a number, so it has no bounds; give levels")
    bounds = factor.bounds or declared.plausible
    if bounds is None:
        raise InputError(f"{address}: declares no range to cover; give bounds or levels")
    if whole:
        if not all(float(b).is_integer() for b in bounds):
            raise InputError(f"{address}: bounds are {list(bounds)}, but it takes whole numbers; give such bounds")
        _try(base, address, [int(b) for b in bounds])
    else:
        _try(base, address, bounds)
    return Axis(address, declared.unit, (), float(bounds[0]), float(bounds[1]), whole, factor.log)


def _require_table(address: str, factor: Factor, base: Scenario, known: dict[str, Any]) -> None:
    """A whole table, as ``operations.surge.target``, may be a factor by levels."""
    if not any(name.startswith(f"{address}.") for name in known):
        raise InputError(f"{address}: {unknown(address, list(known))}")
    if not factor.levels:
        raise InputError(f"{address}: is a table of parameters; give levels, each a table, or name one of them")
    _try(base, address, factor.levels)


def _try(base: Scenario, address: str, values: Sequence[Any]) -> None:
    """Raise InputError for values that the scenario refuses."""
    faults = []
    for value in values:
        try:
            base.replace({address: value})
        except InputError as error:
            faults += [fault.split(": ", 1)[-1] for fault in error.faults]
    if faults:
        raise InputError(faults)


def shown(value: Any) -> Any:
    """A value as a table's column takes it: numbers as they are, all else as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if _is_number(value) or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
