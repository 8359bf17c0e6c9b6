"""What a field evaluator would report on this measure, beside the truth.

An evaluator has detections of the treated world alone, now and on the same days a year before. The truth is
the same quantity against the twin, and the bias the difference of the two.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .evaluators import tne, wdd, wdq_parts

if TYPE_CHECKING:
    from .sets import Sets
    from .window import Window

_SPANS = ("during and after", "during")
PERIODS = tuple((span, when) for span in _SPANS for when in ("before", "now"))
_Z = 1.96


def by_period(detections: np.ndarray, window: Window) -> np.ndarray:
    """Detections [day, leg] summed over PERIODS, shape (period, leg); 0 before the first day."""
    rows = []
    for span, when in PERIODS:
        a, b = window.spans[span]
        back = window.shift if when == "before" else 0
        rows.append(detections[a - back : b - back].sum(axis=0, dtype=np.int64))
    return np.stack(rows)


def evaluators(terms: dict, absent: dict, detections: np.ndarray, sets: Sets, window: Window) -> None:
    """Before-after, WDQ, WDD and TNE with their truths and biases; detections [world, period, leg]."""
    for i, span in enumerate(_SPANS):
        counts = {
            name: detections[:, 2 * i : 2 * i + 2, getattr(sets, name)].sum(axis=2)
            for name in ("treated", "buffer", "control")
        }
        reason = _reason(sets, window)
        if reason is None or not reason.startswith(("no treated", "the run")):
            _before_after(terms, counts["treated"], span)
        else:
            absent |= {("before_after", span, "share"): reason}
        if reason is None:
            _quotient(terms, counts, span)
            _differences(terms, counts, span)
        else:
            absent |= {
                ("weighted_displacement_quotient", span, "1"): reason,
                ("weighted_displacement_difference", span, "detection"): reason,
                ("total_net_effect", span, "detection"): reason,
            }


def _reason(sets: Sets, window: Window) -> str | None:
    """Why an evaluator would have nothing to say."""
    if not len(sets.treated):
        return f"no treated legs: {sets.why}"
    if not window.shift:
        return "the run does not hold the same days a year before, apart from the measure's own"
    for name in ("buffer", "control"):
        if not len(getattr(sets, name)):
            where = "shares an end or a destination country with" if name == "buffer" else "is three legs or more from"
            return f"no {name} legs: no untreated counted leg {where} a treated one"
    return None


def _before_after(terms: dict, treated: np.ndarray, span: str) -> None:
    (before, now), (_, twin) = treated
    terms["before_after", span, "share"] = (now - before, before)
    terms["before_after_truth", span, "share"] = (now - twin, twin)
    terms["before_after_bias", span, "share"] = (now - before, before, now - twin, twin)


def _quotient(terms: dict, counts: dict[str, np.ndarray], span: str) -> None:
    """A run whose control counts are 0 tells its evaluator nothing: it adds 0 to both sums."""
    parts = wdq_parts(*(counts[name][0] for name in ("treated", "buffer", "control")))
    said = (0.0, 0.0) if math.isnan(parts[0]) else parts
    fall = {name: float(c[1, 1] - c[0, 1]) for name, c in counts.items()}
    truth = (fall["buffer"], fall["treated"])
    terms["weighted_displacement_quotient", span, "1"] = said
    terms["weighted_displacement_quotient_truth", span, "1"] = truth
    terms["weighted_displacement_quotient_bias", span, "1"] = (*said, *truth)


def _differences(terms: dict, counts: dict[str, np.ndarray], span: str) -> None:
    treated, buffer, control = (counts[name] for name in ("treated", "buffer", "control"))
    # One control serves both, as it does where the record has no second one. It then counts twice in the value
    # and four times in the variance: as two independent controls it would make 95 % intervals of 89 %.
    said = wdd(treated[0], buffer[0], control[0], area_weights=(0.5, 1.0, 1.0, 1.0))
    truth = float((treated[0, 1] - treated[1, 1]) + (buffer[0, 1] - buffer[1, 1]))
    terms["weighted_displacement_difference", span, "detection"] = (said.value,)
    terms["weighted_displacement_difference_error", span, "detection"] = (said.error,)
    terms["weighted_displacement_difference_truth", span, "detection"] = (truth,)
    terms["weighted_displacement_difference_bias", span, "detection"] = (said.value - truth,)
    low, high = said.interval(_Z)
    terms["weighted_displacement_difference_coverage", span, "share of runs"] = (float(low <= truth <= high),)
    prevented = tne(treated[0], buffer[0], control[0])
    if not math.isnan(prevented):
        terms["total_net_effect", span, "detection"] = (prevented,)
        terms["total_net_effect_truth", span, "detection"] = (-truth,)
        terms["total_net_effect_bias", span, "detection"] = (prevented + truth,)
