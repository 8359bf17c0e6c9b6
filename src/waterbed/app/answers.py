"""The questions of the guided tasks, and how comparisons answer them: one rule, for the app's page and the lessons.

A rule is given the effects with the task's change and those of the setting before, each as a look-up by name and key,
as :meth:`waterbed.measures.Comparison.effect` is one. To add a question, write it and its rule into :data:`QUESTIONS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Effects = Callable[..., Mapping[str, Any]]
"""A row of the effects by name and key (without one: the first); raises KeyError for what is not there."""
Answer = tuple[int | None, str]
"""Which option the model gives, None where these pairs do not decide, and the sentence with numbers and intervals."""
COMPARED = ("treated_crossings_lost", "arrivals_lost")
"""Effects of the setting before that the rules read."""


@dataclass(frozen=True)
class Question:
    """A question with its options; ``{where}`` and ``{lost}`` are filled in by who asks it."""

    question: str
    options: tuple[str, ...]
    answer: Callable[[Effects, Effects], Answer]


def lookup(rows: Iterable[Mapping[str, Any]]) -> Effects:
    """Rows of effects, as :meth:`~waterbed.measures.Comparison.effect` gives them; asked for others: KeyError."""
    known = list(rows)

    def effect(name: str, key: str | None = None) -> Mapping[str, Any]:
        for row in known:
            if row["effect"] == name and key in (None, row["key"]):
                return row
        raise KeyError(name)

    return effect


def share(row: Mapping[str, Any], percent: bool = True, digits: int = 0) -> str:
    """An effect with the interval of its mean."""
    if not _ok(row):
        return f"not identified ({row['note']})"
    scale, unit = (100.0, " %") if percent else (1.0, "")
    mean, low, high = (rounded(scale * row[name], digits) for name in ("mean", "low", "high"))
    return f"{mean}{unit} (90 % of the mean: {low} to {high}{unit})"


def rounded(value: float, digits: int = 0, sign: str = "") -> str:
    """Rounded, with a true minus, and no sign on what is rounded to zero."""
    return f"{round(value, digits) + 0.0:{sign},.{digits}f}".replace("-", "\u2212")


def days(row: Mapping[str, Any]) -> str:
    """A day of the mean course with its interval."""
    return f"{row['mean']:.0f} (90 %: {row['low']:.0f} to {row['high']:.0f})"


def _ok(*rows: Mapping[str, Any]) -> bool:
    return all(row["status"] == "ok" and math.isfinite(row["low"]) for row in rows)


def apart(now: Mapping[str, Any], before: Mapping[str, Any]) -> int | None:
    """0 less, 1 cannot be told, 2 more: by intervals of the means that do not overlap; None if one is not known."""
    if not _ok(now, before):
        return None
    return 0 if now["high"] < before["low"] else 2 if now["low"] > before["high"] else 1


def _dip(now: Effects, _: Effects) -> Answer:
    during, after = (now("treated_crossings_lost", span) for span in ("during", "after"))
    day, back = now("trough_day", "treated"), now("days_to_recover", "treated")
    said = f"Lost there: {share(during)} while the operation lasts, {share(after)} after it."
    if _ok(day):
        said += f" The mean course is lowest on day {days(day)} after the start."
    if _ok(back):
        said += f" It is back at 95 % {days(back)} days after the end."
    if not _ok(during, after):
        return None, said
    return (1 if after["low"] > 0 else 0 if during["low"] > 0 else 2), said


def _where(now: Effects, _: Effects) -> Answer:
    moved = now("displacement_spatial")
    said = f"Moved to other routes: {share(moved)} of the loss."
    if not _ok(moved):
        return None, said
    if moved["low"] <= 0 < moved["high"]:
        return None, f"{said} That any of it moved cannot be told from zero."
    if moved["low"] <= 0.5 <= moved["high"]:
        return None, f"{said} Some moved; whether more than half did, these pairs do not tell."
    return (0 if moved["high"] <= 0 else 1 if moved["high"] < 0.5 else 2), said


def _move(now: Effects, before: Effects) -> Answer:
    new, old = now("arrivals_lost"), before("arrivals_lost")
    return apart(new, old), f"Arrivals lost: {share(new)} now, {share(old)} before."


def _more(now: Effects, before: Effects) -> Answer:
    new, old = _loss(now), _loss(before)
    said, larger = f"Lost: {share(new)} now, {share(old)} before.", apart(new, old)
    if larger is None:
        return None, said
    said += (" It is smaller.", " That it is larger at all, these pairs do not tell.", " It is larger.")[larger]
    which = 0 if new["high"] < 4 * old["low"] else 1 if new["low"] >= 4 * old["high"] else None
    why = " Officers look where others have looked already, and nobody can be lost twice: returns diminish."
    return which, said + (why if which == 0 else "")


def _loss(effects: Effects) -> Mapping[str, Any]:
    """What is lost where the officers stand, or, where they stand on no crossing, of the arrivals."""
    try:
        return effects("treated_crossings_lost")
    except KeyError:
        return effects("arrivals_lost")


def _silent(now: Effects, before: Effects) -> Answer:
    new, old = _loss(now), _loss(before)
    return apart(new, old), f"Lost there: {share(new)} now, {share(old)} before."


def _nobody(now: Effects, _: Effects) -> Answer:
    rows = [_loss(now), now("arrivals_lost"), now("deaths_change")]
    known = [row for row in rows if _ok(row)]
    if not known:
        return None, f"Arrivals lost: {share(rows[1])}."
    if all(row["low"] == row["high"] == 0 for row in known):
        return 1, "The two worlds are the same: an operation acts through its officers, and chance is shared."
    return 2, "The two worlds differ."


_LESS = ("fewer", "no different, as far as these pairs tell", "more")
QUESTIONS = {
    "dip": Question(
        "When are crossings lost {where}?",
        ("only while the officers stand there", "also in the months after", "never, as far as these pairs tell"),
        _dip,
    ),
    "where": Question(
        "Of the crossings lost {where}, how many move to other routes?",
        ("none", "some, but less than half", "more than half"),
        _where,
    ),
    "move": Question("Compared with before, arrivals lost in all are …", _LESS, _move),
    "more": Question(
        "The loss of {lost} is then …", ("less than four times as large", "four times as large, or more"), _more
    ),
    "silent": Question("Compared with before, crossings lost {where} are …", _LESS, _silent),
    "none": Question(
        "What changes?",
        ("a little less flow, out of fear", "nothing, for nobody, on any day", "chance makes the worlds differ"),
        _nobody,
    ),
}


def answers(now: Effects, before: Effects) -> dict[str, list[Any]]:
    """The answer to each question that these effects hold; ``before`` holds nothing where there is no such setting."""
    told = {}
    for name, asked in QUESTIONS.items():
        try:
            told[name] = list(asked.answer(now, before))
        except KeyError:
            continue  # of a scenario, or of a comparison, in which this cannot be asked
    return told
