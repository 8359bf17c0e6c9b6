"""What a field evaluator would have said, who sees one world, beside the truth of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import dots, style
from .dots import Row
from .style import number, percent, plural

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

_SPANS = ("during", "during and after")
_KINDS = (
    ("before_after", "Detections, treated legs", "Before and after: change", "per cent", 100.0),
    ("weighted_displacement_quotient", "WDQ", "Weighted displacement quotient", "quotient", 1.0),
    ("weighted_displacement_difference", "WDD", "Net change", "detections", 1.0),
    ("total_net_effect", "TNE", "Net change", "detections", 1.0),
)


def title(comparison: Comparison) -> str:
    """What the simplest evaluator would say, and how far off that is."""
    for key in reversed(_SPANS):
        said = comparison.effect("before_after", key)
        truth = comparison.effect("before_after_truth", key) if _has(comparison, "before_after_truth", key) else None
        if said["status"] == "ok" and truth is not None and truth["status"] == "ok":
            return (
                f"An evaluator in the field would put the change of detections at "
                f"{percent(said['mean'], signed=True)}; "
                f"it is {percent(truth['mean'], signed=True)}"
            )
    return "A field evaluator would have nothing to say on this measure"


def _has(comparison: Comparison, effect: str, key: str) -> bool:
    table = comparison.effects
    return bool(((table["effect"] == effect) & (table["key"] == key)).any())


def groups(comparison: Comparison) -> list[tuple[str, str, list[Row]]]:
    """Title, unit and rows of each estimator; the reason where it says nothing."""
    found: list[tuple[str, str, list[Row]]] = []
    silent: dict[str, list[str]] = {}
    for effect, name, about, unit, factor in _KINDS:
        rows = [_row(comparison, effect, name, key, factor) for key in _SPANS if _has(comparison, effect, key)]
        if not rows:
            continue
        if all(r.why for r in rows):
            silent.setdefault(rows[0].why, []).append(name)
            continue
        if found and found[-1][1] == unit:
            found[-1][2].extend(rows)
        else:
            found.append((about, unit, rows))
    if silent:
        found.append(("Nothing to say", "", [Row(style.listed(names), why=why) for why, names in silent.items()]))
    return found


def _row(comparison: Comparison, effect: str, name: str, key: str, factor: float) -> Row:
    said = comparison.effect(effect, key)
    truth = comparison.effect(f"{effect}_truth", key) if _has(comparison, f"{effect}_truth", key) else said
    for row in (said, truth):
        if row["status"] != "ok" and row["mean"] != row["mean"]:
            return Row(name, key, why=f"not identified: {row['note'].split(': ')[-1]}")

    def show(value: float) -> str:
        return number(factor * value, signed=True)

    bounds = f"{show(said['run_low'])} to {show(said['run_high'])}" if said["run_low"] == said["run_low"] else "–"
    values = {k: factor * truth[k] for k in ("mean", "low", "high", "run_low", "run_high")}
    return Row(
        name,
        key,
        **values,
        rival=(factor * said["mean"], factor * said["run_low"], factor * said["run_high"]),
        said=(show(truth["mean"]), show(said["mean"]), bounds),
    )


def draw(comparison: Comparison) -> Any:
    """A dumbbell a row: filled the truth, hollow the evaluator."""
    found = groups(comparison)
    below = (
        f"{plural(comparison.replicates, 'paired run')}. Thick bar: 90\u202f% bootstrap interval of the truth; "
        f"thin bars: "
        "90\u202f% of runs, an arrow where they leave the frame. Weighted displacement quotient "
        "(WDQ): Bowers and Johnson 2003; weighted displacement difference (WDD): Wheeler and Ratcliffe 2018; total net "
        "effect (TNE): Guerette 2009."
    )
    foot = style.note_height(below, style.PAGE)
    tall = 16.5 + sum(dots.height(rows) for _, _, rows in found) + foot
    fig = style.figure(style.PAGE, tall)
    top = (
        style.heading(
            fig,
            title(comparison),
            "Filled: the truth, both worlds compared. Hollow: what an evaluator would say from detections in "
            "the treated world "
            "alone, now and on the same days a year before.",
        )
        + 1
    )
    for about, unit, rows in found:
        top = dots.group(
            fig,
            style.MARGIN,
            top,
            style.PAGE - 2 * style.MARGIN,
            about,
            unit,
            rows,
            lambda x: style.tick(x, signed=True),
            ("truth", "evaluator", "90\u202f% of runs") if unit else (),
            plain=not any(r.known for r in rows),
        )
    style.note(fig, below)
    return fig
