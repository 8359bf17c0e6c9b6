"""What the operation did, in sentences; every number out of the tables of ``what_it_did.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from story_words import P, brief, estimate_words, moved, people, points, share, shown_regions, three, times

from waterbed.measures.operation import REPORTED_PER_VICTIM
from waterbed.report.style import listed, number, percent, plural, span, whole

type Tables = Mapping[str, pd.DataFrame]
PROFIT = "networks' profit"
SOON, YEAR, LONG = "during and 90 days after", "first year", "three years"


def did(tables: Tables, about: Mapping[str, Any]) -> list[str]:
    """What the operation did, in paragraphs."""
    worlds = tables["worlds"]
    return [_whole(worlds, about), _by_region(tables["regions"]), _by_route(tables["routes"]),
            _by_kind(tables["kinds"], worlds), _repeated(worlds), _small(worlds)]  # fmt: skip


def _at(worlds: pd.DataFrame) -> Any:
    return worlds.set_index(["world", "outcome", "window"])


def _whole(worlds: pd.DataFrame, about: Mapping[str, Any]) -> str:
    at = _at(worlds)

    def once(outcome: str, window: str) -> str:
        return moved(at.loc[("once", outcome, window)], "value")

    passes = at.loc[("once", "crossings", SOON), "value_high"] < 0 <= at.loc[("once", "crossings", LONG), "value_high"]
    return (
        f"In the mean of {plural(about['replicates'], 'pair')} of runs, crossings of the counted borders "
        f"{once('crossings', SOON)} during the operation and the 90 days after it. Over the first year they "
        f"{once('crossings', YEAR)}; over three years their number {once('crossings', LONG)}. Arrivals at a "
        f"destination {once('arrivals', SOON)} in the first months, and the networks' profit "
        f"{once(PROFIT, YEAR)} over the first year." + (" The operation is felt, and it passes." if passes else "")
    )


def reported(worlds: pd.DataFrame, published: Mapping[str, float]) -> str:
    """The operation's own figures in the model, beside what was published."""
    at = _at(worlds)

    def simulated(row: str) -> str:
        return whole(at.loc[("once", row, "operations"), "value"])

    told = [
        f"{simulated('arrests')} arrests for trafficking or smuggling "
        f"({whole(published['arrests_trafficking_smuggling'])} published, of {whole(published['arrests'])} arrests of "
        "all kinds, which are not in the model)",
        *(f"{simulated(row)} {name} ({whole(published[row])} published)" for row, name in (
            ("irregular_migrants_detected", "irregular migrants detected"), ("investigations_opened", "investigations"),
        )),
    ]  # fmt: skip
    return (
        f"The operation that is simulated makes, in the mean, {listed(told)}. As far as these are apart, what is "
        "said here is of an operation of that size and kind in the model, not of the one that took place. The "
        f"{simulated('victims_protected')} victims whom officers recognise or free in the model are those on the ways "
        f"of its corridors, before any reporting: about {REPORTED_PER_VICTIM} potential victims are reported for one "
        f"of them, so they are not to be held against the {whole(published['victims_protected'])} published."
    )


def _by_region(regions: pd.DataFrame) -> str:
    known = shown_regions(regions)
    fell = known[known["change_high"] < 0].sort_values("change")
    rose = known[known["change_low"] > 0].sort_values("change", ascending=False)
    said = [f"Journeys fell in {times(len(fell))} of {times(len(known))} regions of the world in those first months"]
    if len(fell):
        most = [f"{r['region']} ({brief(*three(r))})" for _, r in fell.head(3).iterrows()]
        said[0] += f", most in {listed(most)}"
    if len(rose):
        said.append("They rose in " + listed([f"{r['region']} ({share(*three(r))})" for _, r in rose.iterrows()]))
    dated = known[known["back"].notna()].sort_values("back")
    if len(dated):
        first, last = dated.iloc[0], dated.iloc[-1]
        said.append(
            f"Where a trough can be told from chance, in {times(len(dated))} regions, journeys were back at 95{P} of "
            f"the other world between {whole(first['back'])} days after the operation's end ({first['region']}) and "
            f"{whole(last['back'])} ({last['region']})"
        )
    year = fell[fell["year_high"] < 0].sort_values("year")
    said.append(
        f"Over the whole first year a fall can still be told in {times(len(year))} of the {times(len(fell))}"
        + (f", most in {year.iloc[0]['region']} ({brief(*three(year.iloc[0], 'year'))})" if len(year) else "")
    )
    return ". ".join(said) + "."


