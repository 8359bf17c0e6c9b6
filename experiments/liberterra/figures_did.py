"""Figures of what the operation did: by region, by route, channel and kind of victim, and by world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from story_figures import BARS, WIDTH, line, page_for, signed
from story_measures import operation_days
from story_runs import YEAR
from story_words import estimate_words, off_zero, share, shown_regions, three

from waterbed.report import dots, style
from waterbed.report.dots import Row
from waterbed.report.style import MARGIN, PAGE, count, listed, plural, span
from waterbed.scenario.scenario import Scenario

WORLD_NAMES = {
    "once": "119 countries, once", "each November": "119 countries, each November",
    "47 countries": "47 countries, as many officers each", "47 countries, all officers": "47 countries, all officers",
}  # fmt: skip
_COLOURS = dict(zip(WORLD_NAMES, (style.WITH, style.MORE, style.FEWER, style.ROUTES[3]), strict=True))


def regions_title(table: pd.DataFrame) -> str:
    """Where fewer journeys began, and where that cannot be told."""
    table = shown_regions(table)
    fell = table[table["change_high"] < 0]
    rose = table[table["change_low"] > 0]
    if fell.empty and rose.empty:
        return "In no region can a change of journeys be told from zero"
    parts = []
    if len(fell):
        most = fell.sort_values("change").iloc[0]
        where = f"{most['region']} ({share(*three(most))})"
        parts.append(f"fell in {len(fell)} of {len(table)} regions, most in {where}")
    if len(rose):
        parts.append(f"rose in {listed(list(rose['region']))}")
    return f"Journeys {' and '.join(parts)}"


def back_words(r: Any) -> str:
    """When a region's journeys were back."""
    if r.back == r.back:
        known = f" ({r.back_low:.0f} to {r.back_high:.0f})" if r.back_low == r.back_low == r.back_low else ""
        return f"{r.back:.0f} days{known}" if r.back_high == r.back_high else f"{r.back:.0f} days (open)"
    return "not in the run" if "not back" in str(r.back_note) else "–"


def draw_regions(table: pd.DataFrame, pairs: int) -> Any:
    """Change of the journeys that start in each region, and how long after the operation they were back."""
    rows = [line(r.region, r, last=back_words(r)) for r in style.records(shown_regions(table))]
    below = (
        f"{plural(pairs, 'pair')} of runs; regions (UN M49) with at least a thousandth of all journeys, by their "
        "flow. Back: days from the operation's end until the 7-day mean is at 95\u202f% of the other world, "
        f"90\u202f% interval; – where no trough of over 5\u202f% can be told from chance. {BARS}"
    )
    with style.context():
        fig, top = page_for(
            regions_title(table), "Journeys that start in the region, during the operation and 90 days after it: the "
            "world with the operation against the same world without.", dots.height(rows), below,
        )  # fmt: skip
        dots.group(fig, MARGIN, top, WIDTH, "Region", "per cent of the world without", rows, signed,
                   ("change", "90\u202f%", "back after"), layout=dots.Layout(0.2, 0.36))  # fmt: skip
    return fig


def routes_title(routes: pd.DataFrame) -> str:
    """How many no longer crossed, and by which routes."""
    whole = routes[routes["route"] == "all"].iloc[0]
    if not whole["change_high"] < 0:
        return "Over all routes a loss of crossings cannot be told from zero"
    each = routes[(routes["route"] != "all") & (routes["change_high"] < 0)].sort_values("change")
    fewer = [f"{r['route']} ({share(*three(r))})" for _, r in each.iterrows()]
    a, b = sorted(abs(end) for end in three(whole)[1:])
    return (
        f"Of people who would have crossed, {share(-whole['change'], a, b, plus=False)} fewer did; "
        + (f"fewer took {listed(fewer)}" if fewer else "of no single route can a loss be told from zero")
    )


def draw_routes(tables: dict[str, pd.DataFrame], pairs: int) -> Any:
    """Change by route, how much of it came from other routes, and by channel and kind of victim."""
    routes, kinds = tables["routes"], tables["kinds"]
    large = routes[(routes["route"] != "all") & (routes["people"] > 0.002 * routes["people"].max())]
    first = []
    for r in style.records(large):
        known = r.moved_low, r.moved_high
        first.append(line(r.route, r, last=f"{estimate_words(r.moved, *known)} ({span(*known, signed=True)})"))
    second = kind_rows(kinds)
    below = (
        f"{plural(pairs, 'pair')} of runs. Routes: people born from 180 days before the operation to a year after "
        "its start, by the first border leg that they completed; from other routes: came from there less went "
        "there, people. Recruits, arrests and victims: during the operation and 90 days after; kinds of victims: "
        f"the same people. {BARS}"
    )
    with style.context():
        body = dots.height(first) + 3 + dots.height(second)
        fig, top = page_for(
            routes_title(routes), "The same people in both worlds: with the operation against without.", body, below
        )  # fmt: skip
        top = dots.group(fig, MARGIN, top, WIDTH, "People by route", "per cent", first, signed,
                         ("change", "90\u202f%", "from other routes, net"), layout=dots.Layout(0.22, 0.3))  # fmt: skip
        dots.group(fig, MARGIN, top + 3, WIDTH, "Recruiting and victims", "per cent, or points", second, signed,
                   ("change", "90\u202f%"), layout=dots.Layout(0.42, 0.3))  # fmt: skip
    return fig


