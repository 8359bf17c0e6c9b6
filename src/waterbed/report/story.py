"""The finding in words: headline, what was done, six figures to remember, and a few sentences, all from the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..measures.course import is_of_mean_course
from . import balance, fates, style, timelines, words
from .style import count, interval, number, percent, plural, span, whole

if TYPE_CHECKING:
    from ..measures.comparison import Comparison


_TOLD = 3
"""Operations that are told one by one."""


def ranges(row: dict[str, Any], share: bool = False, signed: bool = True, factor: float = 1.0) -> str:
    """Both intervals of an effect in words, and the verdict, which rests on the first: that of the mean."""
    if row["low"] != row["low"]:
        return " (no interval)"
    known = span(factor * row["low"], factor * row["high"], share, signed)
    said = f"mean known to {known}, 90\u202f% bootstrap"
    if row["run_low"] == row["run_low"]:
        said += f"; 90\u202f% of runs: {span(factor * row['run_low'], factor * row['run_high'], share, signed)}"
    return f" ({said}){'' if words.sure(row) else ', which cannot be told from zero'}"


def measure(comparison: Comparison) -> str:
    """What stands for the operations or policies in a sentence."""
    about = comparison.provenance["scenario"]
    if about["operations"] and not about["policies"]:
        return "The operation" if len(about["operations"]) == 1 else "The operations"
    return "The measure"


def headline(comparison: Comparison) -> str:
    """The finding in one sentence."""
    lost = comparison.effect("treated_crossings_lost", "during and after")
    if not words.sure(lost):
        return "No loss of crossings on the treated legs can be told from zero"
    verb = "cut" if lost["mean"] > 0 else "raised"
    text = f"{measure(comparison)} {verb} crossings on the treated legs by {percent(abs(lost['mean']))}"
    if lost["mean"] < 0:
        return text
    if not timelines.others_matter(comparison):
        return "; ".join(filter(None, (text, balance.told(comparison))))
    moved = comparison.effect("displacement_spatial")
    if moved["status"] == "ok":
        if words.sure(moved) and moved["mean"] > 0:
            return f"{text}; of 100 lost there, {round(100 * moved['mean'])} moved to other legs"
        if words.unmoved(moved):
            return f"{text}; none of it moved to other legs"
        return f"{text}; that any of it moved to other legs cannot be told from zero"
    back = comparison.effect("days_to_recover", "treated")
    if back["status"] == "ok" and timelines.sharp(back):
        return f"{text}; crossings were back {plural(back['mean'], 'day')} after its end"
    return text


def intervals(comparison: Comparison) -> str:
    """Both intervals of the headline's first number, told apart."""
    lost = comparison.effect("treated_crossings_lost", "during and after")
    if lost["status"] != "ok":
        return ""
    if words.unmoved(lost):
        return "No run shows any change."
    runs, known = (
        span(-lost[b], -lost[a], share=True, signed=True) for a, b in (("run_low", "run_high"), ("low", "high"))
    )
    return (
        f"In 90\u202f% of single runs crossings there change by {runs}; the mean itself is known to {known} "
        f"(90\u202f% bootstrap)."
    )


def done(comparison: Comparison) -> str:
    """What was done, from the scenario: officers, countries, days; of many operations, how many and how large."""
    about = comparison.provenance["scenario"]
    said = []
    operations = about["operations"].values()
    if len(operations) > _TOLD:
        force, days = [o["officers"] for o in operations], [o["days"] for o in operations]
        said.append(
            f"{len(operations)} operations of {count(min(force))} to {count(max(force))} officers, "
            f"{count(sum(days))} days in all"
        )
    operation: dict[str, dict[str, float]] = {r.operation: {} for r in style.records(comparison.operation)}
    for r in style.records(comparison.operation):
        operation[r.operation][r.row] = r.mean
    for name, o in about["operations"].items() if not said else ():
        countries = operation.get(name, {}).get("countries", len(o["countries"]))
        said.append(
            f"{plural(o['officers'], 'officer')} in {plural(countries, 'country', 'countries')} for "
            f"{plural(o['days'], 'day')}"
        )
    for name, p in about["policies"].items():
        said.append(
            f"policy '{name}' {'for ' + plural(p['days'], 'day') if p.get('days') else 'to the end of the run'}"
        )
    return "; ".join(said) if said else "two worlds that differ in their parameters"


@dataclass(frozen=True)
class Card:
    """One figure to remember, with both intervals (no ``runs`` of what is read off the mean course), or why none."""

    value: str
    words: str
    runs: str = ""
    known: str = ""
    why: str = ""

    @property
    def below(self) -> list[str]:
        """What stands under the figure: its intervals, or why there are none."""
        if self.why:
            return [self.why]
        if not self.runs:
            return [f"mean course; known to: {self.known}"]
        return [f"90\u202f% of runs: {self.runs}", f"mean known to: {self.known}"]


def cards(comparison: Comparison) -> list[Card]:
    """Crossings, displacement, recovery, deaths, exploitation, cost."""
    c = comparison
    return [
        _card(
            words.change(c, "treated_crossings_lost", "during and after", -1.0),
            "crossings on the treated legs, during and after",
            "%",
        ),
        _card(c.effect("displacement_spatial"), "cohort's crossings lost there that moved to other legs", "of 100"),
        _card(c.effect("days_to_recover", "arrivals"), "after the end until arrivals are back at 95\u202f%", "days"),
        _card(c.effect("deaths_change", "during and after"), "deaths, during and after, with minus without", ""),
        _card(
            c.effect("exploited_person_days_change", "to the end"),
            "person-days of exploitation to the end, with minus without",
            "",
        ),
        _card(
            c.effect("officer_days_per_prevented_crossing"),
            "officer-days per crossing prevented on whatever leg, during and after",
            "cost",
        ),
    ]


