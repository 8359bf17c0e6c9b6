"""Displacement, person by person: elsewhere, at another time, by other means, of other people.

The kinds are Reppetto's (1976). Everything is signed and paired: the usual sum of max(0, change) over
untreated places finds displacement where nothing happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .intervals import Name
    from .sets import Sets

SHIFT_DAYS = 7
"""Who crosses the same way, but by more than these days later or earlier, is displaced in time."""
SPATIAL: tuple[Name, ...] = (
    ("displacement_spatial", "", "share of loss"), ("stopped", "", "share of loss"),
    ("treated_loss", "cohort", "person"), ("displaced_gross", "", "person"), ("moved_back_gross", "", "person"),
    ("displacement_temporal", "later", "share"), ("displacement_temporal", "earlier", "share"),
    ("diffusion_of_benefits", "", "share"), ("delay_per_displaced", "", "day/person"),
    ("fee_per_displaced", "", "USD/person"),
)  # fmt: skip
WORTH = 0.02
"""Least flow on counted legs that are not treated, as a share of the treated, for flow to be seen to move there."""
ELSEWHERE = frozenset({
    "displacement_spatial", "stopped", "displaced_gross", "moved_back_gross", "delay_per_displaced",
    "fee_per_displaced", "diffusion_of_benefits", "other_crossings_gained",
})  # fmt: skip
"""Effects that speak of counted legs which are not treated, and say nothing where next to nobody takes these."""
MOVE = np.dtype([
    ("without", "i4"), ("with", "i4"), ("people", "i4"), ("later", "i4"), ("earlier", "i4"), ("days", "f8"),
    ("cents", "f8"),
])  # fmt: skip
"""First counted leg completed in either world (-1 none), agents, those over 7 days later or earlier, and
sums of days and of cents paid, with minus without."""


def nowhere_else(flow: np.ndarray, treated: np.ndarray, counted: np.ndarray) -> str:
    """Why flow cannot be seen to move away from treated legs, or nothing where it can.

    Args:
        flow: people a leg in the world without, of any span and in any unit.
        treated: rows of the treated legs.
        counted: whether each leg is counted.
    """
    others = counted.copy()
    others[treated] = False
    if not len(treated) or flow[others].sum() > WORTH * flow[treated].sum():
        return ""
    return (
        f"next to all counted crossings are on treated legs ({len(treated)} of {int(counted.sum())} counted legs); "
        "there is no untreated leg that flow could be seen to move to"
    )


def moves(p: np.ndarray, q: np.ndarray, legs: int) -> np.ndarray:
    """The cohort by first counted leg in both worlds: one row of :data:`MOVE` a pair of legs that occurs."""
    a, b = q["crossing_leg"].astype(np.int64), p["crossing_leg"].astype(np.int64)
    at = (a + 1) * (legs + 1) + b + 1
    days = np.where((a >= 0) & (b >= 0), p["crossing_day"].astype(np.int64) - q["crossing_day"], 0)
    found, index = np.unique(at, return_inverse=True)
    out = np.zeros(len(found), MOVE)
    out["without"], out["with"] = found // (legs + 1) - 1, found % (legs + 1) - 1

    def total(values: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(index, values, len(found))

    out["people"], out["days"] = total(), total(days)
    out["later"], out["earlier"] = total(days > SHIFT_DAYS), total(days < -SHIFT_DAYS)
    out["cents"] = total(p["paid"].astype(np.int64) - q["paid"])
    return out


def spatial(
    terms: dict, second: dict, move: np.ndarray, sets: Sets, route: np.ndarray, scale: float
) -> None:
    """Where those lost on treated legs went, and when those still there crossed; people at ``scale``."""
    treated = np.zeros(len(route) + 1, bool)  # the last one is for -1, no crossing
    treated[sets.treated] = True
    in_y, in_x = treated[move["without"]], treated[move["with"]]
    else_y, else_x = (move["without"] >= 0) & ~in_y, (move["with"] >= 0) & ~in_x

    def people(mask: np.ndarray, column: str = "people") -> float:
        return float(move[column][mask].sum()) * scale

    lost, treated_y, other_y = people(in_y) - people(in_x), people(in_y), people(else_y)
    moved, back = people(in_y & else_x), people(else_y & in_x)
    same = in_y & in_x & _same_route(move, route)
    later, earlier = people(same, "later"), people(same, "earlier")
    values: list[tuple[float, ...]] = [
        (moved - back, lost), (lost - moved + back, lost), (lost,), (moved,), (back,), (later, treated_y),
        (earlier, treated_y), (other_y - people(else_x), other_y), (people(in_y & else_x, "days"), moved),
        (people(in_y & else_x, "cents") / 100.0, moved),
    ]  # fmt: skip
    terms.update(zip(SPATIAL, values, strict=True))
    # Sums over agents of a², ab and b²: every a and b of a person is -1, 0 or 1.
    square = scale * scale
    changed, both = people(in_y ^ in_x) / scale, (moved + back) / scale
    stopped = changed - both
    second[SPATIAL[0]] = (square * both, square * both, square * changed)
    second[SPATIAL[1]] = (square * stopped, square * stopped, square * changed)
    second[SPATIAL[2]] = (square * changed, 0.0, 0.0)
    for name, a in zip(SPATIAL[3:7], (moved, back, later, earlier), strict=True):
        second[name] = (scale * a, scale * a, scale * treated_y) if len(terms[name]) == 2 else (scale * a, 0.0, 0.0)


def _same_route(move: np.ndarray, route: np.ndarray) -> np.ndarray:
    """The same leg, or another with the same label."""
    label = np.append(route, "")
    named = label[move["without"]] != ""
    return (move["without"] == move["with"]) | named & (label[move["without"]] == label[move["with"]])


def of_kinds(terms: dict, p: np.ndarray, q: np.ndarray, mode: np.ndarray, scale: float) -> None:
    """Tactical and target displacement: changes of shares within the cohort, with minus without.

    Tactical: online among those recruited, and each mode among those who crossed a counted leg. Target: the
    vulnerable (in debt) among those who crossed.
    """
    recruited = [people["channel"] >= 0 for people in (p, q)]
    crossed = [people["crossing_leg"] >= 0 for people in (p, q)]
    online = [people["channel"] == 1 for people in (p, q)]
    _share(terms, "displacement_tactical", "online", online, recruited, scale)
    for name in dict.fromkeys(mode):
        has = np.append(mode == name, False)
        by = [has[people["crossing_leg"]] for people in (p, q)]
        # Where all go by one mode, there is no share to change.
        if any(b.any() for b in by) and any((c & ~b).any() for b, c in zip(by, crossed, strict=True)):
            _share(terms, "displacement_tactical", f"by {name}", by, crossed, scale)
    vulnerable = [people["vulnerable"] & c for people, c in zip((p, q), crossed, strict=True)]
    _share(terms, "displacement_target", "vulnerable", vulnerable, crossed, scale)
    for effect, part, whole in (("online_share", online, recruited), ("vulnerable_share", vulnerable, crossed)):
        for i, world in enumerate(("with", "without")):
            terms[effect, world, "share"] = (float(part[i].sum()) * scale, float(whole[i].sum()) * scale)


def _share(
    terms: dict, effect: str, key: str, part: list[np.ndarray], whole: list[np.ndarray], scale: float
) -> None:
    sums = [float(mask.sum()) * scale for pair in zip(part, whole, strict=True) for mask in pair]
    terms[effect, key, "share"] = tuple(sums)
