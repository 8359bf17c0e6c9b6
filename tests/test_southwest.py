"""The bundled border of the United States and Mexico: its dose, and the same bits at both speeds."""

from __future__ import annotations

import csv
import math
from datetime import timedelta
from importlib.resources import files

import numpy as np
import pytest

from waterbed.engine.run import simulate
from waterbed.engine.world import DETECTIONS
from waterbed.network import load_world
from waterbed.scenario import Scenario
from waterbed.validate.record import KM, SECTORS, read


def test_every_row_of_the_record_has_source_and_basis() -> None:
    with (files("waterbed.validate") / "southwest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 460
    assert {row["basis"] for row in rows} == {"published"}
    assert all("US Government work" in row["source"] for row in rows)


@pytest.mark.parametrize("year", range(1993, 2001))
def test_the_dose_is_the_agents_of_each_year(year: int) -> None:
    """Own detection and that year's operation together find what the year's agents find."""
    scenario, world, record = Scenario.load("southwest"), load_world("southwest"), read()
    legs = world.network.legs.set_index("route")
    day = (scenario.start_date.replace(year=year - 1) - scenario.start_date).days + 100
    for k, (sector, km) in enumerate(zip(SECTORS, KM, strict=True)):
        leg = legs.loc[sector.title()]
        name = f"{leg['tail']} > {leg['head']}"
        more = [o for o in scenario.operations.values() if name in o.target.legs and o.start <= day < o.start + o.days]
        assert len(more) <= 1
        officers = sum(o.officers for o in more)
        agents = record.agents[list(record.years).index(year), k]
        width = leg["search_width"]
        found = 1 - (1 - leg["detection"]) * math.exp(-officers / width)
        assert found == pytest.approx(1 - math.exp(-agents / width), abs=2e-6)
        assert width / km == pytest.approx(legs.loc["Tucson", "search_width"] / KM[SECTORS.index("tucson")], rel=1e-3)


def test_operations_cover_whole_fiscal_years() -> None:
    scenario = Scenario.load("southwest")
    for name, operation in scenario.operations.items():
        first = scenario.start_date + timedelta(days=operation.start)
        last = scenario.start_date + timedelta(days=operation.start + operation.days)
        assert (first.month, first.day, last.month, last.day) == (10, 1, 10, 1)
        assert name.endswith(f"_{last.year}")


def test_same_bits_at_both_speeds_over_the_first_change_of_dose() -> None:
    scenario = Scenario.load("southwest")
    late = {f"operations.{name}": False for name, o in scenario.operations.items() if o.start > 365}
    moved = {f"operations.{name}.{k}": v for name, o in scenario.operations.items() if o.start == 365
             for k, v in (("start", 10), ("days", 20))}  # fmt: skip
    small = {"days": 40, "burn_in": 30, "persons_per_agent": 20000, "compare.fate_days": 20}
    short = scenario.replace(late).replace(moved | small)
    assert short.operations
    run = simulate(short, 1)
    assert run.digest == simulate(short, 1, compiled=False).digest
    assert run.legs[..., DETECTIONS].sum() > 0


def test_people_move_away_from_the_dose() -> None:
    """More agents in San Diego alone: fewer depart there, more elsewhere."""
    scenario = Scenario.load("southwest")
    none = {f"operations.{name}": False for name in scenario.operations if name != "san_diego_1994"}
    one = scenario.replace(none).replace(
        {"days": 400, "burn_in": 200, "hubs.route_growth": 0.0, "operations.san_diego_1994.start": 30,
         "operations.san_diego_1994.officers": 3000, "compare.fate_days": 200}
    )  # fmt: skip
    with_it, without = (simulate(s, 3).legs[120:, :, 0] for s in (one, one.untreated()))
    route = load_world("southwest").network.legs["route"].to_numpy()
    here, there = route == "San Diego", (route != "San Diego") & (route != "")
    assert with_it[:, here].sum() < 0.5 * without[:, here].sum()
    assert with_it[:, there].sum() > without[:, there].sum()
    assert np.isfinite(with_it).all()
