"""What a field evaluator would say: estimators that see only one world."""

from __future__ import annotations

import math
from collections.abc import Sequence


def wdq(treated: Sequence[float], buffer: Sequence[float], control: Sequence[float]) -> float:
    """Weighted displacement quotient (Bowers & Johnson 2003), from (before, after) counts of each area.

    Below -1 displacement wipes out the gain, -1 to 0 it is smaller, above 0 benefits diffuse.
    ``nan`` where a control count or the response is 0.
    """
    (a0, a1), (b0, b1), (c0, c1) = treated, buffer, control
    if c0 <= 0 or c1 <= 0 or a1 / c1 == a0 / c0:
        return math.nan
    return (b1 / c1 - b0 / c0) / (a1 / c1 - a0 / c0)


def wdd(
    treated: Sequence[float],
    buffer: Sequence[float],
    control: Sequence[float],
    buffer_control: Sequence[float],
    weights: Sequence[float] = (1, 1, 1, 1),
) -> tuple[float, float, float]:
    """Weighted displacement difference (Wheeler & Ratcliffe 2018): estimate, standard error, z.

    ``weights`` divide the counts of treated, treated's control, buffer, buffer's control (areas, say).
    """
    areas = ((treated, 1.0), (control, -1.0), (buffer, 1.0), (buffer_control, -1.0))
    estimate = sum(sign * (after - before) / w for ((before, after), sign), w in zip(areas, weights, strict=True))
    variance = sum((before + after) / (w * w) for ((before, after), _), w in zip(areas, weights, strict=True))
    error = math.sqrt(variance)
    return estimate, error, estimate / error if error > 0 else math.nan


def tne(treated: Sequence[float], buffer: Sequence[float], control: Sequence[float]) -> float:
    """Total net effect (Guerette 2009): events prevented, net of displacement; ``nan`` without a control."""
    (a0, a1), (b0, b1), (c0, c1) = treated, buffer, control
    if c0 <= 0:
        return math.nan
    return (a0 * c1 / c0 - a1) + (b0 * c1 / c0 - b1)


def before_after(before: float, after: float) -> float:
    """Relative change; ``nan`` where there was nothing before."""
    return after / before - 1.0 if before > 0 else math.nan
