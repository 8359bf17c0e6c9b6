"""The parameters of how people, groups and police behave, by the mechanism they belong to."""

from __future__ import annotations

from .parameter import JUDGEMENT, PROTOTYPE, TUNED, Flag, Int, Real, Section, parameter


class Choice(Section):
    """Choice of the way: a recursive logit (Fosgerau, Frejinger & Karlström 2013)."""

    scale: Real = parameter(
        400.0, unit="USD", low=50, high=5000, plausible=(200, 1600), source=PROTOTYPE,
        meaning="Scale of the logit: a way cheaper by this much is e times as likely.",
    )
    cost_floor: Real = parameter(
        150.0, unit="USD", low=10, high=5000, plausible=(100, 300), source=PROTOTYPE,
        meaning="Least generalised cost of a leg; keeps the fixed point's spectral radius below 1.",
    )
    time_value: Real = parameter(
        20.0, unit="USD/day", low=0, high=1000, plausible=(5, 60), source=PROTOTYPE,
        meaning="What a day on the way costs a migrant, unless the class says otherwise.",
    )
    aversion: Real = parameter(
        1.0, unit="1", low=0, high=20, plausible=(0.3, 3), source=PROTOTYPE,
        meaning="Weight of expected losses (being stopped, dying), unless the class says otherwise.",
    )
    loss_stopped: Real = parameter(
        2000.0, unit="USD", low=0, high=1e6, plausible=(500, 8000), source=PROTOTYPE,
        meaning="Loss of being turned back or returned.",
    )
    loss_death: Real = parameter(
        40000.0, unit="USD", low=0, high=1e8, plausible=(10000, 200000), source=PROTOTYPE,
        meaning="Loss that a migrant attaches to death, as revealed by the ways chosen.",
    )
    own_way_weight: Real = parameter(
        0.1, unit="1", low=0, high=0.9, plausible=(0.0, 0.4),
        source="Europol-INTERPOL 2016: over 90 % of migrants to the EU use facilitation",
        meaning="Weight of going without a smuggler (road and desert); open networks share the rest.",
    )
    own_way_factor: Real = parameter(
        1.5, unit="1", low=1, high=10, plausible=(1, 3), source=JUDGEMENT,
        meaning="Days and risk of death on one's own way, over those with a smuggler.",
    )
    season_weight: Real = parameter(
        0.5, unit="1", low=0, high=2, plausible=(0, 1), source=JUDGEMENT,
        meaning="Weight of the log season factor in a leg's utility.",
    )
    planning_days: Int = parameter(
        7, unit="day", low=1, high=60, plausible=(1, 30), source=JUDGEMENT,
        meaning="Days between two solutions of the choice tables (also after openings and closings).",
    )


