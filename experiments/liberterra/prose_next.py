"""What next, in sentences; every number out of the tables of ``what_next.py``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from story_words import (
    NOUNS,
    P,
    beyond,
    brief,
    estimate_words,
    floor,
    moved,
    off_zero,
    points,
    share,
    short,
    three,
    times,
)
from story_worlds import LEVERS, PLACEBO, REPEAT, WITHOUT

from waterbed.report.style import listed, number, percent, plural, span, whole

type Tables = Mapping[str, pd.DataFrame]


def next_(tables: Tables, about: Mapping[str, Any]) -> list[str]:
    """What next, in paragraphs."""
    at = tables["next"].set_index(["world", "years", "outcome"])
    return [_bought(tables["levers"]), _floor(at, about), _singles(at), _pairs(at), _moved_to(at),
            _order(tables["ranking"], tables["next"]), _prices(tables, at)]  # fmt: skip


def _bought(levers: pd.DataFrame) -> str:
    at = levers.set_index("lever")
    money = at.iloc[0]["officer_days_a_year"]

    def d(lever: str, column: str = "dose") -> float:
        return float(at.loc[lever, column])

    nothing = "which is next to nothing; " if d("root_causes") < 0.001 else ""
    return (
        f"The budget is what the operation took, {whole(money)} officer-days, again each year. At the central prices "
        f"of the cost table that buys {whole(d('investigate'))} officers who follow up its investigations all year "
        f"round, or {whole(d('collaborate'))} in joint teams that share their leads, or {number(d('monitor'))} "
        f"officers a country who watch platforms, or a probability of {number(d('identify'))} more that a detected "
        "person who is deceived or exploited is recognised. Spent on root causes as aid has worked so far, it "
        f"lowers the push to leave by {number(d('root_causes'), 1)} on a scale from 0 to 1, {nothing}at the most "
        f"hopeful price by {number(d('root_causes', 'dose_if_cheap'), 1)}."
    )


def _floor(at: Any, about: Mapping[str, Any]) -> str:
    def p(outcome: str) -> str:
        r = at.loc[(PLACEBO, 3, outcome)]
        return f"{span(r['change_low'], r['change_high'], share=True, signed=True)}"

    past = at.loc[(WITHOUT, 1, "crossings")]
    return (
        "Everything is held against doing nothing more after the operation, in "
        f"{plural(about['replicates'], 'pair')} of runs; without the operation, crossings of the year after it "
        f"{moved(past, rose='would have been higher')}. One more officer is the check on chance: over three years it "
        f"moves crossings somewhere in {p('crossings')}, days of exploitation in {p('exploited person-days')} and "
        f"deaths in {p('deaths')} (90{P}), since a small change anywhere shuffles who meets whom. Effects of that "
        "size are not effects."
    )


def lever_rows(table: pd.DataFrame) -> str:
    """Rows of a Markdown table: every single lever, three years on, and crossings after one."""
    at = table.set_index(["world", "years", "outcome"])
    outcomes = ("crossings", "exploited person-days", "deaths", "victims protected")
    columns = ((1, "crossings"), *((3, outcome) for outcome in outcomes))
    rows = []
    for lever in [*LEVERS, REPEAT, PLACEBO]:
        cells = []
        for years, outcome in columns:
            value, low, high = three(at.loc[(lever, years, outcome)])
            mark = "**" if beyond(at, lever, outcome, years) else ""
            cells.append(f"{mark}{share(value, low, high)}{mark} ({span(low, high, share=True, signed=True)})")
        rows.append(f"| {NOUNS[lever].capitalize()} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _singles(at: Any) -> str:
    said = []
    for outcome in ("crossings", "exploited person-days", "deaths"):
        found = pd.DataFrame([at.loc[(w, 3, outcome)] for w in [*LEVERS, REPEAT]], index=[*LEVERS, REPEAT])
        found = found[found["change"].abs() > floor(at, outcome)]
        lower = found[found["change_high"] < 0].sort_values("change")
        name = _plain(outcome)
        if len(lower):
            told = [f"{NOUNS[str(w)]} ({brief(*three(r))})" for w, r in lower.iterrows()]
            said.append(f"{name} are lowered by {listed(told)}")
        else:
            said.append(f"{name} are lowered by no lever in a way that can be told from zero")
        higher = found[found["change_low"] > 0]
        if len(higher):
            told = [f"{NOUNS[str(w)]} ({brief(*three(r))})" for w, r in higher.iterrows()]
            said[-1] += f", and raised by {listed(told)}"
    beyond = "as far as it can be told from zero and is more than one more officer's range"
    return f"Three years on, {beyond}: {'; '.join(said)}."


def _plain(outcome: str) -> str:
    return {"exploited person-days": "days of exploitation"}.get(outcome, outcome)


def _pairs(at: Any) -> str:
    worlds = [w for w in dict.fromkeys(at.index.get_level_values("world")) if " + " in w]
    said = []
    for outcome in ("crossings", "exploited person-days", "deaths"):
        found = pd.DataFrame([at.loc[(w, 3, outcome)] for w in worlds], index=worlds)
        found = found[found["change"].abs() > floor(at, outcome)]
        good = found[found["change_high"] < 0].sort_values("change")
        name = _plain(outcome)
        if len(good):
            best = good.iloc[0]
            said.append(f"{name} are lowered by {times(len(good))} of them, most by '{short(str(best.name)).lower()}' "
                        f"({brief(*three(best))})")  # fmt: skip
        else:
            said.append(f"{name} are lowered by none of them in a way that can be told from zero")
    better = [w for w in worlds if _beats_parts(at, w)]
    tail = (
        "By their estimates, pairs that lower crossings more than either of their parts given all the money: "
        f"{times(len(better)) if better else 'none'} of the {times(len(worlds))}"
    )
    return f"Of the {times(len(worlds))} pairs, half the money each, three years on: {'; '.join(said)}. {tail}."


def _beats_parts(at: Any, world: str) -> bool:
    parts = [at.loc[(w, 3, "crossings"), "change"] for w in world.split(" + ")]
    return bool(at.loc[(world, 3, "crossings"), "change"] < min(parts))


def _moved_to(at: Any) -> str:
    said, online = [], []
    for lever in [*LEVERS, REPEAT]:
        r, o = (at.loc[(lever, 3, x)] for x in ("displacement", "online share of recruits"))
        if beyond(at, lever, "crossings") and not math.isnan(r["change_low"]):
            value, low, high = (100 * v for v in three(r))
            said.append(f"{NOUNS[lever]} {estimate_words(value, low, high, False)} ({span(low, high)})")
        if beyond(at, lever, "online share of recruits"):
            online.append(f"under {NOUNS[lever]} it {points(o)}")
    none = "no lever moves the share of recruits won online by more than one more officer does"
    return (
        "Displacement, where crossings fall by more than one more officer's range: of 100 that the hardest-hit "
        "borders lose over three years, this many crossed another border instead, net of the reverse: "
        f"{listed(said) if said else 'no number can be given'}. As for channels, "
        f"{('the share of recruits won online: ' + listed(online)) if online else none}."
    )


def _order(ranking: pd.DataFrame, table: pd.DataFrame) -> str:
    said = []
    for outcome in dict.fromkeys(ranking["outcome"]):
        name = _plain(outcome)
        firsts = []
        for years in (1, 3):
            found = ranking[(ranking["outcome"] == outcome) & (ranking["years"] == years)]
            best = found.sort_values("first_both", ascending=False).iloc[0]
            firsts.append((NOUNS[best["lever"]], percent(best["first_both"])))
        (a, x), (b, y) = firsts
        if a == b:
            said.append(f"by {name}, {a} comes first most often, after one year ({x} of draws) and after three ({y})")
        else:
            said.append(f"by {name}, {a} comes first most often after one year ({x} of draws), {b} after three ({y})")
    return (
        "Which lever comes first, when both chance and prices are drawn from their ranges, depends on what is "
        f"counted and when: {'; '.join(said)}. A share of draws near one in {times(len(LEVERS) + 1)} is what pure "
        "ignorance would give."
    )


def _prices(tables: Tables, at: Any) -> str:
    ranking = tables["ranking"]
    three = ranking[(ranking["years"] == 3) & (ranking["outcome"] == "crossings")].set_index("lever")
    known = [lever for lever in (*LEVERS, REPEAT) if beyond(at, lever, "crossings")]
    by_price = three.loc[known].query("first_price > 0").sort_values("first_price", ascending=False)
    told = [f"{NOUNS[str(lever)]} ({percent(r['first_price'])})" for lever, r in by_price.iterrows()]
    first = (
        f"Prices alone, effects taken at their estimates, put first by crossings over three years: {listed(told)}."
        if told else
        "What prices alone put first by crossings over three years cannot be told: no lever lowers these by more "
        "than one more officer does."
    )  # fmt: skip
    cheap = [w for w in dict.fromkeys(at.index.get_level_values("world")) if w.endswith(" cheap")]
    parts = [f"{NOUNS[w.removesuffix(' cheap')]}: crossings {_at_floor(at, w, 'crossings')}, days of "
             f"exploitation {_at_floor(at, w, 'exploited person-days')}" for w in cheap]  # fmt: skip
    return f"{first} At the lowest price of its range, {'; '.join(parts)}."


def _at_floor(at: Any, world: str, outcome: str) -> str:
    """A change that is told if it is beyond the floor, and else that it is not."""
    r = at.loc[(world, 3, outcome)]
    if off_zero(r) and not beyond(at, world, outcome):
        _, low, high = three(r)
        return f"moved by no more than under one more officer (90{P}: {span(low, high, share=True, signed=True)})"
    return moved(r)
