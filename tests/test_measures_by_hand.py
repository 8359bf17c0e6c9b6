"""A comparison's numbers, recomputed another way: plain loops over the very runs that it was made of."""

from __future__ import annotations

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from waterbed.agents.states import FATES
from waterbed.engine.run import Run, simulate_pair
from waterbed.engine.world import CROSSINGS, DEATHS, DEPARTURES, T
from waterbed.errors import InputError
from waterbed.measures import Comparison, compare
from waterbed.measures.compare import replicate_seeds
from waterbed.scenario import Scenario

PPA = 3
SCENARIO = Scenario.load("classroom").replace(
    {"days": 660, "burn_in": 180, "compare.fate_days": 240, "compare.lead_days": 90, "persons_per_agent": PPA}
)
PAIRS = 3
TREATED = ("Midport > Harbour", "Newport > Harbour")
START, END, AFTER = 360, 372, 462


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(SCENARIO, replicates=PAIRS, seed=5, workers=1)


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Run, Run]]:
    return [simulate_pair(SCENARIO, SCENARIO.untreated(), seed) for seed in replicate_seeds(5, PAIRS)]


def crossings(run: Run, legs: tuple[str, ...], first: int, last: int) -> int:
    names = run.world.network.leg_names
    return PPA * sum(int(run.legs[first:last, names.index(leg), CROSSINGS].sum()) for leg in legs)


def lives(run: Run) -> dict[tuple[int, int], np.void]:
    """The cohort's people by group and ordinal: those old enough by the last day for a fate."""
    return {(int(p["group"]), int(p["ordinal"])): p for p in run.people if START - 90 <= p["birth"] < 660 - 240}


def fate(run: Run, person: np.void) -> str:
    assert person["fate"] >= 0
    name = FATES[person["fate"]]
    return f"crossed: {run.route_names[person['fate_route']]}" if name == "crossed" else name


def test_fees_on_the_same_legs_are_weighed_by_departures_without(found: Comparison, pairs: list) -> None:
    asked = [0.0, 0.0]
    for x, y in pairs:
        for day in range(START, AFTER):
            for leg in range(len(y.world.network.legs)):
                for i, run in enumerate((x, y)):
                    asked[i] += int(y.legs[day, leg, DEPARTURES]) * float(run.leg_fee[day, leg])
    index = found.effect("fee_index_change", "during and after")["mean"]
    assert index == pytest.approx(asked[0] / asked[1] - 1)
    assert abs(index - found.effect("mean_fee_change", "during and after")["mean"]) > 1e-6


def test_treated_crossings_lost(found: Comparison, pairs: list) -> None:
    for key, (a, b) in {"during": (START, END), "during and after": (START, AFTER), "after": (END, AFTER)}.items():
        x, y = (sum(crossings(pair[i], TREATED, a, b) for pair in pairs) for i in (0, 1))
        assert found.effect("treated_crossings_lost", key)["mean"] == pytest.approx((y - x) / y)


def test_arrivals_and_deaths(found: Comparison, pairs: list) -> None:
    arrived = [sum(int(pair[i].totals[START:AFTER, T["arrivals"]].sum()) for pair in pairs) for i in (0, 1)]
    assert found.effect("arrivals_lost", "during and after")["mean"] == pytest.approx(1 - arrived[0] / arrived[1])
    rate = []
    for i in (0, 1):
        legs = sum(pair[i].legs[START:AFTER].sum(axis=(0, 1)) for pair in pairs)
        rate.append(1000 * legs[DEATHS] / legs[CROSSINGS])
    assert found.effect("deaths_per_1000_crossings", "with")["mean"] == pytest.approx(rate[0])
    assert found.effect("deaths_per_1000_crossings", "without")["mean"] == pytest.approx(rate[1])


def test_fates_person_by_person(found: Comparison, pairs: list) -> None:
    count: Counter[tuple[str, str]] = Counter()
    for x, y in pairs:
        with_it, without = lives(x), lives(y)
        assert with_it.keys() == without.keys()
        count.update((fate(y, without[k]), fate(x, with_it[k])) for k in with_it)
    table = {(r["without"], r["with"]): r["people"] for r in found.fates.to_dict("records")}
    assert table == {k: pytest.approx(PPA * n / PAIRS) for k, n in count.items()}
    assert found.cohort["people"] == pytest.approx(sum(table.values()))
    births = [p["birth"] for pair in pairs for p in lives(pair[0]).values()]
    assert (found.cohort["born_from"], found.cohort["born_to"]) == (min(births), max(births))


