"""Runs made of plain arrays, on the classroom's world, for tests with known answers."""

from __future__ import annotations

import numpy as np

from waterbed.engine import world as w
from waterbed.engine.records import dtype
from waterbed.engine.run import OTHER_WAYS, PEOPLE, Run
from waterbed.network import load_world
from waterbed.scenario.scenario import Scenario

ROUTES = ["West", "Central", "East", OTHER_WAYS]


def scenario(**more) -> Scenario:
    """A run of 900 days on the classroom, with an operation on days 400 to 411."""
    surge = {"start": 400, "days": 12, "officers": 50, "target": {"routes": ["Central"]}}
    given = {"name": "synthetic", "network": "classroom", "days": 900, "operations": {"surge": surge}}
    return Scenario.model_validate(given | more)


def leg(name: str) -> int:
    return load_world("classroom").network.leg_names.index(name)


CENTRAL, WEST, EAST = (leg(n) for n in ("Midport > Harbour", "Westport > Isle", "Eastport > Bridge"))


def people(n: int, **columns) -> np.ndarray:
    """People born on day 400 who never left, but for what is given."""
    out = np.zeros(n, PEOPLE)
    out["ordinal"] = np.arange(n)
    out["birth"] = 400
    out["fate"] = 8
    for name in ("fate_route", "crossing_leg", "channel"):
        out[name] = -1
    for name, values in columns.items():
        out[name] = values
    return out


def crossed(out: np.ndarray, rows, leg_row: int, route: str, day=450) -> np.ndarray:
    """Let some people have crossed a leg."""
    number = ROUTES.index(route)
    for name, value in (("fate", 1), ("crossing_leg", leg_row), ("fate_route", number), ("crossing_day", day)):
        out[name][rows] = value
    return out


def run(s: Scenario, born: np.ndarray | None = None, seed: int = 0, officer_days: int = 0) -> Run:
    """A run in which nothing is counted yet; its arrays may be filled in place."""
    tables = load_world(s.network)
    legs, places = len(tables.network.legs), len(tables.network.places)
    countries = list(dict.fromkeys(tables.network.places["country"]))
    operations = {
        name: dict.fromkeys(("arrests", "victims_protected", "irregular_migrants_detected", "investigations_opened"), 3)
        | {"officers": op.officers, "countries": 11, "officer_days": officer_days}
        for name, op in s.operations.items()
    }
    return Run(
        s, seed, tables, np.zeros((s.days, legs, 6), np.int32), np.zeros((s.days, len(w.TOTALS)), np.int64),
        np.zeros((s.days, places, len(w.PLACE_COUNTS)), np.int32),
        np.zeros((s.days, len(countries), len(w.COUNTRY_COUNTS)), np.int32),
        np.zeros((s.days, 1, len(w.NETWORK_COUNTS)), np.int64),
        np.zeros((s.days, 2, len(w.CHANNEL_COUNTS)), np.int32), np.ones(s.days), np.zeros(s.days),
        np.zeros((s.days, legs), np.float32), np.zeros((s.days, legs), np.float32),
        np.zeros((s.days, 1), np.float32), operations,
        people(0) if born is None else born,
        np.zeros(0, dtype(w.EVENT)),
        list(ROUTES), countries, ["net"], "test",
    )  # fmt: skip


def pair(s: Scenario | None = None, x: np.ndarray | None = None, y: np.ndarray | None = None, seed: int = 0):
    """A treated run and its twin."""
    s = scenario() if s is None else s
    return run(s, x, seed), run(s.untreated(), y, seed)