def _card(row: dict[str, Any], about: str, kind: str) -> Card:
    if row["mean"] != row["mean"]:
        return Card("–", about, why=f"not identified: {row['note'].split(';')[0]}")
    if words.unmoved(row):
        return Card("0", about, why="none in any run" if kind == "of 100" else "no change in any run")
    share, signed = kind == "%", kind in ("%", "")
    values = [row[k] * (100 if kind == "of 100" else 1) for k in ("mean", "run_low", "run_high", "low", "high")]
    value = {
        "%": percent(row["mean"], signed=True),
        "of 100": f"{round(values[0])} of 100",
        "days": plural(values[0], "day"),
        "": number(values[0], signed=True),
        "cost": number(values[0]),
    }[kind]
    if row["low"] != row["low"]:
        return Card(value, about, why="one run: no interval" if row["replicates"] < 2 else "no interval")
    runs = span(values[1], values[2], share, signed) if values[1] == values[1] else "–"
    runs = "" if is_of_mean_course(row) else runs
    known = style.days(*values[3:]) if kind == "days" else span(values[3], values[4], share, signed)
    return Card(value, about, runs, known)


def sentences(comparison: Comparison) -> list[tuple[str, str]]:
    """A word and a sentence each: disrupted, for how long, where it went, who paid, the cost."""
    return [
        ("What was disrupted.", _disrupted(comparison)),
        ("For how long.", timelines.title(comparison) + "."),
        ("Where it went.", _went(comparison)),
        ("Who paid.", _paid(comparison)),
        ("What it cost.", _cost(comparison)),
    ]


def _disrupted(comparison: Comparison) -> str:
    parts = []
    for effect, word in (
        ("arrivals_lost", "arrivals"),
        ("departures_lost", "departures"),
        ("recruits_lost", "recruitment"),
    ):
        row = words.change(comparison, effect, "during and after", -1.0)
        if words.sure(row):
            parts.append(f"{word} {percent(row['mean'], signed=True)}{ranges(row, share=True)}")
    if not parts:
        return "Neither arrivals nor departures nor recruitment can be told from those of the world without."
    return f"During and after, against the same world without: {style.listed(parts)}."


def _went(comparison: Comparison) -> str:
    if not timelines.others_matter(comparison):
        gone = balance.told(comparison)
        gone = f" Net, {gone}." if gone else ""
        return f"{timelines.no_others(comparison)}{gone} {fates.title(comparison)}."
    moved, stopped = comparison.effect("displacement_spatial"), comparison.effect("stopped")
    if moved["status"] != "ok":
        said = f"The share of the loss that moved to other legs is not identified ({moved['note']})."
        return f"{said} {fates.title(comparison)}."
    return (
        f"Of 100 crossings lost on treated legs, {round(100 * moved['mean'])} moved to other legs net of the reverse"
        f"{ranges(moved, signed=False, factor=100.0)}, and {round(100 * stopped['mean'])} were not made. "
        f"{fates.title(comparison)}."
    )


def _paid(comparison: Comparison) -> str:
    parts = []
    for effect, word in (("deaths_change", "deaths"), ("exploited_person_days_change", "person-days of exploitation")):
        row = comparison.effect(effect)
        if row["mean"] != row["mean"]:
            continue
        if words.unmoved(row):
            parts.append(f"no change of {word} in any run")
            continue
        parts.append(f"{number(row['mean'], signed=True)} {word}{ranges(row)}")
    fee = comparison.effect("mean_fee_change", "during and after")
    if words.sure(fee):
        index = comparison.effect("fee_index_change", "during and after")
        parts.append(
            f"mean fees {percent(fee['mean'], signed=True)} ({interval(fee['low'], fee['high'], True, True)}, "
            f"bootstrap), on the same legs {percent(index['mean'], signed=True)} "
            f"({interval(index['low'], index['high'], True, True)})"
        )
    return f"{'; '.join(parts)}.".capitalize() if parts else "Nothing can be told of who paid."


def _cost(comparison: Comparison) -> str:
    spent, row = comparison.effect("officer_days"), comparison.effect("officer_days_per_prevented_crossing")
    said = f"{count(spent['mean'])} officer-days"
    if row["mean"] != row["mean"]:
        return f"{said}; officer-days per crossing prevented are not identified ({row['note']})."
    runs = f" (90\u202f% of runs: {span(row['run_low'], row['run_high'])})" if row["run_low"] == row["run_low"] else ""
    return f"{said}, or {number(row['mean'])} for each crossing prevented on whatever leg{runs}."


def scale(comparison: Comparison) -> str:
    """Which part of an interval is due to one agent standing for several people."""
    ppa = whole(comparison.provenance["scenario"]["persons_per_agent"])
    due = comparison.cohort.get("part_of_interval_due_to_scale")
    if due is None:
        return f"One agent stands for {ppa} people; what part of an interval is due to that is not known."
    return (
        f"One agent stands for {ppa} {'person' if ppa == '1' else 'people'}: that accounts for about "
        f"{percent(due)} of the "
        "variance between runs in the loss of the cohort on treated legs (its direct part, a lower bound)."
    )
