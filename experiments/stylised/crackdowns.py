"""Facts about crackdowns: how they bite, fade, and what stays when they are over."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from eight_patterns import START, Terms, change, legs, on_legs, pressing, surge, total
from scratch import scratch

from waterbed.engine.run import Run
from waterbed.engine.world import CROSSINGS, DEPARTURES
from waterbed.network import load_world
from waterbed.network.csv_pair import write_world

from .fact import CENTRAL, YEAR, Lab


def _crossed(x: Run, y: Run, first: int, last: int, *routes: str) -> tuple[float, float]:
    rows = legs(x, *routes)
    return change(*(on_legs(r, rows, first, last, CROSSINGS) for r in (x, y)))


def hysteresis(lab: Lab, seed: int) -> Terms:
    """11: twenty officers at Central from day 360 on, after a year of a hundred or after a year of none."""
    then = pressing(20, routes=["Central"]) | {"start": START + YEAR, "days": YEAR}
    before = pressing(100, routes=["Central"]) | {"days": YEAR}
    x, y = lab.run(seed, before, then), lab.run(seed, then)
    return {
        "crossings, days 1-180 of the same dose": _crossed(x, y, YEAR, YEAR + 180, "Central"),
        "crossings, days 181-360": _crossed(x, y, YEAR + 180, 2 * YEAR, "Central"),
    }


def short(lab: Lab, seed: int) -> Terms:
    """12: 200 officers at Central for 12 days; arrivals of those who crossed there."""
    x, y = lab.run(seed, surge(200)), lab.run(seed)
    rows = legs(x, "Central")

    def arrived(first: int, last: int) -> tuple[float, float]:
        sums = []
        for run in (x, y):
            people = run.people[run.people["arrived"] & np.isin(run.people["crossing_leg"], rows)]
            day = people["arrival_day"] - START
            sums.append(float(((day >= first) & (day < last)).sum()))
        return change(*sums)

    return {"1-45 days after": arrived(12, 57), "136-180 days after": arrived(147, 192)}


@cache
def registering() -> str:
    """Classroom without seasons, at whose sea most of those found are registered and let on.

    Shares as on the Central Mediterranean legs of the bundled liberterra world.
    """
    world = load_world("classroom")
    legs_ = world.network.legs.assign(season="")
    sea = legs_["mode"] == "sea"
    there = load_world("liberterra").network.legs
    sample = there[there["route"] == "Central Mediterranean"].iloc[0]
    for column in ("detection", "turned_back", "returned"):
        legs_.loc[sea, column] = float(sample[column])
    folder = scratch("registering")
    write_world(replace(world, network=replace(world.network, legs=legs_)), folder)
    return folder


def constant_dose(lab: Lab, seed: int) -> Terms:
    """13: 200 officers at Central for a year, made public."""
    world = {"network": registering()}
    x, y = lab.run(seed, surge(200) | {"days": YEAR}, **world), lab.run(seed, **world)
    rows = legs(x, "Central")
    early, late = (change(*(on_legs(r, rows, a, b, DEPARTURES) for r in (x, y))) for a, b in ((30, 90), (180, YEAR)))
    all_early, all_late = (change(*(total(r, "arrivals", a, b) for r in (x, y))) for a, b in ((60, 120), (210, YEAR)))
    return {
        "departures, days 31-90": early, "departures, days 181-360": late,
        "departures, late less early": (*late, *early), "all arrivals, late less early": (*all_late, *all_early),
    }  # fmt: skip


def fading_displacement(lab: Lab, seed: int) -> Terms:
    """14: the same crackdown as in 12; crossings on the other routes."""
    x, y = lab.run(seed, surge(200)), lab.run(seed)
    return {
        "other routes, days 1-57": _crossed(x, y, 0, 57, "West", "East"),
        "other routes, 91-180 days after": _crossed(x, y, 102, 192, "West", "East"),
    }


def fall_and_rebound(lab: Lab, seed: int) -> Terms:
    """18: 400 officers at Central, made public, who stay for four years or leave after one."""
    days = {"days": START + 4 * YEAR}
    control = pressing(400, routes=["Central"]) | {"announced": True}
    y = lab.run(seed, **days)
    stays = lab.run(seed, control | {"days": 4 * YEAR}, **days)
    lifted = lab.run(seed, control | {"days": YEAR}, **days)
    return {
        "control stays: third month": _crossed(stays, y, 60, 90, "Central"),
        "control stays: second year": _crossed(stays, y, YEAR, 2 * YEAR, "Central"),
        "control stays: fourth year": _crossed(stays, y, 3 * YEAR, 4 * YEAR, "Central"),
        "lifted: 3-8 weeks after": _crossed(lifted, y, YEAR + 14, YEAR + 56, "Central"),
    }


def closing_and_opening(lab: Lab, seed: int) -> Terms:
    """24: one of Central's two legs is open; that one closes, or the other opens. Both legs in both parts."""
    lost = gained = base = 0.0
    for shut, leg in (CENTRAL, CENTRAL[::-1]):
        before = {"start": 0, "closes": [shut]}
        worlds = [
            {"before": before},
            {"before": before, "closing": {"start": START, "closes": [leg]}},
            {"before": before | {"days": START}},
        ]
        now, closed, opened = (total(lab.run(seed, policies=p), "arrivals", 0, 720) for p in worlds)
        lost, gained, base = lost + now - closed, gained + opened - now, base + now
    spans = ((START, 0), (0, START), (0, 0))
    again = [{"shut": {"start": start, "days": days, "closes": CENTRAL}} for start, days in spans]
    open_, closing, opening, shut_ = (total(lab.run(seed, policies=p), "arrivals", 0, 360) for p in ({}, *again))
    return {
        "arrivals lost by closing": (lost, base), "arrivals won by opening": (gained, base),
        "lost, less won": (lost - gained, base),
        "both legs, lost by closing less won by reopening": ((open_ - closing) - (opening - shut_), open_),
    }  # fmt: skip