class Migration(Section):
    """Prospects, conversion, waiting, retrying, money."""

    push_slope: Real = parameter(
        2.0, unit="1", low=0, high=20, plausible=(0.5, 4), source=PROTOTYPE,
        meaning="Slope of the conversion logit in push, centred at 0.5.",
    )
    intercept: Real = parameter(
        -1.0, unit="1", low=-10, high=10, plausible=(-2, 0), source=PROTOTYPE,
        meaning="Conversion logit of a person contacted in person at push 0.5 and baseline ways.",
    )
    value_slope: Real = parameter(
        0.6, unit="1", low=0, high=3, plausible=(0, 3), source=PROTOTYPE,
        meaning="Slope of the conversion logit in the value of leaving, against its baseline.",
    )
    online_trust: Real = parameter(
        -0.8, unit="1", low=-10, high=10, plausible=(-2, 0), source=PROTOTYPE,
        meaning="Change of the conversion logit for an online contact.",
    )
    unpaid_slope: Real = parameter(
        1.0, unit="1", low=0, high=10, plausible=(0, 3), source=PROTOTYPE,
        meaning="Fall of the conversion logit when nothing of the expected fee can be paid.",
    )
    push_elasticity: Real = parameter(
        2.0, unit="1", low=0, high=10, plausible=(1, 3), source="rule of the trial world: prospects ~ push squared",
        meaning="Elasticity of the number of prospects to push, when a policy lowers push.",
    )
    budget: Real = parameter(
        2500.0, unit="USD", low=0, high=1e6, plausible=(500, 8000),
        source="UNODC 2018: mean fee of a journey 2,200-2,800 USD",
        meaning="Median of what a person can pay at the start.",
    )
    budget_sigma: Real = parameter(
        0.7, unit="1", low=0, high=3, plausible=(0.3, 1.2), source=JUDGEMENT,
        meaning="Standard deviation of the logarithm of budgets.",
    )
    lapse_days: Real = parameter(
        45.0, unit="day", low=1, high=3650, plausible=(20, 120), source=PROTOTYPE,
        meaning="Mean days (exponential) until a prospect gives up considering to leave.",
    )
    wait_days: Real = parameter(
        2.0, unit="day", low=0, high=365, plausible=(1, 30), source=PROTOTYPE,
        meaning="Mean days (exponential) of rest at a place before the next choice.",
    )
    stay_days: Real = parameter(
        4.0, unit="day", low=0, high=365, plausible=(1, 30), source=PROTOTYPE,
        meaning="Mean days (exponential) staged at a hub before departure.",
    )
    patience_days: Int = parameter(
        30, unit="day", low=1, high=365, plausible=(7, 90), source=PROTOTYPE,
        meaning="Days after which one who is not admitted chooses among all legs again.",
    )
    stranded_days: Int = parameter(
        30, unit="day", low=1, high=365, plausible=(7, 90), source=PROTOTYPE,
        meaning="Days without any way after which a person is stranded.",
    )
    pause_days: Real = parameter(
        20.0, unit="day", low=0, high=365, plausible=(5, 90),
        source="R&R waiting 10 of 100 units a year (36 d), range 5-90 d; prototype 20 d",
        meaning="Mean days (exponential) of pause after being turned back or returned.",
    )
    retry: Real = parameter(
        0.7, unit="probability", low=0, high=1, plausible=(0.3, 0.95), source=JUDGEMENT,
        meaning="Probability that one who was turned back or returned tries again.",
    )
    detained_days: Real = parameter(
        30.0, unit="day", low=1, high=3650, plausible=(5, 180), source=JUDGEMENT,
        meaning="Mean days (exponential) of detention after a raid, then return to the origin.",
    )


