"""What a page is told of a scenario's world before its first month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.states import MIGRANT_STATES
from ..scenario import bundled
from ..scenario.measure import Operation, Policy
from . import marks
from .answers import QUESTIONS
from .settings import controls, usual_pairs

if TYPE_CHECKING:
    from ..network import WorldTables
    from ..scenario import Scenario

_MANY_PLACES = 40
"""A world of more places is of the Earth's size, and drawn on its land."""


def describe(scenario: Scenario, tables: WorldTables, name: str) -> dict[str, Any]:
    """Everything that is drawn and set, from tables alone: it needs no engine, so that a page shows soon."""
    places, legs, hubs = tables.network.places, tables.network.legs, tables.hubs
    number = {place: i for i, place in enumerate(places["name"])}
    # In the engine's order, which is by tail.
    order = np.argsort(np.array([number[tail] for tail in legs["tail"]]), kind="stable")
    rows = legs.iloc[order]
    measures = [
        {"name": name, "kind": kind, "start": m.start, "days": m.days or scenario.days - m.start, "on": _acts(m)}
        for kind, table in (("operation", scenario.operations), ("policy", scenario.policies))
        for name, m in table.items()
    ]
    return {
        "scenario": name, "name": scenario.name, "title": scenario.title, "scenarios": bundled(),
        "days": scenario.days, "burn_in": scenario.burn_in, "start_date": scenario.start_date.isoformat(),
        "persons_per_agent": scenario.persons_per_agent, "real": len(places) > _MANY_PLACES,
        "places": [
            [str(r.name), str(r.country), float(r.lat), float(r.lon), bool(r.name in set(tables.origins["place"])),
             bool(r.name in set(tables.destinations["place"]))]
            for r in places.itertuples(index=False)
        ],
        "legs": [
            [number[r.tail], number[r.head], str(r.mode), str(r.route or ""), bool(r.counted), bool(r.dormant)]
            for r in rows.itertuples(index=False)
        ],
        "hubs": [[str(r.network), number[r.place], str(r.kind)] for r in hubs.itertuples(index=False)],
        "countries": dict(zip(tables.countries["country"], tables.countries["name"], strict=True)),
        "measures": measures, "states": list(MIGRANT_STATES), "marks": list(marks.KINDS),
        "controls": controls(scenario, tables), "toml": scenario.to_toml(),
        "pairs": usual_pairs(scenario, tables),
        "questions": {name: {"question": q.question, "options": q.options} for name, q in QUESTIONS.items()},
    }  # fmt: skip


def _acts(measure: Operation | Policy) -> bool:
    """Whether it can change anything: an operation has officers, a policy some lever besides its days and its cost."""
    if isinstance(measure, Operation):
        return measure.officers > 0
    about = ("start", "days", "countries", "cost")
    return measure != Policy(**{name: getattr(measure, name) for name in about})


def land() -> list[list[list[float]]]:
    """The land of the Earth as rings of longitude and latitude, to a tenth of a degree."""
    from ..report.basemap import land as countries

    return [np.round(ring, 1).tolist() for _, rings in countries() for ring in rings]