def kind_rows(kinds: pd.DataFrame) -> list[Row]:
    """Lines of the kinds that the figure shows."""
    names = {
        ("recruits", "in person"): "Recruits, in person", ("recruits", "online"): "Recruits, online",
        ("recruits", "online share"): "Share recruited online", ("arrests", "in person"): "Arrests, in person",
        ("arrests", "online"): "Arrests, online",
        ("victims by channel", "in person"): "Newly exploited, recruited in person",
        ("victims by channel", "online"): "Newly exploited, recruited online",
        ("victims by kind", "deceived"): "Exploited: deceived", ("victims by kind", "in debt"): "Exploited: in debt",
        ("crossed", "deceived or in debt"): "Deceived or in debt among those who crossed",
    }  # fmt: skip
    rows = []
    for (group, name), words in names.items():
        found = kinds[(kinds["group"] == group) & (kinds["name"] == name)].iloc[:1]
        # Arrests rise many times over, which would press all else flat: they are told, not drawn.
        for r in style.records(found):
            if group == "arrests":
                rows.append(Row(words, why=f"{count(r.without)} without, {count(r.with_it)} with"))
            else:
                rows.append(line(words, r, unit=r.unit))
    return rows


def worlds_title(table: pd.DataFrame) -> str:
    """What repeating does, and what 47 countries do beside 119."""
    at = table.set_index(["world", "outcome", "window"])
    rows = {name: at.loc[(world, "crossings", "three years")] for world, name in WORLD_NAMES.items()}
    told = [f"{name} {share(*three(r, 'value'))}" for name, r in rows.items() if off_zero(r, "value")]
    if not told:
        return "Over three years no way of running the operation changes crossings by what can be told from zero"
    rest = "; the others cannot be told from zero" if len(told) < len(rows) else ""
    return f"Crossings over three years: {'; '.join(told)}{rest}"


def draw_worlds(table: pd.DataFrame, lines: dict[str, np.ndarray], scenario: Scenario, pairs: int) -> Any:
    """Crossings of four worlds over time, and what each lost for what it took."""
    groups = [
        ("All counted crossings, three years", "crossings", "three years", "per cent of the world without", "share"),
        ("Days of exploitation, three years", "exploited person-days", "three years",
         "per cent of the world without", "share"),
        ("Crossings lost for 1,000 officer-days, three years", "crossings lost per 1,000 officer-days", "three years",
         "people", "people"),
    ]  # fmt: skip
    below = (
        f"{plural(pairs, 'pair')} of runs. Lines: crossings of counted border legs over those without, trailing mean "
        "of 28 days; bands: 90\u202f% bootstrap interval of that. 47 countries: those named publicly, and then "
        f"those of the largest border flow. {BARS}"
    )
    parts = []
    for name, outcome, window, unit, kind in groups:
        found = table[(table["outcome"] == outcome) & (table["window"] == window)]
        parts.append((name, unit, [line(WORLD_NAMES[r.world], r, "value", unit=kind) for r in style.records(found)]))
    with style.context():
        high = 62.0
        fig, top = page_for(
            worlds_title(table), "Crossings against those of the same world without any operation, per cent.",
            high + 12 + sum(dots.height(rows) + 2 for _, _, rows in parts), below,
        )  # fmt: skip
        _lines(style.axes(fig, 12, top, PAGE - 20, high), lines, scenario)
        top += high + 12
        for name, unit, rows in parts:
            top = dots.group(fig, MARGIN, top, WIDTH, name, unit, rows, signed, ("estimate", "90\u202f%"),
                             layout=dots.Layout(0.36, 0.36)) + 2  # fmt: skip
    return fig


def _lines(axes: Any, lines: dict[str, np.ndarray], scenario: Scenario) -> None:
    first, last = operation_days(scenario)
    days = np.arange(first - 30, first + 3 * YEAR)
    for i in range(3):
        axes.axvspan(first + YEAR * i, last + YEAR * i, color=style.OPERATION, lw=0, zorder=0)
    axes.axhline(0, color=style.INK, lw=0.8)
    for world, (mean, low, high) in lines.items():
        colour = _COLOURS[world]
        axes.fill_between(days, 100 * (low[days] - 1), 100 * (high[days] - 1), color=colour, alpha=0.13, lw=0)
        axes.plot(days, 100 * (mean[days] - 1), color=colour, lw=1.3)
    axes.set_xlim(days[0], days[-1])
    axes.set_xticks([first + YEAR * i for i in range(4)], ["start", "1 year", "2 years", "3 years"])
    axes.yaxis.set_major_formatter(lambda v, _: signed(round(v, 6)))
    _label_lines(axes, lines, first)


def _label_lines(axes: Any, lines: dict[str, np.ndarray], first: int) -> None:
    """Names beside a piece of their line, below all that is drawn."""
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.2 * (high - low), high)
    for i, world in enumerate(lines):
        y, x = low - (0.06 + 0.08 * (i % 2)) * (high - low), first + (0.2 + 0.95 * (i // 2)) * YEAR
        axes.plot([x - 30, x - 10], [y, y], color=_COLOURS[world], lw=2.0)
        axes.text(x, y, WORLD_NAMES[world], fontsize=7.2, va="center")