class Recruiting(Section):
    """Recruiters: how many, how they reach people, and how they choose their channel."""

    per_daily_birth: Real = parameter(
        2.0, unit="recruiter per person/day", low=0, high=50, plausible=(0.5, 8), source=PROTOTYPE,
        meaning="Recruiters at an origin for each person a day who begins to consider leaving there.",
    )
    reach_in_person: Real = parameter(
        1.0, unit="contact/day", low=0, high=100, plausible=(0.3, 3), source=PROTOTYPE,
        meaning="Contacts a day of an in-person recruiter, over the stock of prospects at its place.",
    )
    reach_online: Real = parameter(
        1.6, unit="contact/day", low=0, high=100, plausible=(0.5, 5), source=PROTOTYPE,
        meaning="Contacts a day of an online recruiter, over the stock of prospects of its region.",
    )
    stock_days: Real = parameter(
        60.0, unit="day", low=1, high=3650, plausible=(30, 120), source=PROTOTYPE,
        meaning="Days of baseline births that count as the stock of prospects in reach.",
    )
    online_share: Real = parameter(
        0.3, unit="share", low=0, high=1, plausible=(0.1, 0.7), source=JUDGEMENT,
        meaning="Share of recruiters who start online, before the burn-in.",
    )
    deceptive_share: Real = parameter(
        0.05, unit="share", low=0, high=1, plausible=(0.01, 0.2), source=JUDGEMENT,
        meaning="Share of recruiters who deceive and lead people to exploitation.",
    )
    commission: Real = parameter(
        100.0, unit="USD/recruit", low=0, high=1e5, plausible=(50, 500), source=JUDGEMENT,
        meaning="What a recruiter earns for a recruit.",
    )
    channel_days: Int = parameter(
        30, unit="day", low=1, high=3650, plausible=(14, 90), source=PROTOTYPE,
        meaning="Days between two choices of channel.",
    )
    channel_scale: Real = parameter(
        400.0, unit="USD", low=1, high=1e5, plausible=(100, 1600), source=PROTOTYPE,
        meaning="Scale of the logit by which a recruiter chooses its channel.",
    )
    online_setup: Real = parameter(
        200.0, unit="USD", low=-1e5, high=1e5, plausible=(0, 800), source=JUDGEMENT,
        meaning="Cost of working online for one choice of channel, against in person.",
    )
    loss_arrest: Real = parameter(
        3000.0, unit="USD", low=0, high=1e7, plausible=(1000, 20000), source=PROTOTYPE,
        meaning="Loss that a recruiter attaches to arrest.",
    )
    replaced_days: Real = parameter(
        14.0, unit="day", low=0, high=3650, plausible=(0, 180), source=PROTOTYPE,
        meaning="Mean days (exponential) until an arrested recruiter is replaced.",
    )
    heat_per_recruit: Real = parameter(
        0.02, unit="1/person", low=0, high=10, plausible=(0, 0.1), source=PROTOTYPE,
        meaning="Heat that a recruit (one person) adds to its recruiter.",
    )
    lie_low_heat: Real = parameter(
        1.0, unit="1", low=0.01, high=100, plausible=(0.5, 2), source=JUDGEMENT,
        meaning="Heat above which a recruiter lies low, until half of it is left.",
    )


