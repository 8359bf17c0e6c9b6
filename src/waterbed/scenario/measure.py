"""What is done to the system: operations, which act through officers, and policies, which do not."""

from __future__ import annotations

from typing import Literal

from .parameter import JUDGEMENT, Flag, Int, Real, Section, Text, parameter


class Target(Section):
    """What an operation's officers are posted on; nothing named: everything in its countries."""

    legs: tuple[Text, ...] = parameter((), unit="", meaning="Legs, as 'Tail > Head'.")
    routes: tuple[Text, ...] = parameter((), unit="", meaning="All legs with these route labels.")
    hubs: tuple[Text, ...] = parameter((), unit="", meaning="Hubs by name ('Network @ Place') or place.")
    hub_rank: Literal["", "betweenness", "flow", "random"] = parameter(
        "", unit="", meaning="Or hubs by rank: flow-weighted betweenness, flow, or by lot."
    )
    hub_count: Int = parameter(
        1, unit="hub", low=1, high=100000, plausible=(1, 10), meaning="How many hubs by rank."
    )
    one_by_one: Int = parameter(
        0, unit="day", low=0, high=3650, meaning="Days between one hub and the next; 0: together."
    )
    recruiters: Flag = parameter(False, unit="", meaning="Recruiters who work in person.")
    online: Flag = parameter(False, unit="", meaning="Recruiters who work online.")


class Operation(Section):
    """A police operation. It acts through its officers: without any, nothing happens at all."""

    start: Int = parameter(360, unit="day", low=0, high=100000, meaning="First day.")
    days: Int = parameter(
        12, unit="day", low=1, high=100000, plausible=(4, 90), source="INTERPOL operations: 4-12 days",
        meaning="Duration.",
    )
    officers: Int = parameter(0, unit="officer", low=0, high=10_000_000, meaning="Officers who take part.",
                              plausible=(0, 20000))
    countries: tuple[Text, ...] = parameter(
        (), unit="", meaning="Countries that take part (ISO 3166-1 alpha-3); none named: all."
    )
    target: Target = Target()
    allocation: Literal["equal", "flow", "police"] = parameter(
        "equal", unit="", meaning="How officers are split over countries: equally, by flow, by police."
    )
    strategy: Text = parameter(
        "intelligence", unit="", meaning="How its units choose among the targets (see police.strategy)."
    )
    officers_per_unit: Int = parameter(
        10, unit="officer", low=1, high=100000, plausible=(5, 50), source=JUDGEMENT,
        meaning="Officers of one unit, who stand at one post together.",
    )
    redeployed: Flag = parameter(
        False, unit="", meaning="Officers are taken from the standing units' posts, not additional."
    )
    cooperation: Real = parameter(
        0.8, unit="probability", low=0, high=1, source=JUDGEMENT,
        meaning="Probability that a lead its units open is shared with each other taking country.",
    )
    announced: Flag = parameter(True, unit="", meaning="Whether it is made public on its first day.")
    announcement: Real = parameter(
        0.3, unit="1", low=0, high=1, plausible=(0, 0.6), source=JUDGEMENT,
        meaning="Rise of beliefs on the targets when public: belief + a c (1 - belief), where c = 1 - exp(-officers "
        "to be expected on the leg / its search width) makes it as credible as its officers are many.",
    )
    delayed_strike: Int = parameter(
        0, unit="day", low=0, high=100000, plausible=(0, 12),
        meaning="Day of the operation on which all cases built since its start end in arrests and "
        "raids together; 0: at once, case by case.",
    )
    identification: Real = parameter(
        0.0, unit="probability", low=0, high=1, plausible=(0, 0.5), source=JUDGEMENT,
        meaning="Added probability that the exploited are recognised, on its legs, while it lasts.",
    )
    search: Real = parameter(
        1.0, unit="1", low=0, high=100, plausible=(0.01, 3), source=JUDGEMENT,
        meaning="What an officer of it does in searching a leg, over an officer of a standing unit.",
    )
    arrests: Real = parameter(
        1.0, unit="1", low=0, high=100, plausible=(0.3, 10), source=JUDGEMENT,
        meaning="Rate at which an officer of it arrests recruiters, over police.arrest_rate.",
    )
    raids: Real = parameter(
        1.0, unit="1", low=0, high=100, plausible=(0.3, 10), source=JUDGEMENT,
        meaning="Rate at which an officer of it raids hubs, over police.raid_rate.",
    )
    investigations: Real = parameter(
        1.0, unit="1", low=0, high=100, plausible=(0.3, 3), source=JUDGEMENT,
        meaning="Probability that what it finds opens an investigation, over police.investigation; at most 1 in all.",
    )


class Policy(Section):
    """A lever that is not police."""

    start: Int = parameter(360, unit="day", low=0, high=100000, meaning="First day.")
    days: Int = parameter(0, unit="day", low=0, high=100000, meaning="Duration; 0: to the end.")
    countries: tuple[Text, ...] = parameter((), unit="", meaning="Where; none named: everywhere.")
    push: Real = parameter(
        0.0, unit="1", low=-1, high=0, plausible=(-0.3, 0), meaning="Change of push (root causes)."
    )
    campaign: Real = parameter(
        0.0, unit="share", low=0, high=1, plausible=(0, 0.5),
        meaning="Share of prospects whom an information campaign reaches: each is deceived by nobody "
        "and converts at a logit lower by 1.",
    )
    legal_pathways: Real = parameter(
        0.0, unit="share", low=0, high=1, plausible=(0, 0.2), meaning="Share of prospects who can leave legally."
    )
    online_monitoring: Real = parameter(
        0.0, unit="officer/country", low=0, high=1e6, plausible=(0, 200),
        meaning="Monitoring of platforms, in officers online per country.",
    )
    identification: Real = parameter(
        0.0, unit="probability", low=0, high=1, plausible=(0, 0.5),
        meaning="Added probability that a detected person who is deceived or exploited is recognised.",
    )
    closes: tuple[Text, ...] = parameter(
        (), unit="", meaning="Legs that are closed while it lasts ('Tail > Head'), as by a border closure."
    )
    cost: Real = parameter(
        0.0, unit="officer-day/day", low=0, high=1e9, plausible=(0, 10000), source=JUDGEMENT,
        meaning="What it costs, in officer-days a day, for comparisons at equal cost.",
    )
