"""The lessons: what to do, what to ask, and how the answer is read from runs. No answer is written down here.

A page of the course, its notebook and the hand-outs are all made of this one list. To add a question, add a step.
What the app asks too, as a guided task, is asked and answered here as there: see waterbed.app.answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from waterbed.app.answers import QUESTIONS, Answer, rounded, share

if TYPE_CHECKING:
    from waterbed import Comparison

PAIRS = 20
SEED = 1


@dataclass(frozen=True)
class Step:
    """A question of a lesson."""

    key: str
    title: str
    minutes: int
    do: str
    question: str
    options: tuple[str, ...]
    pattern: str
    answer: Callable[[Comparison, Comparison], Answer]
    """From the comparison with ``changes``, and from the one without any."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    talk: str = ""


@cache
def _compared(changes: tuple[tuple[str, Any], ...]) -> Comparison:
    import waterbed as wb

    scenario = wb.Scenario.load("classroom").replace({k: list(v) if isinstance(v, tuple) else v for k, v in changes})
    return wb.compare(scenario, replicates=PAIRS, seed=SEED, workers=1)


def compared(changes: Mapping[str, Any]) -> Comparison:
    """The classroom's operation with some changes, under the lesson's seeds; each setting is run once."""
    return _compared(tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in changes.items()))


def answer(step: Step) -> Answer:
    """What the model gives for a step: which option, from 0 on (None: not decided), and the sentence."""
    return step.answer(compared(step.changes), compared({}))


def expected(step: Step, which: int | None) -> str:
    """The option that the model gives, in words."""
    return "these pairs do not decide" if which is None else step.options[which]


def _task(name: str, **words: str) -> dict[str, Any]:
    """Question, options and rule of one of the app's guided tasks."""
    task = QUESTIONS[name]

    def rule(twin: Comparison, before: Comparison) -> Answer:
        return task.answer(twin.effect, before.effect)

    return {"question": task.question.format(**words), "options": task.options, "answer": rule}


def _single(twin: Comparison, _: Comparison) -> Answer:
    row = twin.effect("treated_crossings_lost", "during and after")
    low, high = 100 * row["run_low"], 100 * row["run_high"]
    wide, narrow = row["run_high"] - row["run_low"], row["high"] - row["low"]
    said = (
        f"90 % of single runs: {low:.0f} to {high:.0f} %. The mean: {share(row)}, {wide / narrow:.0f} times narrower."
    )
    return (1 if wide > 2 * narrow else 0), said


def _long(twin: Comparison, _: Comparison) -> Answer:
    row = twin.effect("effective_routes_change")
    which = 2 if row["low"] > 0 else 0 if row["high"] < 0 else 1
    return which, f"The effective number of routes changes by {share(row, percent=False, digits=2)}."


def _evaluator(twin: Comparison, _: Comparison) -> Answer:
    said, truth = twin.effect("before_after", "during and after"), twin.effect("before_after_truth", "during and after")
    low, high = said["run_low"], said["run_high"]
    which = 0 if low > 0 or high < 0 else 1
    ends = f"{rounded(100 * low, sign='+')} to {rounded(100 * high, sign='+')}"
    against = f"against the twin, detections change by {share(truth)}."
    return which, f"Against last year, 90 % of runs change by {ends} %; {against}"


def _harm(twin: Comparison, _: Comparison) -> Answer:
    row = twin.effect("deaths_per_1000_crossings_change")
    which = 2 if row["low"] > 0 else 0 if row["high"] < 0 else 1
    return which, f"Deaths per 1,000 crossings change by {share(row, percent=False, digits=2)}."