class Hubs(Section):
    """Hubs: heat, lying low, raids, capacity, fees, dormant legs, exploitation."""

    heat_half_life: Real = parameter(
        30.0, unit="day", low=1, high=3650, plausible=(14, 90), source=JUDGEMENT,
        meaning="Half-life of heat.",
    )
    heat_floor: Real = parameter(
        0.05, unit="1", low=0, high=1, plausible=(0.01, 0.2), source=JUDGEMENT,
        meaning="Least heat: what police know of a hub or recruiter that keeps quiet.",
    )
    heat_per_arrest: Real = parameter(
        3.0, unit="person", low=0, high=1000, plausible=(1, 10), source=JUDGEMENT,
        meaning="Heat of an arrest, in stopped people, before division by capacity.",
    )
    heat_per_raid: Real = parameter(
        20.0, unit="person", low=0, high=10000, plausible=(5, 60), source=JUDGEMENT,
        meaning="Heat of a raid, in stopped people, before division by capacity.",
    )
    lie_low_heat: Real = parameter(
        1.0, unit="1", low=0.01, high=100, plausible=(0.5, 2), source=JUDGEMENT,
        meaning="Heat above which a hub lies low.",
    )
    reopen_heat: Real = parameter(
        0.3, unit="1", low=0, high=100, plausible=(0.1, 0.6), source=JUDGEMENT,
        meaning="Heat below which a hub may reopen.",
    )
    reopen_rate: Real = parameter(
        0.05, unit="1/day", low=0, high=10, plausible=(0.02, 0.2), source=JUDGEMENT,
        meaning="Rate of reopening when all linked hubs are open; 5 % of it when none is.",
    )
    linked_days: Int = parameter(
        90, unit="day", low=1, high=3650, plausible=(30, 180), source=JUDGEMENT,
        meaning="Hubs that exchanged people within these days are linked.",
    )
    relocate_days: Int = parameter(
        60, unit="day", low=1, high=3650, plausible=(30, 180), source=PROTOTYPE,
        meaning="Days after a raid at which a hub that is still hot moves to the best place nearby.",
    )
    capacity_factor: Real = parameter(
        4.0, unit="1", low=0.1, high=1000, plausible=(2, 10), source=PROTOTYPE,
        meaning="Capacity over the expected number of people staged at baseline.",
    )
    capacity_step: Real = parameter(
        0.05, unit="1/month", low=0, high=1, plausible=(0, 0.2), source=JUDGEMENT,
        meaning="Monthly growth of capacity over 90 % full, and shrinkage below half.",
    )
    route_growth: Real = parameter(
        0.08, unit="1/month", low=0, high=1, plausible=(0, 0.15),
        source="judgement; Mediterranean trial, Libya 2017: 26 % displaced in two years, observed 21 %",
        meaning="Monthly growth of a route's attractiveness while a year's demand exceeds 1.2 times what births and "
        "what it has learnt already let expect.",
    )
    route_growth_most: Real = parameter(
        5.0, unit="1", low=1, high=100, plausible=(1, 10), source=JUDGEMENT,
        meaning="Most that the attractiveness of a route can grow.",
    )
    markup_fill: Real = parameter(
        0.3, unit="1", low=0, high=10, plausible=(0, 1), source=JUDGEMENT,
        meaning="Markup on fees of a full hub (from 80 % on).",
    )
    markup_heat: Real = parameter(
        0.1, unit="1", low=0, high=10, plausible=(0, 0.5), source=JUDGEMENT,
        meaning="Markup on fees per unit of heat.",
    )
    markup_belief: Real = parameter(
        0.6, unit="1", low=0, high=10, plausible=(0.3, 1.2),
        source="Gathmann 2008: enforcement tripled, fees +17 %",
        meaning="Markup on fees per unit of believed probability of being stopped.",
    )
    opening_factor: Real = parameter(
        2.5, unit="1", low=0, high=100, plausible=(2, 3), source=JUDGEMENT,
        meaning="Cost of opening a dormant leg over 180 days of its expected baseline profit.",
    )
    raid_held: Real = parameter(
        0.3, unit="share", low=0, high=1, plausible=(0, 0.9), source=PROTOTYPE,
        meaning="Share of the people staged at a raided hub who are detained.",
    )
    raid_arrests: Real = parameter(
        0.1, unit="probability", low=0, high=1, plausible=(0.05, 0.5),
        source="MADTOR scenarios: share arrested in a raid 0.05-0.10",
        meaning="Probability that a recruiter of a raided hub's network at its place is arrested.",
    )
    exploited_days: Real = parameter(
        180.0, unit="day", low=1, high=36500, plausible=(30, 720), source=JUDGEMENT,
        meaning="Mean days (exponential) for which an exploitation hub holds a person.",
    )
    exploited_risk: Real = parameter(
        0.1, unit="probability", low=0, high=1, plausible=(0.02, 0.4), source=JUDGEMENT,
        meaning="Probability that one fully vulnerable person is taken by an open exploitation hub "
        "at a place of exploitation demand 1; the deceived are always at risk.",
    )
    pyramid: Real = parameter(
        0.1, unit="share", low=0, high=1, plausible=(0, 0.4), source=JUDGEMENT,
        meaning="Share of the exploited who are pressed into recruiting at their origin.",
    )
    rescued: Real = parameter(
        0.8, unit="probability", low=0, high=1, plausible=(0.3, 1), source=JUDGEMENT,
        meaning="Probability that a person held at a raided exploitation hub is protected.",
    )


class Learning(Section):
    """What networks believe of the danger of a leg, and how they learn it."""

    rate: Real = parameter(
        0.36, unit="1", low=0, high=1, plausible=(0.2, 0.5), source="NarcoLogic (GA range 0.20-0.50)",
        meaning="Weight of a day's experience in a network's belief, for many people carried.",
    )
    half_experience: Real = parameter(
        10.0, unit="person", low=0, high=1e6, plausible=(5, 80), source=TUNED,
        meaning="People carried at which a day's experience has half its weight.",
    )
    rumour: Real = parameter(
        0.02, unit="1/day", low=0, high=1, plausible=(0, 0.1), source=PROTOTYPE,
        meaning="Daily mixing of a network's belief with the mean of all networks on the leg.",
    )
    drift_half_life: Real = parameter(
        60.0, unit="day", low=1, high=36500, plausible=(30, 365), source=TUNED,
        meaning="Half-life with which the belief of an unused leg drifts back to its prior.",
    )


