"""The experiments' answers, each a function from what its study found to sentences, a table and a figure.

To add an experiment, put its study beside this file and a function of its name into ``ANSWERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import evaluators
from told import Answer, Found, against, matched, of_arms, panels, said, tidy

from waterbed.report import style
from waterbed.report.studies.curves import response

WHERE = "operations"
DOSE, DAYS = "operations.surge.officers", "operations.surge.days"


def officers(found: Found) -> Answer:
    """Dose-response: diminishing returns."""
    doses, days = found.levels(DOSE), found.levels(DAYS)
    lost = {d: found.of("treated_crossings_lost", {DOSE: d, DAYS: 12}) for d in doses}
    each = {(a, b): (lost[b] - lost[a]) / (b - a) * 100 for a, b in pairwise(doses)}
    steps = list(each.values())
    fall = steps[0] - steps[-1]
    falling = sum((a - b).sign > 0 for a, b in pairwise(steps))
    half = matched(doses, [lost[d] for d in doses], lost[doses[-1]] * 0.5)
    same = {d: found.of("arrivals_lost", {DOSE: d, DAYS: n}) for d, n in ((400, 6), (200, 12), (100, 24))}
    moved = {d: found.of("displacement_spatial", {DOSE: d, DAYS: 12}) for d in (50, 200, 800)}
    lines = [
        f"In 12 days, {doses[1]} officers cost the treated route {said(lost[doses[1]])} of its crossings during and "
        f"in the 90 days after, 200 officers {said(lost[200])}, {doses[-1]} officers {said(lost[doses[-1]])}.",
        f"A hundred officers more take {said(steps[0], 'points')} at the rate of the first {doses[1]}, and "
        f"{said(steps[-1], 'points')} from {doses[-2]} on: "
        f"{against(fall, 'returns diminish', 'returns grow', 'no change of returns can be told')}. Of "
        f"{len(steps) - 1} steps from one dose to the next, {falling} bring less a head than the one before, beyond "
        "their intervals.",
        f"Half of what {doses[-1]} officers take is taken by {said(half, 'officer')} officers.",
        f"The same 2,400 officer-days cost {said(same[400])} of arrivals as 400 officers for 6 days, {said(same[200])} "
        f"as 200 for 12, {said(same[100])} as 100 for 24; from the first to the last, the difference is "
        f"{said(same[100] - same[400], "points")}.",
        "Of the treated route's loss, " + ", ".join(f"{said(e)} under {d} officers" for d, e in moved.items())
        + " moved to other routes.",
    ]  # fmt: skip
    effects = {"treated_crossings_lost": "Crossings lost, treated route", "arrivals_lost": "Arrivals lost, all routes"}
    summary = found.result.summary
    last = style.percent((lost[doses[-1]] - lost[doses[-2]]).value)
    title = f"The first {doses[1]} officers lose {style.percent(lost[doses[1]].value)} of crossings in 12 days, " \
            f"the last {doses[-1] - doses[-2]} only {last} more"  # fmt: skip
    figure, axes = panels(title, "Line: estimate. Band: its 90\u202f% interval over replicates, which share their "
                          "seeds at all points. Lines are named by days.", 2, right=12.0, gap=24.0)  # fmt: skip
    for panel, (effect, name) in zip(axes, effects.items(), strict=True):
        rows = summary[(summary["effect"] == effect) & (summary["key"] == "during and after")]
        response(panel, rows.assign(days=[f"{n} days" for n in rows[DAYS]]), DOSE, "days", "share")
        panel.set_xlabel("officers")
        panel.set_title(name, loc="left", fontsize=7.5)
    table = tidy({f"{d} officers, {n} days": {e: found.of(e, {DOSE: d, DAYS: n}) for e in (
        *effects, "displacement_spatial")} for n in days for d in doses}, "arm")  # fmt: skip
    return Answer(lines, table, figure)


def duration(found: Found) -> Answer:
    """Short and repeated against long."""
    lost, treated = (found.arms(e, WHERE) for e in ("arrivals_lost", "treated_crossings_lost"))
    moved = found.arms("displacement_spatial", WHERE)
    long, often, sharp, thin, quiet_long, quiet_often = lost
    better = lost[often] - lost[long]
    lines = [
        f"Over the same 450 days, {long} cost {said(lost[long])} of arrivals; {often}, 60 days apart, "
        f"{said(lost[often])}: {said(better, "points")}, so that short and repeated does "
        f"{against(better, 'more than long', 'less than long', 'what long does, as far as can be told')}.",
        f"On the treated route alone the two cost {said(treated[long])} and {said(treated[often])} of crossings "
        f"({said(treated[often] - treated[long], "points")}).",
        f"All at once, {sharp}, costs {said(lost[sharp])}, {said(lost[sharp] - lost[long], "points")} against long; "
        f"spread thin, {thin}, {said(lost[thin])}, {said(lost[thin] - lost[long], "points")}, and "
        f"{said(lost[thin] - lost[often], "points")} against repeated.",
        f"Where nothing is made public, the two cost {said(lost[quiet_long])} and {said(lost[quiet_often])}, "
        f"{said(lost[quiet_often] - lost[quiet_long], "points")}. Making it public adds "
        f"{said(lost[long] - lost[quiet_long], "points")} to long, which says it once, and "
        f"{said(lost[often] - lost[quiet_often], "points")} to repeated, which says it six times.",
        f"Of the loss on the treated route {said(moved[long])} moved elsewhere under long, and {said(moved[often])} "
        "under repeated.",
    ]
    table = tidy({a: {"arrivals_lost": lost[a], "treated_crossings_lost": treated[a],
                      "displacement_spatial": moved[a]} for a in lost}, "arm")  # fmt: skip
    word = against(better, "lose more arrivals than one long one", "lose fewer arrivals than one long one",
                   "cannot be told from one long one")  # fmt: skip
    figure = of_arms(f"7,200 officer-days: short, repeated operations {word}", table, list(lost),
                     [("arrivals_lost", "arrivals lost", "share"),
                      ("treated_crossings_lost", "crossings lost, treated route", "share"),
                      ("displacement_spatial", "of the loss, moved elsewhere", "share")])  # fmt: skip
    return Answer(lines, table, figure)


def coordination(found: Found) -> Answer:
    """Coordinated against scattered."""
    lost, recruits = (found.arms(e, WHERE) for e in ("arrivals_lost", "recruits_lost"))
    arms = list(lost)
    one, turn = arms[0], arms[-1]
    none, most = "eight countries, no leads shared", "eight countries, all leads shared"
    together, leads, at_once = lost[most] - lost[turn], lost[most] - lost[none], lost[none] - lost[turn]
    lines = [
        f"480 officers for 60 days in eight countries at once, all leads shared, cost {said(lost[most])} of arrivals; "
        f"the same officer-days, each country by itself in turn, {said(lost[turn])}. Coordination is worth "
        f"{said(together, "points")}, "
        f"{against(together, 'more than chance', 'a loss beyond chance', 'which chance alone may bring')}.",
        f"Of this, sharing leads brings {said(leads, "points")}, acting at one time {said(at_once, "points")}.",
        *(
            f"In {n} countries, sharing all leads instead of none brings "
            f"{said(lost[f'{n} countries, all leads shared'] - lost[f'{n} countries, no leads shared'], "points")}."
            for n in ("two", "four")
        ),
        f"All 480 officers in the one country with most hubs cost {said(lost[one])}, "
        f"{said(lost[one] - lost[most], "points")} against eight with all leads shared.",
        f"Recruits fell by {said(recruits[most])} in eight countries with leads, by {said(recruits[turn])} in turn, "
        f"by {said(recruits[one])} in one country.",
    ]
    table = tidy({a: {"arrivals_lost": lost[a], "recruits_lost": recruits[a]} for a in arms}, "arm")
    word = against(together, "lose more arrivals than the same scattered", "lose fewer arrivals than one after another",
                   "cannot be told from the same scattered")  # fmt: skip
    figure = of_arms(f"28,800 officer-days in eight countries at once, with leads shared, {word}", table, arms,
                     [("arrivals_lost", "arrivals lost", "share"),
                      ("recruits_lost", "recruits lost", "share")])  # fmt: skip
    return Answer(lines, table, figure)


def target(found: Found) -> Answer:
    """Legs, recruiters, online, hubs, brokers together against one by one."""
    effects = ("arrivals_lost", "recruits_lost", "deaths_change", "newly_exploited_change")
    by = {e: found.arms(e, WHERE) for e in effects}
    lost, deaths, harmed = by["arrivals_lost"], by["deaths_change"], by["newly_exploited_change"]
    ranked = sorted(lost, key=lambda a: -lost[a].value)
    first, second = lost[ranked[0]], lost[ranked[1]]
    at_once, in_turn = "ten brokers at once, 12 days", "ten brokers one by one"
    together = lost[at_once] - lost[in_turn]
    legs, public = "legs of the main route", "the same, made public"
    lines = [
        f"24,000 officer-days cost most arrivals when aimed at {ranked[0]}: {said(first)}. Next comes {ranked[1]} with "
        f"{said(second)}; from there to the first it is {said(first - second, "points")}. Last is {ranked[-1]} with "
        f"{said(lost[ranked[-1]])}.",
        f"Ten brokers at once cost {said(lost[at_once])}, one by one a month apart {said(lost[in_turn])}: together is "
        f"{against(together, 'more', 'less', 'not to be told from one by one')} ({said(together, "points")}).",
        f"On the legs of the main route, making it public adds {said(lost[public] - lost[legs], "points")} to "
        f"{said(lost[legs])}.",
        f"Recruits fell by {said(by['recruits_lost']['recruiters in person'])} where recruiters in person were the "
        f"target, by {said(by['recruits_lost']['recruiters online'])} online.",
        "Deaths changed by " + ", ".join(f"{said(deaths[a], 'person', True)} ({a})"
                                          for a in (legs, "recruiters in person", in_turn, "everything"))
        + ", in people a run.",
        "People newly exploited changed by "
        + ", ".join(f"{said(harmed[a], 'person', True)} ({a})" for a in (legs, "recruiters in person")) + ".",
    ]  # fmt: skip
    table = tidy({a: {e: by[e][a] for e in effects} for a in lost}, "arm")
    figure = of_arms(f"24,000 officer-days lose most arrivals when aimed at {ranked[0]}", table, list(lost),
                     [("arrivals_lost", "arrivals lost", "share"), ("recruits_lost", "recruits lost", "share"),
                      ("deaths_change", "deaths, people a run", "person")])  # fmt: skip
    return Answer(lines, table, figure)


def identification(found: Found) -> Answer:
    """Early identification, with and without officers."""
    factor, effects = "policies.early.identification", ("victims_protected_change", "exploited_person_days_change",
                                                        "newly_exploited_change", "arrivals_lost")  # fmt: skip
    rates = found.levels(factor)
    at = {(r, n): {e: found.of(e, {factor: r, DOSE: n}) for e in effects} for r in rates for n in (0, 200)}
    most = rates[-1]
    safe = {k: v["victims_protected_change"] for k, v in at.items()}
    days = {k: v["exploited_person_days_change"] for k, v in at.items()}
    early, late = safe[rates[1], 0] / rates[1] * 0.1, (safe[most, 0] - safe[rates[-2], 0]) / (most - rates[-2]) * 0.1
    both = safe[most, 200] - safe[most, 0] - safe[0.0, 200]
    averted = at[most, 0]["newly_exploited_change"] * -1 / safe[most, 0]
    lines = [
        f"A year in which {style.percent(most)} more of the deceived who are detected on their way are recognised "
        f"protects {said(safe[most, 0], 'person', True)} people a run more.",
        f"Newly exploited are {said(at[most, 0]['newly_exploited_change'], 'person', True)} people a run, and days of "
        f"exploitation {said(days[most, 0], 'person-day', True)}: of those protected, "
        f"{said(averted)} would have been exploited"
        + (", so that people protected are no measure of exploitation averted." if averted.high < 0.5 else "."),
        f"Ten points of recognition protect {said(early, 'person', True)} from none on, {said(late, 'person', True)} "
        f"at the end: {against(early - late, 'returns diminish', 'returns grow', 'no bend can be told')}.",
        f"90 days of 200 officers on a route alone change those protected by {said(safe[0.0, 200], 'person', True)}, "
        f"newly exploited by {said(at[0.0, 200]['newly_exploited_change'], 'person', True)}, and person-days of "
        f"exploitation by {said(days[0.0, 200], 'person-day', True)}.",
        f"Both together protect {said(safe[most, 200], 'person', True)}: {said(both, 'person', True)} against the sum "
        f"of either, "
        + against(both, "so officers help recognition", "so they stand in each other's way",
                  "so that no help of one to the other can be told") + ".",
        f"Recognition alone changes arrivals lost by {said(at[most, 0]['arrivals_lost'], "points")}: it protects "
        "people without closing ways.",
    ]  # fmt: skip
    title = f"Recognising half of the deceived who are detected protects {style.number(safe[most, 0].value)} people"
    table = tidy({f"{r:g}, {n} officers": at[r, n] for r, n in at}, "arm")
    figure, axes = panels(title, "Line: estimate. Band: its 90\u202f% interval over replicates. Lines are named by "
                          "officers.", 2, right=18.0, gap=30.0)  # fmt: skip
    names = ("People protected, change a run", "Person-days exploited, change a run")
    for panel, effect, name in zip(axes, effects[:2], names, strict=True):
        rows = found.result.summary
        rows = rows[rows["effect"] == effect].assign(of=lambda t: [f"{n} officers" for n in t[DOSE]])
        response(panel, rows, factor, "of", "person")
        panel.set_xlabel("added probability of being recognised")
        panel.set_title(name, loc="left", fontsize=7.5)
    return Answer(lines, table, figure)


def root_causes(found: Found) -> Answer:
    """Root causes against enforcement: the price at which they cost the same."""
    push = "policies.roots.push"
    doses, falls = found.levels(DOSE), found.levels(push)
    at = {(d, p): found.of("arrivals_lost", {DOSE: d, push: p}) for d in doses for p in falls}
    alone = [at[d, 0.0] for d in doses]
    price = {p: matched(doses, alone, at[0, p]) for p in falls[1:]}
    capped = {p: (e.drawn >= doses[-1]).mean() > 0.05 for p, e in price.items()}
    deaths = {k: found.of("deaths_change", {DOSE: k[0], push: k[1]}) for k in ((doses[-1], 0.0), (0, falls[-1]))}
    moved = {k: found.of("other_crossings_gained", {DOSE: k[0], push: k[1]}) for k in deaths}
    both = at[doses[-1], falls[-1]] - at[doses[-1], 0.0] - at[0, falls[-1]]
    lines = [
        "A year of officers on the main route costs, of arrivals over that year and 90 days: "
        + "; ".join(f"{d} officers {said(at[d, 0.0])}" for d in doses[1:]) + ".",
        "A year of lower push, everywhere, costs: "
        + "; ".join(f"lower by {abs(p):g} {said(at[0, p])}" for p in falls[1:]) + ".",
        "The two are worth the same where a day of lower push costs, in officer-days: "
        + "; ".join(
            f"lower by {abs(p):g} {'at least ' if capped[p] else ''}{said(price[p], 'officer')}" for p in falls[1:]
        ) + ". If it is cheaper, root causes are the better use of a budget; if it is dearer, officers are.",
        f"Officers move people: crossings of other routes change by {said(moved[doses[-1], 0.0], "points")} under "
        f"{doses[-1]} officers, by {said(moved[0, falls[-1]], "points")} under the greatest fall of push.",
        f"Deaths change by {said(deaths[doses[-1], 0.0], 'person', True)} people a run under {doses[-1]} officers, by "
        f"{said(deaths[0, falls[-1]], 'person', True)} under the greatest fall of push.",
        f"Both together cost {said(at[doses[-1], falls[-1]])}, {said(both, "points")} against the sum of either.",
    ]  # fmt: skip
    title = f"A fall of push by {abs(falls[-1]):g} loses as many arrivals as " \
            f"{style.number(price[falls[-1]].value)} officers on the main route"  # fmt: skip
    table = tidy({f"{d} officers, push {p:g}": {"arrivals_lost": e} for (d, p), e in at.items()}, "arm")
    figure, axes = panels(title, "Arrivals lost over the year and 90 days. Line: estimate. Band: its 90\u202f% "
                          "interval over replicates.", 2)  # fmt: skip
    rows = found.result.summary
    rows = rows[(rows["effect"] == "arrivals_lost") & (rows["key"] == "during and after")]
    response(axes[0], rows[rows[push] == 0.0], DOSE, None, "share")
    axes[0].set_xlabel("officers on the main route, push as it is")
    response(axes[1], rows[rows[DOSE] == 0].assign(fall=lambda t: -t[push]), "fall", None, "share")
    axes[1].set_xlabel("fall of push everywhere, no officers")
    for panel in axes:
        panel.set_ylim(min(0.0, rows["low"].min()) * 1.05, max(e.high for e in at.values()) * 1.05)
    return Answer(lines, table, figure)


ANSWERS: dict[str, Callable[[Found], Answer]] = {
    "officers": officers, "duration": duration, "coordination": coordination, "target": target,
    "identification": identification, "root_causes": root_causes, "evaluator": evaluators.evaluator,
}  # fmt: skip
