"""Who begins to consider leaving, where and when: drawn from the baseline, before any policy."""

from __future__ import annotations

import math

from . import generator as g
from .generator import exponential, normal, uniform, uniforms
from .rule import rule


@rule
def draw_weather(intensity, classes, par, persistence, sd):
    """Monthly intensity of each class, [class, month]: exp of a stationary AR(1), of mean 1."""
    spread = sd / math.sqrt(1.0 - persistence * persistence)
    for c in range(len(classes)):
        x = 0.0
        for month in range(intensity.shape[1]):
            a, b, u, v = uniforms(par, g.WEATHER, classes[c], month, 0, 0)
            x = spread * normal(a, b) if month == 0 else persistence * x + sd * normal(a, b)
            intensity[c, month] = math.exp(x - 0.5 * spread * spread)


@rule
def draw_births(days, groups, months, intensity, par, group_of, ordinal_of, day_of):
    """People by group, by cumulative hazard: the n-th is born when it passes the sum of n exponentials.

    Returns how many; with empty output arrays it only counts.
    """
    n = 0
    for i in range(len(groups)):
        group = groups[i]
        rate = group.rate / par.ppa
        total = 0.0
        ordinal = 0
        u0, u1, u2, u3 = uniforms(par, g.BIRTH, group.key, 0, 0, 0)
        mark = exponential(u0)
        for day in range(days):
            total += rate * intensity[group.class_, months[day]]
            while total > mark:
                if len(day_of) > 0:
                    group_of[n] = i
                    ordinal_of[n] = ordinal
                    day_of[n] = day
                n += 1
                ordinal += 1
                word = ordinal & 3
                if word == 0:
                    u0, u1, u2, u3 = uniforms(par, g.BIRTH, group.key, ordinal >> 2, 0, 0)
                u = u0 if word == 0 else (u1 if word == 1 else (u2 if word == 2 else u3))
                mark += exponential(u)
    return n


@rule
def draw_thresholds(world):
    """The first threshold of every hub's raid and recruiter's arrest, and recruiters' first choice of channel."""
    par = world.par[0]
    for i in range(len(world.hubs)):
        world.hubs[i].threshold = exponential(uniforms(par, g.RAID, world.hubs[i].key, 0, 0, 0)[0])
    for i in range(len(world.recruiters)):
        recruiter = world.recruiters[i]
        recruiter.threshold = exponential(uniforms(par, g.ARREST, recruiter.key, 0, 0, 0)[0])
        recruiter.due = int(uniform(par, g.TRADE, recruiter.key, 0, 1) * par.channel_days)