_ALL = (
    Step(
        "dip",
        "Push down",
        8,
        "Open the app, press *To the operation*, then *Play*: 200 officers stand on Central for 12 days.",
        **_task("dip", where="on Central"),
        pattern="1: a short crackdown makes a dip that outlasts it, and fades (Sherman 1990)",
        talk="Journeys take weeks. Who was not recruited, or lost faith in the way, is missed only later.",
    ),
    Step(
        "where",
        "Where does it come up?",
        8,
        "Look at the timeline of crossings elsewhere, and at the teal dots: people who would be elsewhere without the "
        "operation.",
        **_task("where", where="on Central"),
        pattern="2: local pressure displaces part of the flow, not all (Bowers & Johnson 2003; Guerette & Bowers 2009)",
        talk="What would an officer on Central see of this? What would a minister?",
    ),
    Step(
        "single",
        "One run, or many?",
        8,
        "Under *Fates*, three months after the operation's end, note how many of 100 who crossed by Central without it "
        "did so with it. Do so for three more seeds. Then open *Compare under many seeds*.",
        "How wide is what a single operation may bring, beside how well the mean is known?",
        ("about as wide", "much wider"),
        "none: it shows what an interval is of",
        _single,
        talk="Which of the two intervals answers somebody who plans one operation?",
    ),
    Step(
        "nobody",
        "No officers at all",
        6,
        "Set the officers to 0 and run it.",
        **_task("none"),
        pattern="none: it is the test that every comparison has to pass",
        changes={"operations.surge.officers": 0},
        talk="Why can no field study make this test?",
    ),
    Step(
        "more",
        "Four times the officers",
        8,
        "Set the officers to 800.",
        **_task("more", lost="crossings on Central"),
        pattern="7: returns to officers diminish",
        changes={"operations.surge.officers": 800},
        talk="Who looks where others have looked already?",
    ),
    Step(
        "other",
        "Move the same officers",
        8,
        "Move the 200 officers from Central to East.",
        **_task("move"),
        pattern="2: what is lost depends on what else there is to choose",
        changes={"operations.surge.target.routes": ["East"]},
        talk="Which route has the best substitutes?",
    ),
    Step(
        "long",
        "Stay for four months",
        8,
        "Set the days of the operation on Central to 120.",
        "Is the flow then spread over fewer or over more routes?",
        ("fewer", "about as many", "more"),
        "3: sustained interdiction spreads traffic (Magliocca et al. 2019)",
        _long,
        {"operations.surge.days": 120},
        talk="Is a spread-out system easier or harder to police?",
    ),
    Step(
        "evaluator",
        "The evaluator",
        8,
        "You have last year's detections on Central and this year's, and no other world.",
        "Can you tell from them what the operation did?",
        ("yes, in nine runs of ten they point one way", "no, they point both ways"),
        "none: it shows why evaluations need a control, and what a twin adds",
        _evaluator,
        talk="Detections rise where officers look. What do they measure?",
    ),
    Step(
        "harm",
        "Who pays?",
        8,
        "Read the deaths in both worlds.",
        "Deaths per 1,000 crossings …",
        ("fall", "cannot be told to change", "rise"),
        "6: fees rise with pressure, and deaths when flow moves to more dangerous legs (Gathmann 2008)",
        _harm,
        talk="Fewer deaths, or fewer deaths a crossing: which would you report?",
    ),
)
STEPS = {step.key: step for step in _ALL}
OPENING = "Ask: how would you find out whether a police operation worked? Collect answers, without judging them yet."
CLOSING = "Each group says which of its predictions was wrong, and why. Go back to the answers of the beginning."
LESSONS: dict[int, Sequence[str]] = {
    45: ("dip", "where", "single", "nobody"),
    90: tuple(STEPS),
}
"""Steps of each lesson; minutes that are left are for the beginning and the end."""


def sheet(length: int, answers: bool = True) -> str:
    """A lesson as Markdown: steps with their questions and, for teachers, what the model gives."""
    parts = []
    for number, key in enumerate(LESSONS[length], 1):
        step = STEPS[key]
        options = "\n".join(f"- **{chr(97 + i)}.** {text}" for i, text in enumerate(step.options))
        head = f"**{number}. {step.title}** ({step.minutes} minutes)"
        parts.append(f"{head}\n\n{step.do}\n\n*{step.question}*\n\n{options}\n")
        if answers:
            which, said = answer(step)
            letter = "" if which is None else f"{chr(97 + which)}, "
            shown = f"**Expected: {letter}{expected(step, which)}.** {said}", pattern(step), f"*Ask:* {step.talk}"
            parts.append("> " + "\n>\n> ".join(shown) + "\n")
    return "\n".join(parts)


def pattern(step: Step) -> str:
    """Which pattern of the literature a step shows, or what it is for instead."""
    return f"Pattern {step.pattern}.".replace("Pattern none:", "No pattern:")


def rest(length: int) -> int:
    """Minutes of a lesson for its beginning and end."""
    return length - sum(STEPS[key].minutes for key in LESSONS[length])


def clock(length: int) -> list[int]:
    """The minute at which each step begins, and the one at which the last has ended."""
    times = [rest(length) // 2]
    for key in LESSONS[length]:
        times.append(times[-1] + STEPS[key].minutes)
    return times
