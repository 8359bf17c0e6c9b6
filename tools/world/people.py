"""Who sets out, to where; the criminal groups and their hubs; the police."""

from __future__ import annotations

import math
from typing import Any

from .geography import between
from .network import DIRECT, Land
from .sources import Row, Sources, ends

type Out = dict[str, Any]

SETS_OUT = 0.2
"""Share of those who consider leaving that set out, where it has not been measured yet."""
REACH_KM = 2000.0
"""A criminal group does not spread further than this from its main place."""
_NEVER = 50_000
"""Constant in USD at which nobody takes a route."""
NAMED_IN_ALL = 40
"""Exploitation hubs by rule, beside those that public sources name."""
FORCE, COUNTRIES = 14_000, 119
"""Officers and countries of INTERPOL's Operation Liberterra III."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEASON = (0.36, 0.40, 0.54, 1.06, 1.53, 1.75, 1.56, 1.37, 1.23, 1.08, 0.61, 0.51)


def seasons_table() -> list[Out]:
    """seasons.csv."""
    source = "UNHCR Operational Data Portal, arrivals in Italy 2014-18 by month (sums, mean 1), CC BY 4.0"
    row = {"season": "mediterranean", **dict(zip(MONTHS, SEASON, strict=True))}
    return [row | {"source": source, "basis": "derived"}]


def prospects(facts: Land) -> dict[str, float]:
    """How many people of a country may want to leave: population^0.75 x push^2.

    With the population itself, India is a quarter of all.
    """
    return {c: facts.population[c] ** 0.75 * facts.push[c] ** 2 for c in facts.push}


def people_tables(sources: Sources, facts: Land) -> tuple[list[Out], list[Out], list[Out]]:
    """classes.csv, origins.csv and destinations.csv. ``low`` and ``high`` of a class bound its journeys a year."""
    weight = prospects(facts)
    sizes = {r["class"]: (float(r["journeys"]), float(r["sets_out"])) for r in sources["sizes"]}
    classes, origins, destinations = [], [], []
    for row in sources["corridors"]:
        name = row["class"]
        note = {"source": row["source"], "basis": row["basis"]}
        journeys, sets_out = sizes[name]
        classes.append({
            "class": name, "people_per_year": round(journeys / sets_out), "time_value": "", "aversion": "",
            "journeys": round(journeys), "low": row["low"], "high": row["high"],
            "source": f"{row['source']}; people are journeys a year over the {sets_out} who set out in the model",
            "basis": row["basis"],
        })  # fmt: skip
        goals = ends(row["destinations"])
        shares: dict[str, float] = {}
        for end in ends(row["origins"]):
            # Nobody sets out from a country where the class would have arrived already.
            if end in goals:
                continue
            mine = [end] if end in facts.place else _homes(sources, end)
            for place in mine:
                shares[place] = weight[facts.place[place]["country"]] / len(mine)
        total = math.fsum(shares.values())
        origins += [
            {"class": name, "place": place, "share": round(share / total, 12),
             "source": "World Bank and UN population, push by rule: population^0.75 * push^2, equal over places",
             "basis": "derived"} for place, share in shares.items()
        ]  # fmt: skip
        for end in goals:
            inside = [end] if end in facts.place else _goals(sources, end, row["absorbed_at"])
            destinations += [{"class": name, "place": p, "weight": 1, **note} for p in inside]
    return classes, origins, destinations


def _homes(sources: Sources, country: str) -> list[str]:
    return [
        r["name"] for r in sources["places"]
        if r["country"] == country and (r["capital"] == "true" or r["role"] == "origin")
    ]  # fmt: skip


def _goals(sources: Sources, country: str, absorbed_at: str) -> list[str]:
    everywhere = absorbed_at == "every place"
    return [
        r["name"] for r in sources["places"] if r["country"] == country and (r["capital"] == "true" or everywhere)
    ]  # fmt: skip


def stage(place: Row, push: dict[str, float]) -> str:
    """The stage of a journey at which a place lies; groups work within one stage (Campana 2018)."""
    if place["role"] in ("embarkation", "hub;embarkation"):
        return "embarkation"
    if place["role"] in ("transit", "hub"):
        return "transit"
    return "origin" if push[place["country"]] > 0.15 or place["role"] == "origin" else "destination"


def hubs_table(sources: Sources, legs: list[Out], demand: dict[str, float], facts: Land) -> list[Out]:
    """hubs.csv: one to three transit hubs at every place with a way on; exploitation where named, then by demand."""
    out: dict[str, int] = {}
    for leg in legs:
        out[leg["tail"]] = out.get(leg["tail"], 0) + 1
    alive = sorted((p for p in sources["places"] if p["name"] in out), key=lambda p: (-out[p["name"]], p["name"]))
    on_the_way = ("hub", "hub;embarkation", "embarkation", "transit")
    central = [p for p in alive if out[p["name"]] >= 9 or p["role"] in on_the_way]
    top = [p for p in alive if p["role"] in on_the_way[:3] or out[p["name"]] >= 14]
    pairs = [
        *_groups(alive, facts.push, 1, 4), *_groups(central[::-1], facts.push, 2, 3), *_groups(top, facts.push, 3, 3)
    ]  # fmt: skip
    note = {"capacity": "", "source": "by rule from legs and roles of the places; groups by stage (Campana 2018)",
            "basis": "judgement"}  # fmt: skip
    rows = [{"network": n, "place": p, "kind": "transit", **note} for n, p in pairs]
    first = {place: network for network, place in reversed(pairs)}
    held = {r["place"]: r for r in sources["exploitation"]}
    worst = sorted((p["name"] for p in alive if demand[p["name"]] >= 0.05), key=lambda n: (-demand[n], n))
    by_rule = [n for n in worst if n not in held][:NAMED_IN_ALL]
    for place in (*held, *by_rule):
        why = held.get(place, {"source": "by rule: the places of greatest demand", "basis": "judgement"})
        rows.append({"network": first[place], "place": place, "kind": "exploitation", "capacity": "",
                     "source": why["source"], "basis": why["basis"]})  # fmt: skip
    return rows


def _groups(places: list[Row], push: dict[str, float], turn: int, most: int) -> list[tuple[str, str]]:
    """Cluster places of one stage that lie near each other: (network, place) rows, each place once."""
    left = {p["name"]: p for p in places}
    rows: list[tuple[str, str]] = []
    for main in places:
        if main["name"] not in left:
            continue
        mine = stage(main, push)
        near = [p for p in left.values() if stage(p, push) == mine and between(main, p) <= REACH_KM]
        for place in sorted(near, key=lambda p: (between(main, p), p["name"]))[:most]:
            rows.append((f"{main['name']} group {turn}", place["name"]))
            del left[place["name"]]
    return rows


def police_table(sources: Sources, facts: Land) -> list[Out]:
    """police.csv: officers against smuggling, by the square root of the population.

    The scale is that of INTERPOL's operation: with 14,000 officers in 119 countries, a country of median rank among
    its 119 largest has 118. ``low`` and ``high`` are a third and three times that.
    """
    mine = [r["country"] for r in sources["countries"]]
    largest = sorted((math.sqrt(facts.population[c]) for c in mine), reverse=True)[:COUNTRIES]
    scale = FORCE / sum(largest)
    rows = []
    for code in mine:
        officers = max(5, round(scale * math.sqrt(facts.population[code])))
        rows.append({
            "country": code, "officers": officers, "units": 2 if officers < 100 else 3 if officers < 250 else 4,
            "low": round(officers / 3), "high": 3 * officers,
            "source": "14,000 officers over the 119 most populous countries by the square root of population (size of "
                      "the force: INTERPOL, Operation Liberterra III); range a third to three times",
            "basis": "judgement",
        })  # fmt: skip
    return rows


def constants_table(sources: Sources) -> list[Out]:
    """constants.csv: as fitted by ``python -m tools.world.fit``; and direct flights, which are for the classes they
    are named for, kept from all others.
    """
    source = "documents for a direct flight are for the classes that corridors.csv names one for; no other boards it"
    kept = [{"class": r["class"], "route": DIRECT, "constant": _NEVER, "source": source, "basis": "judgement"}
            for r in sources["corridors"] if not r["flight_to"]]  # fmt: skip
    return [dict(row) for row in sources["constants"]] + kept
