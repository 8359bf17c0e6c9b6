"""What a field evaluator would say: estimators that see only one world.

Each takes counts of an area as (before, after). Sources: Guerette (2009), POP Tool Guide 10, appendices B
and C; Bowers & Johnson (2003), J Quant Criminol 19(3):275-301; Wheeler & Ratcliffe (2018), Crime Science 7:11.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Counts = Sequence[float]
"""(before, after)."""


@dataclass(frozen=True)
class Difference:
    """A weighted displacement difference, in weighted events; its error is that of Poisson counts."""

    value: float
    error: float

    @property
    def z(self) -> float:
        """Value over standard error; ``nan`` where nothing was counted."""
        return self.value / self.error if self.error > 0 else math.nan

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Normal interval of ``z`` standard errors each way, by default 95 %."""
        return self.value - z * self.error, self.value + z * self.error


def gross_effect(treated: Counts) -> float:
    """Events of the ``treated`` area before less events after (Guerette 2009)."""
    before, after = treated
    return before - after


def net_effect(treated: Counts, control: Counts) -> float:
    """Fall of the treated area in units of its control; ``nan`` where a control count is 0."""
    (a0, a1), (c0, c1) = treated, control
    return a0 / c0 - a1 / c1 if c0 > 0 and c1 > 0 else math.nan


def wdq_parts(treated: Counts, buffer: Counts, control: Counts) -> tuple[float, float]:
    """Numerator (``buffer``) and denominator of the weighted displacement quotient, both with their signs turned.

    The denominator is then the fall of the treated area in units of its control: the quotient means
    something only where it is positive. Both are ``nan`` where a control count is 0.
    """
    return net_effect(buffer, control), net_effect(treated, control)


def wdq(treated: Counts, buffer: Counts, control: Counts) -> float:
    """Weighted displacement quotient (Bowers & Johnson 2003) of a ``treated`` area and its ``buffer``.

    Above 1: benefits diffuse more than the response brings; 0 to 1: they diffuse; -1 to 0: displacement is
    smaller than the gain; below -1: it wipes out the gain. ``nan`` where a control count or the response is 0.
    """
    numerator, denominator = wdq_parts(treated, buffer, control)
    return numerator / denominator if denominator != 0.0 else math.nan


def wdd(
    treated: Counts,
    buffer: Counts,
    control: Counts,
    buffer_control: Counts | None = None,
    *,
    area_weights: Sequence[float] = (1.0, 1.0, 1.0, 1.0),
    time_weights: Sequence[float] = (1.0, 1.0),
) -> Difference:
    """Weighted displacement difference (Wheeler & Ratcliffe 2018): change of treated and buffer over controls.

    An area that is not there is given as (0, 0); ``buffer_control`` may be left out where it is not.

    Args:
        treated, buffer, control, buffer_control: counts before and after.
        area_weights: what counts are divided by, in the order control, treated, buffer's control, buffer.
        time_weights: what counts before and after are divided by.

    Raises:
        ValueError: where a weight is not positive.
    """
    if min(*area_weights, *time_weights) <= 0:
        raise ValueError("weights have to be positive; they divide the counts")
    other = (0.0, 0.0) if buffer_control is None else buffer_control
    value = variance = 0.0
    for sign, (before, after), area in zip(
        (-1.0, 1.0, -1.0, 1.0), (control, treated, other, buffer), area_weights, strict=True
    ):
        early, late = time_weights
        value += sign * (after / late - before / early) / area
        variance += (before / early**2 + after / late**2) / area**2
    return Difference(value, math.sqrt(variance))


def tne(treated: Counts, buffer: Counts, control: Counts) -> float:
    """Total net effect (Guerette 2009): events prevented in ``treated`` and ``buffer``; ``nan`` without a control."""
    (a0, a1), (b0, b1), (c0, c1) = treated, buffer, control
    if c0 <= 0:
        return math.nan
    return (a0 * c1 / c0 - a1) + (b0 * c1 / c0 - b1)


def before_after(counts: Counts) -> float:
    """Relative change of ``counts`` (before, after); ``nan`` where there was nothing before."""
    before, after = counts
    return after / before - 1.0 if before > 0 else math.nan