class Police(Section):
    """Search, raids, arrests and investigations of every unit, standing or of an operation."""

    patrol_days: Int = parameter(
        7, unit="day", low=1, high=3650, plausible=(1, 30), source=JUDGEMENT,
        meaning="Days a unit stays at its post.",
    )
    strategy: str = parameter(
        "random", unit="", meaning="How standing units choose posts: static, random, hotspot, "
        "intelligence, interdiction, or the name of a plug-in.",
    )
    raid_rate: Real = parameter(
        1e-4, unit="1/(officer day)", low=0, high=1, plausible=(3e-5, 1e-3), source=PROTOTYPE,
        meaning="Daily rate at which an officer at its place raids a hub of heat 1.",
    )
    arrest_rate: Real = parameter(
        3e-4, unit="1/(officer day)", low=0, high=1, plausible=(1e-4, 3e-3), source=PROTOTYPE,
        meaning="Daily rate at which an officer in reach arrests a recruiter of heat 1.",
    )
    lead_weight: Real = parameter(
        1.0, unit="1", low=0, high=100, plausible=(0.3, 3), source=JUDGEMENT,
        meaning="What a lead adds to heat in the rates of raids and arrests.",
    )
    swamped: Real = parameter(
        0.0, unit="person/officer", low=0, high=1e4, plausible=(0, 50), source=JUDGEMENT,
        meaning="People a day on a leg at which an officer searches half as well; 0: never swamped.",
    )
    danger: Real = parameter(
        0.0, unit="1", low=0, high=10, plausible=(0, 1), source=JUDGEMENT,
        meaning="Growth of the log risk of death per unit of officers over search width; 0: none.",
    )
    identification: Real = parameter(
        0.05, unit="probability", low=0, high=1, plausible=(0.01, 0.3), source=JUDGEMENT,
        meaning="Probability that a detected person who is deceived or exploited is recognised.",
    )
    investigation: Real = parameter(
        0.3, unit="probability", low=0, high=1, plausible=(0.1, 0.6), source=PROTOTYPE,
        meaning="Probability that an arrest, a raid or a protected victim opens an investigation.",
    )
    investigation_days: Int = parameter(
        30, unit="day", low=1, high=3650, plausible=(7, 180), source=PROTOTYPE,
        meaning="Days until an investigation yields leads.",
    )
    linked_recruiters: Int = parameter(
        2, unit="recruiter", low=0, high=10000, plausible=(1, 6), source=JUDGEMENT,
        meaning="Recruiters of the same network and place whom an investigation yields leads on.",
    )
    lead_half_life: Real = parameter(
        90.0, unit="day", low=1, high=36500, plausible=(30, 365), source=JUDGEMENT,
        meaning="Half-life of a lead.",
    )
    cooperation: Real = parameter(
        0.2, unit="probability", low=0, high=1, plausible=(0, 0.6), source=PROTOTYPE,
        meaning="Probability that a lead is shared with another country, outside operations.",
    )


class World(Section):
    """Chance that lies outside everybody's reach."""

    weather_persistence: Real = parameter(
        0.9, unit="1", low=0, high=0.999, plausible=(0.7, 0.97), source=JUDGEMENT,
        meaning="Monthly persistence (AR(1)) of a class's log intensity.",
    )
    weather_sd: Real = parameter(
        0.25, unit="1", low=0, high=3, plausible=(0.05, 0.5), source=JUDGEMENT,
        meaning="Standard deviation of its monthly innovation.",
    )
    feedback: Flag = parameter(
        True, unit="",
        meaning="Whether capacity, beliefs, heat, growth and hubs react; without, nobody touches another.",
    )