def test_spatial_displacement_person_by_person(found: Comparison, pairs: list) -> None:
    moved = back = lost = 0
    for x, y in pairs:
        names = [*x.world.network.leg_names, ""]
        with_it, without = lives(x), lives(y)
        for k, p in with_it.items():
            here, there = names[p["crossing_leg"]], names[without[k]["crossing_leg"]]
            lost += (there in TREATED) - (here in TREATED)
            moved += there in TREATED and here != "" and here not in TREATED
            back += here in TREATED and there != "" and there not in TREATED
    assert found.effect("treated_loss", "cohort")["mean"] == pytest.approx(PPA * lost / PAIRS)
    assert found.effect("displaced_gross", "")["mean"] == pytest.approx(PPA * moved / PAIRS)
    share = found.effect("displacement_spatial", "")
    assert math.isnan(share["mean"]) or share["mean"] == pytest.approx((moved - back) / lost)
    assert (share["status"] == "ok") or share["note"]


def test_legs_and_timelines_hold_the_same_people(found: Comparison, pairs: list) -> None:
    legs = found.legs.set_index("leg")
    for leg in TREATED:
        both = [np.mean([crossings(pair[i], (leg,), START, AFTER) for pair in pairs]) for i in (0, 1)]
        assert legs.loc[leg, ["with", "without", "difference"]].tolist() == pytest.approx([*both, both[0] - both[1]])
    lines = found.timelines
    for day in (0, 5, START, 400, 659):
        first = max(0, day - 6)
        per_run = [crossings(x, TREATED, first, day + 1) / (day + 1 - first) for x, _ in pairs]
        line = lines[(lines["day"] == day) & (lines["series"] == "treated") & (lines["world"] == "with")]
        assert float(line["median"].iloc[0]) == pytest.approx(np.median(per_run), rel=1e-5, abs=1e-6)


def test_without_officers_nothing_happens_at_all() -> None:
    null = compare(SCENARIO.replace({"operations.surge.officers": 0}), replicates=2, seed=5, workers=1)
    assert (null.fates["without"] == null.fates["with"]).all()
    assert not null.legs["difference"].any()
    differences = null.timelines[null.timelines["world"] == "difference"]
    assert not differences[["median", "low50", "high50", "low90", "high90"]].to_numpy().any()
    table = null.effects
    changes = table[table["effect"].str.endswith(("_change", "_lost", "_gained", "_loss", "_truth"))]
    ok = changes[changes["status"] == "ok"]
    assert len(ok) > 20
    assert not ok[["mean", "low", "high", "run_low", "run_high"]].to_numpy().any()
    for name in ("displacement_spatial", "stopped", "officer_days_per_prevented_crossing"):
        assert null.effect(name)["status"] == "not identified"
    assert null.effect("officer_days_per_prevented_crossing")["note"] == "there was nothing to take a share of"


def test_neither_executor_nor_number_of_replicates_changes_a_pair(found: Comparison) -> None:
    with ThreadPoolExecutor(2) as threads:
        assert compare(SCENARIO, replicates=PAIRS, seed=5, executor=threads).digest == found.digest
    assert replicate_seeds(5, 2) == replicate_seeds(5, PAIRS)[:2] == found.provenance["seeds"][:2]


def test_an_interruption_keeps_what_is_done(found: Comparison) -> None:
    def stop(done: int, total: int) -> None:
        assert total == PAIRS
        if done == 2:
            raise KeyboardInterrupt

    kept = compare(SCENARIO, replicates=PAIRS, seed=5, workers=1, progress=stop)
    assert (kept.replicates, kept.stopped) == (2, "interrupted")
    assert kept.provenance["seeds"] == found.provenance["seeds"][:2]


def test_saved_and_read_back(found: Comparison, tmp_path: Path) -> None:
    folder = found.save(tmp_path / "out", csv=True)
    again = Comparison.load(folder)
    assert again.digest == found.digest
    assert again.sets == found.sets
    wanted = {"effects.csv", "fates.csv", "operation.csv", "timelines.parquet", "legs.geojson", "provenance.json"}
    names = {path.name for path in folder.iterdir()}
    assert wanted <= names
    assert not [name for name in names if name.startswith(".")]
    with pytest.raises(InputError, match="holds another run"):
        found.save(folder)
    found.save(folder, force=True)


def test_a_horizon_too_short_is_refused_before_anything_runs() -> None:
    with pytest.raises(InputError, match="days: is 500"):
        compare(SCENARIO.replace({"days": 500}), replicates=1)
    with pytest.raises(InputError, match="replicates"):
        compare(SCENARIO, replicates=0)