def _by_route(routes: pd.DataFrame) -> str:
    all_of = routes[routes["route"] == "all"].iloc[0]
    each = routes[(routes["route"] != "all") & routes["change"].notna()]
    fell, gained = each[each["change_high"] < 0].sort_values("change"), each[each["change_low"] > 0]
    net = float(each["moved"].clip(lower=0).sum())
    said = [
        "The same people live in both worlds, so it can be said what became of each. The number who crossed a "
        f"border within a year {moved(all_of)}. Of those who still did, {people(all_of, 'moved')} crossed by another "
        f"route than they would have, {percent(all_of['moved'] / all_of['people'])} of all who would have crossed; but "
        f"most of them in exchange: net of those who went the opposite way, about {number(net)} moved between routes"
    ]
    if len(fell):
        said.append("Fewer took " + listed([f"{r['route']} ({share(*three(r))})"
                                            for _, r in fell.iterrows()]))  # fmt: skip
    if len(gained):
        said.append("More took " + listed([f"{r['route']} ({share(*three(r))})"
                                           for _, r in gained.iterrows()]))  # fmt: skip
    into = each[each["moved_low"] > 0].sort_values("moved", ascending=False)
    out = each[each["moved_high"] < 0].sort_values("moved")
    if len(into):
        said.append("From other routes, net of those who went the opposite way, came "
                    + listed([f"{people(r, 'moved')} to {r['route']}" for _, r in into.iterrows()]))  # fmt: skip
    if len(out):
        said.append("To other routes, net, went "
                    + listed([f"{people(r, 'moved')} from {r['route']}" for _, r in out.iterrows()]))  # fmt: skip
    if not len(into) and not len(out):
        said.append("No route won or lost people to others by a number that can be told from zero")
    return ". ".join(said) + "."


def _by_kind(kinds: pd.DataFrame, worlds: pd.DataFrame) -> str:
    at = kinds.set_index(["group", "name", "window"])
    at_world = _at(worlds)

    def k(group: str, name: str, window: str = SOON) -> Any:
        return at.loc[(group, name, window)]

    share = k("recruits", "online share")
    way = "moved online" if share["change_low"] > 0 else "moved from online to in person" if share["change_high"] < 0 \
        else "kept its channels as far as can be told"  # fmt: skip
    arrests = [f"{whole(k('arrests', c)['without'])} to {whole(k('arrests', c)['with_it'])} {c}"
               for c in ("in person", "online")]  # fmt: skip
    return (
        f"Recruits won in person {moved(k('recruits', 'in person'))} in the first months, those won online "
        f"{moved(k('recruits', 'online'))}. The share won online, {percent(share['without'])} without, "
        f"{points(share)}: recruiting {way}. Arrests of recruiters went from {listed(arrests)}. People newly held in "
        f"exploitation {moved(k('victims by channel', 'in person'))} among those recruited in person, and among "
        f"those recruited online their number {moved(k('victims by channel', 'online'))}. Of the people followed for "
        f"a year, the number of the deceived who were exploited {moved(k('victims by kind', 'deceived', YEAR))}; "
        f"that of the indebted {moved(k('victims by kind', 'in debt', YEAR))}. Among those who crossed, the share of "
        f"the deceived and indebted {points(k('crossed', 'deceived or in debt', YEAR))}. Days of exploitation "
        f"{moved(at_world.loc[('once', 'exploited person-days', YEAR)], 'value')} in the first year; deaths "
        f"{moved(at_world.loc[('once', 'deaths', YEAR)], 'value')}."
    )


def _repeated(worlds: pd.DataFrame) -> str:
    at = _at(worlds)

    def n(outcome: str, window: str, world: str = "each November") -> str:
        return moved(at.loc[(world, outcome, window)], "value")

    per = at.loc[("each November", "crossings lost per 1,000 officer-days", LONG)]
    alone = at.loc[("once", "crossings lost per 1,000 officer-days", LONG)]
    return (
        f"Repeated each November, crossings {n('crossings', SOON)} in the months of the first operation, "
        f"{n('crossings', _nth('second'))} in those of the second and {n('crossings', _nth('third'))} in those of "
        f"the third, always against the world without any. Over three years crossings {n('crossings', LONG)}, days "
        f"of exploitation {n('exploited person-days', LONG)} and deaths {n('deaths', LONG)}. For 1\u202f000 "
        f"officer-days {estimate_words(*three(per, 'value'), False)} crossings less (90{P}: "
        f"{span(*three(per, 'value')[1:], signed=True)}), against {estimate_words(*three(alone, 'value'), False)} "
        f"(90{P}: {span(*three(alone, 'value')[1:], signed=True)}) for the operation done once."
    )


def _nth(which: str) -> str:
    return f"{which} year's operation and 90 days after"


def _small(worlds: pd.DataFrame) -> str:
    at = _at(worlds)

    def n(world: str, outcome: str, window: str) -> str:
        return moved(at.loc[(world, outcome, window)], "value")

    def arrests(world: str) -> str:
        return whole(at.loc[(world, "arrests", "operations"), "value"])

    few, all_of = "47 countries", "47 countries, all officers"
    gone = at.loc[(few, "displacement_spatial", YEAR)]
    elsewhere = (
        "a share that cannot be given" if gone["value"] != gone["value"] else
        f"{share(*three(gone, 'value'), plus=False)} "
        f"(90{P}: {span(*three(gone, 'value')[1:], share=True, signed=True)})"
    )  # fmt: skip
    return (
        "With the 47 countries of Liberterra I's size instead of 119, and as many officers in each, crossings "
        f"{n(few, 'crossings', SOON)} in the first months and {n(few, 'crossings', YEAR)} over the year, with "
        f"{arrests(few)} arrests instead of {arrests('once')}. With all officers sent to those 47 they "
        f"{n(all_of, 'crossings', SOON)} in the first months and {n(all_of, 'crossings', YEAR)} over the year "
        f"({arrests(all_of)} arrests). Of what borders of the 47 lost, {elsewhere} crossed elsewhere instead, net of "
        "those who did the reverse."
        + (" They are those with the largest flow over their borders, and little of it has another way."
           if gone["value_high"] < 0.1 else "")  # fmt: skip
    )
