"""A comparison through processes, and what it refuses."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from waterbed.agents.states import FATES
from waterbed.engine.run import OTHER_WAYS, simulate
from waterbed.errors import InputError
from waterbed.measures import Comparison, compare
from waterbed.measures.displacement import ELSEWHERE
from waterbed.measures.fates import cohort
from waterbed.measures.reading import Reading
from waterbed.measures.reduce import gather
from waterbed.measures.window import find_window
from waterbed.scenario.scenario import Scenario

SMALL = Scenario.load("classroom").replace(
    {"days": 120, "burn_in": 60, "flow": 0.3, "compare.fate_days": 40, "compare.lead_days": 20,
     "compare.after_days": 30, "operations.surge.start": 40}
)  # fmt: skip


@pytest.fixture(scope="module")
def alone() -> Comparison:
    return compare(SMALL, replicates=4, seed=9, workers=1)


class Shuffled(Executor):
    """Runs what is submitted last first, and breaks after as many as it is told."""

    def __init__(self, break_after: int = 10**6) -> None:
        self.waiting: list = []
        self.left = break_after

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        if self.left <= 0:
            future.set_exception(BrokenProcessPool("killed"))
        else:
            self.left -= 1
            future.set_result(fn(*args, **kwargs))
        self.waiting.append(future)
        random.Random(1).shuffle(self.waiting)
        return future


@pytest.mark.slow
def test_processes_give_the_same(alone):
    assert compare(SMALL, replicates=4, seed=9, workers=2).digest == alone.digest


def test_any_order_gives_the_same(alone):
    told = []
    found = compare(SMALL, replicates=4, seed=9, executor=Shuffled(), progress=lambda *a: told.append(a))
    assert found.digest == alone.digest
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_killed_worker_leaves_what_is_done():
    kept = compare(SMALL, replicates=4, seed=9, executor=Shuffled(break_after=2))
    assert kept.replicates == 3 and "killed" in kept.stopped and kept.provenance["interrupted"]
    with pytest.raises(RuntimeError, match="workers"):
        compare(SMALL, replicates=4, seed=9, executor=Shuffled(break_after=0))


def test_seeds_are_written_into_the_rows(alone):
    by_replicate = alone.runs.groupby("replicate")["seed"].unique()
    assert [int(seeds[0]) for seeds in by_replicate] == alone.provenance["seeds"]
    assert all(len(seeds) == 1 for seeds in by_replicate)


def test_it_knows_its_scenarios(alone):
    assert alone.scenario == SMALL and alone.against == SMALL.untreated()
    assert alone.effect("arrivals_lost")["key"] == "during and after"
    with pytest.raises(KeyError, match="no effect 'nothing'"):
        alone.effect("nothing")
    with pytest.raises(KeyError, match="no key 'never'"):
        alone.effect("arrivals_lost", "never")


def test_effects_have_the_columns_of_the_interface(alone):
    wanted = "effect key unit mean low high run_low run_high replicates status note".split()
    assert list(alone.effects)[: len(wanted)] == wanted
    names = set(alone.effects["effect"])
    for name in ("arrivals_lost", "displacement_spatial", "displacement_temporal", "displacement_tactical",
                 "displacement_target", "diffusion_of_benefits", "weighted_displacement_quotient", "trough_depth",
                 "trough_day", "days_to_recover", "deaths_per_1000_crossings", "exploited_person_days",
                 "victims_protected", "fees_paid", "officer_days_per_prevented_crossing", "network_efficiency_change",
                 "largest_component_change", "herfindahl_change", "centroid_shift", "before_after"):  # fmt: skip
        assert name in names
    ok = alone.effects[alone.effects["status"] == "ok"]
    assert ok[["mean", "low"]].notna().all(axis=None) and set(alone.effects["status"]) <= {"ok", "not identified"}
    assert (alone.effects.loc[alone.effects["status"] != "ok", "note"] != "").all()
    assert not alone.effects.duplicated(["effect", "key"]).any()


def test_where_all_counted_legs_are_treated_nothing_can_be_seen_to_move():
    every = ["Westport > Isle", "Midport > Harbour", "Newport > Harbour", "Newport > Bridge", "Eastport > Bridge"]
    found = compare(SMALL.replace({"compare.treated": every}), replicates=2, seed=9, workers=1).effects
    elsewhere = found[found["effect"].isin(ELSEWHERE)]
    assert set(elsewhere["effect"]) >= {"displacement_spatial", "stopped", "other_crossings_gained"}
    assert (elsewhere["status"] == "not identified").all() and elsewhere[["mean", "low", "high"]].isna().all(axis=None)
    assert elsewhere["note"].str.startswith("next to all counted crossings are on treated legs (5 of 5").all()
    assert (found.loc[found["effect"].isin(["treated_loss", "displacement_temporal"]), "status"] == "ok").all()


def test_fates_sum_to_the_cohort(alone):
    assert alone.fates["people"].sum() == pytest.approx(alone.cohort["people"])


def test_against_another_scenario():
    harder = SMALL.replace({"operations.surge.officers": 400})
    found = compare(harder, SMALL, replicates=2, seed=3, workers=1)
    assert found.against == SMALL
    assert found.sets["treated"] == ["Midport > Harbour", "Newport > Harbour"]
    assert found.effect("officer_days")["mean"] == 200 * 12


def test_geojson_is_valid(alone, tmp_path):
    alone.save(tmp_path / "out")
    shapes = json.loads((tmp_path / "out" / "legs.geojson").read_text())
    assert len(shapes["features"]) == 39
    first = shapes["features"][0]
    assert first["geometry"]["type"] == "LineString" and {"leg", "with", "without", "low"} <= set(first["properties"])


@pytest.mark.parametrize(
    ("change", "against", "message"),
    [
        ({}, "self", "nothing to compare"),
        ({}, {"persons_per_agent": 5}, "persons_per_agent: is 1 in classroom and 5"),
        ({}, {"network": "liberterra", "operations.surge": False}, "network: is 'classroom'"),
        ({"days": 59}, None, "days: is 59, too short .* at least 61"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, against, message):
    scenario = SMALL.replace(change)
    other = scenario if against == "self" else None if against is None else SMALL.replace(against)
    with pytest.raises(InputError, match=message):
        compare(scenario, other, replicates=2)


def test_reduction_is_quick():
    """A pair of a large run is reduced in well under the time that it takes to run."""
    import numpy as np

    from synthetic import people, scenario
    from synthetic import run as make
    from waterbed.measures.reduce import reduce
    s = scenario(network="liberterra", operations={"op": {"start": 400, "officers": 10, "countries": ["LBY"]}})
    rng = np.random.default_rng(0)
    born = people(250_000, birth=rng.integers(-300, 899, 250_000), fate=8)
    x, y = make(s, born), make(s.untreated(), born.copy())
    for r in (x, y):
        r.legs[:] = rng.integers(0, 2, r.legs.shape)
        r.people["crossing_leg"] = rng.integers(-1, r.legs.shape[1], 250_000)
    began = time.process_time()
    reduce(x, y)
    taken = time.process_time() - began
    assert taken < (1.5 if os.environ.get("CI") else 0.8)


@pytest.mark.parametrize("name", ["liberterra", "mediterranean", "southwest", "classroom"])
def test_fates_bear_the_names_of_the_routes_that_were_crossed(name: str) -> None:
    """By the legs of legs.csv: routes come in another order where legs are counted, sorted by their tails."""
    scenario = Scenario.load(name)
    window = find_window(scenario, scenario.untreated())
    run = simulate(scenario.untreated(), 4)
    found = gather(Reading(run, window), Reading(run, window))
    people, _ = cohort(run, run, window)
    routes = run.world.network.routes
    crossed = people[people["fate"] == FATES.index("crossed")]
    where = [routes[leg] or OTHER_WAYS if leg >= 0 else OTHER_WAYS for leg in crossed["crossing_leg"]]
    by_name = dict(zip(found.fate_names, found.fates.sum(axis=1) / scenario.persons_per_agent, strict=True))
    counted = {f"crossed: {route}": n for route, n in Counter(where).items()}
    assert len(counted) > 1
    assert {k: v for k, v in by_name.items() if v and k.startswith("crossed")} == counted
