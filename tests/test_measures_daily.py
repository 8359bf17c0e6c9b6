"""The daily table: everything the model observes, by everything it is kept by, and the sums agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from waterbed.engine.run import simulate
from waterbed.engine.world import LEG_COUNTS
from waterbed.measures.tables import digest, run_tables
from waterbed.scenario.scenario import Scenario

DEEDS = {"arrests", "raids", "closures", "investigations"}
PEOPLE = {"contacts", "recruits", "arrivals", "exploited", "newly_exploited", "protected"}
WANTED = {
    "all": {*LEG_COUNTS, *DEEDS, *PEOPLE, "officer_days", "mean_fee", "mean_belief", "active_recruiters"},
    "place": {*LEG_COUNTS, *DEEDS, *PEOPLE},
    "country": {*LEG_COUNTS, *DEEDS, *PEOPLE, "officer_days"},
    "network": {*LEG_COUNTS, *DEEDS, *PEOPLE - {"contacts", "arrivals"}, "mean_fee", "mean_belief", "profit_cents"},
    "channel": {*LEG_COUNTS, "arrests", *PEOPLE},
    "route": {*LEG_COUNTS, "mean_fee", "mean_belief"},
}


@pytest.fixture(scope="module")
def run():
    return simulate(
        Scenario.load("classroom").replace(
            {"days": 200, "burn_in": 120, "compare.fate_days": 60, "operations.surge.start": 100, "flow": 2.0,
             "persons_per_agent": 2, "police.raid_rate": 1e-3, "police.arrest_rate": 3e-3, "police.identification": 0.3,
             "recruiting.deceptive_share": 0.2, "hubs.relocate_days": 30, "hubs.reopen_heat": 0.1}
        ),
        4,
    )  # fmt: skip


@pytest.fixture(scope="module")
def daily(run) -> pd.DataFrame:
    return run_tables(run)["daily"]


def test_everything_observed_is_there_by_everything_it_is_kept_by(daily):
    there = {kind: set(rows["measure"]) for kind, rows in daily.groupby("key_kind")}
    for kind, wanted in WANTED.items():
        assert wanted <= there[kind], (kind, wanted - there[kind])
    assert not daily.duplicated(["day", "measure", "key_kind", "key"]).any()


def test_sums_over_places_countries_and_channels_are_the_totals(daily):
    total = daily.pivot_table(index="measure", columns="key_kind", values="value", aggfunc="sum")
    for measure in (*LEG_COUNTS, *DEEDS, *PEOPLE):
        assert total.loc[measure, "place"] == total.loc[measure, "country"] == total.loc[measure, "all"] > 0, measure
    for measure in (*LEG_COUNTS, *PEOPLE, "arrests"):
        assert total.loc[measure, "channel"] == total.loc[measure, "all"], measure
    for measure in ("arrests", "raids", "closures", "recruits", "fees_cents", "profit_cents", "admitted", "exploited"):
        assert total.loc[measure, "network"] == total.loc[measure, "all"], measure
    # Who goes alone is carried by no network.
    assert 0 < total.loc["departures", "network"] < total.loc["departures", "all"]
    assert total.loc["officer_days", "country"] == pytest.approx(total.loc["officer_days", "all"], rel=1e-3)


def test_a_departure_counts_where_the_leg_begins_and_a_crossing_where_it_ends(run, daily):
    legs = run.world.network.legs
    for measure, end in (("departures", "tail"), ("crossings", "head"), ("turned_back", "head")):
        flows = run.legs[..., LEG_COUNTS.index(measure)].sum(axis=0) * 2
        wanted = pd.Series(flows, legs[end]).groupby(level=0).sum()
        rows = daily[(daily["key_kind"] == "place") & (daily["measure"] == measure)]
        found = rows.groupby("key")["value"].sum()
        pd.testing.assert_series_equal(found, wanted[wanted > 0].astype(float), check_names=False)


def test_mean_fee_is_what_was_paid_by_those_who_paid(daily):
    rows = daily[daily["key_kind"] == "all"].pivot_table(index="day", columns="measure", values="value", aggfunc="sum")
    paid = rows[rows["admitted"] > 0]
    np.testing.assert_allclose(paid["mean_fee"], paid["fees_cents"] / 100 / paid["admitted"])


def test_legs_daily_tells_fee_and_belief(run):
    table = run_tables(run)["legs_daily"]
    fees = run.world.network.legs["fee"].to_numpy()
    names = {name: i for i, name in enumerate(run.world.network.leg_names)}
    asked = table["mean_fee"] / fees[table["leg"].map(names)]
    assert asked.between(1.0, 1.0 + 0.3 + 0.6 + 2.0).all() and asked.std() > 0
    assert table["mean_belief"].between(0.0, 1.0).all()


def test_the_digest_sees_every_text():
    one = pd.DataFrame({"a": ["x", "y", None], "b": [1.0, 2.0, 3.0]})
    for other in (one.assign(a=["x", "y", "z"]), one.assign(a=["y", "x", None]), one.assign(a=["xy", "", None])):
        assert digest({"t": one}) != digest({"t": other})
    assert digest({"t": one}) == digest({"t": one.copy()})
