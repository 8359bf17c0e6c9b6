"""Facts about fees, danger, seasons and swings from year to year."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from eight_patterns import START, Terms, change, legs, on_legs, pressing, total

from waterbed.engine.run import Run, simulate
from waterbed.engine.world import CROSSINGS, DEATHS, DEPARTURES
from waterbed.scenario.scenario import Scenario
from waterbed.validate.record import read

from .fact import ROUTES, Lab


def fees(lab: Lab, seed: int) -> Terms:
    """19: the shipped build-up of agents at the US-Mexico border, or the agents of each sector's leanest year."""
    scenario = Scenario.load("southwest").replace(dict(lab.changes))
    x, y = simulate(scenario, seed), simulate(scenario.untreated(), seed)
    border, last = legs(x), slice(scenario.days - 365, scenario.days)
    # The same basket in both: what is asked at each leg, by how many go there without the build-up.
    basket = y.legs[last][:, border, DEPARTURES].sum(axis=0)
    dearer = float((x.leg_fee[last][:, border].mean(axis=0) * basket).sum()
                   / (y.leg_fee[last][:, border].mean(axis=0) * basket).sum())  # fmt: skip
    record = read()
    years = (record.years >= 1993) & (record.years <= 2000)
    agents = record.agents[years]
    more = float(np.nansum(agents[-1]) / np.nansum(np.nanmin(agents, axis=0)))
    return {
        "agents, times": (more,), "fee": (dearer - 1.0,), "elasticity of the fee": (math.log(dearer), math.log(more)),
    }  # fmt: skip


def detours(lab: Lab, seed: int) -> Terms:
    """20: sixty officers at all borders for two years."""
    x, y = lab.run(seed, pressing(60, routes=ROUTES)), lab.run(seed)
    border, km = legs(x), x.world.network.legs["km"].to_numpy(float)

    def risk(run: Run) -> tuple[float, float]:
        return 1000 * on_legs(run, np.arange(len(km)), 90, 720, DEATHS), on_legs(run, border, 90, 720, CROSSINGS)

    def length(run: Run) -> tuple[float, float]:
        travelled = float(run.legs[START + 90 : START + 720, :, CROSSINGS].sum(axis=0) @ km)
        return travelled, total(run, "arrivals", 90, 720)

    return {
        "deaths per 1,000 crossings": (*risk(x), *risk(y)),
        "deaths": change(*(total(r, "deaths", 90, 720) for r in (x, y))),
        "km travelled per arrival": (*length(x), *length(y)),
    }


LATER = {"East": [(7, 12)], "Central": [(0, 2), (8.5, 12)], "West": [(10, 12)]}
"""Controls of the record's kind, in years from 2009: Italy and Libya 2009-10 and from mid-2017 on, the EU and Türkiye
from 2016 on, Spain and Morocco from 2019 on."""


def year_to_year(lab: Lab, seed: int) -> Terms:
    """27: twelve years, with controls at the dates of the record's; without them for comparison."""
    days = {"days": 12 * 365}
    controls = [
        pressing(400, routes=[route]) | {"announced": True, "start": round(365 * a), "days": round(365 * (b - a))}
        for route, spans in LATER.items() for a, b in spans
    ]  # fmt: skip
    x, y = lab.run(seed, *controls, **days), lab.run(seed, **days)
    date = pd.date_range(x.scenario.start_date, periods=len(x.legs))

    def volatility(run: Run) -> float:
        """Mean over routes of the standard deviation of yearly log changes; a year without anybody counts as one."""
        yearly = [run.legs[:, legs(run, r), CROSSINGS].sum(axis=1).reshape(12, 365).sum(axis=1) for r in ROUTES]
        return float(np.mean([np.diff(np.log(np.maximum(1, counts))).std(ddof=1) for counts in yearly]))

    by_month = pd.Series(y.legs[:, legs(y, "Central"), CROSSINGS].sum(axis=1)).groupby(date.month).mean()
    return {
        "Central: peak month over trough": (float(by_month.max()), float(by_month.min())),
        "volatility, with the record's controls": (volatility(x),), "volatility, without any": (volatility(y),),
    }  # fmt: skip
