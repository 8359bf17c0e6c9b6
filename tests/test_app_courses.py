"""What the app is told by the engine: courses, fates and months, held against the records themselves."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from waterbed.agents import migrant
from waterbed.agents import states as s
from waterbed.app import protocol
from waterbed.app.courses import ENDED, Watch
from waterbed.app.lives import fate_flows, fates_now
from waterbed.app.worker import Pair
from waterbed.engine.records import Rows
from waterbed.engine.run import Simulation, simulate_pair
from waterbed.errors import InputError
from waterbed.scenario import Scenario

SHORT = {"days": 150, "burn_in": 60, "flow": 0.5, "compare.fate_days": 60, "operations.surge.start": 40}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.load("classroom").replace(SHORT)


def test_courses_say_where_everybody_was_on_every_day(scenario: Scenario) -> None:
    simulation = Simulation(scenario, 3)
    simulation.advance(90)
    watch, seen = Watch(simulation), []
    for day in range(90, 120):
        watch.step()
        world = simulation.world
        m = world.migrants[: int(world.state["born"][0])]
        seen.append((day, m["status"].copy(), m["place"].copy(), m["leg"].copy()))
    courses, legs = watch.courses(), simulation.world.legs
    told = 0
    for day, status, place, leg in seen:
        # Just after a person's own hour of the day, what has changed on it is told.
        for person in np.flatnonzero(~np.isin(status, (*ENDED, s.PROSPECT, s.UNBORN))):
            hour = 24 * (day - 90) + (person * 7919 + 3571) % 24
            mine = np.flatnonzero((courses.person == person) & (courses.start <= hour) & (hour < courses.end))
            assert len(mine) == 1, (day, person)
            k = mine[0]
            assert courses.state[k] == status[person]
            assert courses.origin[k] == place[person]
            goal = legs["head"][leg[person]] if status[person] == s.TRAVELLING else place[person]
            assert courses.goal[k] == goal
            told += 1
    assert told > 1000


def test_courses_of_a_person_follow_one_another(scenario: Scenario) -> None:
    simulation = Simulation(scenario, 3)
    simulation.advance(100)
    watch = Watch(simulation)
    for _ in range(30):
        watch.step()
    c = watch.courses()
    same = c.person[1:] == c.person[:-1]
    assert (c.end >= c.start).all()
    assert (c.end[:-1][same] == c.start[1:][same]).all()
    assert (np.diff(c.person) >= 0).all()


def test_fates_now_is_the_rule(scenario: Scenario) -> None:
    world = Simulation(scenario, 5).world
    m, past = world.migrants[:64].copy(), world.biographies[:64].copy()
    every = np.arange(64)
    m["status"], past["crossing_leg"], m["attempts"] = every % 16, every // 16 % 2 - 1, every // 32
    rows, lives = Rows(m), Rows(past)
    by_rule = [migrant.fate(rows[i], lives[i]) for i in range(len(m))]
    assert fates_now(m["status"], past["crossing_leg"], m["attempts"]).tolist() == by_rule
    assert set(by_rule) == set(range(len(s.FATES)))


def test_a_pair_by_months_is_the_pair_of_a_comparison(scenario: Scenario) -> None:
    pair = Pair(scenario, 7)
    for month in range(pair.months):
        pair.month(1, month)
    treated, untreated = simulate_pair(scenario, scenario.untreated(), 7)
    digests = [world.finish().digest for world in pair._worlds]
    assert digests == [untreated.digest, treated.digest]


def test_a_month_asked_for_again_is_the_same(scenario: Scenario) -> None:
    pair = Pair(scenario, 7)
    months = [pair.month(1, k)[0] for k in range(3)]
    assert pair.month(1, 1)[0] == months[1]
    assert Pair(scenario, 7).month(1, 2)[0] == months[2], "skipping months changes nothing"
    assert Pair(scenario, 8).month(1, 2)[0] != months[2]


def test_fates_hold_everybody_once(scenario: Scenario) -> None:
    pair = Pair(scenario, 2)
    _, fates = pair.month(1, 2)
    assert sum(n for _, _, n in fates["flows"]) == fates["people"] > 0
    born = pair._worlds[0].world.biographies["birth"] - scenario.burn_in
    assert fates["people"] == ((born >= fates["from"]) & (born < fates["day"])).sum()
    same = fate_flows(pair._worlds[0], pair._worlds[0].copy(scenario), -10)
    assert all(a == b for a, b, _ in same["flows"])


def test_a_binary_month_is_laid_out_as_said(scenario: Scenario) -> None:
    pair = Pair(scenario, 2)
    content, _ = pair.month(41, 1)
    magic, run, month, first, days, maps, n, k, length = struct.unpack_from("<9i", content)
    assert (magic, run, month, first, days) == (protocol.MAGIC, 41, 1, pair.first + 30, 30)
    assert (maps, length) == (2, len(content))
    at = 36
    person = np.frombuffer(content, "<u4", n, at)
    at += 4 * n
    assert (np.diff(person.astype(int)) > 0).all()
    for world in pair._worlds:
        m, c = struct.unpack_from("<2I", content, at)
        starts = np.frombuffer(content, "<u4", n + 1, at + 8)
        assert starts[0] == 0 and starts[-1] == m
        at += 8 + 4 * (n + 1) + 2 * (2 * m + 2 * m % 4) + 8 * m + (m + -m % 4) + 8 * c
        series = np.frombuffer(content, "<f4", k * days, at).reshape(k, days)
        arrivals = world.world.counts_total[pair.first + 30 : pair.first + 60, 3]
        assert series[2].tolist() == arrivals.tolist()
        at += 4 * k * days
    assert at == len(content)


@pytest.mark.parametrize("text, said", [
    ("", "json"), ("[]", "object"), ('{"type": "opne"}', "tag"), ('{"type": "month", "run": 1}', "month: field"),
    ('{"type": "month", "run": 1, "month": -1}', "month"), ('{"type": "month", "run": true, "month": 1}', "run"),
    ('{"type": "month", "run": 1, "month": 1, "also": 1}', "also"),
    ('{"type": "compare", "run": 1, "replicates": 1000000}', "replicates"),
    ('{"type": "open", "run": 1, "scenario": "classroom", "changes": {"flow": {"a": 1}}}', "flow"),
    ("x" * 70_000, "70,000 characters"),
])  # fmt: skip
def test_messages_that_are_none(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        protocol.read(text)
    assert said in str(caught.value).lower()
