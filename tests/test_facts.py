"""The stylised facts: declared with band and source before any run, measured as declared, told as they were found."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts import load

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "experiments"))
facts = load(ROOT / "experiments" / "facts.py")

from stylised import page, space, store, verdict  # noqa: E402
from stylised.catalogue import FACTS, UNTESTABLE, Quantity  # noqa: E402
from stylised.fact import Fact, Lab  # noqa: E402

RESULTS = ROOT / "results" / "validation"


def test_every_testable_fact_is_declared_with_source_band_and_a_criterion_that_can_fail():
    assert sorted([f.number for f in FACTS] + list(UNTESTABLE)) == list(range(1, 30))
    for fact in FACTS:
        assert fact.title and fact.source and fact.band and fact.worlds and fact.pairs >= 20, fact.number
        demanded = [q for q in fact.quantities if q.wanted != "reported"]
        assert demanded and all(math.isfinite(q.above) or math.isfinite(q.below) for q in demanded), fact.number
        assert len({q.name for q in fact.quantities}) == len(fact.quantities), fact.number


@pytest.mark.parametrize("number", [12, 14, 22])
def test_a_fact_gives_the_quantities_it_declares_and_runs_from_end_to_end(number, tmp_path):
    fact = store.by_number(number)
    kept = store.Store(tmp_path / "terms.jsonl")
    for name, terms in store.do(store.Job(number, "", (0, 1))):
        kept.found[name] = terms
    found = kept.terms(number, "", (0, 1))
    assert len(found) == 2 and all(set(f) == {q.name for q in fact.quantities} for f in found)
    rows = verdict.rows(fact, found)
    assert [r["wanted"] for r in rows] == [q.wanted for q in fact.quantities]
    assert all(math.isfinite(r["estimate"]) and r["low"] <= r["high"] for r in rows)


def test_an_operation_of_no_officers_is_a_placebo_to_the_bit():
    lab = Lab({"burn_in": 60, "days": 420})
    assert lab.run(3, {"officers": 0, "days": 12}, days=420).legs.tobytes() == lab.run(3, days=420).legs.tobytes()


@pytest.mark.parametrize(
    "quantity, values, told",
    [
        (Quantity("a", "", below=0.0), [-1.0, -1.1, -0.9, -1.0], "yes"),
        (Quantity("a", "", below=0.0), [-1.0, -1.0, -1.0, 3.0], "no"),
        (Quantity("a", "", -0.1, 0.1, "estimate"), [-1.0, 1.0, -1.0, 1.0], "yes"),
        (Quantity("a", "", -0.1, 0.1), [-1.0, 1.0, -1.0, 1.0], "no"),
        (Quantity("a", ""), [5.0, 5.0], ""),
    ],
)
def test_a_band_can_be_missed(quantity, values, told):
    fact = Fact(1, "t", "s", "b", "w", lambda lab, seed: {}, (quantity,))
    (row,) = verdict.rows(fact, [{"a": (v,)} for v in values])
    assert row["holds"] == told and row["estimate"] == pytest.approx(np.mean(values))


def test_what_is_not_identified_does_not_hold():
    fact = Fact(1, "t", "s", "b", "w", lambda lab, seed: {}, (Quantity("a", "", below=0.0),))
    (row,) = verdict.rows(fact, [{"a": (1.0, 0.0)}, {"a": (1.0, 0.0)}], by="estimate")
    assert math.isnan(row["estimate"]) and row["holds"] == "no"


def test_points_lie_within_the_bounds_that_parameters_declare():
    axes = {axis.address: axis for axis in space.axes()}
    for text in space.points(5):
        point = json.loads(text)
        values = point["changes"] | {space.OPERATION + k: v for k, v in point["of_operations"].items()}
        assert set(values) == set(axes)
        for address, value in values.items():
            axis = axes[address]
            assert axis.low <= value <= axis.high, address
        Lab(**point).scenario({"officers": 10, "days": 12})  # what the point says is a scenario


def test_a_store_goes_on_where_it_stopped_and_passes_over_a_line_cut_short(tmp_path):
    path = tmp_path / "terms.jsonl"
    path.write_text(json.dumps([store.key(12, "", 0), {"a": [1.0]}]) + "\n" + '["half')
    kept = store.Store(path)
    assert kept.terms(12, "", (0,)) == [{"a": (1.0,)}]
    kept.fill([(12, "", 0)], workers=1)  # nothing is wanted that is not there
    assert path.read_text().endswith('["half')


def test_the_committed_tables_are_of_these_facts_and_the_page_says_what_they_say():
    table, quantities = pd.read_csv(RESULTS / "facts.csv"), pd.read_csv(RESULTS / "facts" / "facts.csv")
    asked = [(f.number, q.name, q.wanted) for f in FACTS for q in f.quantities]
    assert list(quantities[["fact", "quantity", "wanted"]].itertuples(index=False, name=None)) == asked
    by_name = {(f.number, q.name): q for f in FACTS for q in f.quantities}
    for row in quantities.fillna({"holds": ""}).itertuples():
        q = by_name[row.fact, row.quantity]
        a, b = (row.estimate, row.estimate) if q.holds_by == "estimate" else (row.low, row.high)
        assert row.holds == verdict.verdict(q, a, b), (row.fact, row.quantity)
    told = pd.read_csv(RESULTS / "facts" / "space.csv")
    again = verdict.summary(FACTS, quantities, space.shares(told))
    columns = ["fact", "band", "value", "low", "high", "verdict", "share_of_parameter_space", "why"]
    pd.testing.assert_frame_equal(table[columns].fillna({"why": ""}), again[columns], rtol=1e-3)
    assert (ROOT / "docs" / "facts.md").read_text("utf-8") == page.text(table, told)
    for row in table.itertuples():
        fact = store.by_number(row.fact)
        assert row.band == fact.band and (row.verdict == "holds" or fact.why), f"{row.fact} fails: say why"


def test_the_stored_rows_of_other_facts_stay(tmp_path):
    import facts
    from stylised.catalogue import FACTS

    def table(numbers, estimate):
        return pd.DataFrame({"fact": numbers, "estimate": estimate, "low": float("nan"), "holds": ""})

    path = tmp_path / "facts.csv"
    assert facts.beside(table([2], 1.0), path, FACTS).equals(table([2], 1.0))
    table([1, 2, 2, 3], 0.0).to_csv(path, index=False)
    now = tuple(f for f in FACTS if f.number == 2)
    found = facts.beside(table([2], 1.0), path, now)
    assert found["fact"].tolist() == [1, 2, 3] and found["estimate"].tolist() == [0.0, 1.0, 0.0]
    assert (found["holds"] == "").all() and found["low"].isna().all()
    assert facts.beside(table([2], 1.0)[:0], path, now)["fact"].tolist() == [1, 3]
