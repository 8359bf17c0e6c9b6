"""The guided tasks: what the page asks and answers is what the lessons ask and answer."""

from __future__ import annotations

from pathlib import Path

import pytest

import waterbed as wb
from scripts import load
from waterbed.app import protocol, results
from waterbed.app.answers import QUESTIONS, Effects, answers, lookup
from waterbed.app.settings import usual_pairs
from waterbed.network import load_world

LESSONS = load(Path(__file__).parents[1] / "docs" / "course" / "lessons.py")
TASKS = {"dip": "dip", "where": "where", "nobody": "none", "more": "more", "other": "move"}
"""Steps of the lessons that the app asks too."""
QUICK = {"days": 150, "burn_in": 60, "flow": 0.3, "compare.fate_days": 60, "operations.surge.start": 40}


def known(*effects: tuple[str, str, float, float], status: str = "ok") -> Effects:
    """Effects of (name, key, low, high)."""
    numbers = ({"effect": name, "key": key, "mean": (low + high) / 2, "low": low, "high": high}
               for name, key, low, high in effects)  # fmt: skip
    return lookup(row | {"status": status, "note": "too few"} for row in numbers)


def loss(low: float, high: float, name: str = "treated_crossings_lost") -> Effects:
    return known((name, "during and after", low, high))


def decided(task: str, now: Effects, before: Effects | None = None) -> int | None:
    return QUESTIONS[task].answer(now, before or lookup(()))[0]


def test_what_is_decided_is_what_intervals_tell() -> None:
    more = QUESTIONS["more"].answer(loss(0.36, 0.42), loss(0.33, 0.39))
    assert more[0] == 0 and "larger at all, these pairs do not tell" in more[1], "less than fourfold can be told alone"
    assert "It is larger." in QUESTIONS["more"].answer(loss(0.4, 0.5), loss(0.2, 0.3))[1]
    assert decided("more", loss(0.85, 0.95), loss(0.1, 0.2)) == 1
    assert decided("more", loss(0.3, 0.5), loss(0.1, 0.2)) is None
    assert decided("more", loss(0.1, 0.2, "arrivals_lost"), loss(0.1, 0.2, "arrivals_lost")) == 0
    for now, option in (((0.1, 0.2), 0), ((0.2, 0.4), 1), ((0.5, 0.6), 2)):
        assert decided("move", loss(*now, "arrivals_lost"), loss(0.3, 0.4, "arrivals_lost")) == option
        assert decided("silent", loss(*now), loss(0.3, 0.4)) == option
    for span, option in (((0.3, 0.45), 1), ((0.6, 0.7), 2), ((0.4, 0.6), None), ((-0.1, 0.1), None), ((-0.2, -0.1), 0)):
        assert decided("where", known(("displacement_spatial", "", *span))) == option
    course = [("trough_day", "treated", 8.0, 12.0), ("days_to_recover", "treated", 10.0, 20.0)]
    some, nothing = (0.5, 0.6), (-0.1, 0.1)
    for during, after, option in ((some, (0.2, 0.3), 1), (some, nothing, 0), (nothing, nothing, 2)):
        spans = [("treated_crossings_lost", "during", *during), ("treated_crossings_lost", "after", *after)]
        assert decided("dip", known(*spans, *course)) == option
        assert decided("dip", known(*spans, *course, status="not identified")) is None


def test_the_lessons_ask_and_answer_what_the_app_does(comparison: wb.Comparison, nobody: wb.Comparison) -> None:
    for now in (comparison, nobody):
        for key, task in TASKS.items():
            step, asked = LESSONS.STEPS[key], QUESTIONS[task]
            words = {"where": "on Central", "lost": "crossings on Central"}
            assert (step.question, step.options) == (asked.question.format(**words), asked.options)
            assert list(step.answer(now, comparison)) == answers(now.effect, comparison.effect)[task]
    assert decided("none", nobody.effect) == 1 and decided("none", comparison.effect) == 2
    assert LESSONS.expected(LESSONS.STEPS["where"], None) == "these pairs do not decide"


@pytest.mark.parametrize(("name", "pairs"), [("classroom", 20), ("liberterra", 5)])
def test_an_answer_rests_on_as_many_pairs_as_a_minute_holds(name: str, pairs: int) -> None:
    scenario = wb.Scenario.load(name)
    assert usual_pairs(scenario, load_world(scenario.network)) == pairs


@pytest.mark.slow
def test_the_page_is_told_the_same_answers() -> None:
    before = wb.Scenario.load("classroom").replace(QUICK)
    now = before.replace({"operations.surge.officers": 800})
    told = results.results(before, 1, 3, lambda done, of: None)
    assert set(told["answers"]) == {"dip", "where", "none"}, "the others compare with a setting before"
    sent = protocol.read(protocol.write("compare", run=1, replicates=3, before=told["compared"]).decode())
    assert isinstance(sent, protocol.Compare)
    again = results.results(now, 1, 3, lambda done, of: None, [row.model_dump() for row in sent.before])
    effects = [wb.compare(s, replicates=3, seed=1, workers=1).effect for s in (now, before)]
    assert again["answers"] == answers(*effects) and set(again["answers"]) == set(QUESTIONS)
