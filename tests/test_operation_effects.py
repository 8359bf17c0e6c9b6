"""What an operation's officers do more or less of than standing ones: search, arrests, raids, investigations."""

from __future__ import annotations

import pytest

from waterbed.engine.run import Run, simulate
from waterbed.scenario.scenario import Scenario


def run(**effects: object) -> Run:
    """A month of classroom with an operation of 400 officers, who are not announced."""
    surge = {"start": 10, "days": 12, "officers": 400, "announced": False} | effects
    more = {f"operations.surge.{k}": v for k, v in surge.items()}
    plain = {"days": 40, "burn_in": 60, "compare.fate_days": 10, "police.arrest_rate": 0.02, "police.raid_rate": 0.02}
    return simulate(Scenario.load("classroom").replace(plain | {"operations.surge.target": {"routes": []}} | more), 3)


def made(one: Run) -> dict[str, int]:
    return one.operations["surge"]


def test_standing_officers_are_the_measure() -> None:
    assert run().digest == run(search=1.0, arrests=1.0, raids=1.0, investigations=1.0).digest


def test_officers_who_do_nothing_leave_the_world_as_it_was() -> None:
    idle, none = run(search=0.0, arrests=0.0, raids=0.0), run(officers=0)
    assert made(idle)["officer_days"] > 0
    assert {made(idle)[k] for k in ("arrests", "irregular_migrants_detected", "investigations_opened", "raids")} == {0}
    assert (idle.legs == none.legs).all() and (idle.people == none.people).all()
    assert (idle.network_belief == none.network_belief).all()


def test_search_counts_as_so_many_more_officers() -> None:
    """Half the officers in as many units, each worth two, search alike: the same people are detected."""
    few = run(officers=200, officers_per_unit=5, search=2.0, arrests=0.0, raids=0.0)
    many = run(officers=400, officers_per_unit=10, search=1.0, arrests=0.0, raids=0.0)
    assert made(few)["irregular_migrants_detected"] == made(many)["irregular_migrants_detected"] > 0
    assert (few.legs == many.legs).all()


@pytest.mark.parametrize(("effect", "count"), [("arrests", "arrests"), ("raids", "raids")])
def test_a_higher_rate_makes_more(effect: str, count: str) -> None:
    others = {"arrests": 0.0, "raids": 0.0, "search": 0.0}
    found = [made(run(**others | {effect: value}))[count] for value in (0.0, 1.0, 5.0)]
    assert found[0] == 0 < found[1] < found[2]


def test_investigations_are_at_most_one_a_deed() -> None:
    all_of_them, none = made(run(investigations=50.0)), made(run(investigations=0.0))
    deeds = all_of_them["arrests"] + all_of_them["raids"] + all_of_them["victims_protected"]
    assert all_of_them["investigations_opened"] == deeds > made(run())["investigations_opened"] > 0
    assert none["investigations_opened"] == 0 and none["arrests"] > 0
